"""The tour in a real browser: predict, then see."""

from playwright.sync_api import Page, Route, expect

from tests.stage import STAGE, open_stage, panel, state, wait_for_address

TOUR_STEPS = 8


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


def test_a_slow_mode_does_not_come_up_under_a_later_step(page: Page, app_url: str):
    open_stage(page, app_url, "mode=tour&tour=6")
    panel(page).locator(".mode-explore").wait_for()

    def late(route: Route) -> None:
        page.wait_for_timeout(1_000)
        route.continue_()

    page.route("**/encode.js", late)
    for name in ("Next", "Back"):
        panel(page).locator(".tour-head").get_by_role("button", name=name).click()
    page.wait_for_timeout(2_500)
    expect(panel(page).locator(".tour-stage .mode")).to_have_class("mode mode-explore")


def test_a_mode_that_cannot_be_loaded_says_so(page: Page, app_url: str):
    page.route("**/encode.js", lambda route: route.fulfill(body="throw 0", content_type="text/javascript"))
    open_stage(page, app_url, "mode=tour&tour=7")
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
    open_stage(page, app_url, "mode=tour")
    film = panel(page).locator(".interpolate-film .film")
    expect(panel(page).locator(".end-image").first).to_be_visible()
    expect(film).to_be_hidden()
    panel(page).locator(".tour-choices button").first.click()
    expect(film).to_be_visible()


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
