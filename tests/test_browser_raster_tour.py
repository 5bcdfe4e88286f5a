"""The tour of the autoregressive networks in a real browser, by pointer, keys and touch."""

import pytest
from playwright.sync_api import Locator, Page, expect

from explorer.tabs import autoregressive, lesson, raster_evidence
from tests.raster import STAGE, main, open_raster, panel, state, wait_for_address

STEPS = lesson.read(autoregressive.LESSON, raster_evidence.figures({}), autoregressive.STATE_KEYS)


def card(page: Page) -> Locator:
    return panel(page).locator(".tour-card")


def answered(page: Page, step: dict) -> None:
    """Predict rightly by pointer, and wait until the step's second state is in the store."""
    card(page).locator(".tour-choices").get_by_role("button", name=step["choices"][step["answer"]], exact=True).click()
    expect(card(page).locator(".tour-reveal")).to_contain_text("As you predicted.")
    for key, value in step["after"].items():
        wait_for_address(page, f"{key}={value}")


def question(page: Page, name: str, **values):
    """Wait at the end of a block until Python has been asked this under that name."""

    def wanted(request) -> bool:
        sent = request.post_data_json if "component_server" in request.url else {"fn_name": None}
        return sent["fn_name"] == name and values.items() <= sent["data"].items()

    return page.expect_request(wanted)


def test_every_step_asks_then_tells_and_works_a_mode(page: Page, app_url: str):
    open_raster(page, app_url)
    page.locator("#raster-tab-tour").click()
    for number, step in enumerate(STEPS, start=1):
        wait_for_address(page, f"tour={number}")
        expect(card(page)).to_contain_text(f"{number} of {len(STEPS)}")
        expect(card(page).locator(".tour-reveal")).to_be_empty()
        expect(panel(page).locator(f".tour-stage .mode-{step['state']['mode']}")).to_be_visible()
        expect(main(page).locator(".picture").first).not_to_be_empty()
        answered(page, step)
        card(page).get_by_role("button", name="Next" if number < len(STEPS) else "Explore freely").click()
    expect(page.locator("#raster-tab-generate")).to_have_attribute("aria-selected", "true")


def test_a_wrong_prediction_is_named_beside_what_is_so(page: Page, app_url: str):
    open_raster(page, app_url, "mode=tour")
    card(page).locator(".tour-choices button").first.click()
    step = STEPS[0]
    expect(card(page).locator(".tour-reveal")).to_contain_text(f"You said “{step['choices'][0]}”.")
    expect(card(page).locator(".tour-reveal")).to_contain_text(step["choices"][step["answer"]])


def test_it_goes_by_keys(page: Page, app_url: str):
    open_raster(page, app_url)
    page.locator("#raster-tab-tour").click()
    wait_for_address(page, "tour=1")
    page.keyboard.press("2")
    expect(card(page).locator(".tour-reveal")).not_to_be_empty()
    page.keyboard.press("PageDown")
    wait_for_address(page, "tour=2")
    page.keyboard.press("PageUp")
    wait_for_address(page, "tour=1")


def test_it_gives_back_what_it_changed(page: Page, app_url: str):
    open_raster(page, app_url, "mode=chain&net=pixelcnn-fashion-mnist&seed=11&label=3&p=0.5" + ",0.5" * 14)
    before = state(page) | {"mode": "masks"}
    page.locator("#raster-tab-tour").click()
    wait_for_address(page, "tour=1")
    assert state(page)["net"] == "pixelcnn-mnist"
    expect(panel(page)).to_contain_text("yours comes back when you leave it")
    page.locator("#raster-tab-masks").click()
    wait_for_address(page, "seed=11")
    assert state(page) == before


def test_the_changed_pixel_and_the_blank_page_come_from_the_server(page: Page, app_url: str):
    open_raster(page, app_url, "mode=tour&tour=4")
    with question(page, "resume", known=126):
        answered(page, STEPS[3])
    card(page).get_by_role("button", name="Next").click()
    with question(page, "score", picture={"kind": "blank"}):
        answered(page, STEPS[4])


@pytest.mark.parametrize("step", [1, 5, 7])
def test_a_finger_takes_it_on_a_phone(phone: Page, app_url: str, step: int):
    open_raster(phone, app_url, f"mode=tour&tour={step}")
    card(phone).locator(".tour-choices button").nth(STEPS[step - 1]["answer"]).tap()
    expect(card(phone).locator(".tour-reveal")).to_contain_text("As you predicted.")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.evaluate(f"document.querySelector('{STAGE}').scrollWidth") <= 390
