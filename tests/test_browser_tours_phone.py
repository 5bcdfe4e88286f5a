"""Every step of every tour on a phone: card and picture are on screen together, before the answer and after it."""

import pytest
from playwright.sync_api import Page, expect

from tests.stage import STAGES

ALIKE = ("vae", "ar", "gan", "flow", "diffusion")
STILL = ("scrolled", "top", "lies")
LEAST = 150  # pixels of the picture that the card leaves free
PLACES = """(stage) => {
  const box = (part) => document.querySelector(`${stage} ${part}`).getBoundingClientRect();
  const card = box(".tour-card");
  const said = box(".tour-reveal").height ? box(".tour-reveal") : box(".tour-title");
  const picture = box("[data-picture]");
  const onward = box(".tour-head .button:last-of-type");
  return {
    onward: onward.top >= card.top && onward.bottom <= Math.min(card.bottom, innerHeight) && onward.right <= card.right,
    lies: onward.top,
    scrolled: scrollY,
    top: card.top,
    bottom: card.bottom,
    said: said.top >= card.top && said.top + Math.min(40, said.height) <= card.bottom,
    free: Math.min(card.top, picture.bottom) - Math.max(0, picture.top),
  };
}"""


@pytest.mark.parametrize("tab", ALIKE)
def test_every_step_shows_its_card_and_its_picture_together(phone: Page, app_url: str, tab: str):
    stage = f".{STAGES[tab]}"
    phone.goto(f"{app_url}/?tab={tab}&mode=tour")
    card = phone.locator(f"{stage} .tour-card")
    card.wait_for()
    steps = int(card.locator(".tour-place").inner_text().split()[-1])
    for step in range(1, steps + 1):
        expect(card.locator(".tour-place")).to_have_text(f"{step} of {steps}")
        before = stands(phone, stage)
        card.locator(".tour-choices button").first.tap()
        expect(card.locator(".tour-reveal")).not_to_be_empty()
        after = stands(phone, stage)
        assert all(after[key] == before[key] for key in STILL), f"step {step}: the answer moves the page"
        card.locator(".tour-head button").last.tap()


@pytest.mark.parametrize(
    ("tab", "step"), [("ar", 5), ("energy", 2), ("vae", 2), ("diffusion", 3), ("flow-matching", 5)]
)
def test_the_way_on_is_on_a_small_screen_before_and_after_the_answer(phone: Page, app_url: str, tab: str, step: int):
    stage = f".{STAGES[tab]}"
    phone.set_viewport_size({"width": 360, "height": 640})
    phone.goto(f"{app_url}/?tab={tab}&mode=tour&tour={step - 1}")
    card = phone.locator(f"{stage} .tour-card")
    head = card.locator(".tour-head button").last
    head.tap()
    expect(card.locator(".tour-place")).to_contain_text(f"{step} of")
    before = places_of(phone, stage)
    assert before["onward"] and before["said"], before
    card.locator(".tour-choices button").last.tap()
    expect(card.locator(".tour-reveal")).not_to_be_empty()
    after = places_of(phone, stage)
    assert after["onward"] and after["said"] and all(after[key] == before[key] for key in STILL), after


def places_of(phone: Page, stage: str) -> dict:
    """Return where card and picture are, once the step's mode is there."""
    phone.locator(f"{stage} .tour-stage > .mode").wait_for(state="attached")
    phone.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return phone.evaluate(PLACES, stage)


def stands(phone: Page, stage: str) -> dict:
    """Once the step's mode is there, the card is on screen, what it says last is in it, and the picture above it."""
    places = places_of(phone, stage)
    assert places["top"] >= LEAST and places["bottom"] <= phone.viewport_size["height"] + 1, places
    assert places["said"], places
    assert places["onward"], places
    assert places["free"] >= LEAST, places
    return places
