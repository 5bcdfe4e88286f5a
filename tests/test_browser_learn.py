"""Training replayed in a real browser, each snapshot with its own encoder and decoder."""

import re

from playwright.sync_api import Page, expect

from tests.stage import STAGE, open_stage, panel, state, wait_for_address


def own_class_share(page: Page) -> float:
    """The share of codes whose nearest neighbour is of their own class, in percent."""
    sentence = panel(page).locator(".seen")
    expect(sentence).to_contain_text("of their own class")
    return float(re.search(r"(\d+) %", sentence.inner_text())[1])


def first_code(page: Page) -> list[float]:
    return page.evaluate(f"[...document.querySelector('{STAGE}').explorer.map.points().mu.slice(0, 2)]")


def test_training_is_replayed_from_its_snapshots(page: Page, app_url: str):
    open_stage(page, app_url, "mode=learn")
    start, code = own_class_share(page), first_code(page)
    image = page.evaluate(f"[...document.querySelector('{STAGE}').explorer.decode([1, 0])]")
    scrubber = page.get_by_role("slider", name="Training: step")
    scrubber.press("End")
    wait_for_address(page, "step=")
    assert state(page)["step"] >= 11
    expect(panel(page).locator(".seen")).not_to_contain_text("After 0 images")
    assert own_class_share(page) > start + 20
    assert first_code(page) != code
    expect(panel(page).locator("canvas.chart")).to_have_count(3)
    page.get_by_role("button", name="One step back").click()
    page.wait_for_timeout(1_000)
    assert page.evaluate(f"[...document.querySelector('{STAGE}').explorer.decode([1, 0])]") != image
    page.locator("#latent-map-tab-explore").click()
    expect(panel(page).locator(".decoded")).to_be_visible()
