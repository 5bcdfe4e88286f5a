"""Vanishing gradient in a real browser: the norms that are left while the discriminators are trained further."""

import csv
import math

import pytest
from playwright.sync_api import Page, expect

from explorer.networks import checkpoints
from tests.gan import gan, main, open_gan, panel, saved, wait_for_address, wait_until

KEPT = checkpoints.read_json(checkpoints.pretrained_folder() / "gan-game" / "runs" / "face-ring-1-0.001-0.001.json")


def arrived(page: Page) -> None:
    wait_until(page, "x.mode().current?.done")


def test_the_saturating_gradient_is_seen_to_vanish(page: Page, app_url: str):
    open_gan(page, app_url, "mode=gradient")
    arrived(page)
    lines = gan(page, "x.mode().curves.charts[0].chart.what.lines.map(({ points }) => points.at(-1))")
    wanted = [math.log10(norm) for norm in KEPT["frames"][-1]["norms"].values()]
    assert [line[1] for line in lines] == pytest.approx(wanted, abs=1e-6)
    assert [line[0] for line in lines] == [400] * 3
    expect(panel(page).locator(".seen")).to_contain_text("After 400 steps D is right about 100 % of the points")
    main(page).get_by_role("slider", name="The generator stands still, step by step: step").press("Home")
    wait_for_address(page, "at=0")
    expect(panel(page).locator(".seen")).to_contain_text("No step yet")


def test_another_beginning_is_trained_live(page: Page, app_url: str):
    open_gan(page, app_url, "mode=gradient&data=moons&gseed=2")
    wait_until(page, "x.mode().current?.frames.length > 1")
    expect(panel(page)).to_contain_text("Live")
    main(page).get_by_role("button", name="Stop").click()
    expect(main(page).locator(".queue")).to_contain_text("Stopped")
    frames = gan(page, "x.mode().current.frames.map(({ step, x }) => [step, [...x].join()])")
    assert len({made for _, made in frames}) == 1, "the generator stands still"
    panel(page).get_by_role("button", name="50", exact=True).click()
    wait_for_address(page, "start=50")
    main(page).get_by_role("button", name="Stop").click()


def test_the_numbers_are_kept(page: Page, app_url: str, tmp_path):
    open_gan(page, app_url, "mode=gradient")
    arrived(page)
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 41
    assert float(rows[-1]["gradient norm, saturating"]) == KEPT["frames"][-1]["norms"]["saturating"]


def test_on_a_phone_it_fits(phone: Page, app_url: str):
    open_gan(phone, app_url, "mode=gradient")
    arrived(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
