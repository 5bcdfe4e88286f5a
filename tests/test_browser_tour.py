"""The tour in a real browser: predict, then see."""

import json

import pytest
from playwright.sync_api import Page, Route, expect

from explorer.tabs.vae import tab as vae
from tests.stage import STAGE, open_stage, panel, state, wait_for_address

STEPS = vae.TAB.tour(vae.TAB.quotes({}))
TOUR_STEPS = len(STEPS)


def test_its_order_is_that_of_the_lecture():
    titles = " → ".join(step["title"] for step in STEPS)
    assert titles == (
        "Encode a digit → Reparameterisation → The two terms of the ELBO → "
        "A price for the code → From 3 to 8 → Blur → A higher price → Between codes without a KL term → "
        "What the bound misses"
    )


def test_the_tour_asks_before_it_tells(page: Page, app_url: str):
    open_stage(page, app_url, "mode=tour")
    card = panel(page).locator(".tour-card")
    for step in range(1, TOUR_STEPS + 1):
        wait_for_address(page, f"tour={step}")
        expect(card.locator(".tour-place")).to_have_text(f"{step} of {TOUR_STEPS}")
        expect(card.locator(".tour-reveal")).to_be_empty()
        card.locator(".tour-choices button").first.click()
        expect(card.locator(".tour-reveal")).not_to_be_empty()
        card.locator("button", has_text="Next" if step < TOUR_STEPS else "Explore freely").click()
    expect(page.locator("#vae-tab-explore")).to_have_attribute("aria-selected", "true")


@pytest.mark.core
def test_the_tour_goes_by_keys(page: Page, app_url: str):
    open_stage(page, app_url, "mode=tour")
    card = panel(page).locator(".tour-card")
    expect(card).to_be_visible()
    card.locator(".tour-title").focus()
    page.keyboard.press("2")
    expect(card.locator(".tour-reveal")).not_to_be_empty()
    page.keyboard.press("PageDown")
    wait_for_address(page, "tour=2")
    page.keyboard.press("PageUp")
    wait_for_address(page, "tour=1")


@pytest.mark.core
def test_who_does_not_predict_skips(page: Page, app_url: str):
    open_stage(page, app_url, "mode=tour")
    onward = panel(page).locator(".tour-head button").last
    expect(onward).to_have_text("Skip")
    onward.click()
    wait_for_address(page, "tour=2")
    panel(page).locator(".tour-choices button").first.click()
    expect(onward).to_have_text("Next")
    page.keyboard.press("PageUp")
    wait_for_address(page, "tour=1")
    expect(onward).to_have_text("Skip")
    page.keyboard.press("PageDown")
    wait_for_address(page, "tour=2")
    expect(onward).to_have_text("Next")  # it was predicted before


def test_a_wrong_choice_is_told_why_it_tempts_before_what_is_so(page: Page, app_url: str):
    open_stage(page, app_url, "mode=tour")
    step = STEPS[0]
    for choice, why in zip(step["choices"], step["tempts"]):
        page.reload()
        panel(page).get_by_role("button", name=choice, exact=True).click()
        result = panel(page).locator(".tour-reveal p")
        expect(result.last).to_contain_text(f"It is: “{step['choices'][step['answer']]}”.")
        if why:
            expect(result).to_have_count(2)
            expect(result.first).to_have_text(f"You said “{choice}”. {why}")
        else:
            expect(result).to_have_count(1)


def predict(page: Page, number: int, choice: int) -> None:
    """Take a choice of a step, by its place in the file, where the step is open."""
    wait_for_address(page, f"tour={number}")
    panel(page).get_by_role("button", name=STEPS[number - 1]["choices"][choice], exact=True).click()


def test_predictions_are_kept_summed_up_and_forgotten(page: Page, app_url: str):
    open_stage(page, app_url, "mode=tour")
    onward = panel(page).locator(".tour-head button").last
    summary = panel(page).locator(".tour-summary")
    predict(page, 1, STEPS[0]["answer"])
    onward.click()
    predict(page, 2, (STEPS[1]["answer"] + 1) % 3)
    open_stage(page, app_url, "mode=tour&tour=2")
    predict(page, 2, STEPS[1]["answer"])  # the first prediction counts
    open_stage(page, app_url, f"mode=tour&tour={TOUR_STEPS}")
    expect(summary).to_have_count(0)
    predict(page, TOUR_STEPS, STEPS[-1]["answer"])
    expect(summary).to_contain_text(f"You predicted 2 of {TOUR_STEPS} as it came, skipped {TOUR_STEPS - 3}.")
    summary.locator("summary").click()
    expect(summary.locator("li")).to_have_text(
        [f"{sign} {step['title']}" for sign, step in zip("✓✗––––––✓", STEPS, strict=True)]
    )
    summary.get_by_role("button", name=f"{STEPS[1]['title']}: otherwise than predicted").click()
    wait_for_address(page, "tour=2")
    open_stage(page, app_url, f"mode=tour&tour={TOUR_STEPS}")
    predict(page, TOUR_STEPS, STEPS[-1]["answer"])
    summary.locator("summary").click()
    summary.get_by_role("button", name="Forget these").click()
    expect(panel(page).locator(".tour-card")).to_contain_text("Forgotten.")
    open_stage(page, app_url, "mode=tour")
    expect(onward).to_have_text("Skip")


@pytest.mark.parametrize(
    "kept", ["no json", "7", '[["Another", true]]', "[1, 2, 3, 4, 5, 6, 7, 8, 9]", '{"length": 9}', "null"]
)
def test_what_was_kept_of_another_tour_is_dropped(page: Page, app_url: str, kept: str):
    page.add_init_script(f"localStorage.setItem('explorer.tour.vae', {json.dumps(kept)})")
    open_stage(page, app_url, f"mode=tour&tour={TOUR_STEPS}")
    predict(page, TOUR_STEPS, STEPS[-1]["answer"])
    expect(panel(page).locator(".tour-summary")).to_contain_text(f"1 of {TOUR_STEPS} as it came, skipped 8.")


def test_without_a_place_to_keep_it_the_tour_sums_up_all_the_same(page: Page, app_url: str):
    page.add_init_script("Object.defineProperty(globalThis, 'localStorage', { get() { throw Error('none'); } })")
    open_stage(page, app_url, f"mode=tour&tour={TOUR_STEPS}")
    predict(page, TOUR_STEPS, STEPS[-1]["answer"])
    expect(panel(page).locator(".tour-summary")).to_contain_text(f"1 of {TOUR_STEPS} as it came, skipped 8.")
    page.goto("about:blank")  # where nothing is kept, nothing is to be cleared


def test_a_slow_mode_does_not_come_up_under_a_later_step(page: Page, app_url: str):
    open_stage(page, app_url, "mode=tour&tour=3")
    panel(page).locator(".mode-explore").wait_for()

    def late(route: Route) -> None:
        page.wait_for_timeout(1_000)
        route.continue_()

    page.route("**/encode.js", late)
    for name in ("Back", "Skip"):
        panel(page).locator(".tour-head").get_by_role("button", name=name).click()
    page.wait_for_timeout(2_500)
    expect(panel(page).locator(".tour-stage .mode")).to_have_class("mode mode-explore")


def test_a_mode_that_cannot_be_loaded_says_so(page: Page, app_url: str):
    page.route("**/encode.js", lambda route: route.fulfill(body="throw 0", content_type="text/javascript"))
    open_stage(page, app_url, "mode=tour&tour=2")
    expect(panel(page).locator(".tour-stage")).to_contain_text("could not be loaded")


def test_its_keys_work_in_its_card_alone(page: Page, app_url: str):
    open_stage(page, app_url, "mode=tour")
    reveal = panel(page).locator(".tour-reveal")
    page.locator(f"{STAGE} .overlay").focus()
    page.locator(f"{STAGE} .overlay").hover()
    page.keyboard.press("1")
    page.keyboard.press("PageDown")
    assert page.evaluate("location.search.includes('tour=1')")
    expect(reveal).to_be_empty()
    panel(page).locator(".tour-choices button").first.focus()
    page.keyboard.press("1")
    expect(reveal).not_to_be_empty()
    page.keyboard.press("PageDown")
    wait_for_address(page, "tour=2")


def test_it_hides_what_is_to_be_predicted(page: Page, app_url: str):
    step = next(index for index, each in enumerate(STEPS, 1) if each["state"]["mode"] == "interpolate")
    open_stage(page, app_url, f"mode=tour&tour={step}")
    decoded = page.locator(".vae .mechanism-part").last.locator("canvas")
    film = panel(page).locator(".interpolate-film .film")
    expect(panel(page).locator(".end-image").first).to_be_visible()
    expect(film).to_be_hidden()
    expect(decoded).to_be_hidden()
    panel(page).locator(".tour-choices button").first.click()
    expect(film).to_be_visible()
    expect(decoded).to_be_visible()


@pytest.mark.core
def test_it_gives_back_what_it_changed(page: Page, app_url: str):
    open_stage(page, app_url, "data=fashion-mnist&beta=3&view=0.5,0.5,5&rings=0&z=1,1")
    before = state(page)
    page.locator("#vae-tab-tour").click()
    wait_for_address(page, "tour=1")
    assert state(page)["data"] == "mnist"
    expect(panel(page)).to_contain_text("Fashion-MNIST comes back")
    page.locator("#vae-tab-explore").click()
    wait_for_address(page, "beta=3")
    assert state(page) == before
