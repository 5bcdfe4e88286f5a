"""Translations in the browser: a drawn outline becomes a garment, λ is chosen, a digit comes back, a table changes."""

import base64
import re

import pytest
from playwright.sync_api import Page, expect

STAGE = ".stage.translate"
MODE = f"document.querySelector('{STAGE}').explorer.mode()"
STATE = f"document.querySelector('{STAGE}').explorer.store.get()"
BOOT = [(0.3, 0.15), (0.6, 0.15), (0.62, 0.5), (0.9, 0.6), (0.92, 0.8), (0.28, 0.8), (0.3, 0.15)]


def open_tab(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/?tab=translate{query}")
    page.wait_for_function(f"Boolean(document.querySelector('{STAGE}')?.explorer?.mode?.()?.seen)")


def answered(page: Page) -> None:
    page.wait_for_function(f"Boolean({MODE}.answer?.isCurrent && {MODE}.value)", timeout=120_000)


def draw(page: Page, points: list[tuple[float, float]]) -> None:
    """Draw a line through these places of the pad."""
    box = page.locator(f"{STAGE} .pad").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=6)
    page.mouse.up()


@pytest.mark.core
def test_a_drawn_outline_becomes_a_shoe(page: Page, app_url: str):
    open_tab(page, app_url)
    page.get_by_role("button", name="Draw one").click()
    draw(page, BOOT)
    page.wait_for_function(f"{STATE}.draw")
    answered(page)
    assert page.evaluate(f"{MODE}.value.made_as.name") in ("Ankle boot", "Sneaker", "Sandal")
    expect(page.locator(f"{STAGE} .image-grid figure")).to_have_count(2)  # there is no real image
    expect(page.locator(f"{STAGE} figcaption", has_text="outline")).to_be_visible()
    source = base64.b64decode(page.evaluate(f"{MODE}.value.source"))
    assert len({place // 28 for place, level in enumerate(source) if level}) > 22  # it is scaled to fill the image


@pytest.mark.core
def test_an_empty_pad_keeps_the_picture_and_says_what_to_do(page: Page, app_url: str):
    open_tab(page, app_url, "&img=1")
    answered(page)
    shown = page.locator(f"{STAGE} .image-grid figure")
    hint = page.locator(f"{STAGE} .main").get_by_text("Draw on the pad")
    page.get_by_role("button", name="Draw one").click()
    expect(hint).to_be_visible()
    expect(shown).to_have_count(3)
    answered(page)
    draw(page, BOOT)
    expect(hint).to_be_hidden()
    expect(shown).to_have_count(2)
    page.get_by_role("button", name="Clear").click()
    expect(hint).to_be_visible()
    answered(page)
    expect(shown).to_have_count(2)  # the cleared drawing stays
    page.goto(f"{app_url}/?tab=translate&source=draw")
    expect(page.locator(f"{STAGE} .main")).to_contain_text("Choose a test image, draw one or open one")


def test_the_chosen_weight_is_ringed_and_its_figures_are_said(page: Page, app_url: str):
    open_tab(page, app_url, "&mode=weight&img=1")
    answered(page)
    chosen = page.locator(f"{STAGE} [data-mark=now] figcaption")
    expect(chosen).to_have_text(re.compile("^λ 100: "))
    page.get_by_role("button", name="10", exact=True).click()
    expect(chosen).to_have_text(re.compile("^λ 10: "))
    answered(page)
    expect(page.locator(f"{STAGE} .chief")).to_contain_text("λ = 10")


def test_a_digit_goes_there_and_back(page: Page, app_url: str):
    open_tab(page, app_url, "&mode=unpaired&net=cyclegan-mnist&img=5")
    answered(page)
    first = page.evaluate(f"{MODE}.value.source")
    page.get_by_role("button", name="← back").click()
    page.wait_for_function(f"{STATE}.way === 'back'")
    answered(page)
    assert page.evaluate(f"{MODE}.value.target") == first
    expect(page.locator(f"{STAGE} .row-name")).to_have_text(["cycle loss", "no cycle loss", "cycle, identity"])


def test_the_table_has_a_row_for_each_digit(page: Page, app_url: str):
    open_tab(page, app_url, "&mode=permutes&net=cyclegan-mnist")
    answered(page)
    rows = page.locator(f"{STAGE} .matrix tbody tr")
    expect(rows).to_have_count(10)
    before = rows.all_inner_texts()
    page.get_by_label("Loss").select_option("free")
    page.wait_for_function(f"{STATE}.term === 'free'")
    answered(page)
    assert rows.all_inner_texts() != before
