"""The exact likelihood of a picture in a real browser: its map, what likelihood flags, the Bayes classifier."""

import csv
import math
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.raster import (
    PIXELS,
    TAB,
    board,
    click_pixel,
    figure,
    main,
    open_raster,
    panel,
    raster,
    refuse,
    saved,
    state,
    tap_pixel,
    wait_for_address,
    wait_until,
)
from tests.stage import kept_picture, numbers

IMAGE = 12


def open_score(page: Page, url: str, query: str = f"img={IMAGE}") -> None:
    open_raster(page, url, f"mode=score&{query}")
    wait_for_score(page)


def wait_for_score(page: Page) -> None:
    """Wait until what is chosen now has been scored and is on the screen."""
    wait_until(page, "x.mode().answer?.isCurrent")
    expect(seen(page)).to_be_visible()


def seen(page: Page) -> Locator:
    return panel(page).locator(".seen")


def total(page: Page) -> float:
    return raster(page, "x.mode().value.total")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def choose(page: Page, kind: str) -> None:
    panel(page).get_by_role("button", name=kind, exact=True).click()
    wait_for_score(page)


@pytest.mark.core
def test_the_map_adds_up_to_the_exact_total(page: Page, app_url: str, tmp_path):
    open_score(page, app_url)
    nats, bits, per_dim, *_ = numbers(panel(page).locator(".figures").inner_text())
    rows = read(saved(page, "CSV", tmp_path))
    assert len(rows) == PIXELS
    assert sum(float(row["log p, nats"]) for row in rows) == pytest.approx(-nats, abs=0.02)
    assert bits == pytest.approx(nats / math.log(2), abs=0.02)
    assert per_dim == pytest.approx(bits / PIXELS, abs=2e-4)
    assert numbers(seen(page).inner_text())[0] == nats
    assert len(kept_picture(page, tmp_path, main(page).locator("canvas").first).getcolors(1_000_000)) > 2


def test_a_pixel_is_asked_by_pointer_and_by_keys(page: Page, app_url: str):
    open_score(page, app_url)
    click_pixel(board(page), 10 * 28 + 14)
    wait_for_address(page, f"pixel={10 * 28 + 14}")
    expect(main(page).locator(".distribution-frame")).to_contain_text("row 11, column 15")
    assert figure(page, "p(level") == pytest.approx(2 ** -figure(page, "surprise"), abs=0.01)
    board(page).press("ArrowRight")
    board(page).press("ArrowDown")
    board(page).press("Enter")
    wait_for_address(page, f"pixel={11 * 28 + 15}")
    expect(main(page).locator(".distribution-frame")).to_contain_text("row 12, column 16")


def test_noise_and_a_blank_page_are_scored_too(page: Page, app_url: str):
    open_score(page, app_url)
    of_image = total(page)
    choose(page, "Noise")
    wait_for_address(page, "kind=noise")
    of_noise = total(page)
    assert of_noise < of_image
    expect(seen(page)).to_contain_text("this noise")
    page.locator(".chooser").get_by_role("button", name="Draw again").click()
    wait_for_address(page, "seed=8")
    wait_for_score(page)
    assert total(page) != of_noise
    choose(page, "Blank")
    expect(seen(page)).to_contain_text("the blank page")
    assert total(page) > of_noise
    choose(page, "Test image")
    assert total(page) == of_image
    assert state(page)["kind"] == "test"


def test_test_images_of_the_other_data_set_are_scored(page: Page, app_url: str):
    open_score(page, app_url)
    of_digit = total(page)
    panel(page).get_by_role("group", name="Test images of").get_by_role("button", name="Fashion-MNIST").click()
    wait_for_address(page, "set=fashion-mnist")
    wait_for_score(page)
    assert total(page) != of_digit
    page.get_by_role("button", name="Bayes").click()
    expect(seen(page)).to_contain_text("None of the classes need be right")


def test_ten_classes_share_one_whole_and_the_true_one_is_named(page: Page, app_url: str, tmp_path):
    open_score(page, app_url, f"img={IMAGE}&part=bayes")
    bars = main(page).locator(".size-row")
    expect(bars).to_have_count(10)
    rows = read(saved(page, "CSV", tmp_path))
    shares = [float(row["p(y | x)"]) for row in rows]
    assert sum(shares) == pytest.approx(1)
    weights = [float(row["log p(x | y), nats"]) for row in rows]
    top = max(weights)
    whole = sum(math.exp(weight - top) for weight in weights)
    assert shares == pytest.approx([math.exp(weight - top) / whole for weight in weights], abs=1e-4)
    wait_until(page, "x.mode().chooser.label !== null")
    label = raster(page, "x.mode().chooser.label")
    expect(bars.nth(label)).to_contain_text("✓")
    expect(seen(page)).to_contain_text("equal class priors")
    saved(page, "PNG", tmp_path)


def test_a_network_without_labels_says_why_it_cannot_classify(page: Page, app_url: str):
    open_score(page, app_url, f"img={IMAGE}&net=made-mnist")
    page.get_by_role("button", name="Bayes").click()
    expect(main(page).locator(".sizes-name")).to_contain_text("trained without labels")
    expect(main(page).locator(".size-row")).to_have_count(0)


def test_the_picture_is_scored_both_ways_round(page: Page, app_url: str):
    open_score(page, app_url, "img=33&part=histograms")
    expect(seen(page)).to_contain_text("Under the Fashion-MNIST network")
    own = total(page)
    page.get_by_role("button", name="A digit, to Fashion's").click()
    wait_for_address(page, "net=pixelcnn-fashion-mnist&")
    wait_for_score(page)
    assert state(page)["set"] == "mnist"
    expect(seen(page)).to_contain_text("Under the MNIST network")
    (other,) = re.findall(
        r"Under the MNIST network the test image has −log p\(x\) = (\S+) nats", seen(page).inner_text()
    )
    assert numbers(other)[0] == pytest.approx(-own, abs=0.06), "the first network's number, now told as the other's"


def test_what_is_refused_is_said_and_nothing_is_lost(page: Page, app_url: str):
    open_score(page, app_url)
    before = seen(page).inner_text()
    allow = refuse(page)
    page.get_by_role("button", name="Next test image").click()
    expect(page.locator(".stage.autoregressive .status")).to_contain_text("The model is busy.")
    assert seen(page).inner_text() == before
    expect(board(page)).to_be_visible()
    allow()
    page.get_by_role("button", name="Next test image").click()
    wait_for_score(page)
    expect(page.locator(".stage.autoregressive .status")).to_have_text("")
    assert seen(page).inner_text() != before


@pytest.mark.parametrize("earlier", [True, False])
def test_what_was_refused_is_asked_again(page: Page, app_url: str, earlier: bool):
    if earlier:
        open_score(page, app_url)
        allow = refuse(page)
        panel(page).get_by_role("button", name="Noise", exact=True).click()
    else:
        allow = refuse(page)
        open_raster(page, app_url, "mode=score&kind=noise")
    again = page.locator(".stage.autoregressive .status").get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    if not earlier:
        expect(main(page)).to_contain_text("The answer did not arrive.")
    expect(page.locator(".stage.autoregressive").get_by_role("button", name="Try again")).to_have_count(1)
    with page.expect_response("**/component_server**"):
        again.click()
    expect(again).to_be_visible()
    allow()
    again.click()
    wait_for_score(page)
    expect(again).to_be_hidden()
    expect(seen(page)).to_contain_text("this noise")


@pytest.mark.core
def test_a_phone_scores_a_drawing(phone: Page, app_url: str):
    open_score(phone, app_url)
    TAB.fits(phone)
    tap_pixel(board(phone), 300)
    wait_for_address(phone, "pixel=300")
    panel(phone).get_by_role("button", name="Draw one").tap()
    expect(main(phone)).to_contain_text("Draw on the pad")
    pad = panel(phone).locator(".pad")
    pad.press("Space")
    for key in ["ArrowDown"] * 6 + ["Space"]:
        pad.press(key)
    wait_for_address(phone, "draw=")
    wait_for_score(phone)
    expect(seen(phone)).to_contain_text("your drawing")
    for part in ("Histograms", "Bayes"):
        panel(phone).get_by_role("button", name=part).tap()
        expect(main(phone).locator(".chart:visible, .size-row").first).to_be_attached()
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
