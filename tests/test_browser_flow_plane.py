"""The flow tab's modes of the plane in a real browser: a point through the layers, a coupling and a curve to bend."""

import math
import re
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from explorer.networks import checkpoints
from tests.stage import numbers, saved, wait_for_address
from tests.tab import Tab

TAB = Tab("flow", "flow", "warp", patience_ms=240_000)
SHADED = "x.mode().warped?.heats.filter(Boolean).length === x.store.get().depth + 1"


def plane(page: Page) -> Locator:
    return TAB.main(page).locator("canvas.landscape").first


def at(canvas: Locator, x: float, y: float) -> tuple[float, float]:
    """Place in the window of a point of the plane, which reaches from −3 to 3."""
    box = canvas.bounding_box()
    return box["x"] + (x + 3) / 6 * box["width"], box["y"] + (3 - y) / 6 * box["height"]


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.mouse.up()


@pytest.mark.core
def test_a_point_dragged_at_any_layer_is_followed_to_x_and_to_z(page: Page, app_url: str, tmp_path: Path):
    model = checkpoints.load("flow-moons", "cpu").flow("spline", 4)
    TAB.open(page, app_url, "curve=spline&place=2&x=0.4,0.4")
    TAB.wait_until(page, SHADED)
    drag(page, at(plane(page), 0, 0), at(plane(page), 0.6, -0.9))
    wait_for_address(page, "x=0.4,0.4", there=False)
    x = torch.tensor([TAB.state(page)["x"]])
    with torch.no_grad():
        state = x
        for transform in model.transforms[:2]:
            state = transform.forward_and_log_det(state)[0]
        z, log_prob = model.encode(x), float(model.log_prob(x))
    assert state[0].tolist() == pytest.approx([0.6, -0.9], abs=0.03)
    rows = page.locator(".stage:visible .figures > div")
    assert numbers(rows.filter(has_text="z = f(x)").inner_text()) == pytest.approx(z[0].tolist(), abs=0.006)
    assert numbers(rows.filter(has_text="log p(x)").inner_text()) == pytest.approx([log_prob], abs=0.006)
    items = [text.replace(" ", "") for text in rows.locator("dd").all_inner_texts()[2:-1]]
    terms = [float(re.findall(r"[+-]?\d+\.\d+", text.replace("\u2212", "-"))[0]) for text in items]
    assert sum(terms[:-1]) == pytest.approx(terms[-1], abs=0.03), "the sum adds up on screen"
    page.mouse.move(*at(plane(page), -1, -1))
    TAB.wait_until(page, "x.mode().hovered !== null")
    hovered = numbers(rows.filter(has_text="z = f(x)").inner_text())
    assert hovered != pytest.approx(z[0].tolist(), abs=0.006)
    page.mouse.move(5, 5)
    TAB.wait_until(page, "x.mode().hovered === null")
    assert TAB.state(page)["x"] == pytest.approx(x[0].tolist(), abs=1e-4)
    plane(page).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    TAB.wait_until(page, "Math.abs(x.mode().scene.at[0] - 0.7) < 0.03 && x.mode().scene.at[1] > -0.45")
    assert saved(page, "CSV", tmp_path).read_text(encoding="utf-8").count("\n") == 6
    assert saved(page, "PNG", tmp_path).stat().st_size > 10_000
    page.get_by_role("button", name="Play", exact=True).click()
    TAB.wait_until(page, "x.store.get().place === 0 && !x.mode().film.timer", timeout=60_000)


def test_a_flow_of_images_or_a_broken_link_is_answered_in_a_sentence(page: Page, app_url: str):
    TAB.open(page, app_url, "net=flow-mnist&place=99&curve=cubic")
    expect(page.locator(f"{TAB.selector} .status")).to_contain_text("has no plane to look at")
    TAB.wait_until(page, SHADED)
    assert TAB.state(page)["net"] == "flow-moons" and TAB.state(page)["curve"] == "affine"
    TAB.open(page, app_url, "net=flow-mnist&mode=coupling")
    TAB.main(page).locator("canvas.curve-pad").first.wait_for()
    assert TAB.state(page)["net"] == "flow-moons"
    TAB.open(page, app_url, "mode=variables&bend=3,2,1,0,-1,-2,-3")
    expect(page.locator(f"{TAB.selector} .status")).to_contain_text("falls somewhere")
    assert TAB.state(page)["bend"] == sorted(TAB.state(page)["bend"])


def test_curves_are_bent_by_pointer_and_keys(page: Page, app_url: str):
    TAB.open(page, app_url, "mode=coupling&x=1,0.4")
    pad = TAB.main(page).locator("canvas.curve-pad").first
    pad.wait_for()
    box = pad.bounding_box()
    middle = box["x"] + box["width"] / 2
    drag(page, (middle, box["y"] + box["height"] / 2), (middle, box["y"] + 12))
    wait_for_address(page, "s=")
    assert TAB.state(page)["s"][3] > 1.1
    pad.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    TAB.wait_until(page, "Math.abs(x.store.get().s[4] - 0.4) < 0.001")
    (log,), (det,) = (numbers(text) for text in TAB.panel(page).locator(".figures dd").all_inner_texts()[:2])
    assert det == pytest.approx(math.exp(log), rel=0.01)
    page.get_by_role("button", name="Undo it").click()
    error = TAB.value(page, "x.mode().undone.error")
    assert error < 1e-14
    expect(TAB.panel(page).locator(".seen")).to_contain_text("The largest error of all 400 points is")
    TAB.turn_to(page, "Change of variables", "variables")
    page.locator("canvas.curve-pad").last.focus()
    for _ in range(40):
        page.keyboard.press("ArrowUp")
    TAB.wait_until(page, "x.store.get().bend[0] > -2.3")
    state = TAB.state(page)["bend"]
    assert state == sorted(state), "a point stays below the next one"


def test_a_phone_goes_through_the_modes_by_touch(phone: Page, app_url: str):
    TAB.open(phone, app_url)
    TAB.wait_until(phone, SHADED)
    TAB.fits(phone)
    phone.touchscreen.tap(*at(plane(phone), 0.5, -0.8))
    TAB.wait_until(phone, "Math.abs(x.store.get().x[0] - 0.5) < 0.05")
    phone.get_by_role("button", name="One layer back").tap()
    TAB.wait_until(phone, "x.store.get().place === 1")
    TAB.panel(phone).get_by_role("button", name="Eight Gaussians").tap()
    TAB.wait_until(phone, "x.store.get().net === 'flow-eight-gaussians' && x.mode().warped")
    TAB.tap_to(phone, "One coupling", "coupling")
    TAB.tap_to(phone, "Change of variables", "variables")
    TAB.tap_to(phone, "Tour", "tour")
