"""Flow matching's own modes in a real browser: lines, few steps, four words, by pointer, keys and touch."""

from pathlib import Path

import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from explorer.networks import checkpoints
from tests.stage import numbers, saved
from tests.tab import Tab

TAB = Tab("flow_matching", "flow-matching", "paths", patience_ms=240_000)


def plane(page: Page) -> Locator:
    return TAB.main(page).locator("canvas.landscape").first


def at(canvas: Locator, x: float, y: float, half: float) -> tuple[float, float]:
    box = canvas.bounding_box()
    return box["x"] + (x + half) / (2 * half) * box["width"], box["y"] + (half - y) / (2 * half) * box["height"]


def figure(page: Page, name: str) -> list[float]:
    return numbers(page.locator(".stage:visible .figures > div").filter(has_text=name).first.locator("dd").inner_text())


def test_the_velocity_at_a_point_is_that_of_the_network(page: Page, app_url: str, tmp_path: Path):
    model = checkpoints.load("flow-matching-moons", "cpu")
    TAB.open(page, app_url, "net=flow-matching-moons&time=0.25&x=0.5,0.3")
    TAB.wait_until(page, "x.mode().found")
    half = TAB.value(page, "x.mode().found.half")
    page.mouse.move(*at(plane(page), -0.8, 1.1, half))
    TAB.wait_until(page, "x.mode().hovered !== null")
    hovered, there = figure(page, "network's v"), TAB.value(page, "x.mode().hovered")
    page.mouse.click(*at(plane(page), -0.8, 1.1, half))
    page.mouse.move(5, 5)
    TAB.wait_until(page, "x.mode().hovered === null")
    point = TAB.state(page)["x"]
    assert point == pytest.approx([-0.8, 1.1], abs=0.03)
    with torch.no_grad():
        v_there, v = model.velocity(torch.tensor([there, point]), 0.25).tolist()
    assert hovered == pytest.approx(v_there, abs=0.011) and figure(page, "network's v") == pytest.approx(v, abs=0.011)
    bent = figure(page, "straightness S")[0]
    page.get_by_role("button", name="minibatch OT").click()
    TAB.wait_until(page, "x.mode().answer && x.store.get().coupling === 'ot'")
    assert figure(page, "straightness S")[0] < bent / 5
    expect(page.locator(".stage:visible .figures")).to_contain_text("not known")
    plane(page).focus()
    for key in ("ArrowRight", "Shift+ArrowUp", "Enter"):
        page.keyboard.press(key)
    TAB.wait_until(page, f"x.store.get().x[0] > {point[0]} && x.store.get().x[1] > {point[1]}")
    assert saved(page, "CSV", tmp_path).read_text(encoding="utf-8").count("\n") == 9
    assert saved(page, "PNG", tmp_path).stat().st_size > 10_000
    page.get_by_role("button", name="Play", exact=True).click()
    TAB.wait_until(page, "x.store.get().time === null && !x.mode().film.timer", timeout=60_000)


def test_what_images_cannot_show_is_said(page: Page, app_url: str):
    TAB.open(page, app_url, "net=flow-matching-mnist&time=7&coupling=magic")
    expect(page.locator(f"{TAB.selector} .status")).to_contain_text("no plane to look at")
    TAB.wait_until(page, "x.mode().found")
    assert TAB.state(page)["net"] == "flow-matching-moons" and TAB.state(page)["coupling"] == "independent"


@pytest.mark.core
def test_a_thumb_chooses_the_steps_and_the_point(phone: Page, app_url: str):
    TAB.open(phone, app_url, "mode=reflow&few=50")
    TAB.wait_until(phone, "x.mode().rounds")
    off = "x.mode().rounds.independent.off"
    assert TAB.value(phone, off) < 0.1
    phone.get_by_role("button", name="1", exact=True).tap()
    TAB.wait_until(phone, f"x.store.get().few === 1 && {off} > 0.5")
    TAB.open(phone, app_url, "mode=fields&net=flow-matching-moons")
    canvas = plane(phone)
    canvas.scroll_into_view_if_needed()
    phone.touchscreen.tap(*at(canvas, -1, 1, half=3))
    TAB.wait_until(phone, "Math.abs((x.store.get().x ?? [0])[0] + 1) < 0.06")
    TAB.fits(phone)
