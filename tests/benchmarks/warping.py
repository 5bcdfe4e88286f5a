"""Speed of a flow of the plane: a point dragged through its layers, by the deepest splines."""

import math

from playwright.sync_api import Browser, Page

from tests.benchmarks.rows import Row, spread
from tests.server import Server

STAGE = ".stage.flow"
MOVES = 300
READY = f"document.querySelector('{STAGE}')?.explorer?.mode()?.warped?.heats.filter(Boolean).length === 9"


def drag(page: Page, canvas: str, name: str) -> Row:
    """Drag round a canvas that follows, and time it until it is painted."""
    page.evaluate(f"gauges.watch('{canvas}')")
    box = page.locator(canvas).first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(MOVES):
        angle, radius = 0.13 * step, 0.1 + 0.25 * step / MOVES
        x, y = 0.5 + radius * math.cos(angle), 0.5 + radius * math.sin(angle)
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
    page.mouse.up()
    page.wait_for_timeout(200)
    samples = page.evaluate("gauges.samples()")
    return Row(name, spread([sample["handler"] for sample in samples]), "p95 ≤ 16 ms")


def warping(browser: Browser, server: Server, gauges: str) -> list[Row]:
    """Drag a point through eight spline layers, the curve of a coupling, and the curve of a change of variables."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.add_init_script(path=gauges)
    rows = []
    page.goto(f"{server.url}/?tab=flow&curve=spline&depth=8&place=4")
    page.wait_for_function(READY)
    rows.append(drag(page, f"{STAGE} canvas.landscape", "point dragged through 8 spline layers → painted"))
    for mode, words in (("coupling", "400 points and a grid through a coupling"), ("variables", "a density pushed")):
        page.goto(f"{server.url}/?tab=flow&mode={mode}")
        page.locator(f"{STAGE} canvas.curve-pad").first.wait_for()
        page.wait_for_timeout(1_000)
        rows.append(drag(page, f"{STAGE} canvas.curve-pad", f"curve bent, {words} → painted"))
    page.close()
    return rows
