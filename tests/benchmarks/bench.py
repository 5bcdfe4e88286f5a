"""Measure the running app in a real browser and print a table: `make bench`.

Times are what a visitor waits for: from the event, or from the start of the process, until the frame that answers has
been painted. The browser hands pointer moves to a page once a display frame (every 16.7 ms), so two times are given for
them: from that moment, and from the pointer's own time stamp. Chromium is headless and draws in software.
"""

import json
import math
import os
import platform
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page, Response, sync_playwright

from tests import chromium
from tests.benchmarks.comparing import comparing
from tests.benchmarks.denoising import denoising
from tests.benchmarks.langevin import langevin
from tests.benchmarks.rows import Row, spread
from tests.benchmarks.samplers import drawing, samplers
from tests.benchmarks.warping import warping
from tests.server import Server, serve
from tests.watch import Watch

STAGE = ".stage.vae"
MOVES = 300
DRAG_SECONDS = 4.0
FRAME_SECONDS = 1 / 60
CLICKS = 20
VISITORS = 200
GAUGES = Path(__file__).with_name("gauges.js")


def size(response: Response) -> int:
    """Return the bytes that came over the wire for one answer."""
    return response.request.sizes()["responseBodySize"]


def first_view(browser: Browser, server: Server) -> tuple[Page, list[Row]]:
    """Open the page for the first time; return it and what that took."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    responses = Watch(page).responses
    page.add_init_script(path=GAUGES)
    opened = time.monotonic()
    page.goto(f"{server.url}/?tab=vae")
    page.wait_for_function(f"document.querySelector('{STAGE}')?.explorer")
    page.evaluate(f"document.querySelector('{STAGE}').explorer.ready")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    alive = time.monotonic() - opened
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000
    page.wait_for_timeout(1_000)
    ours = sum(size(response) for response in responses if "/file=" in response.url)
    document = next(size(response) for response in responses if response.request.is_navigation_request())
    return page, [
        Row("start → answers", f"{server.seconds:.1f} s"),
        Row("start → first paint", f"{server.seconds + paint:.1f} s"),
        Row("start → map drawn", f"{server.seconds + alive:.1f} s"),
        Row("first view: our files", f"{ours / 1e6:.2f} MB", "≤ 3 MB"),
        Row("first view: the document", f"{document / 1e6:.2f} MB"),
    ]


def pointer(page: Page) -> list[Row]:
    """Move the pointer over the map and time the decoded image under it."""
    page.evaluate("gauges.watch('.decoded canvas')")
    box = page.locator(f"{STAGE} canvas.overlay").bounding_box()
    for step in range(MOVES):
        angle, radius = 0.13 * step, 0.1 + 0.3 * step / MOVES
        x, y = 0.5 + radius * math.cos(angle), 0.5 + radius * math.sin(angle)
        time.sleep(FRAME_SECONDS * (0.618 * step % 1))  # at no fixed place between two display frames
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
    page.wait_for_timeout(200)
    samples = page.evaluate("gauges.samples()")
    return [
        Row("pointer move → decoded pixels painted", spread([sample["handler"] for sample in samples]), "p95 ≤ 16 ms"),
        Row("… with the wait for the display frame", spread([sample["event"] for sample in samples])),
    ]


def drag(page: Page, manifold: bool) -> Row:
    """Drag β from end to end and back; count the frames in which the map was drawn again."""
    page.evaluate(f"document.querySelector('{STAGE}').explorer.store.set({{ bg: {json.dumps(manifold)} }})")
    box = page.locator(f"{STAGE} .beta input[type=range]").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.5 * box["width"], middle)
    page.mouse.down()
    page.evaluate("gauges.startFrames()")
    started = time.monotonic()
    while (elapsed := time.monotonic() - started) < DRAG_SECONDS:
        page.mouse.move(box["x"] + box["width"] * (0.5 + 0.4 * math.sin(2 * elapsed)), middle)
    frames = page.evaluate("gauges.frames('base')") / elapsed
    page.mouse.up()
    return Row(f"β dragged, manifold {'on' if manifold else 'off'}", f"{frames:.0f} frames/s", "≥ 30")


def clicks(page: Page) -> Row:
    """Click on the map and wait for what only the server can say."""
    box = page.locator(f"{STAGE} canvas.overlay").bounding_box()
    times = []
    for step in range(CLICKS):
        page.mouse.move(box["x"] + box["width"] * (0.35 + 0.3 * step / CLICKS), box["y"] + 0.45 * box["height"])
        page.wait_for_timeout(100)
        page.evaluate(f"() => {{ window.answered = gauges.answer('{STAGE} .pinned'); }}")
        page.mouse.down()
        page.mouse.up()
        times.append(page.evaluate("window.answered"))
    return Row("click → answer of the server painted", spread(times))


def crowd(page: Page, server: Server) -> Row:
    """Ask the server what 200 visitors ask who click in the same moment."""
    config = page.evaluate("gradio_config.components.find((c) => c.props.elem_id === 'vae-stage').id")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(visitor: int) -> float:
        z = [math.cos(visitor), math.sin(visitor)]
        body = {"session_hash": f"visitor{visitor}", "component_id": config, "fn_name": "probe"}
        body["data"] = {"dataset": "mnist", "beta": 1, "z": z}
        url, headers = f"{server.url}/gradio_api/component_server", {"Content-Type": "application/json"}
        started = time.monotonic()
        with opener.open(urllib.request.Request(url, json.dumps(body).encode(), headers), timeout=60) as answer:
            assert "error" not in json.load(answer)
        return 1000 * (time.monotonic() - started)

    with ThreadPoolExecutor(VISITORS) as pool:
        return Row(f"{VISITORS} clicks at once → answer", spread(list(pool.map(ask, range(VISITORS)))))


def memory(server: Server, when: str) -> Row:
    """Return the resident memory of the server's process."""
    return Row(f"memory of the process, {when}", f"{psutil.Process(server.pid).memory_info().rss / 1e6:.0f} MB")


def measure() -> list[Row]:
    """Start the app and a browser, and take every measurement in turn."""
    flags, path = list(chromium.FLAGS), chromium.find()
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder) / "log.txt") as server, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=flags)
        page, rows = first_view(browser, server)
        rows += [memory(server, "first view"), *pointer(page), drag(page, True), drag(page, False)]
        rows += [clicks(page), crowd(page, server), *drawing(page, server), *comparing(page, server)]
        rows += warping(browser, server, str(GAUGES))
        rows += langevin(browser, server)
        rows.append(memory(server, "after 200 visitors"))
        browser.close()
    return rows + samplers() + denoising()


def main() -> None:
    """Print the table as Markdown."""
    rows = [Row("measured", "value", "aim"), Row("---", "---", "---"), *measure()]
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print("\n".join(f"| {row.what} | {row.value} | {row.aim} |" for row in rows))


if __name__ == "__main__":
    main()
