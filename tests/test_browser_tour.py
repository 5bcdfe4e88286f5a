"""The tour in a real browser: predict, then see."""

from playwright.sync_api import Page, expect

from tests.stage import STAGE, open_stage, panel, wait_for_address

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
    expect(page.locator("#latent-map-tab-explore")).to_have_attribute("aria-selected", "true")


def test_the_tour_goes_by_keys(page: Page, app_url: str):
    open_stage(page, app_url, "mode=tour")
    card = panel(page).locator(".tour-card")
    expect(card).to_be_visible()
    page.locator(f"{STAGE} .overlay").focus()
    page.keyboard.press("2")
    expect(card.locator(".tour-reveal")).not_to_be_empty()
    page.keyboard.press("PageDown")
    wait_for_address(page, "tour=2")
    page.keyboard.press("PageUp")
    wait_for_address(page, "tour=1")
