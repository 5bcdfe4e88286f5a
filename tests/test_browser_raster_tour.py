"""The tour of the autoregressive networks in a real browser, by pointer, keys and touch."""

from itertools import permutations

import pytest
from playwright.sync_api import Locator, Page, expect

from explorer.tabs.autoregressive import evidence as raster_evidence
from explorer.tabs.autoregressive import tab as autoregressive
from tests.raster import STAGE, main, open_raster, panel, raster, state, wait_for_address

SHARED = "/gradio_api/file=explorer/stages/kit/plane"
STEPS = autoregressive.TAB.tour(raster_evidence.quotes({}))


def card(page: Page) -> Locator:
    return panel(page).locator(".tour-card")


def choice(page: Page, words: str) -> Locator:
    return card(page).locator(".tour-choices").get_by_role("button", name=words, exact=True)


def answered(page: Page, step: dict) -> None:
    """Predict rightly by pointer, and wait until the step's second state is in the store."""
    choice(page, step["choices"][step["answer"]]).click()
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
    page.locator("#ar-tab-tour").click()
    for number, step in enumerate(STEPS, start=1):
        wait_for_address(page, f"tour={number}")
        expect(card(page)).to_contain_text(f"{number} of {len(STEPS)}")
        expect(card(page).locator(".tour-reveal")).to_be_empty()
        expect(panel(page).locator(f".tour-stage .mode-{step['state']['mode']}")).to_have_count(1)
        expect(main(page).locator(".picture").first).not_to_be_empty()
        answered(page, step)
        card(page).get_by_role("button", name="Next" if number < len(STEPS) else "Explore freely").click()
    expect(page.locator("#ar-tab-generate")).to_have_attribute("aria-selected", "true")


def test_an_address_of_a_step_and_no_more_sets_the_stage_as_the_step_does(page: Page, app_url: str):
    number, step = next((n, step) for n, step in enumerate(STEPS, start=1) if "set" in step["state"])
    open_raster(page, app_url, f"mode=tour&tour={number}")
    expect(card(page)).to_contain_text(step["title"])
    for key in ("net", "set", "img"):
        wait_for_address(page, f"{key}={step['state'][key]}")


def test_a_wrong_prediction_is_named_beside_what_is_so(page: Page, app_url: str):
    open_raster(page, app_url, "mode=tour")
    step = STEPS[0]
    wrong = next(choice for choice in step["choices"] if choice != step["choices"][step["answer"]])
    choice(page, wrong).click()
    expect(card(page).locator(".tour-reveal")).to_contain_text(f"You said “{wrong}”.")
    expect(card(page).locator(".tour-reveal")).to_contain_text(step["choices"][step["answer"]])


def test_the_choices_come_in_an_order_drawn_for_the_visit(page: Page, app_url: str):
    open_raster(page, app_url, "mode=tour")
    module = f"await import(`${{location.origin}}{SHARED}/random.js`)"
    orders = raster(
        page, f"(({{ shuffled }}) => Array.from({{ length: 600 }}, (_, i) => shuffled([0, 1, 2], i)))({module})"
    )
    assert all(sorted(order) == [0, 1, 2] for order in orders)
    assert all(60 <= orders.count(list(order)) <= 140 for order in permutations(range(3))), (
        "each as likely as any other"
    )
    choices = card(page).locator(".tour-choices button")
    seen = choices.all_inner_texts()
    assert sorted(seen) == sorted(STEPS[0]["choices"])
    for button in ("Skip", "Back"):
        card(page).get_by_role("button", name=button).click()
    expect(choices).to_have_text(seen)
    page.keyboard.press("1")
    expect(card(page).locator(".tour-reveal")).to_contain_text(f"“{seen[0]}”")


def test_it_goes_by_keys(page: Page, app_url: str):
    open_raster(page, app_url)
    page.locator("#ar-tab-tour").click()
    wait_for_address(page, "tour=1")
    card(page).locator(".tour-title").focus()
    page.keyboard.press("2")
    expect(card(page).locator(".tour-reveal")).not_to_be_empty()
    page.keyboard.press("PageDown")
    wait_for_address(page, "tour=2")
    page.keyboard.press("PageUp")
    wait_for_address(page, "tour=1")


def test_it_gives_back_what_it_changed(page: Page, app_url: str):
    open_raster(page, app_url, "mode=chain&net=pixelcnn-fashion-mnist&seed=11&label=3&p=0.5" + ",0.5" * 14)
    before = state(page) | {"mode": "masks"}
    page.locator("#ar-tab-tour").click()
    wait_for_address(page, "tour=1")
    assert state(page)["net"] == "pixelcnn-mnist"
    expect(panel(page)).to_contain_text("yours comes back when you leave it")
    page.locator("#ar-tab-masks").click()
    wait_for_address(page, "seed=11")
    assert state(page) == before


def test_the_changed_pixel_and_the_blank_page_come_from_the_server(page: Page, app_url: str):
    for title, name, asked in (
        ("One pixel changed", "resume", {"known": 126}),
        ("The log p of an image", "score", {"picture": {"kind": "blank"}}),
    ):
        number = [step["title"] for step in STEPS].index(title)
        open_raster(page, app_url, f"mode=tour&tour={number + 1}")
        with question(page, name, **asked):
            answered(page, STEPS[number])


@pytest.mark.parametrize("step", [1, 2, 6, 7, 9, 10])
def test_a_finger_takes_it_on_a_phone(phone: Page, app_url: str, step: int):
    open_raster(phone, app_url, f"mode=tour&tour={step}")
    choice(phone, STEPS[step - 1]["choices"][STEPS[step - 1]["answer"]]).tap()
    expect(card(phone).locator(".tour-reveal")).to_contain_text("As you predicted.")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.evaluate(f"document.querySelector('{STAGE}').scrollWidth") <= 390
