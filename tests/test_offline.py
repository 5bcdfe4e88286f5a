"""The manifest, the service worker and the pack: what they hold, what changes them, and how they are switched off."""

import inspect
import json
import re
from pathlib import Path

import pytest
import torch
from PIL import Image
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from explorer import stages
from explorer.data.playground import PRESETS
from explorer.lessons import course
from explorer.questions import learn_live
from explorer.serving import offline
from explorer.serving.gate import READ
from explorer.serving.page import Page, Tabs
from explorer.spaces import PLANE
from explorer.tabs import interface, packed
from explorer.tabs.foundations import tab as foundations_tab
from explorer.tabs.playground import recorded, shared, side, whole_films
from explorer.tabs.playground import tab as playground
from explorer.tabs.vae import tab as vae

PACK = offline.Pack({"a.js": "1"}, {7: "{}"}, ["?tab=start"])
BUILD = "0123456789abcdef"


def client(build: str = BUILD) -> TestClient:
    return TestClient(Starlette(routes=offline.routes(build, lambda: PACK)))


def test_the_manifest_makes_the_page_installable_under_any_path():
    found = client().get("/manifest.json")
    assert found.headers["content-type"] == "application/manifest+json"
    about = found.json()
    assert about["name"] and about["display"] == "standalone" and about["start_url"] == about["scope"] == "./"
    assert {each["sizes"] for each in about["icons"]} == {"192x192", "512x512"}
    assert "maskable" in {each["purpose"] for each in about["icons"]}
    for each in about["icons"]:
        assert each["src"].startswith("./")
        path = Path(offline.__file__).parent / "icons" / each["src"]
        assert "x".join(map(str, Image.open(path).size)) == each["sizes"]
        served = client().get(each["src"][1:])
        assert served.content == path.read_bytes() and served.headers["content-type"] == "image/png"


def test_the_worker_names_its_build_and_may_ask_this_server_alone():
    found = client().get("/offline.js")
    assert f'const BUILD = "{BUILD}"' in found.text and found.headers["cache-control"] == "no-cache"
    assert found.headers["content-type"].startswith("text/javascript")
    assert "connect-src 'self'" in found.headers["content-security-policy"]
    assert "http" not in found.text.replace("(?!http)", "")


def test_the_pack_lasts_as_long_as_its_build():
    found = client().get(f"/offline.json?v={BUILD}")
    assert found.json() == {"texts": {"a.js": "1"}, "rooms": {"7": "{}"}, "addresses": ["?tab=start"]}
    assert "immutable" in found.headers["cache-control"]
    assert client().get("/offline.json?v=0").headers["cache-control"] == "no-cache"


def test_without_a_build_the_worker_removes_itself_and_there_is_no_pack():
    found = client("")
    assert 'const BUILD = ""' in found.get("/offline.js").text
    assert found.get("/offline.json").status_code == 404


@pytest.mark.parametrize(("said", "is_offered"), [(None, True), ("", True), ("1", True), ("0", False)])
def test_the_environment_switches_it(monkeypatch: pytest.MonkeyPatch, said: str | None, is_offered: bool):
    monkeypatch.delenv("EXPLORER_OFFLINE", raising=False)
    if said is not None:
        monkeypatch.setenv("EXPLORER_OFFLINE", said)
    assert offline.is_offered() is is_offered


def test_a_value_that_is_neither_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EXPLORER_OFFLINE", "yes")
    with pytest.raises(SystemExit, match="EXPLORER_OFFLINE is 'yes'"):
        offline.is_offered()


@pytest.mark.parametrize(
    "path", ["/offline.js", "/offline.json", "/manifest.json", *(f"/{name}" for name in offline.ICONS)]
)
def test_the_gate_passes_these_paths(path: str):
    assert READ.fullmatch(path)


@pytest.mark.parametrize("path", ["/offline.jsx", "/offline/rooms/7", "/icon-../x.png", "/icon-192.svg"])
def test_the_gate_passes_no_others(path: str):
    assert not READ.fullmatch(path)


@pytest.mark.parametrize("build", ["", BUILD])
def test_the_page_says_which_build_it_is_and_links_the_manifest_below_its_own_address(build: str):
    html = (
        "<html><head><script>window.gradio_config = "
        + json.dumps({"components": [], "dependencies": [], "layout": {"id": 0, "children": []}})
        + ';</script><link rel="manifest" href="/manifest.json" /></head><body></body></html>'
    )
    app = Starlette(routes=[Route("/", lambda _: HTMLResponse(html))])
    page = TestClient(Page(app, Tabs(["one"], "one", []), build=build))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("explorer.serving.rooms.first_view", lambda config, tab: config)
        found = page.get("/")
    assert found.headers.get("explorer-page") == (f"{BUILD} one en" if build else None)
    assert f'explorerBuild = "{build}"' in found.text and 'href="./manifest.json"' in found.text


def test_the_pack_holds_every_script_every_tab_and_every_course():
    demo = interface.build([vae.TAB, foundations_tab.TAB])
    parts = interface.joined_modules(demo)
    found = packed.pack(demo, parts)
    folder = f"gradio_api/file=explorer-{stages.version()}"
    modules = [path.relative_to(stages.STAGES).as_posix() for path in stages.STAGES.rglob("*.js")]
    assert {f"{folder}/stages/{name}" for name in modules} <= found.texts.keys()
    assert {f"{folder}/joined/{each.file}" for each in parts.values()} <= found.texts.keys()
    asked = {number for number, text in found.rooms.items() if json.loads(text)["render_config"]}
    assert len(asked) == 4, "the contents of two tabs and of the texts below them"
    for path in course.COURSES.glob("*.md"):
        assert f"gradio_api/file=courses/{path.stem}.json" in found.addresses
    assert any(each.startswith("gradio_api/file=pretrained/beta-vae-mnist/atlas") for each in found.addresses)
    assert all(re.match(r"(\?tab=|gradio_api/file=|assets/)", each) for each in found.addresses)


def test_a_build_is_the_same_for_the_same_page_and_another_for_another(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EXPLORER_OFFLINE", "1")
    demo, other = interface.build([vae.TAB]), interface.build([foundations_tab.TAB])
    name = packed.build(demo, {})
    assert re.fullmatch("[0-9a-f]{16}", name) and packed.build(demo, {}) == name != packed.build(other, {})
    monkeypatch.setattr(stages, "version", lambda: "another")
    assert packed.build(demo, {}) != name
    monkeypatch.setenv("EXPLORER_OFFLINE", "0")
    assert packed.build(demo, {}) == ""


def test_the_recorded_films_answer_what_the_page_asks_of_each_preset_and_nothing_is_trained_for_them():
    assert whole_films.film_names() == [*PRESETS]
    client = TestClient(Starlette(routes=[whole_films.films_route()]))
    found = client.get(f"/gradio_api/file={whole_films.FILMS}/heart.json").json()
    asked, declared = found["question"], inspect.signature(side.learn_live.plain).parameters
    usual = {field.key: field.default for field in playground.TAB.fields}
    assert asked.keys() == declared.keys()
    changed = {"data": "heart", "noise": PRESETS["heart"].noise}
    assert {key: tuple(value) if isinstance(value, list) else value for key, value in asked.items()} == {
        key: changed.get(key, usual[key]) for key in asked
    }
    assert len(found["frames"]) == found["total"] == len(learn_live.snapshot_steps(asked["steps"]))
    names = [shared.NAMES[index] for index in asked["learn"]]
    assert all(sorted(frame["recorded"]) == sorted(names) for frame in found["frames"])
    known = recorded.recorded_looks(names, recorded.task("heart", asked["n"], asked["steps"]), {})
    for frame, *looks in zip(found["frames"], *known.values(), strict=True):
        drawn = torch.cat([look.x for look in looks if look.x is not None])
        assert frame["x"] == PLANE.encode(drawn)
    assert client.get(f"/gradio_api/file={whole_films.FILMS}/drawing.json").status_code == 404
