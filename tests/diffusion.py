"""Parts shared by the browser tests of the diffusion: how to open it, its words, when a film has arrived."""

import re

import numpy as np
from playwright.sync_api import Locator, Page

from tests.raster import asked, click_pixel, place, refuse, saved, table, tap_pixel, wait_for_address
from tests.tab import Tab

__all__ = ["asked", "click_pixel", "place", "refuse", "saved", "table", "tap_pixel", "wait_for_address"]

SIDE, PIXELS, TIMES = 28, 784, 1000
MODULES = "/gradio_api/file=explorer/stages/diffusion"
FILM_MS = 240_000
"""Time that a film, or the page itself, may take on a busy machine."""
TAB = Tab("diffusion", "diffusion", "forward", patience_ms=FILM_MS)
open_diffusion, diffusion, wait_until, state = TAB.open, TAB.value, TAB.wait_until, TAB.state
panel, main, turn_to = TAB.panel, TAB.main, TAB.turn_to
STAGE = TAB.selector


def array(page: Page, expression: str) -> np.ndarray:
    """The numbers of a typed array."""
    return np.array(diffusion(page, f"[...{expression}]"))


def status(page: Page) -> Locator:
    return page.locator(f"{STAGE} .status")


def figure(page: Page, name: str) -> float:
    """The number beside a name in the figures."""
    text = page.locator(".stage:visible .figures > div", has_text=name).first.locator("dd").inner_text()
    return float(re.findall(r"-?\d+\.?\d*", text.replace("\u2212", "-"))[0])


def choose_number(page: Page, name: str, value: int) -> None:
    """Type a number into a labelled box and leave it."""
    box = panel(page).get_by_label(name, exact=True)
    box.fill(str(value))
    box.press("Tab")
