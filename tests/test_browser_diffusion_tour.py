"""The tour of the diffusion in a real browser, by pointer, keys and touch."""

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


def test_every_step_asks_then_tells_and_works_a_mode(page: Page, app_url: str):
    open_diffusion(page, app_url)
    turn_to(page, "Tour", "tour")
    for number, step in enumerate(STEPS, start=1):
        wait_for_address(page, f"tour={number}")
        expect(card(page)).to_contain_text(f"{number} of {len(STEPS)}")
        expect(card(page).locator(".tour-reveal")).to_be_empty()
        expect(panel(page).locator(f".tour-stage .mode-{step['state']['mode']}")).to_have_count(1)
        expect(main(page).locator(".picture").first).not_to_be_empty()
        answer(page, step)
        card(page).get_by_role("button", name="Next" if number < len(STEPS) else "Explore freely").click()
    expect(mode_tab(page, "Forward")).to_have_attribute("aria-selected", "true")


def test_a_wrong_prediction_is_named_beside_what_is_so(page: Page, app_url: str):
    open_diffusion(page, app_url, "mode=tour")
    step = STEPS[0]
    wrong = next(choice for choice in step["choices"] if choice != step["choices"][step["answer"]])
    choice(page, wrong).click()
    expect(card(page).locator(".tour-reveal")).to_contain_text(f"You said “{wrong}”.")
    expect(card(page).locator(".tour-reveal")).to_contain_text(step["choices"][step["answer"]])


def test_it_goes_by_keys(page: Page, app_url: str):
    open_diffusion(page, app_url)
    turn_to(page, "Tour", "tour")
    wait_for_address(page, "tour=1")
    card(page).locator(".tour-title").focus()
    page.keyboard.press("2")
    expect(card(page).locator(".tour-reveal")).not_to_be_empty()
    wait_until(page, "x.store.get().t === 500")
    page.keyboard.press("PageDown")
    wait_for_address(page, "tour=2")
    page.keyboard.press("PageUp")
    wait_for_address(page, "tour=1")


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
    expect(main(page)).to_contain_text("guessed at t = 780")


@pytest.mark.parametrize("step", [FORWARD, FIELD])
def test_a_finger_takes_it_on_a_phone(phone: Page, app_url: str, step: int):
    open_diffusion(phone, app_url, f"mode=tour&tour={step}")
    choice(phone, STEPS[step - 1]["choices"][STEPS[step - 1]["answer"]]).tap()
    expect(card(phone).locator(".tour-reveal")).to_contain_text("As you predicted.")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.evaluate(f"document.querySelector('{STAGE}').scrollWidth") <= 390
