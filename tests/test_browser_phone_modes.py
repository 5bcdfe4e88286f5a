"""Every mode on a phone: nothing moves while it opens, its picture begins early, and a finger hits its targets."""

import pytest
from playwright.sync_api import Page

from tests.stage import STAGES
from tests.test_browser_glance import LATEST, modes_of, tabs
from tests.test_browser_glance import SMALL as IN_SMALL_TYPE
from tests.test_browser_more import AS_A_STRANGER
from tests.test_browser_shift import LISTEN, MOST, moved
from tests.test_browser_targets_phone import LEAST

BEGINS = """(stage) => {
  const drawn = "canvas, img, svg, table, .letters, .chain-image, .groups, .families, .empty";
  const tops = [...stage.querySelectorAll("[data-picture]")].flatMap((each) => [...each.querySelectorAll(drawn)])
    .filter((each) => each.checkVisibility() && each.clientHeight > 5)
    .map((each) => Math.round(each.getBoundingClientRect().top + scrollY));
  return tops.length ? Math.min(...tops) : 0;
}"""
MISSED = """(stage, least) => {
  const targets = "button, select, textarea, summary, a[href], [role=button], [role=tab], [role=slider]";
  const isWord = (each) => each.matches("a") && getComputedStyle(each).display === "inline";
  const found = [...stage.querySelectorAll(`${targets}, input:not([type=checkbox], [type=radio], [type=file])`)]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !isWord(each))
    .filter((each) => getComputedStyle(each).pointerEvents !== "none")
    .map((each) => [each.getAttribute("aria-label") || each.textContent || each.type, each.getBoundingClientRect()])
    .filter(([, { width, height }]) => width > 1 && Math.min(width, height) < least - 0.1)
    .map(([name, { width, height }]) => `${name}: ${Math.round(width)} × ${Math.round(height)}`);
  return [...new Set(found)].slice(0, 5);
}"""


@pytest.mark.parametrize("tab", tabs())
def test_a_mode_opens_at_rest_with_its_picture_first_and_targets_of_a_finger(phone: Page, app_url: str, tab: str):
    phone.add_init_script(AS_A_STRANGER)
    phone.add_init_script(LISTEN)
    phone.goto(f"{app_url}/?tab={tab}")
    phone.locator(f".stage.{STAGES[tab]} .body").first.wait_for()
    found = {}
    for mode in modes_of(phone, tab):
        shift = moved(phone, app_url, tab, mode)
        stage = phone.locator(f".stage.{STAGES[tab]}")
        begins, missed, zoomed = stage.evaluate(BEGINS), stage.evaluate(MISSED, LEAST), stage.evaluate(IN_SMALL_TYPE)
        if shift > MOST or begins > LATEST or missed or zoomed:
            found[mode] = round(shift, 3), begins, missed, zoomed
    assert not found
