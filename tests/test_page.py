"""The page travels compressed, is made once for each tab, and says what it may load and run."""

import asyncio
import base64
import gzip
import hashlib
import html
import json
import re
import threading
import time
from dataclasses import asdict
from pathlib import Path

import httpx
import pytest
from gradio.routes import BUILD_PATH_LIB
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from explorer.serving import languages as spoken
from explorer.serving.files import HOST, Files
from explorer.serving.languages import languages
from explorer.serving.page import Ahead, Page, Tabs, Wanted, first_words, opening, policy, prepare, requested_view
from explorer.tabs import interface
from explorer.tabs.gan import tab as gan
from explorer.tabs.vae import tab as vae
from tests.asking import wait_for
from tests.node import run

TABS = Tabs(["one", "two"], "two", ["beta", "mode"])


def node(number: int, *children: dict) -> dict:
    return {"id": number, "children": list(children)}


def room(number: int) -> dict:
    """A tab with its room, a sentence to wait by, and one thing more."""
    return node(number, node(number + 1, node(number + 2), node(number + 3)))


ROOM = {"elem_classes": ["room"]}
ONE = {10: {"id": "one"}, 11: ROOM, 13: {"value": "ONE"}}
PROPS = {1: {"elem_id": "families"}, **ONE, 20: {"id": "two"}, 21: ROOM, 23: {"value": "TWO"}}
CONFIG = {
    "layout": node(0, node(1, room(10), room(20))),
    "components": [{"id": n, "props": PROPS.get(n, {})} for n in (1, *range(10, 14), *range(20, 24))],
    "dependencies": [],
    "root": f"http://{HOST.decode()}/explorer",
    "space_id": "owner/space",
}
SCRIPT = f"window.gradio_config = {json.dumps(CONFIG)}"


@pytest.fixture
def made() -> list[str]:
    """By what name the server was called where the page was made."""
    return []


@pytest.fixture
def client(made: list[str]) -> TestClient:
    def page(request: Request) -> HTMLResponse:
        made.append(request.headers.get("x-forwarded-host", request.headers["host"]))
        return HTMLResponse(f"<script>{SCRIPT}</script><p>{made[-1]}</p>" + "word " * 1000)

    routes = [Route("/", page), Route("/weights", lambda _: PlainTextResponse("word " * 1000))]
    return TestClient(Page(Starlette(routes=routes), TABS))


def test_the_page_travels_compressed_and_nothing_else_does(client: TestClient):
    with client.stream("GET", "/", headers={"accept-encoding": "gzip"}) as response:
        raw = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == "gzip" and len(raw) < 1_000
    assert gzip.decompress(raw) == client.get("/", headers={"accept-encoding": "identity"}).content
    assert "content-encoding" not in client.get("/weights", headers={"accept-encoding": "gzip"}).headers


INVENTED = [
    {"host": "lecture.example"},
    {"host": "lecture.example:8080"},
    {"x-forwarded-host": "lecture.example"},
    {"x-forwarded-proto": "https"},
    {"x-forwarded-proto": "gopher"},
    {"x-gradio-server": "https://lecture.example"},
    {"x-forwarded-host": "a" * 10_000},
    {"x-gradio-server": "["},
]


@pytest.mark.parametrize("headers", INVENTED)
def test_the_page_is_made_once_by_whatever_name_the_server_is_called(
    headers: dict[str, str], client: TestClient, made: list[str]
):
    first, again = client.get("/"), client.get("/", headers=headers)
    assert made == [HOST.decode()]
    assert (first.content, first.headers["etag"]) == (again.content, again.headers["etag"])
    assert HOST not in first.content.replace(b"<p>" + HOST, b"") and b'"root":"/explorer"' in first.content


def test_the_page_of_a_space_asks_the_hub_for_nothing(client: TestClient):
    assert '"space_id":null' in client.get("/").text


def test_the_page_shows_the_tab_that_is_wanted_and_is_made_once_for_it(client: TestClient, made: list[str]):
    for query, shown in (
        ("", "ONE"),
        ("?tab=two", "TWO"),
        ("?tab=one", "ONE"),
        ("?tab=three", "ONE"),
        ("?a=&tab=two", "TWO"),
    ):
        text = client.get(f"/{query}").text
        assert [word for word in ("ONE", "TWO") if word in text] == [shown]
    assert client.get("/?" + "&".join("a=1" for _ in range(1_000)) + "&tab=two").status_code == 200
    assert len(made) == 2


def test_who_comes_while_the_page_is_made_waits_for_it_and_nobody_is_left_without(made: list[str]):
    ready = threading.Event()

    def page(_: Request) -> HTMLResponse:
        made.append("page")
        ready.wait(10)
        return HTMLResponse(f"<script>{SCRIPT}</script>")

    async def many() -> list[httpx.Response]:
        transport = httpx.ASGITransport(Page(Starlette(routes=[Route("/", page)]), TABS))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as visitors:
            first, *others = [asyncio.create_task(visitors.get("/")) for _ in range(20)]
            while not made:
                await asyncio.sleep(0.01)
            first.cancel()
            await asyncio.sleep(0.05)
            ready.set()
            return await asyncio.gather(*others)

    assert {response.status_code for response in wait_for(many())} == {200} and made == ["page"]


def test_one_page_is_made_at_a_time(made: list[str]):
    making, most = [], []

    def page(_: Request) -> HTMLResponse:
        making.append("page")
        most.append(len(making))
        made.append("page")
        time.sleep(0.05)
        making.pop()
        return HTMLResponse(f"<script>{SCRIPT}</script>")

    async def both() -> list[httpx.Response]:
        transport = httpx.ASGITransport(Page(Starlette(routes=[Route("/", page)]), TABS))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as visitors:
            return await asyncio.gather(*(visitors.get(f"/?tab={tab}") for tab in ("one", "two", "one")))

    assert {response.status_code for response in wait_for(both())} == {200}
    assert most == [1, 1] and made == ["page", "page"]


def test_modules_are_read_where_their_address_changes_with_them(made: list[str]):
    def page(_: Request) -> HTMLResponse:
        return HTMLResponse(f'<head><base href="./"><script>{SCRIPT}</script><script type="module" src="x.js"></head>')

    modules = {"./stages/": "./stages-1/"}
    response = TestClient(Page(Starlette(routes=[Route("/", page)]), TABS, modules)).get("/")
    imports = json.dumps({"imports": modules})
    assert response.text.startswith(f'<head><base href="./"><script type="importmap">{imports}</script><script>')
    digest = base64.b64encode(hashlib.sha256(imports.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in response.headers["content-security-policy"]


def test_who_has_the_page_is_not_sent_it_again(client: TestClient):
    etag = client.get("/").headers["etag"]
    for served in (client, TestClient(Files(client.app, []))):
        again = served.get("/", headers={"if-none-match": etag})
        assert again.status_code == 304 and not again.content
    assert client.get("/", headers={"if-none-match": '"other"'}).status_code == 200


def test_inline_scripts_run_by_their_hashes_and_no_others():
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    allowed = policy(f'<script type="module" src="x.js"></script><script>{SCRIPT}</script>')
    rules = dict(rule.split(" ", 1) for rule in allowed.split("; "))
    assert rules["script-src"] == f"'self' 'unsafe-eval' 'sha256-{digest}'"
    assert "huggingface.co" in rules["frame-ancestors"] and rules["object-src"] == "'none'"


def test_the_opening_comes_first_in_the_body_and_may_run():
    def page(_: Request) -> HTMLResponse:
        return HTMLResponse(f'<head><script>{SCRIPT}</script></head><body style="margin: 0"><p>text</p></body>')

    response = TestClient(Page(Starlette(routes=[Route("/", page)]), TABS)).get("/")
    assert f'<body style="margin: 0">{opening(TABS)}<p>text</p>' in response.text
    script = opening(TABS).partition("<script>")[2].removesuffix("</script>")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in response.headers["content-security-policy"]


STAGE = {"title": "Flow", "question": "What does <b> & “Jacobian” mean?"}
HEAD = (
    '<head><meta charset="utf-8"><script>{}</script><script type="module" src="x.js"></script>'
    '<link rel="stylesheet" href="x.css"></head><body><p>text</p></body>'
)


def test_the_title_and_the_question_come_before_all_that_is_long():
    stage = {"id": 13, "props": {"elem_id": "one-stage", "value": STAGE | {"filler": "x" * 100_000}}}
    config = CONFIG | {"components": [each if each["id"] != 13 else stage for each in CONFIG["components"]]}
    raw = HEAD.format(f"window.gradio_config = {json.dumps(config)}")
    made = prepare(raw, Wanted("one"), TABS, ahead=lambda page, stage: Ahead(["./first.js"], {"./a.js": "./first.js"}))
    page = gzip.decompress(made.body).decode()
    words = page.index("<h1>Flow</h1><p>What does &lt;b&gt; &amp; “Jacobian” mean?</p>")
    assert words < 2_000
    assert words < page.index("gradio_config = ") < page.index('<link rel="modulepreload" href="./first.js">')
    assert words < page.index('href="x.css"') and page.count("gradio_config = {") == 1
    assert page.index('"imports": {"./a.js": "./first.js"}') < page.index("modulepreload")
    script = page.partition("window.gradio_config")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(f"window.gradio_config{script}".encode()).digest()).decode()
    assert f"'sha256-{digest}'" in made.allowed


def test_the_first_words_are_in_the_language_of_the_page():
    value = {"title": "Start", "question": next(iter(languages()["de"].words))}
    said = first_words(value, Wanted("start", "de"))
    assert html.escape(languages()["de"].words[value["question"]], quote=False) in said


def test_every_page_names_the_modules_of_its_first_picture():
    demo = interface.build([vae.TAB])
    stage = next(each["props"] for each in demo.config["components"] if each["props"].get("elem_id") == "vae-stage")
    page = (Path(BUILD_PATH_LIB).parent / "index.html").read_text(encoding="utf-8")
    found = interface.ahead(page, stage)
    for part in ("/Blocks-", "/HTML-", "/core-", "stages/vae/stage.js", "stages/kit/base/dom.js", "vae/explore.js"):
        assert any(part in each for each in found.addresses), part
    assert len(found.addresses) == len({*found.addresses}) and not found.places


def test_the_joined_modules_of_a_page_are_requested_as_two_files():
    demo = interface.build([vae.TAB, gan.TAB])
    stage = next(each["props"] for each in demo.config["components"] if each["props"].get("elem_id") == "vae-stage")
    parts = interface.joined_modules(demo)
    found = interface.ahead("", stage, parts)
    files = {f"{interface.version_address()}/joined/{parts[each].file}" for each in ("", "vae-stage")}
    assert {*found.places.values()} == files < {*found.addresses}
    assert not {*found.places} & {*found.addresses}
    assert [each.rpartition("/")[2] for each in found.addresses if each not in files] == ["explore.js"]
    path = min(files).removeprefix(".")
    folder = next(each for each in interface.folders(parts) if re.match(each.address, path))
    assert folder.for_ever and folder.find(re.sub(folder.address, "", path, count=1))


@pytest.mark.parametrize(
    ("query", "tab"),
    [("", "one"), ("tab=two", "two"), ("tab=none", "one"), ("tab=none&beta=3", "one"), ("tab=one&beta=3", "one")]
    + [("beta=3", "two"), ("mode=", "two"), ("__theme=dark", "one"), ("utm_source=x", "one"), ("&" * 300, "one")],
)
def test_an_address_is_about_the_tab_that_it_names_or_whose_state_it_says(query: str, tab: str):
    assert requested_view(query.encode(), TABS) == Wanted(tab)


OF_LANGUAGES = Tabs(["start", "vae", "gan"], "vae", ["beta"])


@pytest.mark.parametrize(
    ("query", "language"),
    [
        ("__lang=de", "de"),
        ("tab=vae&__lang=de", "de"),
        ("beta=3&__lang=de", "de"),
        ("tab=vae&story=vae&__lang=de", "de"),
        ("", "en"),
        ("__lang=../de", "en"),
        ("__lang=en", "en"),
        ("tab=gan&__lang=de", "en"),
        ("tab=start&mode=exam&__lang=de", "en"),
        ("tab=start&course=which-model&__lang=de", "en"),
        ("tab=vae&story=one-noise&__lang=de", "en"),
    ],
)
def test_an_address_names_a_language_or_is_in_english(query: str, language: str):
    assert requested_view(query.encode(), OF_LANGUAGES).language == language
    covers = {code: asdict(each) for code, each in languages().items()}
    search = f"globalThis.tabOf = () => {json.dumps(requested_view(query.encode(), OF_LANGUAGES).tab)};"
    code = Path(spoken.__file__).with_name("language.js").read_text(encoding="utf-8")
    body = f"""
Object.assign(globalThis, {{ explorerLanguages: covers, explorerLanguage: "en", gradio_config: {{ components: [] }} }});
globalThis.document = {{ body: {{}}, documentElement: {{ lang: "en" }} }};
globalThis.MutationObserver = null;
{search}
new Function({json.dumps(code)})();
let loads = 0;
globalThis.location = {{ reload: () => (loads += 1) }};
explorerFollowLanguage("?{query}");
return loads;"""
    assert run(body, covers=covers) == int(language != "en"), "the browser agrees"


def test_the_page_of_a_language_says_so_and_carries_its_words():
    def page(_: Request) -> HTMLResponse:
        return HTMLResponse(f'<html lang="en"><head><script>{SCRIPT}</script></head><body><p>text</p></body></html>')

    client = TestClient(Page(Starlette(routes=[Route("/", page)]), OF_LANGUAGES))
    german, english = client.get("/?__lang=de"), client.get("/")
    word, said = next(iter(languages()["de"].words.items()))
    assert '<html lang="de">' in german.text and f"{json.dumps(word)}: " in german.text
    assert '<html lang="en">' in english.text and "explorerWords = null" in english.text
    assert german.headers["etag"] != english.headers["etag"]
    script = english.text.partition("<script>globalThis.earlier")[2]
    assert said not in script


def test_what_is_no_page_is_passed_on_and_not_kept(made: list[str]):
    status = [503, 200]
    routes = [Route("/", lambda _: HTMLResponse(SCRIPT, status.pop(0)))]
    client = TestClient(Page(Starlette(routes=routes), TABS))
    assert [client.get("/").status_code for _ in range(2)] == [503, 200]


def test_the_launch_settings_keep_the_page_quiet():
    settings = interface.launch_settings(interface.build([vae.TAB]))
    assert settings["max_file_size"] == "1mb" and settings["footer_links"] == []
    assert not (settings["run_history"] or settings["ssr_mode"] or settings["show_error"])
