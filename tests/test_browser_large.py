"""In a large window a stage is larger, its picture most of all, and a pointer meets what lies under it."""

import pytest
from playwright.sync_api import Page

from tests.test_browser_tabs import opened

USUAL, LARGE = {"width": 1280, "height": 720}, {"width": 1920, "height": 1080}
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
    page.wait_for_timeout(300)
    large = page.evaluate(PICTURE)
    assert large["width"] > 1.3 * usual["width"]
    assert 0 < large["player"] <= LARGE["height"] and large["beyond"] <= 0


@pytest.mark.core
@pytest.mark.parametrize("query", ["vae", "vae&__type=projector"])
def test_the_middle_of_the_map_is_zero_in_any_size(page: Page, app_url: str, query: str):
    page.set_viewport_size(LARGE)
    page.goto(f"{app_url}/?tab={query}")
    page.wait_for_function("() => document.querySelector('.stage.vae')?.explorer")
    box = page.locator(".stage.vae .map").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function(
        "() => { const { z } = document.querySelector('.stage.vae').explorer.store.get();"
        " return z && Math.hypot(...z) < 0.05; }",
        timeout=5_000,
    )
