"""The score field in a real browser: points dropped by pointer, keys and touch walk to the data."""

import csv
import math
import re

import pytest
import torch
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from explorer.data.toys import TOYS
from tests.diffusion import (
    FILM_MS,
    STAGE,
    diffusion,
    main,
    open_diffusion,
    panel,
    saved,
    state,
    status,
    wait_for_address,
    wait_until,
)
from tests.stage import kept_picture, numbers, url_in

DROPS = [1.0, 2.0, -1.5, 1.3, 0.4, -2.0]
WEIGHTS = "**/score-moons/model.safetensors*"


def open_field(page: Page, url: str, query: str = "") -> None:
    page.set_default_timeout(FILM_MS)
    open_diffusion(page, url, f"mode=field&{query}")
    wait_until(page, "x.mode().field && x.mode().plane.scene?.level")


def walked(page: Page) -> None:
    """Wait until the dropped points have walked all the way and the film can be played."""
    wait_until(page, "x.mode().frames.length > 1 && x.mode().film.steps.length === x.mode().frames.length", FILM_MS)


def wait_for_level(page: Page, t: int) -> None:
    """Wait until the address says this time."""
    page.wait_for_function("t => new URLSearchParams(location.search).get('level') === t", arg=str(t))


def plane(page: Page) -> Locator:
    return main(page).locator("canvas.landscape")


def at(canvas: Locator, x: float, y: float) -> dict[str, float]:
    """Place of a point of the plane on its canvas, which reaches from −3 to 3."""
    side = canvas.bounding_box()["width"]
    return {"x": (x + 3) / 6 * side, "y": (3 - y) / 6 * side}


def drops(count: int) -> str:
    """So many points, for an address."""
    return ",".join(f"{2 * math.cos(k):.2f},{2 * math.sin(k):.2f}" for k in range(count))


@pytest.mark.core
def test_a_point_is_dropped_and_walks_to_the_data(page: Page, app_url: str):
    open_field(page, app_url)
    expect(panel(page).locator(".empty")).to_contain_text("Click or tap the plane")
    plane(page).click(position=at(plane(page), -1.5, 1.5))
    wait_for_address(page, "drops=")
    assert state(page)["drops"] == pytest.approx([-1.5, 1.5], abs=0.03)
    expect(panel(page).locator(".empty")).to_be_hidden()
    wait_until(page, "x.store.get().level === 1", FILM_MS)
    wait_for_level(page, 1)
    expect(main(page).locator(".film-caption")).to_have_text("t = 0: data.")
    wandered, went = numbers(panel(page).locator(".seen").inner_text().split("To reach the data")[1])[:2]
    assert wandered > 3 * went > 0
    place = diffusion(page, "[...x.mode().frames.at(-1).ode]")
    nearest = (TOYS["moons"].means - torch.tensor(place)).norm(dim=-1).min()
    assert nearest < 0.6, "the flow ends where the data are"


def test_points_walk_at_first_sight_and_the_visitors_own_take_their_place(page: Page, app_url: str):
    open_field(page, app_url)
    walked(page)
    assert len(state(page)["drops"]) == 24 and "drops" not in url_in(page)
    assert state(page)["level"] == 200 and not diffusion(page, "x.mode().film.timer"), "it waits for a hand"
    plane(page).click(position=at(plane(page), -1.5, 1.5))
    wait_until(page, "x.store.get().drops.length === 2")
    panel(page).get_by_role("button", name="Clear").click()
    open_field(page, app_url, "drops=1,2&level=500")
    assert state(page)["drops"] == [1, 2]


def test_keys_move_the_cursor_drop_and_take_back(page: Page, app_url: str):
    page.emulate_media(reduced_motion="reduce")
    open_field(page, app_url)
    plane(page).focus()
    for key in ("ArrowRight", "Shift+ArrowUp", "Enter"):
        page.keyboard.press(key)
    wait_until(page, "x.store.get().drops.length === 2")
    assert state(page)["drops"] == pytest.approx([0.1, 1.4])
    walked(page)
    page.keyboard.press("ArrowLeft")
    expect(plane(page)).to_have_attribute("aria-label", re.compile(r"Cursor at \(0\.0, 1\.4\)\. .*Points dropped: 1\."))
    assert state(page)["level"] == 1000, "with reduced motion nothing plays by itself"
    page.keyboard.press("Backspace")
    wait_until(page, "x.store.get().drops.length === 0")


def test_the_film_and_the_slider_are_one_clock(page: Page, app_url: str):
    open_field(page, app_url, f"drops={','.join(map(str, DROPS))}&level=1000")
    walked(page)
    scrubber = main(page).get_by_role("slider", name="Walks from noise to data: step")
    scrubber.press("End")
    wait_for_level(page, 1)
    scrubber.press("ArrowLeft")
    wait_for_level(page, 20)
    slider = panel(page).get_by_role("slider", name="Time t of the field")
    expect(slider).to_have_value("20")
    slider.fill("600")
    expect(main(page).locator(".film-place")).to_have_text("t = 600")
    wait_for_level(page, 600)


def test_a_click_on_a_point_takes_it_away_and_24_are_enough(page: Page, app_url: str):
    page.emulate_media(reduced_motion="reduce")
    open_field(page, app_url, f"drops={drops(24)}&steps=5&level=1")
    plane(page).click(position=at(plane(page), 0, 0))
    expect(status(page)).to_contain_text("At most 24 points")
    plane(page).click(position=at(plane(page), 2, 0))
    wait_until(page, "x.store.get().drops.length === 46")
    panel(page).get_by_role("button", name="Clear").click()
    expect(panel(page).locator(".empty")).to_be_visible()
    panel(page).get_by_role("button", name="Drop 12 from N(0, I)").click()
    wait_until(page, "x.store.get().drops.length === 24")


def test_a_network_that_cannot_be_read_can_be_asked_for_again(page: Page, app_url: str):
    page.set_default_timeout(FILM_MS)
    page.route(WEIGHTS, lambda route: route.fulfill(body=b"\xff" * 64))
    open_diffusion(page, app_url, "mode=field")
    expect(status(page)).to_contain_text("cannot be read")
    page.unroute(WEIGHTS)
    again = page.locator(STAGE).get_by_role("button", name="Try again")
    again.click()
    wait_until(page, "x.mode().plane.scene?.level")
    expect(again).to_be_hidden()


def test_picture_film_and_numbers_are_kept(page: Page, app_url: str, tmp_path):
    open_field(page, app_url, f"drops={','.join(map(str, DROPS))}&steps=5&level=1")
    walked(page)
    assert len(kept_picture(page, tmp_path, main(page).locator("canvas").first).getcolors(1_000_000)) > 10
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6 * 3
    assert [float(rows[0][name]) for name in ("SDE x", "SDE y")] == DROPS[:2]
    with Image.open(saved(page, "GIF", tmp_path)) as film:
        assert film.n_frames == 6
    panel(page).get_by_role("button", name="Clear").click()
    wait_until(page, "!x.mode().frames.length")
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 17 * 17


def test_on_a_phone_a_tap_drops_a_point(phone: Page, app_url: str):
    open_field(phone, app_url, "toy=rings")
    plane(phone).tap(position=at(plane(phone), 1, 1))
    wait_until(phone, "x.store.get().drops.length === 2")
    assert state(phone)["drops"] == pytest.approx([1, 1], abs=0.04)
    walked(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
