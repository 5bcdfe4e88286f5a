"""The tour of the diffusion in a real browser: what it gives back, what it asks the server, and a finger on a phone."""

import pytest
from playwright.sync_api import Locator, Page, expect

from explorer.tabs.diffusion import evidence as diffusion_evidence
from explorer.tabs.diffusion import tab as diffusion
from tests.diffusion import FILM_MS, STAGE, main, open_diffusion, panel, state, turn_to, wait_for_address, wait_until
from tests.stage import mode_tab

STEPS = diffusion.TAB.tour(diffusion_evidence.quotes({}))
FORWARD, GUESS, FIELD = 1, 2, 8


def card(page: Page) -> Locator:
    return panel(page).locator(".tour-card")


def choice(page: Page, words: str) -> Locator:
    return card(page).locator(".tour-choices").get_by_role("button", name=words, exact=True)


def answer(page: Page, step: dict) -> None:
    """Predict rightly by pointer, and wait until it is told."""
    choice(page, step["choices"][step["answer"]]).click()
    expect(card(page).locator(".tour-reveal")).to_contain_text("As you predicted.")


def test_it_gives_back_what_it_changed(page: Page, app_url: str):
    open_diffusion(page, app_url, "mode=forward&net=diffusion-fashion-mnist&seed=11&label=3&t=123&schedule=cosine")
    before = state(page)
    turn_to(page, "Tour", "tour")
    wait_for_address(page, "tour=1")
    assert state(page)["net"] == "diffusion-mnist" and state(page)["t"] == 0
    expect(panel(page)).to_contain_text("yours comes back when you leave it")
    mode_tab(page, "Forward").click()
    wait_for_address(page, "seed=11")
    kept = {key: value for key, value in state(page).items() if key not in ("img", "mode")}
    assert kept == {key: before[key] for key in kept}


def test_the_guess_about_noise_comes_from_the_server(page: Page, app_url: str):
    open_diffusion(page, app_url, f"mode=tour&tour={GUESS}&at=0")  # as the step's own link says
    wait_until(page, "x.mode().drawn?.frames.length > 12", timeout=FILM_MS)
    assert state(page)["at"] == 0
    answer(page, STEPS[GUESS - 1])
    wait_until(page, "x.store.get().at === 12 && x.mode().film.index === 12")
    expect(main(page)).to_contain_text("at t = 780")


@pytest.mark.parametrize("step", [FORWARD, FIELD])
def test_a_finger_takes_it_on_a_phone(phone: Page, app_url: str, step: int):
    open_diffusion(phone, app_url, f"mode=tour&tour={step}")
    choice(phone, STEPS[step - 1]["choices"][STEPS[step - 1]["answer"]]).tap()
    expect(card(phone).locator(".tour-reveal")).to_contain_text("As you predicted.")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.evaluate(f"document.querySelector('{STAGE}').scrollWidth") <= 390
