"""What was learned, time by time, in a real browser: the bars are the card's, and they sum to the bound."""

import csv
import json

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from explorer.card import row
from tests.diffusion import FILM_MS, STAGE, diffusion, main, open_diffusion, panel, saved, state, wait_for_address
from tests.stage import numbers

BOUND = {
    "edges": [1, 2, 5, 20, 100, 1001],
    "bits": [1.5, 0.75, 0.5, 0.2, 0.05],
    "loss": [0.9, 0.5, 0.2, 0.05, 0.01],
}
ROWS = [row("prior", 0.00125, n=10_000), row("bits_per_dim", 3.001, "bound", se=0.004, n=10_000)]
CARD = {"rows": ROWS, "bound": BOUND}


def open_learned(page: Page, url: str, query: str = "", card: dict = CARD) -> None:
    """Open the mode with a card of our own, so that what is shown can be said beforehand."""
    page.set_default_timeout(FILM_MS)
    open_diffusion(page, url, f"mode=learned&{query}")
    told = f"Object.assign(x.mode().ctx.value().nets['diffusion-mnist'], {json.dumps(card)})"
    tell = f"[{told}, x.mode().update(new Set(['net']))]"
    diffusion(page, f"{tell}.length")


def chart(page: Page) -> Locator:
    return main(page).locator("canvas.learned-chart")


def shown(page: Page, name: str) -> str:
    return page.locator(f"{STAGE} .figures > div", has_text=name).first.locator("dd").inner_text()


def test_what_is_not_measured_is_said(page: Page, app_url: str):
    open_learned(page, app_url, card={"rows": [], "bound": None})
    expect(main(page)).to_contain_text("not measured yet")
    expect(chart(page)).to_be_hidden()
    expect(panel(page).locator(".seen")).to_be_hidden()


def test_the_parts_sum_to_the_bound(page: Page, app_url: str, tmp_path):
    open_learned(page, app_url, "part=bound&t=30")
    assert numbers(shown(page, "t = 1 to 4")) == [2.25]
    assert numbers(shown(page, "all later times")) == [0.75]
    assert numbers(shown(page, "x₁₀₀₀ against pure noise")) == [0.00125]
    assert numbers(shown(page, "−log₂ p(x) at most")) == [3.001, 0.004]
    assert numbers(shown(page, "of the whole bound")) == [pytest.approx(100 * 0.2 / 3.00125, abs=0.06)]
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(int(row["from t"]), int(row["to t"])) for row in rows] == [(1, 1), (2, 4), (5, 19), (20, 99), (100, 1000)]
    assert [float(row["bits/dim"]) for row in rows] == BOUND["bits"]
    with Image.open(saved(page, "PNG", tmp_path)) as picture:
        assert picture.height > 2 * 300


@pytest.mark.core
def test_a_bar_is_chosen_by_pointer_and_by_keys(page: Page, app_url: str):
    open_learned(page, app_url)
    expect(chart(page)).to_have_attribute("aria-label", "".join(["mean squared error of the predicted noise: 0.0100 ",
        "at t = 100 to 1000. Arrow keys choose another interval."]))  # fmt: skip
    chart(page).press("Home")
    wait_for_address(page, "t=1")
    assert state(page)["t"] == 1
    expect(panel(page).locator(".seen")).to_contain_text("This single time costs 50 % of the bound.")
    chart(page).press("ArrowRight")
    wait_for_address(page, "t=2")
    expect(panel(page).locator(".seen")).to_contain_text("mean squared error of 0.5000")
    box = chart(page).bounding_box()
    chart(page).click(position={"x": box["width"] - 30, "y": 200})
    wait_for_address(page, "t=316")
    assert shown(page, "mean ‖ε − ε̂‖² ÷ 784") == "0.0100"


def test_loss_and_bound_are_two_pictures_of_the_same_times(page: Page, app_url: str):
    open_learned(page, app_url, "t=10")
    inked = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.reduce((sum, v) => sum + v, 0)"
    before = chart(page).evaluate(inked)
    main(page).get_by_role("button", name="The bound, split").click()
    wait_for_address(page, "part=bound")
    expect(chart(page)).to_have_attribute(
        "aria-label", "bits/dim of the interval: 0.500 at t = 5 to 19. Arrow keys choose another interval."
    )
    assert chart(page).evaluate(inked) != before


def test_what_the_network_is_given_is_noisier_at_later_times(page: Page, app_url: str):
    open_learned(page, app_url, "t=1&img=8")
    example = main(page).get_by_role("img", name="A test image noised to this time")
    values = "[...c.getContext('2d').getImageData(0, 0, 28, 28).data]"
    grey = f"c => {values}.filter((value, i) => i % 4 === 0 && value > 30 && value < 225)"
    expect(example).to_be_visible()
    early = len(example.evaluate(grey))
    chart(page).press("End")
    wait_for_address(page, "t=316")
    expect(main(page).locator("figcaption")).to_have_text("xₜ at t = 316")
    assert len(example.evaluate(grey)) > 2 * early


def test_it_fits_a_phone(phone: Page, app_url: str):
    open_learned(phone, app_url)
    box = chart(phone).bounding_box()
    chart(phone).tap(position={"x": box["width"] - 20, "y": 200})
    wait_for_address(phone, "t=316")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
