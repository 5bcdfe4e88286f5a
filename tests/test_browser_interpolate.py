"""Interpolation and films in a real browser, by pointer and by keys."""

import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.stage import click_point, open_stage, panel, saved, state, url_in, wait_for_address

FRAMES = 25


@pytest.mark.core
def test_two_clicked_points_are_joined_by_a_film(page: Page, app_url: str):
    open_stage(page, app_url, "mode=interpolate")
    expect(panel(page).locator("canvas.strip")).to_have_count(2)
    click_point(page, 108)
    click_point(page, 24)
    wait_for_address(page, "b=")
    assert state(page)["a"] != state(page)["b"]
    near = panel(page).get_by_role("img", name="Codes near the path").get_attribute("aria-label")
    counts = [int(count) for count in re.findall(r"(\d+) at β", near)]
    assert len(counts) == 2 and all(0 <= count <= 2000 for count in counts)
    expect(panel(page).get_by_role("img", name="From A to B")).to_have_count(2)
    expect(panel(page).locator("h2", has_text="β =")).to_have_text(["β = 1.00", "β = 0"])
    panel(page).locator("canvas.strip").first.click()
    wait_for_address(page, "frame=12")
    panel(page).get_by_role("button", name="spherical").click()
    wait_for_address(page, "path=spherical")


def test_it_opens_on_a_way_in_motion_or_at_rest_where_motion_is_unwanted(page: Page, app_url: str):
    open_stage(page, app_url, "mode=interpolate&data=fashion-mnist")
    expect(panel(page).locator(".end select").first).to_have_value("3")
    expect(panel(page).locator(".end select").last).to_have_value("8")
    page.wait_for_function("Number(document.querySelector('.film-scrubber').value) > 1")
    assert "&a=" not in url_in(page), "nobody has chosen it"
    page.emulate_media(reduced_motion="reduce")
    open_stage(page, app_url, "mode=interpolate")
    expect(panel(page).locator("canvas.strip")).to_have_count(2)
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_a_film_is_played_with_keys(page: Page, app_url: str):
    open_stage(page, app_url, "mode=interpolate")
    scrubber = page.get_by_role("slider", name="Interpolation: step")
    scrubber.press("End")
    wait_for_address(page, f"frame={FRAMES - 1}")
    scrubber.press("ArrowLeft")
    wait_for_address(page, f"frame={FRAMES - 2}")
    expect(panel(page).locator(".film-place")).to_have_text(f"{FRAMES - 1}/{FRAMES}")
    scrubber.press("Home")
    scrubber.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.wait_for_function("Number(document.querySelector('.film-scrubber').value) > 1")
    scrubber.press(" ")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_a_film_is_kept_as_a_gif(page: Page, app_url: str, tmp_path):
    open_stage(page, app_url, "mode=interpolate&a=108&b=24")
    with Image.open(saved(page, "GIF", tmp_path)) as gif:
        assert gif.format == "GIF"
        assert gif.n_frames == FRAMES
        first = gif.convert("L").tobytes()
        gif.seek(FRAMES - 1)
        assert gif.convert("L").tobytes() != first
