"""What the browser tests of the diffusion share: how to open it, what it says of itself, when a film has arrived."""

import re

import numpy as np
from playwright.sync_api import Locator, Page

from tests.raster import asked, click_pixel, place, refuse, saved, table, tap_pixel, wait_for_address

__all__ = ["asked", "click_pixel", "place", "refuse", "saved", "table", "tap_pixel", "wait_for_address"]

STAGE = ".stage.diffusion"
SIDE, PIXELS, TIMES = 28, 784, 1000
MODULES = "/gradio_api/file=explorer/stages/diffusion"
FILM_MS = 240_000
"""How long a film, or the page itself, may take on a busy machine."""


def open_diffusion(page: Page, url: str, query: str = "") -> None:
    """Open the page at the diffusion and wait until the stage is mounted and its mode is on screen."""
    page.goto(f"{url}/?tab=diffusion&{query}")
    wait_until(page, "x.mode().update", timeout=FILM_MS)


def diffusion(page: Page, expression: str):
    """The value of an expression of the stage's own `explorer`, called x."""
    return page.evaluate(
        f"async () => {{ const x = document.querySelector('{STAGE}').explorer; return {expression}; }}"
    )


def wait_until(page: Page, condition: str, timeout: float | None = None) -> None:
    """Wait for a condition on the stage's own `explorer`, called x."""
    found = f"const x = document.querySelector('{STAGE}')?.explorer"
    page.wait_for_function(f"() => {{ {found}; return x && ({condition}); }}", timeout=timeout)


def state(page: Page) -> dict:
    return diffusion(page, "x.store.get()")


def array(page: Page, expression: str) -> np.ndarray:
    """The numbers of a typed array."""
    return np.array(diffusion(page, f"[...{expression}]"))


def panel(page: Page) -> Locator:
    return page.locator(f"{STAGE} .panel")


def main(page: Page) -> Locator:
    return page.locator(f"{STAGE} .main")


def status(page: Page) -> Locator:
    return page.locator(f"{STAGE} .status")


def figure(page: Page, name: str) -> float:
    """The number beside a name in the figures."""
    text = main(page).locator(".figures > div", has_text=name).first.locator("dd").inner_text()
    return float(re.findall(r"-?\d+\.?\d*", text.replace("\u2212", "-"))[0])


def turn_to(page: Page, title: str, name: str) -> None:
    """Choose a mode by its tab, and wait until it is on screen."""
    page.locator(STAGE).get_by_role("tab", name=title, exact=True).click()
    wait_for_address(page, f"mode={name}")
    page.locator(f"{STAGE} .mode-{name}").wait_for()


def choose_number(page: Page, name: str, value: int) -> None:
    """Type a number into a labelled box and leave it."""
    box = panel(page).get_by_label(name, exact=True)
    box.fill(str(value))
    box.press("Tab")
