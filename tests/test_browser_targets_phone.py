"""Targets of a finger on a phone are at least 40 pixels high; a choice among modes and Compare take a line."""

from playwright.sync_api import Page

LEAST = 40
TARGETS = [".nav-bar .nav-opener", ".nav-bar .nav-find", ".vae .above .segment", ".vae .within:not([hidden]) .tab"]


def test_targets_are_tall_enough_and_the_choice_among_modes_has_a_line_of_its_own(phone: Page, app_url: str):
    phone.goto(f"{app_url}/?tab=vae&mode=complete")
    for selector in TARGETS:
        phone.locator(selector).first.wait_for()
        heights = phone.locator(selector).evaluate_all("all => all.map((it) => it.getBoundingClientRect().height)")
        assert heights and min(heights) >= LEAST, (selector, heights)
    choice = phone.locator(".vae .within:not([hidden])").bounding_box()
    title = phone.locator(".vae .title h1").bounding_box()
    assert choice["y"] >= title["y"] + title["height"], "the choice is below the title"
    compare = phone.locator(".vae .to-compare").bounding_box()
    assert compare["x"] + compare["width"] - choice["x"] >= 0.85 * phone.viewport_size["width"], (choice, compare)
