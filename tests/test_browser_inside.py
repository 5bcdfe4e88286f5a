"""Inside, in a real browser: the lens opens the network, a press writes a value out, and there is always a way back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect


def opened(page: Page, url: str, query: str) -> Locator:
    """The panel of a link to a place inside a network."""
    page.goto(f"{url}/?{query}")
    panel = page.locator("dialog.inside[open]")
    expect(panel.locator(".inside-title span").first).to_be_visible()
    return panel


@pytest.mark.core
def test_a_lens_opens_the_network_a_press_writes_a_value_out_and_a_change_is_followed(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=vae-room")
    page.get_by_role("button", name="Look inside: Encoder").click()
    panel = page.locator("dialog.inside[open]")
    expect(panel.locator(".inside-crumbs button")).to_have_text(["VAE", "encoder"])
    panel.locator(".inside-card").first.click()
    expect(panel.locator(".inside-title")).to_contain_text("Conv2d")
    panel.locator(".inside-values").click()
    expect(panel.locator(".inside-value")).to_contain_text("y[")
    expect(page).to_have_url(re.compile("inside=read"))
    weight = panel.locator(".inside-sum input").first
    weight.fill("4")
    weight.press("Enter")
    expect(panel.locator(".inside-result")).to_contain_text("The output changes by")
    panel.get_by_role("button", name="Reset").click()
    expect(panel.locator(".inside-result")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page).not_to_have_url(re.compile("inside="))


def test_a_link_opens_the_same_place_and_back_closes_what_was_opened(page: Page, app_url: str):
    panel = opened(page, app_url, "tab=vae-room&inside=read//0.0/200")
    expect(panel.locator(".inside-value")).to_contain_text("y[1, 0, 4] = ")
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()
    page.get_by_role("button", name="Look inside: Decoder").click()
    expect(panel.locator(".inside-crumbs button").last).to_have_text("decoder")
    page.go_back()
    expect(panel).to_be_hidden()


def test_keys_choose_a_value_and_write_it_out(page: Page, app_url: str):
    panel = opened(page, app_url, "tab=vae-room&inside=read//0.0")
    panel.locator(".inside-values").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(panel.locator(".inside-value")).to_contain_text("y[0, 1, 1] = ")


def test_what_cannot_be_opened_says_why_and_can_be_left(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=vae-room&inside=read//9.9")
    panel = page.locator("dialog.inside[open]")
    expect(panel.locator(".status")).to_contain_text("is no layer of this run")
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()


def test_on_a_phone_it_is_a_sheet_from_below(phone: Page, app_url: str):
    panel = opened(phone, app_url, "tab=gan&inside=make//0")
    box = panel.bounding_box()
    assert box["width"] == 390 and box["y"] + box["height"] == pytest.approx(844, abs=1)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    panel.locator(".inside-card").nth(1).tap()
    expect(panel.locator(".inside-card[aria-current], .inside-crumbs button:nth-child(3)").first).to_be_visible()
