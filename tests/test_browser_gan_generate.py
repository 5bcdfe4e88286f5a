"""Sixteen images in a real browser, the plane through three of their codes, and the film from one to another."""

import csv
import re

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.gan import (
    SLOW_MS,
    SNAPSHOTS,
    asked,
    drawn,
    gan,
    images,
    levels,
    main,
    open_gan,
    panel,
    refuse,
    saved,
    state,
    wait_for_address,
    wait_until,
)
from tests.tiny_app import App

SCRUBBER = "From A to B: step"
HALF = 16
A, B, C = 4, 9, 2


def ready(page: Page) -> None:
    """Wait until everything that is asked for is on the screen; what lies between images is asked for after them."""
    wait_until(page, "x.mode().isCurrent")


def opened(page: Page, app: App, query: str = "") -> None:
    open_gan(page, app.url, f"mode=generate&{query}")
    ready(page)


def tile(page: Page, number: int) -> Locator:
    return main(page).locator(".draw").nth(number - 1)


def plane(page: Page) -> Locator:
    return main(page).locator("canvas.plane")


def looked_at(page: Page, name: str) -> str:
    return panel(page).locator(".looking .figures > div", has_text=name).locator("dd").inner_text()


@pytest.mark.core
def test_a_seed_and_a_class_are_the_models_images_and_scores(page: Page, tiny_app: App):
    opened(page, tiny_app, "seed=5&label=3")
    model = tiny_app.model(SNAPSHOTS[-1])
    _, labels, x = drawn(model, 5, 3)
    assert np.abs(images(page, "x.mode().grid.x") - levels(x)).max() <= 1
    scores = model.score(x, labels)
    for number in (1, 7, 16):
        shown = float(tile(page, number).locator(".number").inner_text().replace("\u2212", "-"))
        assert shown == pytest.approx(float(scores[number - 1]), abs=0.006)
    panel(page).get_by_label("Class", exact=True).select_option("any")
    ready(page)
    _, labels, x = drawn(model, 5)
    assert gan(page, "x.mode().grid.labels") == labels.tolist() and len(set(labels.tolist())) > 1
    page.get_by_role("button", name="Draw again").click()
    wait_for_address(page, "seed=6")
    ready(page)
    assert np.abs(images(page, "x.mode().grid.x") - levels(x)).max() > 20, "another seed"


def test_a_tapped_image_is_looked_at_and_meets_its_nearest_training_image(page: Page, tiny_app: App):
    opened(page, tiny_app)
    tile(page, 6).click()
    wait_for_address(page, "tap=5")
    expect(panel(page)).to_contain_text("Image 6 of seed 7 was asked to be")
    expect(panel(page)).to_contain_text("of 55,000 training images", timeout=SLOW_MS)
    shown = tile(page, 6).locator(".number").inner_text()
    assert looked_at(page, "score") == shown
    tile(page, 6).press("ArrowDown")
    expect(tile(page, 10)).to_be_focused()
    tile(page, 10).press("Enter")
    wait_for_address(page, "tap=9")
    expect(panel(page)).to_contain_text("Image 10 of seed 7")


def test_any_image_becomes_a_corner_and_two_corners_change_places(page: Page, tiny_app: App):
    opened(page, tiny_app)
    sheets, films = asked(page, "sheet"), asked(page, "between")
    tile(page, 6).click()
    corner = panel(page).get_by_role("group", name="Make this image a corner of the plane")
    corner.get_by_role("button", name="B").click()
    wait_for_address(page, "plane=0,5,2")
    expect(tile(page, 6).locator(".draw-corner")).to_have_text("B")
    tile(page, 6).focus()
    page.keyboard.press("c")
    wait_for_address(page, "plane=0,2,5")
    ready(page)
    assert sheets[-1]["corners"] == [0, 2, 5]
    assert films[-1]["pair"] == [0, 2]


@pytest.mark.core
def test_a_place_in_the_plane_is_the_sum_of_the_three_codes(page: Page, tiny_app: App):
    opened(page, tiny_app, f"label=8&plane={A},{B},{C}&part=plane")
    box = plane(page).bounding_box()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.75 * box["height"], steps=8)
    page.mouse.up()
    wait_for_address(page, "v=0.75")
    ready(page)
    now = state(page)
    assert (now["u"], now["v"]) == pytest.approx((0.6, 0.75), abs=0.01)
    model = tiny_app.model(SNAPSHOTS[-1])
    z, _, _ = drawn(model, 7, 8)
    code = z[A] + now["u"] * (z[B] - z[A]) + now["v"] * (z[C] - z[A])
    x = model.generate(code[None], torch.tensor([8]))
    assert np.abs(images(page, "x.mode().spot.image") - levels(x)).max() <= 1
    assert float(looked_at(page, "score").replace("\u2212", "-")) == pytest.approx(
        float(model.score(x, torch.tensor([8]))), abs=0.006
    )
    expect(panel(page)).to_contain_text(f"It is {float(code.norm()):.1f} long")
    plane(page).press("ArrowLeft")
    wait_for_address(page, f"u={now['u'] - 0.05:g}")


def test_where_classes_differ_they_are_mixed_in_the_shares_of_the_codes(page: Page, tiny_app: App):
    labels = drawn(tiny_app.model(SNAPSHOTS[-1]), 7)[1].tolist()
    one, third = next((i, k) for i in range(16) for k in range(i) if labels[i] == labels[k])
    other = next(k for k in range(16) if labels[k] != labels[one])
    opened(page, tiny_app, f"plane={one},{other},{third}&part=plane&u=0.25&v=0.5")
    assert looked_at(page, "class") == f"75 % {labels[one]}, 25 % {labels[other]}"


def test_the_plane_moves_at_once_and_the_server_may_come_later(page: Page, tiny_app: App):
    opened(page, tiny_app)
    accept = refuse(page)
    side = plane(page).bounding_box()["width"]
    plane(page).click(position={"x": 0.99 * side, "y": 0.99 * side})
    wait_until(page, "x.store.get().u > 0.98")
    last = "x.mode().sheet.x.subarray(80 * 784)"
    wait_until(page, f"x.mode().spot.image.join() === {last}.join()")
    retry = panel(page).get_by_role("button", name="Try again")
    expect(retry).to_be_visible(timeout=SLOW_MS)
    accept()
    retry.click()
    ready(page)
    expect(retry).to_be_hidden()


def test_the_film_turns_from_one_code_to_the_other(page: Page, tiny_app: App):
    opened(page, tiny_app, f"label=1&plane={A},{B},{C}&part=film&at={HALF}")
    model = tiny_app.model(SNAPSHOTS[-1])
    z, _, _ = drawn(model, 7, 1)
    a, b = z[A].double(), z[B].double()
    angle = float(torch.acos(a @ b / a.norm() / b.norm()))
    weight = np.sin(angle / 2) / np.sin(angle)
    x = model.generate((weight * (a + b)).float()[None], torch.tensor([1]))
    film = images(page, "x.mode().between.x")
    assert film.shape == (33, 784) and np.abs(film[HALF] - levels(x)[0]).max() <= 1
    ends = images(page, "x.mode().grid.x")[[A, B]]
    assert np.abs(film[[0, 32]] - ends).max() <= 1
    expect(panel(page)).to_contain_text(f"are {np.degrees(angle):.0f}° apart")
    page.get_by_role("slider", name=SCRUBBER).press("ArrowRight")
    wait_for_address(page, f"at={HALF + 1}")
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, f"x.store.get().at > {HALF + 4}")
    page.keyboard.press("Space")
    strip = main(page).locator("canvas.strip")
    strip.click(position={"x": 0.99 * strip.bounding_box()["width"], "y": 5})
    wait_for_address(page, "at=32")
    assert looked_at(page, "looking") == "frame 32"


def test_what_is_on_screen_can_be_kept(page: Page, tiny_app: App, tmp_path):
    opened(page, tiny_app)
    rows = list(csv.reader(saved(page, "CSV", tmp_path).open(encoding="utf-8")))
    assert rows[0] == ["image", "class", "score"] and len(rows) == 17
    assert [float(row[2]) for row in rows[1:]] == gan(page, "x.mode().grid.scores")
    with Image.open(saved(page, "GIF", tmp_path)) as film:
        assert film.n_frames == 33
    plane(page).press("ArrowRight")
    wait_for_address(page, "part=plane")
    with Image.open(saved(page, "PNG", tmp_path)) as picture:
        assert len(np.unique(np.asarray(picture.convert("L")))) > 20


def test_a_link_brings_back_what_was_looked_at(page: Page, tiny_app: App):
    link = f"seed=3&label=4&plane={A},{B},{C}&part=film&at=20"
    opened(page, tiny_app, link)
    expect(panel(page)).to_contain_text(f"The codes of image {A + 1} and image {B + 1}")
    assert gan(page, "x.mode().film.index") == 20
    opened(page, tiny_app, "plane=1,1,2&u=7&tap=16&part=nothing")
    now = state(page)
    assert (now["plane"], now["u"], now["tap"], now["part"]) == ([0, 1, 2], 0.33, 0, "image")


def test_while_another_grid_is_drawn_the_earlier_one_is_dimmed(page: Page, tiny_app: App):
    opened(page, tiny_app)
    accept = refuse(page)
    questions = asked(page, "generate")
    page.get_by_role("button", name="Draw again").click()
    expect(main(page).locator(".draws")).to_have_attribute("style", re.compile("opacity"))
    expect(panel(page).get_by_role("button", name="Try again")).to_be_visible(timeout=SLOW_MS)
    accept()
    panel(page).get_by_role("button", name="Try again").click()
    ready(page)
    expect(main(page).locator(".draws")).not_to_have_attribute("style", re.compile("opacity"))
    assert questions[-1] == {"net": "gan-mnist", "seed": 8, "label": None}
