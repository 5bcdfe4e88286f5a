"""Parts shared by the browser tests of the raster: how to open it, its words, and where its pixels are."""

import csv
import math
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
from playwright.sync_api import Locator, Page

from tests.stage import saved, wait_for_address
from tests.tab import Tab

__all__ = ["saved", "wait_for_address"]

SIDE, PIXELS = 28, 784
MODULES = "/gradio_api/file=explorer/stages/autoregressive"
TAB = Tab("autoregressive", "ar", "generate")
open_raster, raster, wait_until, state = TAB.open, TAB.value, TAB.wait_until, TAB.state
panel, main = TAB.panel, TAB.main
STAGE = TAB.selector


def drawn(page: Page) -> None:
    """Wait until what is asked for now has been drawn and is on the screen."""
    wait_until(page, "x.drawn.trace && x.mode().trace === x.drawn.trace && x.mode().detail")


def array(page: Page, expression: str) -> np.ndarray:
    """The numbers of a typed array."""
    return np.array(raster(page, f"[...{expression}]"))


def board(page: Page, which: int = 0) -> Locator:
    return main(page).locator("canvas.board").nth(which)


def place(canvas: Locator, pixel: int) -> dict[str, float]:
    """Place of the middle of a pixel on a board."""
    cell = canvas.bounding_box()["width"] / SIDE
    return {"x": (pixel % SIDE + 0.5) * cell, "y": (pixel // SIDE + 0.5) * cell}


def click_pixel(canvas: Locator, pixel: int) -> None:
    canvas.click(position=place(canvas, pixel))


def tap_pixel(canvas: Locator, pixel: int) -> None:
    canvas.tap(position=place(canvas, pixel))


def figure(page: Page, name: str) -> float:
    """The number beside a name in the figures."""
    text = page.locator(".stage:visible .figures > div", has_text=name).first.inner_text()
    return float(re.findall(r"-?\d+\.?\d*", text.replace("\u2212", "-"))[-1])


def asked(page: Page, name: str) -> list[dict]:
    """Questions to Python under this name, from now on; the list grows."""
    questions: list[dict] = []

    def note(request) -> None:
        if "component_server" in request.url and request.post_data_json["fn_name"] == name:
            questions.append(request.post_data_json["data"])

    page.on("request", note)
    return questions


def table(path: Path) -> list[dict[str, float]]:
    """The rows of a saved CSV."""
    with path.open(encoding="utf-8") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def bits(nats: float) -> float:
    return -nats / math.log(2)


def refuse(page: Page) -> Callable[[], None]:
    """Let every question to Python fail until what this returns is called."""
    page.route("**/component_server**", lambda route: route.fulfill(json={"error": "The model is busy."}))
    return lambda: page.unroute("**/component_server**")
