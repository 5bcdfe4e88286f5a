"""The picture of every tab is reached with a few keys, and on a phone without scrolling; choices are one tab stop."""

import itertools

import pytest
from playwright.sync_api import Page, expect

from tests.stage import STAGES
from tests.test_browser_layout import SIZE
from tests.test_browser_tabs import opened

CORE = ("foundations",)
"""Opens fast."""
MOST_PRESSES = 8
TABS = [pytest.param(tab, marks=pytest.mark.core) if tab in CORE else tab for tab in STAGES]


@pytest.mark.parametrize("tab", TABS)
def test_the_first_link_of_the_page_leads_to_the_picture(page: Page, app_url: str, tab: str):
    page.set_viewport_size(SIZE)
    opened(page, app_url, tab, "light")
    page.locator("body").press("Tab")
    expect(page.get_by_role("link", name="Skip to the picture")).to_be_focused()
    page.keyboard.press("Enter")
    picture = page.locator(".stage:visible [data-picture]")
    expect(picture).to_be_focused()
    expect(picture).to_have_css("outline-style", "solid")


REACHED = ":is(a, button, select, input, [tabindex='0'])"
IN_PICTURE = "() => Boolean(document.activeElement.closest('.stage [data-picture]'))"
ROWS = """(stage) => [...stage.querySelectorAll("[data-rove]")]
  .filter((row) => row.checkVisibility() && !row.parentElement.closest("[data-rove]"))
  .map((row) => [...row.querySelectorAll("button, a[href]")]
    .filter((each) => !each.closest(".menu-list") && !each.disabled && each.checkVisibility()))
  .filter((items) => items.length)
  .map((items) => [items.map((each) => each.textContent).join(), items.filter((each) => each.tabIndex === 0).length])"""


@pytest.mark.parametrize("tab", TABS)
def test_eight_presses_of_tab_lead_to_the_picture_and_every_row_takes_one(page: Page, app_url: str, tab: str):
    page.set_viewport_size(SIZE)
    stage = opened(page, app_url, tab, "light")
    stage.locator(f"[data-picture] {REACHED}").locator("visible=true").first.wait_for()
    rows = stage.evaluate(ROWS)
    assert rows
    assert not [name for name, stops in rows if stops != 1]
    page.locator("body").press("Tab")
    presses = 1
    while not page.evaluate(IN_PICTURE) and presses <= MOST_PRESSES:
        page.keyboard.press("Tab")
        presses += 1
    assert presses <= MOST_PRESSES


@pytest.mark.core
def test_arrows_lead_along_a_row_of_choices_and_leave_the_film_alone(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=diffusion&t=300")
    stage = page.locator(".stage.diffusion")
    linear, cosine = (stage.get_by_role("button", name=name, exact=True) for name in ("Linear", "Cosine"))
    linear.focus()
    for key, there in [("ArrowRight", cosine), ("ArrowRight", linear), ("End", cosine), ("Home", linear)]:
        page.keyboard.press(key)
        expect(there).to_be_focused()
        expect(there).to_have_attribute("tabindex", "0")
    expect(stage.locator(".film-place")).to_have_text("t = 300")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(cosine).to_have_attribute("aria-pressed", "true")


def test_the_modes_of_an_entry_and_its_link_are_one_stop(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=flow&mode=make")
    within = page.get_by_role("tablist", name="Ask", exact=True)
    within.get_by_role("tab", selected=True).focus()
    page.keyboard.press("End")
    expect(within.get_by_role("tab", selected=True)).to_have_text("Between two")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(within.get_by_role("tab", selected=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".stage.flow .to-compare")).to_be_focused()


PLAYED_MS, APART_MS = 14_000, 2_900
LISTEN = """() => {
  window.spoken = [];
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const region = (target.nodeType === 1 ? target : target.parentElement)?.closest("[aria-live], [role=status]");
      if (region?.matches(".spoken:not([aria-live=off])")) window.spoken.push(performance.now());
    }
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""
LABELS = (
    """() => [...document.querySelectorAll(":is([aria-live], [role=status]) button")].map((each) => each.textContent)"""
)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("tab=diffusion&mode=reverse&steps=1000&sampler=ddpm", "Draw another"),
        ("tab=gan&mode=game", "Play"),
        ("tab=ar&mode=generate", "Draw another"),
    ],
)
def test_while_a_film_is_made_it_is_spoken_of_once_in_three_seconds(page: Page, app_url: str, query: str, name: str):
    page.goto(f"{app_url}/?{query}")
    button = page.locator(".stage:visible").get_by_role("button", name=name, exact=True).first
    button.wait_for()
    page.evaluate(LISTEN)
    button.click()
    page.wait_for_timeout(PLAYED_MS)
    spoken = sorted(page.evaluate("spoken"))
    assert spoken
    assert all(later - earlier > APART_MS or later - earlier < 1 for earlier, later in itertools.pairwise(spoken))
    assert not page.evaluate(LABELS)


LATEST = 300
BEGINS = """(stage) => {
  const picture = [...stage.querySelectorAll("[data-picture]")].find((each) => each.clientHeight);
  return picture ? Math.round(picture.getBoundingClientRect().top + scrollY) : 0;
}"""
SMALL = """(stage) => [...stage.querySelectorAll("input:not([type=range]), select, textarea")]
  .filter((each) => each.checkVisibility() && parseFloat(getComputedStyle(each).fontSize) < 16)
  .map((each) => each.className || each.getAttribute("aria-label"))"""


@pytest.mark.parametrize("tab", TABS)
def test_on_a_phone_the_picture_of_every_mode_begins_early(phone: Page, app_url: str, tab: str):
    stage = opened(phone, app_url, tab, "light")
    found = {}
    for name in phone.locator(f'[id^="{tab}-tab-"]').evaluate_all("all => all.map(e => e.id.split('-tab-')[1])"):
        stage.evaluate("(stage, mode) => stage.explorer.store.commit({ mode })", name)
        stage.locator(f".panel > .mode-{name}").wait_for()
        begins, small = stage.evaluate(BEGINS), stage.evaluate(SMALL)
        if begins > LATEST or small:
            found[name] = begins, small
    assert not found
