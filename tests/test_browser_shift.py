"""While a tab opens, nothing that is in sight moves: each part has its place from the first paint on."""

import pytest
from playwright.sync_api import Page

from tests.stage import STAGES
from tests.test_browser_glance import modes_of, tabs
from tests.test_browser_layout import SIZE
from tests.test_browser_more import AS_A_STRANGER

MOST = 0.05
OPENS_MS = 6_000
LISTEN = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(entry.value);
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("tab", tabs("flow"))
def test_what_is_in_sight_stays_where_it_is_while_a_tab_opens(page: Page, app_url: str, tab: str):
    page.set_viewport_size(SIZE)
    assert shifts_of(page, app_url, tab) <= MOST


@pytest.mark.parametrize("tab", tabs())
def test_it_stays_on_a_phone_too(phone: Page, app_url: str, tab: str):
    assert shifts_of(phone, app_url, tab) <= MOST


@pytest.mark.core
def test_the_characters_of_a_film_keep_their_places(phone: Page, app_url: str):
    phone.add_init_script(LISTEN)
    assert moved(phone, app_url, "text", "unmask") <= MOST


@pytest.mark.parametrize("tab", tabs())
def test_nothing_in_sight_moves_while_any_mode_opens(page: Page, app_url: str, tab: str):
    page.set_viewport_size(SIZE)
    page.add_init_script(AS_A_STRANGER)
    page.add_init_script(LISTEN)
    page.goto(f"{app_url}/?tab={tab}")
    page.locator(f".stage.{STAGES[tab]} .body").first.wait_for()
    shifts = {mode: moved(page, app_url, tab, mode) for mode in modes_of(page, tab)}
    assert not {mode: round(shift, 3) for mode, shift in shifts.items() if shift > MOST}


def test_the_text_waits_below_the_screen_for_a_stage_that_is_not_there_yet(page: Page, app_url: str):
    page.set_viewport_size(SIZE)
    page.goto(f"{app_url}/?tab=compare&mode=likely")
    text = page.locator("#families .awaiting").locator("visible=true")
    text.wait_for()
    page.evaluate("document.querySelector('.stage-block').remove()")
    assert text.evaluate("(text) => text.getBoundingClientRect().top") >= SIZE["height"]


def moved(page: Page, app_url: str, tab: str, mode: str) -> float:
    """Open a mode of a tab in a page that listens and return the sum of its layout shifts in its first seconds."""
    page.goto(f"{app_url}/?tab={tab}&mode={mode}")
    page.locator(f".stage.{STAGES[tab]} [data-picture]").first.wait_for()
    page.wait_for_timeout(OPENS_MS)
    return sum(page.evaluate("shifts"))


def shifts_of(page: Page, app_url: str, tab: str) -> float:
    """Open a tab and return the sum of its layout shifts."""
    page.add_init_script(AS_A_STRANGER)
    page.add_init_script(LISTEN)
    page.goto(f"{app_url}/?tab={tab}")
    page.locator(f".stage.{STAGES[tab]} .main :is(canvas, img, svg, .letters)").locator("visible=true").first.wait_for()
    page.wait_for_timeout(2_000)
    return sum(page.evaluate("shifts"))
