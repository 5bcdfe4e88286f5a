"""Draws from the prior in a real browser, by pointer and by keys."""

import pytest
from playwright.sync_api import Page, expect

from tests.stage import open_stage, panel, wait_for_address


@pytest.mark.core
def test_a_tapped_draw_meets_its_nearest_training_image(page: Page, app_url: str):
    open_stage(page, app_url, "mode=sample")
    expect(panel(page)).to_contain_text("Seed 7: 64 draws")
    panel(page).get_by_role("button", name="Draw from the prior, 19", exact=True).click()
    wait_for_address(page, "tap=18")
    expect(panel(page).locator(".draws")).to_contain_text("nearest: ")
    expect(panel(page)).to_contain_text("of 55,000 training images")
    page.get_by_role("button", name="Draw again").click()
    wait_for_address(page, "seed=8")
    expect(panel(page)).to_contain_text("Seed 8: 64 draws")


def test_keys_choose_among_the_draws(page: Page, app_url: str):
    open_stage(page, app_url, "mode=sample&seed=3")
    expect(panel(page)).to_contain_text("Seed 3: 64 draws")
    page.get_by_role("button", name="Bernoulli pixels").press("Enter")
    wait_for_address(page, "pixels=bits")
    panel(page).get_by_role("button", name="Draw from the prior, 1", exact=True).focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    wait_for_address(page, "tap=2")
    expect(panel(page).locator(".draws figcaption:visible")).to_have_count(4)
