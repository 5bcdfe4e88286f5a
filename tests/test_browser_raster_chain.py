"""The chain rule by hand in a real browser: conditionals set, an image drawn, sixteen bars that sum to one."""

import csv
import itertools
import math
import random
from functools import cache

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.node import call, run
from tests.raster import STAGE, TAB, main, open_raster, panel, saved, state, wait_for_address
from tests.stage import numbers, settle

RULE = "autoregressive/chain_rule.js"
IMAGES = list(itertools.product((0, 1), repeat=4))
START = "Draw x₁"


def probability(p: list[float], image: tuple[int, ...]) -> float:
    """The product of the four factors, each found by counting through the conditionals of its pixel."""
    product = 1.0
    for pixel, bit in enumerate(image):
        one = p[2**pixel - 1 + int("0" + "".join(map(str, image[:pixel])), 2)]
        product *= one if bit else 1 - one
    return product


@cache
def defaults() -> list[float]:
    return run(f"return (await load('{RULE}')).DEFAULTS;")


def drawn(page: Page) -> str:
    """The digits in the cells of the image; a pixel that is not drawn is its name."""
    expect(main(page).locator(".chain-cell")).to_have_count(4)
    settle(page)
    return " ".join(main(page).locator(".chain-cell").all_inner_texts())


def press(page: Page, name: str) -> None:
    main(page).get_by_role("button", name=name, exact=True).click()


def box(page: Page, name: str):
    return panel(page).get_by_role("spinbutton", name=name)


def test_sixteen_products_sum_to_one_whatever_the_conditionals(page: Page, app_url: str):
    open_raster(page, app_url, "mode=chain")
    expect(page.get_by_role("button", name="MADE · MNIST")).to_be_hidden()
    chance = random.Random(0)
    for p in ([chance.random() for _ in range(15)], [0.0] * 15, [1.0] * 15, defaults()):
        joint = call(RULE, "joint", p)
        assert sum(joint) == pytest.approx(1, abs=1e-12)
        assert joint == pytest.approx([probability(p, image) for image in IMAGES], abs=1e-12)


def test_images_are_drawn_as_often_as_their_bars_say():
    p = defaults()
    many = """const { draw } = await load(rule);
      const counts = new Array(16).fill(0);
      for (let seed = 0; seed < 20000; seed++) counts[draw(p, seed).reduce((sum, step) => 2 * sum + step.bit, 0)] += 1;
      return counts;"""
    counts = np.array(run(many, rule=RULE, p=p))
    wanted = 20_000 * np.array([probability(p, image) for image in IMAGES])
    assert ((counts - wanted) ** 2 / wanted).sum() < 40  # χ² of 15 degrees of freedom: 99.95 %


@pytest.mark.core
def test_an_image_is_drawn_pixel_by_pixel(page: Page, app_url: str):
    open_raster(page, app_url, "mode=chain&dice=9")
    assert drawn(page) == "x₁ x₂ x₃ x₄"
    expect(main(page)).to_contain_text("sum to 1.000000")
    for pixel, name in enumerate("₁₂₃₄"):
        press(page, f"Draw x{name}")
        wait_for_address(page, f"step={pixel + 1}")
    bits = tuple(map(int, drawn(page).split()))
    exact = probability(defaults(), bits)
    last = numbers(main(page).locator(".chain-steps tbody tr").last.inner_text())
    assert last[-2:] == pytest.approx([exact, -math.log(exact)], abs=6e-4)
    expect(panel(page).locator(".seen")).to_contain_text(f"= {exact:.4f}, exactly")
    expect(main(page).get_by_role("button", name="All drawn")).to_be_disabled()
    press(page, "Take back")
    wait_for_address(page, "step=3")
    expect(panel(page).locator(".seen")).to_contain_text("The 2 images that begin so share exactly this")
    page.reload()
    expect(main(page).locator(".chain-cell").nth(2)).to_have_text(str(bits[2]))
    assert drawn(page).split()[:3] == list(map(str, bits[:3]))


def test_arrow_keys_draw_a_pixel_and_take_it_back(page: Page, app_url: str):
    open_raster(page, app_url, "mode=chain")
    main(page).get_by_role("button", name=START).focus()
    for step, key in enumerate(["ArrowRight"] * 4, start=1):
        page.keyboard.press(key)
        wait_for_address(page, f"step={step}")
    page.keyboard.press("ArrowLeft")
    wait_for_address(page, "step=3")


def test_an_edited_conditional_moves_the_bars_and_their_sum_stays(page: Page, app_url: str):
    open_raster(page, app_url, "mode=chain")
    first = box(page, "p(x₁ = 1)")
    first.fill("0.9")
    first.press("Enter")
    wait_for_address(page, "p=0.9,0.7,")
    expect(main(page)).to_contain_text("sum to 1.000000")
    expect(panel(page).locator(".chain-example")).to_contain_text("0.10 × 0.70 × 0.60 × 0.80")
    box(page, "p(x₃ = 1 | x₁x₂ = 01)").press("ArrowUp")
    wait_for_address(page, "p=0.9,0.7,0.2,0.1,0.65,")
    expect(box(page, "p(x₃ = 1 | x₁x₂ = 01)")).to_be_focused()
    panel(page).get_by_role("button", name="Start values").click()
    expect(first).to_have_value("0.3")
    assert state(page)["p"] is None


@pytest.mark.parametrize("typed", ["1.5", "-0.1", ""])
def test_what_is_no_probability_is_said_and_changes_nothing(page: Page, app_url: str, typed: str):
    open_raster(page, app_url, "mode=chain")
    field = box(page, "p(x₂ = 1 | x₁ = 1)")
    field.fill(typed)
    field.press("Tab")
    expect(panel(page).locator(".conditionals .wanted")).to_contain_text("a number from 0 to 1")
    expect(field).to_have_value("0.2")
    assert state(page)["p"] is None
    field.fill("0.25")
    field.press("Tab")
    expect(panel(page).locator(".conditionals .wanted")).to_be_empty()


def test_a_certain_pixel_leaves_no_probability_for_the_other(page: Page, app_url: str):
    open_raster(page, app_url, f"mode=chain&step=1&p=1{',0.5' * 14}")
    assert drawn(page).startswith("1 ")
    expect(panel(page).locator(".seen")).to_contain_text("p(x₁=1) = 1.0000")
    panel(page).get_by_role("button", name="Draw 0, 1, 1, 0").click()
    expect(page.locator(f"{STAGE} .status")).to_contain_text("too rare")


def test_an_example_is_drawn_and_multiplied_out(page: Page, app_url: str):
    open_raster(page, app_url, "mode=chain")
    p = defaults()
    assert p[:2] == [0.3, 0.7]
    exact = probability(p, (0, 1, 1, 0))
    words = panel(page).locator(".chain-example")
    expect(words).to_contain_text(f"0.70 × 0.70 × 0.60 × 0.80 = {exact:.4f}, −log p = {-math.log(exact):.3f} nats")
    words.get_by_role("button", name="Draw 0, 1, 1, 0").press("Enter")
    wait_for_address(page, "step=4")
    assert drawn(page) == "0 1 1 0"


def test_the_bars_can_be_kept(page: Page, app_url: str, tmp_path):
    open_raster(page, app_url, "mode=chain&step=2")
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 16
    assert sum(float(row["probability"]) for row in rows) == pytest.approx(1)
    image = np.asarray(Image.open(saved(page, "PNG", tmp_path)).convert("RGBA"))
    assert len(np.unique(image.reshape(-1, 4), axis=0)) > 4


def test_a_finger_draws_it_on_a_phone(phone: Page, app_url: str):
    open_raster(phone, app_url, "mode=chain")
    main(phone).get_by_role("button", name=START).tap()
    wait_for_address(phone, "step=1")
    assert drawn(phone).split()[0] in ("0", "1")
    TAB.fits(phone)
