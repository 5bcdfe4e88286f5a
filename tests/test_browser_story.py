"""A story in a real browser: what its next scene needs is asked for ahead, and it is saved as a film."""

import base64
import json
import re

from playwright.sync_api import Page, Request, Route, expect

from explorer.lessons import story
from explorer.tabs.interface import KEYS, TABS

PATHS = story.paths({tab.name: tab.folder for tab in TABS})
EBML = bytes.fromhex("1a45dfa3")
"""The first bytes of a WebM film."""
PLAYED = """async (film) => {
  const video = document.createElement("video");
  video.muted = true;
  video.src = `data:video/webm;base64,${film}`;
  await new Promise((done, lost) => {
    video.onloadeddata = done;
    video.onerror = () => lost(new Error(video.error.message));
  });
  video.currentTime = 1e6;
  await new Promise((done) => (video.onseeked = done));
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
  canvas.getContext("2d").drawImage(video, 0, 0);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const colours = new Set(new Uint32Array(data.buffer)).size;
  return { seconds: video.currentTime, size: [canvas.width, canvas.height], colours };
}"""


def shorten(page: Page, name: str, scenes: list[int], seconds: float) -> None:
    """Have the page read a story of only these scenes, from 0, each so long."""
    path, tab = PATHS[name]
    told = story.read(path, KEYS, tab)
    few = {"scenes": [told["scenes"][each] | {"seconds": seconds} for each in scenes], "next": None}

    def answer(route: Route) -> None:
        route.fulfill(json=told | few)

    page.route(f"**/file=stories/{name}.json", answer)


def begin(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/?tab={name}&story={name}")
    page.wait_for_function(f"document.querySelector('#{name}-stage .stage')?.explorer")
    page.locator(".story .story-caption").wait_for()


def test_a_story_is_saved_as_a_film_with_its_captions(page: Page, app_url: str, tmp_path):
    shorten(page, "vae", [0, 2], 2)
    begin(page, app_url, "vae")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save film").click()
        expect(page.locator(".story-film")).to_have_text(re.compile(r"Recording a film: about \d s left"))
    assert download.value.suggested_filename == "explorer-vae-story.webm"
    download.value.save_as(tmp_path / "film.webm")
    film = (tmp_path / "film.webm").read_bytes()
    assert film.startswith(EBML) and len(film) > 10_000
    expect(page.locator(".story-film")).to_have_text("The film was saved.")
    blank = page.context.new_page()  # the page's own policy refuses films from data
    found = blank.evaluate(PLAYED, base64.b64encode(film).decode())
    blank.close()
    assert 1 < found["seconds"] < 10 and found["size"] == [1280, 720]
    assert found["colours"] > 100, "the stage is in the picture"


def test_a_film_can_be_cancelled_and_a_browser_without_a_recorder_is_told(page: Page, app_url: str):
    shorten(page, "vae", [0, 2], 15)
    begin(page, app_url, "vae")
    button = page.locator(".story .story-controls").get_by_role("button")
    button.filter(has_text="Save film").click()
    expect(page.locator(".story-film")).to_contain_text("Recording")
    button.filter(has_text="Cancel").click()
    expect(button.filter(has_text="Save film")).to_be_visible()
    expect(page.locator(".story-film")).to_have_text("")
    page.evaluate("delete globalThis.MediaRecorder")
    button.filter(has_text="Save film").click()
    expect(page.locator(".story-film")).to_have_text(re.compile("cannot record a film"))


def test_what_the_next_scene_needs_is_asked_for_ahead(page: Page, app_url: str):
    asked: list[tuple[str, str]] = []

    def note(request: Request) -> None:
        if "component_server" in request.url:
            body = json.loads(request.post_data)
            asked.append((body["fn_name"], json.dumps(body["data"], sort_keys=True)))

    page.on("request", note)
    page.emulate_media(reduced_motion="reduce")  # it does not go on by itself
    shorten(page, "tokens", [0, 3], 15)
    begin(page, app_url, "tokens")
    with page.expect_request(lambda request: "surprise" in (request.post_data or "")):
        pass  # though the scene that asks it is not on the stage
    assert page.locator("#tokens-stage .panel > .mode-tokens").count() == 1
    ahead, _ = len(asked), page.keyboard.press("PageDown")
    page.locator("#tokens-stage .panel > .mode-surprise").wait_for()
    expect(page.locator(".asks-ahead")).to_have_count(0)
    assert {each for each in asked[ahead:] if each[0] == "surprise"} <= {*asked[:ahead]}
    page.keyboard.press("Escape")
    expect(page.locator(".story")).to_have_count(0)


def test_what_a_scene_of_another_tab_needs_is_asked_for_before_that_tab_is_opened(page: Page, app_url: str):
    asked: list[tuple[str, str]] = []

    def note(request: Request) -> None:
        if "component_server" in request.url:
            body = json.loads(request.post_data)
            asked.append((body["fn_name"], json.dumps([body["component_id"], body["data"]], sort_keys=True)))

    page.on("request", note)
    page.emulate_media(reduced_motion="reduce")
    shorten(page, "one-noise", [1, 9], 15)
    page.goto(f"{app_url}/?tab=ar&story=one-noise")
    with page.expect_request(lambda request: '"paths"' in (request.post_data or "")):
        pass
    assert page.locator("#flow-matching-stage").count() == 0
    expect(page.locator(".asks-ahead")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    ahead, _ = len(asked), page.keyboard.press("PageDown")
    page.locator("#flow-matching-stage .panel > .mode-paths").wait_for()
    expect(page.locator(".asks-ahead")).to_have_count(0)
    assert {each for each in asked[ahead:] if each[0] == "paths"} <= {*asked[:ahead]}
