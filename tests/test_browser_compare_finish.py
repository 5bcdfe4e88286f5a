"""One picture's rest, filled in by every family, in a real browser: what is kept stays, each in its own way."""

import csv
import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from explorer import data
from tests.compare import (
    COUNT,
    FILM_MS,
    TAB,
    asked,
    compare,
    family,
    figure,
    finished,
    images,
    main,
    open_compare,
    panel,
    refuse,
    saved,
    shown,
    state,
    turn_to,
    wait_for_address,
    wait_until,
)

IMAGE, SIDE, HALF = 12, 28, 14 * 28
NETS = ("beta-vae-mnist", "pixelcnn-mnist", "made-mnist", "gan-mnist", "flow-mnist", "diffusion-mnist")
BINARY = NETS[:3]


def open_finish(page: Page, compare_app: str, query: str = f"img={IMAGE}") -> None:
    open_compare(page, compare_app, f"mode=finish&{query}")
    filled(page)


def filled(page: Page) -> None:
    """Wait until everybody's answers to what is kept now are here and have been measured."""
    finished(page)
    wait_until(page, f"x.mode().found?.filter(({{ away }}) => Number.isFinite(away)).length === {len(NETS)}", FILM_MS)


def fed(net: str) -> np.ndarray:
    """The test image as a network is fed it, (784,) bytes."""
    if net in BINARY:
        return data.bundled_binary_images("mnist")[IMAGE].flatten().numpy() * 255
    return data.bundled_images("mnist").images[IMAGE].flatten().numpy().astype(float)


def handle(page: Page) -> Locator:
    return main(page).get_by_role("slider", name="Rows that are kept")


def test_every_family_keeps_the_upper_half_and_fills_in_the_rest(page: Page, compare_app: str, tmp_path):
    open_finish(page, compare_app)
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = {row["network"]: row for row in csv.DictReader(file)}
    for net in NETS:
        found, real = images(page, net).astype(float), fed(net)
        assert np.abs(found[:, :HALF] - real[:HALF]).max() <= 1, net
        away = np.linalg.norm((found - real) / 255, axis=-1).mean()
        assert float(rows[net]["L2 from the real rest"]) == pytest.approx(away, abs=1e-6)
        assert len({each.tobytes() for each in found}) == len(found), "no two answers of a family are the same"
    expect(panel(page).locator(".seen")).to_contain_text(
        "14 rows of 28 are kept, and no family changes a pixel of them"
    )
    title = compare(page, "x.families().find(({ net }) => net === 'gan-mnist').title")
    assert figure(page, title, "error, L2") == f"{float(rows['gan-mnist']['L2 from the real rest']):.2f}"
    expect(family(page, "PixelCNN")).to_contain_text("Drawn pixel by pixel")
    expect(family(page, "Flow")).to_contain_text("Langevin steps in z")
    expect(family(page, "Diffusion")).to_contain_text("Denoised from noise")


def test_the_rest_of_a_raster_grows_below_what_is_kept(page: Page, compare_app: str):
    open_finish(page, compare_app, f"img={IMAGE}&at=0.5")
    there = shown(page, "PixelCNN")[:, 3].reshape(SIDE, SIDE)
    assert there[:21].all() and not there[21:].any(), "half of the other half"
    assert figure(page, "PixelCNN", "evaluations") == "196/392"
    assert figure(page, "PixelCNN", "error, L2") == "", "nothing is measured before the end"


def test_the_handle_is_moved_by_keys_and_everybody_is_asked_once_it_rests(page: Page, compare_app: str):
    open_finish(page, compare_app)
    questions = asked(page, "ask_complete")
    handle(page).focus()
    for _ in range(3):
        page.keyboard.press("PageDown")
    wait_for_address(page, "keep=27")
    page.keyboard.press("ArrowUp")
    wait_for_address(page, "keep=26")
    filled(page)
    last = {question["net"]: question["known"] for question in questions}
    assert set(last) == set(NETS)
    expect(panel(page).locator(".seen")).to_contain_text("26 rows of 28 are kept")
    for net in NETS:
        assert np.abs(images(page, net).astype(float)[:, : 26 * SIDE] - fed(net)[: 26 * SIDE]).max() <= 1
    page.keyboard.press("Home")
    wait_for_address(page, "keep=1")
    expect(handle(page)).to_have_attribute("aria-valuenow", "1")


def test_the_handle_is_dragged_and_nothing_is_asked_before_it_is_let_go(page: Page, compare_app: str):
    open_finish(page, compare_app)
    questions = asked(page, "ask_complete")
    grip, board = handle(page).bounding_box(), main(page).locator(".cut canvas").bounding_box()
    x = board["x"] + board["width"] / 2
    page.mouse.move(x, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(x, board["y"] + board["height"] * 20.6 / SIDE, steps=4)
    wait_until(page, "x.store.get().keep === 21")
    assert not questions, "nothing is asked while the handle is held"
    page.mouse.up()
    wait_for_address(page, "keep=21")
    filled(page)
    assert len(questions) == len(NETS)


def test_without_a_picture_the_page_says_what_to_do(page: Page, compare_app: str):
    open_compare(page, compare_app, "mode=finish&source=draw")
    expect(main(page)).to_contain_text("Draw something on the pad: its upper rows are kept")
    expect(main(page).locator(".families")).to_be_hidden()
    pad = panel(page).locator(".pad").bounding_box()
    page.mouse.move(pad["x"] + 60, pad["y"] + 30)
    page.mouse.down()
    page.mouse.move(pad["x"] + 110, pad["y"] + 150, steps=5)
    page.mouse.up()
    wait_for_address(page, "draw=")
    filled(page)
    expect(panel(page).locator(".seen")).to_contain_text("from the rest of your drawing")


def test_other_answers_come_from_another_seed_and_what_fails_is_said(page: Page, compare_app: str):
    open_finish(page, compare_app)
    before = images(page, "pixelcnn-mnist")
    accept = refuse(page)
    panel(page).get_by_role("button", name="Draw again").click()
    expect(main(page)).to_contain_text("The model is busy.")
    expect(family(page, "PixelCNN").locator(".tiles")).to_have_attribute("style", re.compile("opacity"))
    accept()
    main(page).get_by_role("button", name="Try again").click()
    filled(page)
    assert state(page)["seed"] == 8
    assert images(page, "pixelcnn-mnist").shape == (COUNT, 784) and (images(page, "pixelcnn-mnist") != before).any()


def test_a_family_that_cannot_says_why_and_is_not_asked(page: Page, compare_app: str):
    open_compare(page, compare_app, f"mode=make&img={IMAGE}")
    reason = "it was told not to"
    compare(
        page,
        f"Object.assign(x.families()[0], {{ can: {{ complete: null }}, cannot: {{ complete: '{reason}' }} }}) && 1",
    )
    questions = asked(page, "ask_complete")
    turn_to(page, "Complete", "finish")
    finished(page)
    expect(family(page, "2-latent β-VAE")).to_contain_text(f"Cannot, because {reason}.")
    expect(family(page, "2-latent β-VAE").locator(".tiles")).to_be_hidden()
    assert {question["net"] for question in questions} == set(NETS[1:])


def test_a_point_is_dragged_past_the_edge_by_the_first_button_alone(page: Page, app_url: str):
    TAB.open(page, app_url, "data=moons&mode=finish")
    TAB.wait_until(page, "x.store.get().x")
    canvas = panel(page).locator(".point-chooser canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    left, top = box["x"], box["y"]
    before = state(page)["x"]
    page.mouse.click(left + 20, top + 20, button="right")
    for way in ([(left - 60, top + 40), (left + 40, top + 40)], [(left + 60, top + 60), (left - 60, top + 60)]):
        assert state(page)["x"] == before, "a drag that began elsewhere moves nothing"
        page.mouse.move(*way[0])
        page.mouse.down()
        page.mouse.move(*way[1], steps=4)
        page.mouse.up()
    wait_for_address(page, "x=-")
    assert state(page)["x"][0] < -2
