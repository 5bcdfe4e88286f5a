"""Cached and Loss on the page: the figures in sight are those that the server measured and the card holds."""

import math
import re

from playwright.sync_api import Locator, Page, expect

from explorer.tabs.text import loss as text_loss
from explorer.tabs.text.loss import SIZES
from tests.cards import card_of
from tests.raster import refuse
from tests.stage import url_in

FRAMES = "() => document.querySelector('.stage.text').explorer.mode().drawn?.frames.map(({ numbers }) => numbers)"
WHOLE = "() => document.querySelector('.stage.text')?.explorer?.mode?.()?.drawn?.frames.length === 256"


def chief(page: Page) -> Locator:
    return page.locator(".stage.text .figures > .chief dd")


def test_the_times_in_sight_are_the_sums_of_those_of_all_characters(page: Page, app_url: str):
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{app_url}/?tab=text&mode=cached&steps=8")
    page.wait_for_function(WHOLE, timeout=120_000)
    spent = {way: sum(each[way] for each in page.evaluate(FRAMES)) / 1000 for way in ("naive", "cached", "diffusion")}
    rows = page.locator(".stage.text .cost-table tbody tr")
    for row, way in zip(rows.all(), spent, strict=True):
        expect(row.locator("td").last).to_have_text(f"{spent[way]:.2f}")
    expect(chief(page)).to_have_text(f"{spent['naive'] / spent['cached']:.1f} times as long")
    expect(rows.nth(0).locator("td").nth(1)).to_have_text("128.5")
    expect(rows.nth(2).locator("td").first).to_have_text("0.06")
    page.locator(".stage.text .letters > span:not(.spoken)").nth(99).click()
    expect(page.locator(".stage.text .seen")).to_contain_text(
        "For 100 characters, the sampler without a cache computes 5,050"
    )
    page.locator(".stage.text .letters").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".stage.text .seen")).to_contain_text("For 101 characters")
    assert "at=100" in url_in(page)


def test_drift_is_shown_as_the_card_has_it_and_a_character_can_be_chosen(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=text&mode=loss&net=ngram-shakespeare")
    stage = page.locator(".stage.text")
    answer = text_loss.drift("ngram-shakespeare", "itself", 7).to_props()
    rows = card_of("ngram-shakespeare")["drift"]["rows"]
    (slope,) = (row for row in rows if row["name"] == "slope" and row["judge"] == "itself")
    bits = f"{slope['value'] / 0.693147:.2f}".replace("-", "−")
    expect(chief(page)).to_have_text(re.compile(f"^{bits} ± "))
    expect(stage.locator(".seen")).to_contain_text("Measured by the N-grams")
    own = stage.locator(".letters").nth(1)
    expect(own).to_contain_text(answer["texts"][1]["characters"].split("\n")[-1])
    own.locator("> span:not(.spoken)").nth(200).click()
    expect(stage.locator(".letters .chosen")).to_have_count(2)
    expect(stage.locator(".figures")).to_contain_text(f"{answer['bits']['own'][200]:.2f}")
    assert "tap=200" in url_in(page)


def test_the_sizes_are_those_of_the_card_and_out_of_sight_are_the_controls_of_drift(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=text&mode=loss")
    stage = page.locator(".stage.text")
    stage.get_by_role("button", name="size", exact=True).click()
    expect(stage.get_by_role("group", name="Width")).to_be_visible()
    expect(stage.get_by_role("group", name="Measured by")).to_be_hidden()
    rows = {(row["width"], row["part"]): row for row in card_of(SIZES)["rows"] if row["name"] == "nll"}
    for width, part, title in ((32, 64, "1/64"), (16, 1, "all")):
        stage.get_by_role("group", name="Width").get_by_role("button", name=str(width)).click()
        stage.get_by_role("group", name="Text", exact=True).get_by_role("button", name=title).click()
        expect(chief(page)).to_have_text(f"{rows[width, part]['value'] / math.log(2):.2f} bits/character")


def test_unmasking_that_failed_is_tried_again(page: Page, app_url: str):
    accept = refuse(page)
    page.goto(f"{app_url}/?tab=text&mode=unmask")
    again = page.locator(".stage.text").get_by_role("button", name="Try again", exact=True)
    expect(again).to_be_visible()
    accept()
    again.click()
    expect(page.locator(".stage.text .seen")).to_contain_text("characters are masked")
