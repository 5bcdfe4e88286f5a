"""Energies in the plane in a real browser: by pointer, by keys and by touch."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.stage import saved, url_in, wait_for_address
from tests.tab import Tab

PATIENCE_MS = 240_000
TAB = Tab("energy", "energy", "landscape", patience_ms=PATIENCE_MS)
READY = "x.mode().surface"
WALKED = "x.mode().current?.done"
KEPT = "x.mode().current?.done"
DROPPED = "net=energy-eight-gaussians&kernel=mala&chains=10&length=300&drops=1.29,0.54"


def open_landscape(page: Page, url: str, query: str = "") -> None:
    page.set_default_timeout(PATIENCE_MS)
    TAB.open(page, url, f"mode=landscape&{query}")
    TAB.wait_until(page, READY)


def chains(page: Page) -> list[float]:
    return TAB.value(page, "[...x.mode().drawn.frames.at(-1).x]")


def test_chains_are_dropped_by_the_pointer_walk_and_come_back_by_the_link(page: Page, app_url: str, tmp_path):
    open_landscape(page, app_url, "net=energy-rings&chains=10&length=300")
    TAB.wait_until(page, "x.mode().drawn?.frames.length > 1")  # a stranger sees chains that run
    page.locator(".stage.energy").get_by_role("button", name="Clear", exact=True).click()
    expect(TAB.panel(page).locator(".seen")).to_contain_text("KL(p ‖ exp(−E)/Z) = 0.0")
    canvas = TAB.main(page).locator("canvas.landscape")
    side = canvas.bounding_box()["width"]
    canvas.click(position={"x": 0.77 * side, "y": 0.5 * side})
    wait_for_address(page, "drops=")
    assert TAB.state(page)["drops"] == pytest.approx([1.4, 0], abs=0.05)
    TAB.wait_until(page, f"{WALKED} && x.mode().film.index > 5")
    expect(TAB.panel(page).locator(".seen")).to_contain_text("Every proposal is accepted")
    TAB.panel(page).get_by_role("button", name="MALA", exact=True).click()
    TAB.wait_until(page, f"{WALKED} && x.mode().request.kernel === 'mala'")
    first, link = chains(page), url_in(page)
    TAB.panel(page).get_by_role("button", name="Draw again").click()
    TAB.wait_until(page, f"{WALKED} && x.mode().request.seed === 8")
    assert chains(page) != first
    page.goto(link + "&at=0.5")
    TAB.wait_until(page, f"{WALKED} && x.mode().film.index === 150")
    assert chains(page) == first
    assert saved(page, "CSV", tmp_path).read_text(encoding="utf-8").count("\n") == 1 + 301 * 10
    assert saved(page, "PNG", tmp_path).stat().st_size > 10_000


def test_chains_that_are_dropped_as_another_landscape_is_chosen_walk_in_that_one(page: Page, app_url: str):
    row = "[...x.mode().base().getContext('2d').getImageData(0, 440, 880, 1).data]"
    open_landscape(page, app_url, "net=energy-moons&chains=10&length=300&kernel=mala")
    patch = "{ net: 'energy-eight-gaussians', drops: [1.29, 0.54] }"
    TAB.value(page, f"x.store.set({patch}, {{ commit: true }})")
    TAB.wait_until(page, f"{WALKED} && x.mode().surface?.key.includes('energy-eight-gaussians')")
    found = chains(page), TAB.value(page, row)
    page.goto(url_in(page))
    TAB.wait_until(page, f"{READY} && {WALKED}")
    assert (chains(page), TAB.value(page, row)) == found


def test_a_step_that_is_too_long_is_stopped_and_said(page: Page, app_url: str):
    open_landscape(page, app_url, f"{DROPPED.replace('mala', 'langevin')}&eps=2.5")
    TAB.wait_until(page, WALKED)
    words = TAB.panel(page).locator(".seen")
    expect(words).to_contain_text(re.compile(r"Stopped: chain \d+ went beyond 1,000 at move \d+\. Far out, E grows"))


def test_keys_move_the_cursor_drop_chains_and_play_the_training(page: Page, app_url: str):
    page.emulate_media(reduced_motion="reduce")
    open_landscape(page, app_url, "chains=10&length=300")
    page.locator("canvas.landscape").focus()
    for key in ("ArrowRight", "Shift+ArrowUp", "Enter"):
        page.keyboard.press(key)
    TAB.wait_until(page, "x.store.get().drops.length === 2")
    assert TAB.state(page)["drops"] == pytest.approx([0.1, 0.5])
    TAB.wait_until(page, f"{WALKED} && x.mode().film.index === 300")
    page.keyboard.press("Backspace")
    TAB.wait_until(page, "x.store.get().drops.length === 0")
    TAB.turn_to(page, "Four objectives", "ways")
    TAB.wait_until(page, KEPT)
    scrubber = TAB.main(page).get_by_role("slider", name="Training: step")
    scrubber.press("Home")
    wait_for_address(page, "moment=0")
    expect(TAB.panel(page).locator(".seen")).to_contain_text("The four begin alike")
    scrubber.press("End")
    expect(TAB.panel(page).locator(".seen")).to_contain_text("By its own measure")


def test_a_phone_drops_chains_by_touch(phone: Page, app_url: str):
    open_landscape(phone, app_url, "chains=10&length=300")
    TAB.fits(phone)
    canvas = phone.locator("canvas.landscape")
    side = canvas.bounding_box()["width"]
    assert side >= 300
    canvas.tap(position={"x": 0.7 * side, "y": 0.4 * side})
    wait_for_address(phone, "drops=")
    TAB.wait_until(phone, WALKED)
    TAB.tap_to(phone, "Four objectives", "ways")
    TAB.wait_until(phone, KEPT)
    TAB.fits(phone)
