"""Measure what opening the page costs: `make pages`.

A class opens the page in the same moment, at a tab at which nobody has opened it before, and again. The page of
five tabs is set beside that of fifteen, by turns, in a browser: its bytes, and when its first picture is there. So is
the root, which shows the map, beside the VAE's tab, which was the root before there was a map. At last a browser comes
a second time, over a slow line.
"""

import asyncio
import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import psutil
from playwright.sync_api import Browser, sync_playwright

from tests import chromium
from tests.benchmarks import again
from tests.benchmarks.bench import STAGE, size
from tests.benchmarks.lines import line_to
from tests.benchmarks.rows import Row
from tests.server import ROOT, Server, serve
from tests.watch import Watch

VISITORS, VIEWS = 200, 25
WAVES = ("foundations", "vae-room", "autoencoders")  # tabs of the page of few
COUNTS = (5, 15)
MANY = "tests/benchmarks/many.py"
VAE = ("?tab=vae", f"document.querySelector('{STAGE}')?.explorer?.map.points()")
MAP = ("", "document.querySelector('.start .leaf:not(.waits)')")
"""Addresses, and when the first picture is there."""
View = tuple[Server, str, str]


async def wave(server: Server, tab: str) -> list[float]:
    """The seconds that each of a class waits for the page when all open it in the same moment."""

    async def visitor() -> float:
        async with line_to(server.url) as line:
            found = await line.get(f"/?tab={tab}")
        assert found.status == 200
        return found.seconds

    return await asyncio.gather(*(visitor() for _ in range(VISITORS)))


def crowd(server: Server, tab: str) -> str:
    """Waiting times of such a class, and its cost to the server."""
    process, start = psutil.Process(server.pid), time.perf_counter()
    before = sum(process.cpu_times()[:2])
    waited = asyncio.run(wave(server, tab))
    rate = VISITORS / (time.perf_counter() - start)
    spent = 1000 * (sum(process.cpu_times()[:2]) - before) / VISITORS
    return f"{rate:.0f} pages a second · half within {statistics.median(waited):.2f} s · {spent:.2f} ms of CPU each"


def view(browser: Browser, server: Server, address: str, is_there: str) -> tuple[float, int, int]:
    """Seconds to the first picture of a fresh browser, the bytes of all that came, and those of the document."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    responses = Watch(page).responses
    start = time.monotonic()
    page.goto(f"{server.url}/{address}")
    page.wait_for_function(is_there)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    seconds = time.monotonic() - start
    page.evaluate("document.querySelector('.stage').explorer.ready")
    page.wait_for_load_state("networkidle")
    came = {response.url: size(response) for response in responses}
    page.close()
    return seconds, sum(came.values()), next(iter(came.values()))


def beside(browser: Browser, what: str, first: View, second: View) -> list[Row]:
    """Two views, by turns, in medians: what the second takes more."""
    both = (first, second)
    for each in both:
        view(browser, *each)
    turns = [{each: view(browser, *each) for each in (both if turn % 2 else both[::-1])} for turn in range(VIEWS)]
    rows = []
    for at, measure in enumerate(("first picture, s", "bytes of the first view", "bytes of the document")):
        one, other = (statistics.median(found[each][at] for found in turns) for each in both)
        rows.append(Row(f"{measure}: {what}", f"{one:,.6g}, {other:,.6g}: {other / one - 1:+.1%}", "≤ 5 %"))
    return rows


def views(servers: dict[int, Server]) -> list[Row]:
    """The first view of a page of few tabs and of one of many, and of the VAE's tab and of the map."""
    path = chromium.find()
    few, many = (servers[count] for count in COUNTS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        tabs = beside(browser, f"{COUNTS[0]} tabs, {COUNTS[1]} tabs", (few, *VAE), (many, *VAE))
        root = beside(browser, "the VAE's tab, the root", (many, *VAE), (many, *MAP))
        browser.close()
    return [*tabs, *root]


def second_visits(folder: Path) -> list[Row]:
    """Traffic of a browser's second visit, over a slow line."""
    with serve(folder / "again.txt") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        found = {tab: again.visits(browser, server.url, tab) for tab in again.TABS}
        browser.close()
    rows = []
    for tab, (first, second) in found.items():
        rows.append(Row(f"{tab}: first visit", str(first)))
        rows.append(Row(f"{tab}: second visit, {again.BITS_A_SECOND // 1000} kbit/s", str(second), "≤ 4 s · ≤ 60 kB"))
    return rows


def measure(folder: Path) -> list[Row]:
    """All of the table."""
    with ExitStack() as running:
        servers = {
            count: running.enter_context(
                serve(folder / f"{count}.txt", app=MANY, TABS=str(count), PYTHONPATH=str(ROOT))
            )
            for count in COUNTS
        }
        rows = []
        for tab in WAVES:
            for count, server in servers.items():
                what = f"{VISITORS} at once, {count} tabs"
                rows += [Row(f"{what}, the first", crowd(server, tab)), Row(f"{what}, again", crowd(server, tab))]
        return rows + views(servers) + second_visits(folder)


def main() -> None:
    """Print the table as Markdown."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder))
    for row in [Row("pages", "value", "aim"), Row("---", "---", "---"), *rows]:
        print(f"| {row.what} | {row.value} | {row.aim} |")


if __name__ == "__main__":
    main()
