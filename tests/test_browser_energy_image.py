"""The energies of images in a real browser: a Boltzmann machine and Langevin chains, by pointer, keys and touch."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from explorer import data
from explorer.spaces import BINARY
from tests.stage import wait_for_address
from tests.tab import Tab
from tests.tiny_app import App

SLOW_MS = 60_000
TAB = Tab("energy", "energy", "boltzmann", patience_ms=SLOW_MS)
DONE = "x.mode().current?.done"
LAST = "[...x.mode().current.frames.at(-1).x]"
FILM = {"boltzmann": "Four chains of the machine", "langevin": "Four chains down the energy"}


def opened(page: Page, url: str, query: str) -> None:
    page.set_default_timeout(SLOW_MS)
    TAB.open(page, url, query)
    TAB.wait_until(page, DONE, timeout=SLOW_MS)


@pytest.mark.core
def test_an_image_is_looked_at_and_half_of_it_is_held(page: Page, tiny_app: App):
    opened(page, tiny_app.url, "mode=boltzmann&img=8")
    TAB.wait_until(page, "x.mode().looked")
    x = data.read(("test", 8, "mnist"), BINARY)
    free_energy = TAB.value(page, "x.mode().looked.free_energy")
    assert np.isfinite(free_energy)
    assert TAB.value(page, "x.mode().table().rows[0]")[:2] == ["step", "energy of chain 1, nats"]
    said = TAB.main(page).locator(".one-unit p")
    expect(said).to_contain_text("It lowers the free energy")
    strip = TAB.main(page).locator(".machine canvas.strip")
    box = strip.bounding_box()
    strip.click(position={"x": box["width"] * 5.5 / 12, "y": 8})
    wait_for_address(page, "unit=5")
    TAB.panel(page).get_by_role("button", name="upper half", exact=True).click()
    wait_for_address(page, "clamp=top")
    TAB.wait_until(page, DONE, timeout=SLOW_MS)
    chains = np.array(TAB.value(page, LAST)).reshape(4, 28, 28)
    assert all(np.array_equal(each[:14], 255 * x[0, 0, :14].numpy()) for each in chains)
    expect(TAB.panel(page).locator(".seen")).to_contain_text("the upper half held")


def test_a_film_is_walked_by_keys_and_a_step_too_large_is_stopped(page: Page, tiny_app: App):
    opened(page, tiny_app.url, "mode=langevin&stride=0.5&begin=noise")
    page.get_by_role("group", name=FILM["langevin"]).locator("input[type=range]").focus()
    page.keyboard.press("Home")
    wait_for_address(page, "at=0")
    expect(TAB.panel(page).locator(".seen")).to_contain_text("Four chains begin with noise")
    page.keyboard.press("End")
    expect(TAB.panel(page).locator(".seen")).to_contain_text("Langevin steps, each 0.5 times as large")
    TAB.panel(page).get_by_role("button", name="Steps that are too large").click()
    said = re.compile("stopped at step .*times its whole range")
    expect(TAB.main(page).locator(".stopped")).to_contain_text(said)


def test_the_difference_of_two_energies_is_the_models(page: Page, tiny_app: App):
    opened(page, tiny_app.url, "mode=langevin&img=8&img2=3&stride=0.5")
    TAB.wait_until(page, "x.mode().looked")
    mine, other = TAB.value(page, "x.mode().looked.energies")
    shown = page.locator(".stage:visible .likelier .figures > div", has_text="log p(left)").locator("dd").inner_text()
    assert float(shown.removesuffix("nats").replace("−", "-").replace(",", "")) == pytest.approx(other - mine, abs=0.06)
