"""Words of an earlier question are dimmed or gone while the next is answered, in every kind of mode."""

import pytest
from playwright.sync_api import Page, expect

INK = """() => {
  const stage = [...document.querySelectorAll(".stage")].find((each) => each.clientWidth);
  const full = (element) => {
    for (let each = element; each !== stage.parentElement; each = each.parentElement) {
      if (getComputedStyle(each).opacity < 0.6) return false;
    }
    return true;
  };
  const said = [...stage.querySelectorAll(".figures > .chief .number, .seen p:not(:empty)")];
  const shown = said.filter((each) => each.checkVisibility({ visibilityProperty: true }) && each.innerText !== "–");
  return shown.filter(full).map((each) => each.innerText);
}"""
"""Headline and sentences that stand in full ink."""
CORE = ["text/surprise", "ar/complete"]
PLACES = [
    *[pytest.param(place, marks=pytest.mark.core) for place in CORE],
    *["tokens/tokens", "autoencoders/hole", "discrete-diffusion/bound", "lab/damage", "vae-room/traverse"],
    *["diffusion/reverse", "flow/warp", "style/mix", "translate/unpaired"],
]
ASKS = "Draw again", "any"


@pytest.mark.parametrize("place", PLACES)
def test_the_headline_and_the_sentence_of_an_earlier_question_are_dimmed(page: Page, app_url: str, place: str):
    tab, mode = place.split("/")
    page.goto(f"{app_url}/?tab={tab}&mode={mode}")
    stage = page.locator(".stage:visible")
    expect(stage.locator(".seen p:not(:empty)").first).to_be_visible()
    page.wait_for_function(f"() => ({INK})().length")
    page.route("**/gradio_api/**", lambda _: None)  # which is never answered
    panel = stage.locator(".panel")
    buttons = [panel.get_by_role("button", name=name, exact=True).locator("visible=true").last for name in ASKS]
    other = panel.locator(".tries .button, .preset-card").locator("visible=true").nth(1)
    next(each for each in [*buttons, other] if each.count()).click()
    page.wait_for_function(f"() => !({INK})().length", timeout=10_000)
