"""What is said and what it is said of are on one screen, in a real browser of 1280 × 720."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.server import ROOT

SIZE = {"width": 1280, "height": 720}
STAGES = {
    "start": "start",
    "foundations": "foundations",
    "vae": "vae",
    "vae-room": "room",
    "codes": "codes",
    "ar": "autoregressive",
    "gan": "gan",
    "flow": "flow",
    "flow-matching": "flow_matching",
    "energy": "energy",
    "diffusion": "diffusion",
    "discrete-diffusion": "discrete",
    "compare": "compare",
}
PROBLEMS = """(stage) => {
  const panel = stage.querySelector(".panel");
  const bottom = (element) => Math.round(element.getBoundingClientRect().bottom);
  const end = Math.min(innerHeight, bottom(panel) + 1);
  const isShown = (element) => element.getClientRects().length > 0;
  const told = [...stage.querySelectorAll(".body, .tour-card, .seen, .see")].filter(isShown);
  const more = panel.scrollHeight - panel.clientHeight;
  return [
    ...(more > 1 ? [`the panel is ${more} px too tall`] : []),
    ...told.filter((one) => bottom(one) > end).map((one) => `.${one.className} ends at ${bottom(one)}`),
    ...(document.documentElement.scrollWidth > innerWidth ? ["the page is too wide"] : []),
  ];
}"""

TEMPTING = re.compile(r"^- (.*)\n  ~ (.*)$", re.MULTILINE)
LONG = {
    choice: len(why)
    for path in ROOT.glob("explorer/tabs/*/tour.md")
    for choice, why in TEMPTING.findall(path.read_text(encoding="utf-8"))
}


def problems(stage: Locator) -> list[str]:
    """What is cut off, once the server has answered what the mode asked."""
    expect(stage).not_to_have_class(re.compile(r"\bwaiting\b"))
    stage.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return stage.evaluate(PROBLEMS)


@pytest.mark.parametrize("tab", STAGES)
def test_every_mode_and_every_step_of_the_tour_fit_the_screen(page: Page, app_url: str, tab: str):
    page.set_viewport_size(SIZE)
    page.goto(f"{app_url}/?tab={tab}")
    stage = page.locator(f".stage.{STAGES[tab]}")
    modes = stage.get_by_role("tab")
    expect(stage.get_by_role("tab", selected=True)).to_be_visible()
    found = {}
    for mode in sorted(modes.all(), key=lambda mode: mode.inner_text() == "Tour"):  # which stays open
        mode.click()
        name = mode.get_attribute("id").split("-tab-")[1]
        stage.locator(f".panel > .mode-{name}").wait_for()
        found[name] = problems(stage)
    card = stage.locator(".tour-card")
    steps = int(card.locator(".tour-place").inner_text().split()[-1]) if "tour" in found else 0
    for step in range(1, steps + 1):
        expect(card.locator(".tour-place")).to_have_text(re.compile(rf"^{step} of "))
        found[f"step {step}, asked"] = problems(stage)
        choices = card.locator(".tour-choices button").all()
        max(choices, key=lambda choice: LONG.get(choice.inner_text(), 0)).click()  # of which most is said
        found[f"step {step}, told"] = problems(stage)
        card.locator(".tour-head button").last.click()
    assert not {where: what for where, what in found.items() if what}
