"""Time until every family of the comparison shows the first of its four images, and until all films are whole."""

import time

from playwright.sync_api import Page

from tests.benchmarks.rows import Row
from tests.server import Server

STAGE = ".stage.compare"
SEEDS = (101, 102, 103)
PATIENCE_MS = 120_000


def wait_until(page: Page, condition: str) -> None:
    """Wait for a condition on the mode's race, at every frame that the browser draws."""
    of = f"const race = document.querySelector('{STAGE}')?.explorer?.mode().race"
    page.wait_for_function(f"() => {{ {of}; return race && {condition}; }}", timeout=PATIENCE_MS)


def films(seed: int, there: str) -> str:
    """The condition that every family's film of a seed has got somewhere."""
    return f"race.columns.every((c) => c.request?.seed === {seed} && ((film) => film && {there})(race.current(c)))"


def comparing(page: Page, server: Server) -> list[Row]:
    """Ask every family for images of seeds that nobody has asked for; the slowest of the seeds counts."""
    page.goto(f"{server.url}/?tab=compare&mode=make")
    wait_until(page, "race.rests")
    first, whole = [], []
    for seed in SEEDS:
        start = time.monotonic()
        page.evaluate(f"document.querySelector('{STAGE}').explorer.store.set({{ seed: {seed} }})")
        wait_until(page, films(seed, "film.frames.length"))
        first.append(time.monotonic() - start)
        wait_until(page, films(seed, "film.done"))
        whole.append(time.monotonic() - start)
    return [
        Row("compare: first frame of every family's film of four", f"{max(first):.1f} s", "≤ 3 s"),
        Row("compare: all films whole", f"{max(whole):.1f} s"),
    ]
