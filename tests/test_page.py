"""The page travels compressed, is made once for each address, and says what it may load and run."""

import base64
import gzip
import hashlib

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from explorer.tabs import interface, vae
from explorer.tabs.page import LONGEST, OPENING, Page, policy

SCRIPT = "window.settings = {}"


@pytest.fixture
def made() -> list[str]:
    """For which hosts the page was made."""
    return []


@pytest.fixture
def client(made: list[str]) -> TestClient:
    def page(request: Request) -> HTMLResponse:
        made.append(request.headers.get("x-forwarded-host", request.headers["host"]))
        return HTMLResponse(f"<script>{SCRIPT}</script><p>{made[-1]}</p>" + "word " * 1000)

    routes = [Route("/", page), Route("/weights", lambda _: PlainTextResponse("word " * 1000))]
    return TestClient(Page(Starlette(routes=routes)))


def test_the_page_travels_compressed_and_nothing_else_does(client: TestClient):
    with client.stream("GET", "/", headers={"accept-encoding": "gzip"}) as response:
        raw = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == "gzip" and len(raw) < 1_000
    assert gzip.decompress(raw) == client.get("/", headers={"accept-encoding": "identity"}).content
    assert "content-encoding" not in client.get("/weights", headers={"accept-encoding": "gzip"}).headers


def test_the_page_is_made_once_for_each_address_that_it_is_opened_under(client: TestClient, made: list[str]):
    for _ in range(3):
        assert "<p>testserver</p>" in client.get("/").text
        assert "<p>lecture.example</p>" in client.get("/", headers={"x-forwarded-host": "lecture.example"}).text
    assert made == ["testserver", "lecture.example"]


def test_many_addresses_fill_no_memory(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    client.app._pages.most = 2_000
    for n in range(50):
        client.get("/", headers={"x-forwarded-host": f"host{n}.example"})
    assert client.app._pages.size <= 2_000
    assert client.get("/", headers={"x-forwarded-host": "a" * (LONGEST + 1)}).status_code == 400


def test_who_has_the_page_is_not_sent_it_again(client: TestClient):
    etag = client.get("/").headers["etag"]
    again = client.get("/", headers={"if-none-match": etag})
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

    response = TestClient(Page(Starlette(routes=[Route("/", page)]))).get("/")
    assert f'<body style="margin: 0">{OPENING}<p>text</p>' in response.text
    script = OPENING.partition("<script>")[2].removesuffix("</script>")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in response.headers["content-security-policy"]


def test_what_is_no_page_is_passed_on_and_not_kept(made: list[str]):
    status = [503, 200]
    routes = [Route("/", lambda _: HTMLResponse("page", status.pop(0)))]
    client = TestClient(Page(Starlette(routes=routes)))
    assert [client.get("/").status_code for _ in range(2)] == [503, 200]


def test_the_launch_settings_keep_the_page_quiet():
    settings = interface.launch_settings(interface.build([vae.TAB]))
    assert settings["max_file_size"] == "1mb" and settings["footer_links"] == []
    assert not (settings["run_history"] or settings["ssr_mode"] or settings["show_error"])
