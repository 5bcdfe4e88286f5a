"""The tour of the GAN in a real browser: what it gives back, what it asks the server, and a finger on a phone."""

from playwright.sync_api import Locator, Page, expect

from explorer.tabs.gan import evidence as gan_evidence
from explorer.tabs.gan import tab
from tests.gan import SLOW_MS, STAGE, open_gan, panel, state, turn_to, wait_for_address, wait_until
from tests.stage import mode_tab
from tests.tiny_app import App

STEPS = tab.TAB.tour(gan_evidence.quotes({}))
TITLES = [step["title"] for step in STEPS]


def card(page: Page) -> Locator:
    return panel(page).locator(".tour-card")


def choice(page: Page, words: str) -> Locator:
    return card(page).locator(".tour-choices").get_by_role("button", name=words, exact=True)


def answer(page: Page, step: dict) -> None:
    """Predict rightly by pointer, and wait until it is told."""
    choice(page, step["choices"][step["answer"]]).click()
    expect(card(page).locator(".tour-reveal")).to_contain_text("As you predicted.")


def test_it_gives_back_what_it_changed(page: Page, tiny_app: App):
    open_gan(page, tiny_app.url, "mode=generate&net=gan-fashion-mnist&seed=11&label=3&tap=9")
    before = state(page)
    turn_to(page, "Tour", "tour")
    wait_for_address(page, "tour=1")
    assert state(page)["net"] == "gan-mnist" and state(page)["tap"] == 0
    expect(panel(page)).to_contain_text("yours comes back when you leave it")
    mode_tab(page, "Make").click()
    wait_for_address(page, "seed=11")
    kept = {key: value for key, value in state(page).items() if key not in ("img", "mode")}
    assert kept == {key: before[key] for key in kept}


def test_the_shorter_code_is_told_by_the_server(page: Page, tiny_app: App):
    number = TITLES.index("Between three codes") + 1
    open_gan(page, tiny_app.url, f"mode=tour&tour={number}")
    wait_for_address(page, f"tour={number}")
    answer(page, STEPS[number - 1])
    wait_until(page, "x.store.get().u === 0.33 && x.store.get().v === 0.33")
    expect(panel(page)).to_contain_text("The code is A + 0.33 (B − A) + 0.33 (C − A)", timeout=SLOW_MS)


def test_a_finger_takes_it_on_a_phone(phone: Page, tiny_app: App):
    open_gan(phone, tiny_app.url, "mode=tour&tour=1")
    choice(phone, STEPS[0]["choices"][STEPS[0]["answer"]]).tap()
    expect(card(phone).locator(".tour-reveal")).to_contain_text("As you predicted.")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.evaluate(f"document.querySelector('{STAGE}').scrollWidth") <= 390
