"""Find in a real browser: by keys, by its button, on a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.stage import url_in

READY = "() => document.querySelector('.stage.start')?.explorer"


@pytest.mark.core
def test_a_term_is_found_by_keys_and_opened_in_place(page: Page, app_url: str):
    page.goto(f"{app_url}/?__theme=dark")
    page.wait_for_function(READY)
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Find a tab, a mode, a term")
    expect(box).to_be_focused()
    box.fill("posterior collapse")
    options = page.locator(".finder li")
    expect(options.first).to_contain_text("every x is encoded as the prior")
    page.keyboard.press("Enter")
    expect(page.locator("#families [data-tab-id=vae-room]")).to_have_attribute("aria-selected", "true")
    page.wait_for_function("() => document.querySelector('.stage.vae_room')?.explorer?.store.get().mode === 'collapse'")
    assert "__theme=dark" in url_in(page)
    page.go_back()
    expect(page.locator("#families [data-tab-id=start]")).to_have_attribute("aria-selected", "true")


@pytest.mark.core
def test_arrows_choose_escape_closes_and_what_is_nothing_says_so(page: Page, app_url: str):
    page.goto(app_url)
    page.wait_for_function(READY)
    page.get_by_role("button", name="Find").click()
    box = page.get_by_role("combobox", name="Find a tab, a mode, a term")
    box.fill("diffusion")
    expect(page.locator(".finder li").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".finder li").nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "finder-1")
    box.fill("<img src=x onerror=alert(1)>")
    expect(page.locator(".finder")).to_contain_text("Nothing is called that")
    page.keyboard.press("Escape")
    expect(page.locator(".finder")).to_be_hidden()


@pytest.mark.core
def test_a_phone_finds_by_touch(phone: Page, app_url: str):
    phone.goto(app_url)
    phone.wait_for_function(READY)
    phone.get_by_role("button", name="Find").tap()
    phone.get_by_role("combobox", name="Find a tab, a mode, a term").fill("gan")
    phone.locator(".finder li").first.tap()
    expect(phone.locator(".stage.gan")).to_be_visible()
