"""In a large window a stage is larger, its picture most of all, and a pointer meets what lies under it."""

import pytest
from playwright.sync_api import Page

from tests.test_browser_tabs import opened

USUAL, LARGE = {"width": 1280, "height": 720}, {"width": 1920, "height": 1080}
SETTLES_MS = 30_000
PICTURE = """() => {
  const box = document.querySelector(".stage .main:not([hidden])").getBoundingClientRect();
  const player = [...document.querySelectorAll(".stage .film-controls")].find((each) => each.checkVisibility());
  return {
    width: box.width,
    player: player?.getBoundingClientRect().bottom ?? 0,
    beyond: document.documentElement.scrollWidth - innerWidth,
  };
}"""
TABS = [pytest.param("flow", marks=pytest.mark.core), "gan", "discrete-diffusion", "ar"]


@pytest.mark.parametrize("tab", TABS)
def test_a_picture_grows_with_the_window_and_its_player_stays_in_sight(page: Page, app_url: str, tab: str):
    page.set_viewport_size(USUAL)
    opened(page, app_url, tab, "light")
    usual = page.evaluate(PICTURE)
    page.set_viewport_size(LARGE)
    page.wait_for_function(
        f"([width, height]) => {{ const large = ({PICTURE})();"
        " return large.width > 1.3 * width && large.player > 0 && large.player <= height && large.beyond <= 0; }",
        arg=[usual["width"], LARGE["height"]],
        timeout=SETTLES_MS,
    )


BOARD = """() => {
  const board = document.querySelector(".branches.fresh .board");
  const [frame, shown] = [board.parentElement, board].map((each) => each.getBoundingClientRect().width);
  return [frame, shown];
}"""
CELLS = 28
"""Pixels of a side: a board is as large as whole cells allow."""


def test_a_board_fills_its_frame_after_the_picture_has_taken_the_room(page: Page, app_url: str):
    page.set_viewport_size(LARGE)
    page.goto(f"{app_url}/?tab=ar&mode=override&__type=projector")
    page.wait_for_function("() => document.querySelector('.branches.fresh .board')?.width > 700", timeout=SETTLES_MS)
    page.wait_for_timeout(6_000)
    frame, shown = page.evaluate(BOARD)
    assert frame > 900 and frame - shown <= CELLS


RESTS = """async () => {
  const place = () => JSON.stringify(document.querySelector(".stage.vae .map").getBoundingClientRect());
  const before = place();
  await new Promise((done) => setTimeout(done, 500));
  return place() === before;
}"""
"""The map has taken its room: it is where it was half a second ago."""


@pytest.mark.core
@pytest.mark.parametrize("query", ["vae", "vae&__type=projector"])
def test_the_middle_of_the_map_is_zero_in_any_size(page: Page, app_url: str, query: str):
    page.set_viewport_size(LARGE)
    page.goto(f"{app_url}/?tab={query}")
    page.wait_for_function("() => document.querySelector('.stage.vae')?.explorer")
    page.evaluate("document.querySelector('.stage.vae').explorer.ready")
    page.wait_for_function(RESTS, timeout=SETTLES_MS)
    box = page.locator(".stage.vae .map").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function(
        "() => { const { z } = document.querySelector('.stage.vae').explorer.store.get();"
        " return z && Math.hypot(...z) < 0.05; }",
        timeout=5_000,
    )


LEFT = """() => {
  const course = document.querySelector(".course");
  const foot = course ? course.getBoundingClientRect().top : innerHeight;
  return foot - [...document.querySelectorAll(".stage.framed .main")].find((each) => each.checkVisibility())
    .getBoundingClientRect().bottom;
}"""
SHARP = """() => [...document.querySelectorAll(".stage .main canvas.chart")].filter((each) => each.checkVisibility())
  .every((each) => each.width >= Math.floor(each.getBoundingClientRect().width))"""


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("foundations&mode=jensen", marks=pytest.mark.core),
        "foundations&mode=jensen&__type=projector",
        "ar&mode=masks&__type=projector",
        "foundations&mode=divergences&__type=projector&course=ar-and-vae&page=3",
    ],
)
def test_in_a_large_window_a_picture_ends_at_its_foot_or_at_the_course_and_is_sharp(
    page: Page, app_url: str, query: str
):
    page.set_viewport_size(LARGE)
    page.goto(f"{app_url}/?tab={query}")
    page.locator(".stage .main canvas").locator("visible=true").first.wait_for()
    page.wait_for_function(f"() => {{ const left = ({LEFT})(); return left >= -2 && left < 30; }}", timeout=SETTLES_MS)
    assert page.evaluate(SHARP)


@pytest.mark.core
def test_after_presenting_a_picture_is_as_it_was(page: Page, app_url: str):
    page.set_viewport_size(USUAL)
    opened(page, app_url, "foundations", "light")
    chart = page.locator(".stage.foundations .chart").first
    before = chart.bounding_box()
    page.keyboard.press("p")
    page.set_viewport_size(LARGE)
    page.wait_for_function(f"() => {{ const left = ({LEFT})(); return left >= -2 && left < 30; }}", timeout=SETTLES_MS)
    page.set_viewport_size(USUAL)
    page.keyboard.press("p")
    page.wait_for_function("() => !document.querySelector('.stage.foundations').style.getPropertyValue('--spare')")
    assert chart.bounding_box() == before
