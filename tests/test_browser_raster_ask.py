"""Any pixel of an image asked about in a real browser: its distribution, its surprise, what it depends on."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.raster import (
    PIXELS,
    SIDE,
    STAGE,
    array,
    asked,
    bits,
    board,
    click_pixel,
    figure,
    main,
    open_raster,
    panel,
    place,
    raster,
    refuse,
    saved,
    state,
    table,
    wait_for_address,
    wait_until,
)

PIXEL = 12 * SIDE + 10


def known(page: Page) -> None:
    """Wait until the image that is chosen now is traced, and the receptive field of the pixel asked about is there."""
    chosen = "x.mode().generated || x.mode().shownKey === JSON.stringify(x.mode().request)"
    traced = "x.mode().trace && !x.mode().board.element.style.opacity"
    wait_until(page, f"({chosen}) && {traced} && x.mode().field?.pixel === x.mode().asked")


@pytest.mark.core
def test_a_pixel_is_asked_about_by_pointer_and_by_keys(page: Page, app_url: str):
    open_raster(page, app_url, "mode=ask")
    known(page)
    questions = asked(page, "trace")
    canvas = board(page)
    canvas.hover(position=place(canvas, 400))
    assert figure(page, "surprise") == pytest.approx(bits(array(page, "x.mode().trace.logProb()")[400]), abs=0.001)
    expect(main(page).locator(".distribution-frame h2")).to_have_text("Predicted for row 15, column 9")
    assert questions == [], "the browser has every distribution already"
    click_pixel(canvas, PIXEL)
    wait_for_address(page, f"pixel={PIXEL}")
    known(page)
    page.mouse.move(5, 5)
    for key, pixel in {"ArrowRight": PIXEL + 1, "ArrowDown": PIXEL + 1 + SIDE}.items():
        canvas.press(key)
        row, column = divmod(pixel, SIDE)
        expect(main(page)).to_contain_text(f"Predicted for row {row + 1}, column {column + 1}")
    canvas.press("Enter")
    wait_for_address(page, f"pixel={PIXEL + 1 + SIDE}")
    known(page)
    expect(panel(page)).to_contain_text("row 14, column 12")


@pytest.mark.parametrize("query", ["", "net=pixelcnn-fashion-mnist", "net=made-mnist&order=1"])
def test_a_prediction_depends_on_nothing_after_it_and_on_nothing_out_of_reach(page: Page, app_url: str, query: str):
    open_raster(page, app_url, f"mode=ask&pixel={PIXEL}&{query}")
    known(page)
    gradient, reach = array(page, "x.mode().field.gradient"), array(page, "x.mode().field.reach")
    places = array(page, "x.mode().trace.places")
    assert gradient[reach == 0].max() == 0
    assert gradient[places >= places[PIXEL]].max() == 0
    assert 0 < (gradient > 0).sum() <= reach.sum() <= places[PIXEL]
    expect(panel(page)).to_contain_text(f"Of the {places[PIXEL]} pixels before it the outlined {reach.sum()}")


def test_the_image_is_coloured_by_surprise_with_a_legend_in_bits(page: Page, app_url: str):
    open_raster(page, app_url, "mode=ask")
    known(page)
    legend = main(page).locator(".heat-legend")
    expect(legend).to_be_hidden()
    page.mouse.move(5, 5)
    plain = board(page).screenshot()
    page.get_by_role("button", name="Colour by surprise").click()
    wait_for_address(page, "heat=1")
    most = np.ceil(array(page, "x.mode().bits").max())
    expect(legend).to_have_attribute("aria-label", re.compile(f"bright is {max(1, most):.0f} bits"))
    assert board(page).screenshot() != plain
    page.get_by_role("button", name="Colour by surprise").press("Enter")
    expect(legend).to_be_hidden()


def test_test_images_and_drawings_are_asked_about_too(page: Page, app_url: str, tmp_path):
    open_raster(page, app_url, "mode=ask")
    known(page)
    page.get_by_role("button", name="Another image").click()
    wait_for_address(page, "about=chosen")
    page.get_by_role("spinbutton", name="No.").fill("12")
    page.get_by_role("spinbutton", name="No.").press("Enter")
    wait_for_address(page, "img=12")
    known(page)
    rows = table(saved(page, "CSV", tmp_path))
    assert len(rows) == PIXELS and len(rows[0]) == 7
    assert sum(row["log_prob_nats"] for row in rows) == pytest.approx(-figure(page, "log p(x)"), abs=0.01)
    page.get_by_role("button", name="Draw one").click()
    wait_until(page, "x.mode().trace === null")
    expect(panel(page)).to_contain_text("draw one of your own")
    box = page.locator(f"{STAGE} .pad").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 150, steps=8)
    page.mouse.up()
    wait_for_address(page, "draw=")
    known(page)
    assert 20 < array(page, "x.mode().trace.image()").sum() < 300
    expect(panel(page)).to_contain_text("In your drawing")


def test_a_question_without_an_answer_can_be_asked_again(page: Page, app_url: str):
    open_raster(page, app_url, "mode=ask")
    known(page)
    accept = refuse(page)
    click_pixel(board(page), PIXEL)
    expect(page.locator(f"{STAGE} .status")).to_contain_text("The model is busy.")
    expect(main(page)).to_contain_text("Predicted for row 13, column 11")
    accept()
    click_pixel(board(page), PIXEL)
    known(page)
    assert raster(page, "x.mode().field.pixel") == PIXEL == state(page)["pixel"]
