"""Learned, in a real browser: the bars are the card's, chosen by pointer and by keys."""

import csv

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.diffusion import FILM_MS, diffusion, main, open_diffusion, panel, saved, state, wait_for_address

SHOWN = "x.mode().answer.isCurrent"


def open_learned(page: Page, url: str, query: str = "") -> None:
    page.set_default_timeout(FILM_MS)
    open_diffusion(page, url, f"mode=learned&{query}")
    page.wait_for_function(
        f"(() => {{ const x = document.querySelector('#diffusion-stage .stage').explorer; return {SHOWN}; }})()"
    )


def chart(page: Page) -> Locator:
    return main(page).locator("canvas.chart")


@pytest.mark.core
def test_a_bar_is_chosen_by_pointer_and_by_keys(page: Page, app_url: str, tmp_path):
    open_learned(page, app_url, "t=30")
    seen = panel(page).locator(".seen")
    chart(page).press("Home")
    wait_for_address(page, "t=1")
    expect(seen).to_contain_text("At t = 1 the predicted noise")
    before = state(page)["t"]
    chart(page).press("ArrowRight")
    page.wait_for_function("!/[?&]t=1(&|$)/.test(location.search)")
    assert state(page)["t"] > before
    box = chart(page).bounding_box()
    chart(page).click(position={"x": box["width"] - 12, "y": 200})
    last = diffusion(page, "x.mode().value.stops.t.at(-1)[1]")
    wait_for_address(page, f"t={last}")
    expect(seen).to_contain_text("to 1000 the predicted noise")
    panel(page).get_by_role("button", name="The bound, split").click()
    wait_for_address(page, "part=bound")
    expect(chart(page)).to_have_attribute("aria-label", "".join(["What was measured of every time: ",
        diffusion(page, "x.mode().value.charts[0].words")]))  # fmt: skip
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(int(row["from t"]), int(row["to t"])) for row in rows][0] == (1, 1) and int(rows[-1]["to t"]) == 1000
    with Image.open(saved(page, "PNG", tmp_path)) as picture:
        assert picture.height > 100


def test_a_phone_shows_it_whole(phone: Page, app_url: str):
    open_learned(phone, app_url, "t=30&__theme=dark")
    assert diffusion(phone, "document.documentElement.scrollWidth") <= 390
