"""Keys, contrast and speech beyond what axe-core sees: ways through the page, fields, films, forced colours."""

import pytest
from playwright.sync_api import Page, expect

from tests.axe import violations
from tests.stage import (
    MAP,
    STAGE,
    explorer,
    open_share,
    open_stage,
    panel,
    settle,
    state,
    turn_to_text,
    url_in,
    wait_for_address,
)

REACHED = """() => document.fonts.status === 'loaded' && [...document.querySelectorAll('.katex-display')]
  .every((each) => each.scrollWidth <= each.clientWidth + 1 || each.tabIndex === 0)"""
OPENING_MS = 6_000
"""Until what the opening announces has been said, one text in three seconds."""
PLAYS = """() => {
  const film = document.querySelector('.film-live').closest('.film');
  const words = [];
  const observer = new MutationObserver((changes) => {
    for (const { target } of changes) {
      const element = target.nodeType === 1 ? target : target.parentElement;
      const live = element?.closest('[aria-live], output, [role=status]');
      if (live && live.getAttribute('aria-live') !== 'off' && !live.matches('.status')) words.push(element.textContent);
    }
  });
  observer.observe(document.querySelector('.stage'), { childList: true, characterData: true, subtree: true });
  window.announced = words;
}"""


def focused(page: Page, selector: str) -> bool:
    return page.evaluate("selector => document.activeElement.matches(selector)", selector)


@pytest.mark.core
def test_keys_lead_past_the_tabs_along_the_families_and_out_of_their_menu(page: Page, app_url: str):
    open_stage(page, app_url)
    page.locator("body").press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    assert focused(page, f"{STAGE} .main")
    page.locator("[data-tab=vae]").focus()
    page.keyboard.press("End")
    assert focused(page, "[data-tab=lab]")
    page.keyboard.press("Enter")
    wait_for_address(page, "tab=lab")
    page.keyboard.press("ArrowDown")
    assert focused(page, "[data-tab=start]")
    page.set_viewport_size({"width": 390, "height": 844})
    opener = page.get_by_role("button", name="Families", exact=True)
    opener.click()
    assert focused(page, "[data-tab=lab]")
    page.keyboard.press("Escape")
    expect(page.locator(".nav")).to_be_hidden()
    expect(opener).to_be_focused()


def test_text_that_scrolls_takes_the_focus_on_a_narrow_page(page: Page, app_url: str):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app_url}/?tab=ar")
    turn_to_text(page)
    page.wait_for_function("document.querySelector('#evidence-made-mnist[tabindex]')")
    page.wait_for_function(REACHED)
    assert not violations(page, rules=("scrollable-region-focusable",))
    page.locator(".live input").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert focused(page, ".live input") and page.evaluate(outline) == "solid"


def test_the_browsers_own_keys_are_left_to_it(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=lab&mode=gaussians")
    page.evaluate("addEventListener('keydown', (event) => (window.taken = event.defaultPrevented))")
    page.locator(".lab-plane").press("Alt+ArrowLeft")
    assert page.evaluate("taken") is False
    page.locator(".lab-plane").press("ArrowLeft")
    assert page.evaluate("taken") is True


TWO_KEYS = """(map) => {
  for (const key of ["ArrowRight", "Enter"]) {
    map.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
}"""


def test_a_key_knows_what_another_one_of_the_same_display_frame_has_set(page: Page, app_url: str):
    open_stage(page, app_url, "mode=explore&z=0.5,0.5")
    page.locator(MAP).focus()
    page.locator(MAP).evaluate(TWO_KEYS)
    settle(page)
    assert state(page)["pin"] == state(page)["z"] and state(page)["z"][0] > 0.5


@pytest.mark.core
def test_enter_chooses_the_ends_on_the_map(page: Page, app_url: str):
    open_stage(page, app_url, "mode=interpolate&z=0.5,0.5")
    panel(page).locator(".end").first.wait_for()
    wanted = explorer(page, "x.map.nearest([0.5, 0.5])")
    page.locator(MAP).press("Enter")
    assert state(page)["a"] == wanted
    page.locator(MAP).press("Shift+ArrowRight")
    page.locator(MAP).press("Enter")
    assert state(page)["b"] == explorer(page, "x.map.nearest(x.store.get().z)")


def test_beta_is_announced_with_its_terms_and_a_film_by_its_ends(page: Page, app_url: str):
    open_stage(page, app_url, "mode=interpolate&a=12&b=55")
    slider = page.get_by_role("slider", name="β").first
    assert "D 1" in slider.get_attribute("aria-valuetext") and "R " in slider.get_attribute("aria-valuetext")
    film = panel(page).locator(".film")
    film.locator("select").select_option("4")
    page.wait_for_timeout(OPENING_MS)
    page.evaluate(PLAYS)
    film.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('.film-place').textContent === '25/25'")
    page.wait_for_function("window.announced.some((text) => text.startsWith('25/25'))")
    said = page.evaluate("announced")
    assert "plays from" in said[0] and len(said) <= 4


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_that_carry_a_meaning_stay_and_more_contrast_is_given(page: Page, app_url: str, theme: str):
    open_stage(page, app_url, f"__theme={theme}&mode=encode&img=12")
    swatch = page.locator(f"{STAGE} .swatch").first
    style = "(element, name) => getComputedStyle(element)[name]"
    colour = swatch.evaluate(style, "backgroundColor")
    quiet = page.locator(f"{STAGE} .lead")
    before = quiet.evaluate(style, "color")
    page.emulate_media(contrast="more")
    assert quiet.evaluate(style, "color") != before
    assert quiet.evaluate(style, "color") == page.locator(STAGE).evaluate(style, "color")
    page.emulate_media(contrast="no-preference", forced_colors="active")
    assert swatch.evaluate(style, "backgroundColor") == colour
    pressed, other = (page.locator(f"{STAGE} .segment[aria-pressed={on}]").first for on in ("true", "false"))
    assert pressed.evaluate(style, "backgroundColor") != other.evaluate(style, "backgroundColor")


BARS = """(bars) => bars.filter((bar) => parseFloat(bar.style.width)).map((bar) => getComputedStyle(bar)).map(
  ({ stroke, fill }) => stroke === "none" ? fill : stroke)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_where_colours_are_forced_bars_stay_and_the_question_that_is_open_is_read(
    page: Page, app_url: str, scheme: str
):
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    page.goto(f"{app_url}/?tab=compare&mode=likely")
    bars = page.locator(".stage.compare .size-bar > *")
    bars.locator("visible=true").first.wait_for()
    page_colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    found = bars.evaluate_all(BARS)
    assert found and not {page_colour, "rgba(0, 0, 0, 0)"} & set(found)
    style = page.locator(".within .tab[aria-selected=true]").evaluate(
        "(tab) => [getComputedStyle(tab).color, getComputedStyle(tab).backgroundColor]"
    )
    assert style[0] != style[1]


def test_a_link_is_shown_selected_where_there_is_no_clipboard(page: Page, app_url: str):
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    open_stage(page, app_url, "beta=3")
    open_share(page)
    page.locator(STAGE).get_by_role("button", name="Copy link").click()
    field = page.locator(f"{STAGE} .address")
    expect(field).to_be_focused()
    expect(field).to_have_value(url_in(page))
    assert field.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd) === field.value")
    settle(page)
