"""Attention on the page: what is lit, what is masked, and the figures are those of the server's answers."""

import re

import pytest
from playwright.sync_api import Page, expect

from explorer.tabs.text import attention as text_attention
from explorer.tabs.text.exercises import SPEECH
from tests.asking import wait_for

TINTS = """(letters) => letters.map((each) => [each.className, parseFloat(each.style.getPropertyValue("--tint"))])"""
PLACE, OTHER = 40, 20


@pytest.mark.core
def test_what_is_lit_is_to_the_left_of_the_tapped_character_and_the_figures_are_the_networks(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=text&mode=attention&layer=3&head=4&tap={PLACE}")
    stage = page.locator(".stage.text")
    letters = stage.locator(".letters > span:not(.spoken)")
    expect(letters).to_have_count(len(SPEECH) + 1)
    for place in (PLACE, OTHER):
        if place == OTHER:
            letters.nth(OTHER + 1).click()
            expect(letters.nth(OTHER + 1)).to_have_class(re.compile("chosen"))
        found = letters.evaluate_all(TINTS)
        assert all("masked" in kind and tint == 0 for kind, tint in found[place + 2 :])
        assert not any("masked" in kind for kind, _ in found[: place + 2]) and found[place + 1][1] == 0
        assert max(tint for _, tint in found[: place + 1]) == 100
    costs = wait_for(text_attention.attention({"read": SPEECH, "layer": 3, "head": 4}))["costs"]
    shown = [
        f"{'−' if cost <= -0.005 else '+' if cost >= 0.005 else ''}{abs(cost):.2f}" for row in costs for cost in row
    ]
    label = f"Cost of each head: {', '.join(shown)}"
    expect(stage.get_by_role("img", name="Cost of each head")).to_have_accessible_name(label)
    expect(stage.locator(".figures > .chief + div dd")).to_have_text(f"{shown[2 * 4 + 3]} bits/character")


@pytest.mark.core
def test_a_text_that_looks_like_markup_stays_a_text(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=text&mode=attention")
    stage = page.locator(".stage.text")
    stage.locator(".panel textarea").fill("<img src=x onerror=alert(1)>")
    stage.locator(".panel textarea").blur()
    expect(stage.locator(".status")).to_contain_text("does not know “<”")
    assert stage.locator("img").count() == 0


def test_what_is_typed_is_asked_about_while_the_box_keeps_the_focus(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=text&mode=attention")
    stage = page.locator(".stage.text")
    stage.locator(".panel textarea").press_sequentially(" Exeunt.")
    expect(page).to_have_url(re.compile(r"read=[^&]*Exeunt"))
    expect(stage.locator(".panel textarea")).to_be_focused()


def test_typographic_quotes_and_dashes_are_read_as_plain_ones_and_that_is_said(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=text&mode=attention")
    stage = page.locator(".stage.text")
    box = stage.locator(".panel textarea")
    box.fill("“’Tis he” — so")
    box.blur()
    expect(box).to_have_value("''Tis he' -- so")
    expect(stage.locator(".panel .wanted")).to_have_text("The networks read “ as ', ’ as ', ” as ', — as --")
    expect(page).to_have_url(re.compile(r"read=%27%27Tis\+he%27\+--\+so|read=''Tis\+he'\+--\+so"))
    expect(stage.locator(".status")).not_to_contain_text("does not know")
    page.goto(f"{app_url}/?tab=text&mode=attention&read=%E2%80%99Tis")
    expect(box).to_have_value("'Tis")
    expect(stage.locator(".panel .wanted")).to_contain_text("’ as '")
