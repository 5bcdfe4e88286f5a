"""The way through the text below a stage in a real browser: by an address, by the list beside it, on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.stage import requests_of, turn_to_text, url_in

CHAIN = "ar-bits-per-dimension"
TOP = "(id) => document.getElementById(id)?.getBoundingClientRect().top"
AT = f"(id) => Math.abs(({TOP})(id)) < 60"
"""A heading is at the top of the window, on a phone below the bar, which is 44 pixels high."""


def reads(page: Page, name: str) -> None:
    """Wait until a heading stands at the top of the window."""
    page.wait_for_function(AT, arg=name)


@pytest.mark.core
def test_an_address_opens_its_tab_and_its_heading(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=ar#{CHAIN}")
    reads(page, CHAIN)
    page.wait_for_function("document.querySelector('.stage.autoregressive')?.explorer")
    reads(page, CHAIN)
    current = page.locator(".contents [aria-current]")
    expect(current).to_have_text("Bits per dimension")
    page.mouse.wheel(0, -100_000)
    page.wait_for_function("scrollY === 0")
    page.wait_for_timeout(600)
    assert page.evaluate("scrollY") == 0, "who scrolls is left alone"
    page.locator(".nav [data-tab=vae]").click()
    turn_to_text(page)
    expect(page.locator("#vae-the-maths")).to_be_attached()
    assert "#" not in url_in(page)


@pytest.mark.parametrize("key", ["End", "PageDown", "F3", "Control+f"])
def test_the_text_is_loaded_once_when_a_key_leads_to_it(page: Page, app_url: str, key: str):
    page.goto(f"{app_url}/?tab=gan")
    page.wait_for_function("document.querySelector('.stage.gan')?.explorer")
    asked = requests_of(page)
    assert not page.locator(".row.below").count()
    page.keyboard.press(key)
    page.keyboard.press(key)
    expect(page.locator("#gan-the-maths")).to_be_attached()
    assert len([url for url in asked if "/run/predict" in url]) == 1


def test_the_text_comes_by_itself_to_who_rests(page: Page, app_url: str):
    page.clock.install()
    page.goto(f"{app_url}/?tab=gan")
    page.locator(".awaiting").wait_for()
    page.clock.run_for(9_000)
    assert not page.locator(".row.below").count()
    page.clock.run_for(2_000)
    expect(page.locator("#gan-the-maths")).to_be_attached()


@pytest.mark.core
def test_a_closed_tab_gives_up_its_text_until_it_is_open_again(page: Page, app_url: str):
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{app_url}/?tab=gan")
    page.wait_for_function("document.querySelector('.stage.gan')?.explorer")
    turn_to_text(page)
    maths = page.locator("#gan-the-maths")
    expect(maths).to_be_attached()
    page.locator(".nav [data-tab=vae]").click()
    expect(maths).not_to_be_attached()
    page.wait_for_function("document.querySelector('.stage.vae')?.explorer")
    turn_to_text(page)
    expect(page.locator("#vae-the-maths")).to_be_attached()
    asked = requests_of(page)
    page.go_back()
    expect(maths).to_be_attached()
    expect(page.locator("#vae-the-maths")).not_to_be_attached()
    page.get_by_role("navigation", name="On this page").get_by_role("link").nth(1).click()
    expect(page).to_have_url(re.compile("#gan-"))
    assert not [url for url in asked if "/run/predict" in url], "it is still there"


def test_the_list_leads_through_the_text_and_back_to_the_stage(page: Page, app_url: str):
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{app_url}/?tab=vae&beta=3")
    page.wait_for_function("document.querySelector('.stage.vae')?.explorer")
    turn_to_text(page)
    listed = page.get_by_role("navigation", name="On this page")
    links = listed.get_by_role("link")
    expect(links.first).to_have_text("The maths")
    links.get_by_text("Papers", exact=True).click()
    reads(page, "vae-papers")
    assert "beta=3" in url_in(page) and url_in(page).endswith("#vae-papers")
    expect(listed).to_be_in_viewport()
    expect(listed.locator("[aria-current=location]")).to_have_text("Papers")
    heading = page.locator("#vae-papers h3")
    heading.hover()
    expect(heading.get_by_title("Link to this part")).to_have_attribute("href", "?tab=vae#vae-papers")
    page.get_by_role("link", name="Back to the stage").click()
    expect(page.locator(".stage.vae .header")).to_be_in_viewport()


@pytest.mark.core
def test_on_a_phone_the_list_is_folded_and_what_is_tapped_comes_up(phone: Page, app_url: str):
    phone.goto(f"{app_url}/?tab=vae#vae-the-maths")
    reads(phone, "vae-the-maths")
    entry = phone.locator(".contents a", has_text="Papers")
    expect(entry).to_be_hidden()
    phone.locator(".contents summary").tap()
    entry.tap()
    reads(phone, "vae-papers")
    expect(phone.get_by_role("link", name="Back to the stage")).to_be_in_viewport()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
