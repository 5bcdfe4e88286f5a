"""Likelihood of a picture by every family, in a real browser: exact, a bound, or a refusal with its reason."""

import csv
import math

import pytest
from playwright.sync_api import Page, expect

from explorer.networks.card import find
from tests.cards import card_of
from tests.compare import PIXELS, STAGE, compare, main, open_compare, panel, refuse, saved, wait_for_address, wait_until
from tests.raster import open_raster, raster
from tests.raster import wait_until as raster_until
from tests.stage import numbers

IMAGE = 12


def answered(page: Page) -> None:
    """Wait until every family has answered what is asked now."""
    wait_until(page, "x.mode().answer?.isCurrent && !x.mode().value.more")


def nats(page: Page) -> dict[str, float]:
    """log p(x), or the bound on it, by network."""
    return {net: found for net, _, _, found, *_ in compare(page, "x.mode().value.table.slice(1)")}


def test_only_figures_of_the_same_pixels_stand_side_by_side(page: Page, compare_app: str, tmp_path):
    open_compare(page, compare_app, f"mode=likely&img={IMAGE}")
    answered(page)
    binary, levels = (main(page).locator(".group").filter(visible=True).nth(i) for i in range(2))
    main(page).get_by_text("Cannot", exact=True).click()
    cannot = main(page).locator(".silent")
    assert binary.locator(".size-row").count() == 3
    assert levels.locator(".size-row").count() == 2
    expect(cannot).to_contain_text("GAN")
    expect(cannot).to_contain_text("cannot, because a GAN defines no density")
    found = nats(page)
    exact = binary.locator(".size-row", has_text="PixelCNN")
    expect(exact).to_contain_text("exact")
    assert numbers(exact.locator(".number").inner_text())[0] == pytest.approx(-found["pixelcnn-mnist"], abs=0.06)
    expect(binary.locator(".size-row", has_text="2-latent β-VAE")).to_contain_text("≤")
    longest = max(-found[net] for net in ("beta-vae-mnist", "pixelcnn-mnist", "made-mnist"))
    share = exact.locator(".size-code").evaluate("bar => parseFloat(bar.style.width)")
    assert share == pytest.approx(-100 * found["pixelcnn-mnist"] / longest, abs=0.1)
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = {row["network"]: row for row in csv.DictReader(file)}
    assert float(rows["diffusion-mnist"]["log p, nats"]) == pytest.approx(found["diffusion-mnist"])
    assert rows["diffusion-mnist"]["pixels"] == "levels"
    assert "gan-mnist" not in rows


@pytest.mark.core
def test_the_figure_is_the_one_of_the_familys_own_tab(page: Page, compare_app: str):
    open_compare(page, compare_app, f"mode=likely&img={IMAGE}")
    answered(page)
    here = nats(page)["pixelcnn-mnist"]
    open_raster(page, compare_app, f"mode=score&img={IMAGE}")
    raster_until(page, "x.mode().answer?.isCurrent")
    assert raster(page, "x.mode().value.total") == pytest.approx(here, abs=1e-3)


def test_what_else_must_be_known_is_said_with_this_pictures_numbers(page: Page, compare_app: str):
    open_compare(page, compare_app, f"mode=likely&img={IMAGE}")
    answered(page)
    found = nats(page)
    panel(page).get_by_text("Is larger better?").click()
    question = panel(page).locator(".fairness")
    density = max(found["flow-mnist"], found["diffusion-mnist"]) + PIXELS * math.log(256)
    expect(question.locator("p")).to_contain_text(f"{density:,.1f}".replace("-", "−"))
    expect(question.locator("ol")).to_be_hidden()
    question.get_by_text("Think first").click()
    expect(question.locator("ol")).to_contain_text("dequantisation")
    assert density - PIXELS * math.log(2) in [
        pytest.approx(value, abs=0.06) for value in numbers(question.locator("li").first.inner_text().replace(",", ""))
    ]
    expect(question.locator("ol")).to_contain_text("It is a bound: the true log p(x) is higher")
    card = card_of("beta-vae-mnist")
    gap, page_gap = (find(card, "gap", set=each)["value"] for each in ("first", "blank"))
    expect(question.locator("ol")).to_contain_text(f"can be computed: {gap:.1f} ±")
    expect(question.locator("ol")).to_contain_text(f"and {page_gap:.0f} nats on a blank page")


def test_what_did_not_arrive_is_asked_again(page: Page, compare_app: str):
    allow = refuse(page)
    open_compare(page, compare_app, f"mode=likely&img={IMAGE}")
    again = page.locator(f"{STAGE} .status").get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    page.wait_for_load_state("networkidle")  # the page has asked twice, and both must fail
    allow()
    again.click()
    answered(page)
    expect(again).to_be_hidden()
    expect(panel(page).locator(".seen")).to_contain_text("the test image")


def test_a_phone_asks_about_a_drawing(phone: Page, compare_app: str):
    open_compare(phone, compare_app, f"mode=likely&img={IMAGE}")
    answered(phone)
    panel(phone).get_by_role("button", name="Draw one").tap()
    expect(main(phone)).to_contain_text("Draw something on the pad")
    pad = panel(phone).locator(".pad")
    pad.press("Space")
    for key in ["ArrowDown"] * 6 + ["Space"]:
        pad.press(key)
    wait_for_address(phone, "draw=")
    answered(phone)
    expect(panel(phone).locator(".seen")).to_contain_text("your drawing")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
