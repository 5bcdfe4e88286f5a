"""A class draws: `python -m tests.benchmarks.drawings [visitors] [steps]`.

Every visitor has a drawing of their own, and nine families learn it. First one visitor is alone, then all come within a
few seconds. Measured are the first frame and the whole training of the one, the waits that the page tells the others
against what they really waited, and how much longer clicks of somebody else take meanwhile.
"""

import asyncio
import base64
import itertools
import os
import platform
import random
import sys
import tempfile
import time
from pathlib import Path

import psutil

from explorer.data.playground import LEVELS, PLAYGROUND_DRAWN
from explorer.models.learners import LEARNERS
from explorer.tabs.playground.shared import OWN
from explorer.tabs.playground.tab import TAB
from tests.benchmarks.lines import Line, Site, line_to, site_of
from tests.benchmarks.rows import Row, percentile
from tests.benchmarks.visits import Notes, ask
from tests.server import Server, serve

NINE = [place for place, name in enumerate(LEARNERS) if name != "kernels"]
ARRIVE = 5.0  # seconds in which the visitors come
CLICKS, EVERY = ("click", "sample", "encode", "GAN"), 0.5  # kinds of questions of somebody else, and seconds between
IDLE = 60  # clicks before anybody draws
SHORT, NEAR = 1.5, 0.3  # seconds of a wait that the page does not tell, and the allowed share of error
BLINK = 1.0  # seconds by which any wait may be wrong
NUMBERS = itertools.count(random.randrange(10**6))


def asked(number: int, steps: int) -> dict:
    """Return a question of the playground about a drawing: three heaps at places drawn from a number."""
    dice = random.Random(number)
    heaps = [(dice.uniform(60, 196), dice.uniform(60, 196)) for _ in range(3)]
    pairs = ((dice.gauss(x, 9), dice.gauss(y, 9)) for x, y in dice.choices(heaps, k=PLAYGROUND_DRAWN))
    board = bytes(min(LEVELS - 1, max(0, round(value))) for pair in pairs for value in pair)
    usual = {each.key: each.default for each in TAB.fields}
    keys = ("noise", "n", "clock", "width", "deeper", "rate", "batch", "seed")
    drawn = {"data": OWN, "board": base64.b64encode(board).decode(), "learn": NINE, "steps": steps}
    return {key: usual[key] for key in keys} | {"knobs": list(usual["knobs"])} | drawn


async def train(site: Site, line: Line, session: str, question: dict) -> tuple[float, list[tuple[float, float]]]:
    """Watch a training; return the seconds to its first frame, and the times at which waits were told with these."""
    start, first, told, seen = time.perf_counter(), None, [], 0
    begun = (await site.ask(line, session, "playground-stage", "learn_live", question)).json
    if "error" in begun:
        raise RuntimeError(begun["error"])
    while True:
        found = (await site.ask(line, session, "playground-stage", "frames", {"id": begun["id"], "from": seen})).json
        if found["error"]:
            raise RuntimeError(found["error"])
        now, seen = time.perf_counter() - start, seen + len(found["frames"])
        first = first or (now if seen else None)
        told.append((now, found["left"]))
        if found["done"]:
            return first, told


async def clicks(site: Site, notes: Notes, count: int | None = None) -> None:
    """Ask what other visitors ask with a click, with pauses; for ever without a count."""
    async with line_to(site.url) as line:
        for number in itertools.islice(NUMBERS, count):
            for kind in CLICKS:
                await ask(site, line, "somebody", kind, number, notes)
            await asyncio.sleep(EVERY if count is None else EVERY / 10)


async def visit(site: Site, number: int, steps: int) -> tuple[float, list[tuple[float, float]]]:
    """Come within the first seconds, and have a drawing learned."""
    await asyncio.sleep(random.Random(number).uniform(0, ARRIVE))
    async with line_to(site.url) as line:
        return await train(site, line, f"visitor{number}", asked(number, steps))


def misses(told: list[tuple[float, float]]) -> list[float]:
    """Return the errors of the waits that are told, as shares of the true ones; 0 within a blink."""
    end = told[-1][0]
    pairs = [(left, end - now) for now, left in told if left >= SHORT]
    return [0.0 if abs(left - true) <= BLINK else abs(left - true) / true for left, true in pairs]


async def measure(server: Server, count: int, steps: int) -> list[Row]:
    """Measure one visitor alone, and then all."""
    site, process = await site_of(server.url), psutil.Process(server.pid)
    idle, busy = Notes(), Notes()
    async with line_to(server.url) as line:
        await train(site, line, "first", asked(0, 200))  # what is prepared at the first use
        spent = sum(process.cpu_times()[:2])
        first, told = await train(site, line, "alone", asked(1, steps))
        spent = sum(process.cpu_times()[:2]) - spent
    rows = [
        Row("alone: first frame", f"{first:.2f} s", "≤ 1 s"),
        Row("alone: whole training", f"{told[-1][0]:.1f} s, of computing {spent:.1f} s", "≤ 45 s for 2,000 steps"),
    ]
    await clicks(site, idle, IDLE)
    others = asyncio.create_task(clicks(site, busy))
    found = await asyncio.gather(*(visit(site, number, steps) for number in range(2, count + 2)))
    others.cancel()
    wrong = [misses(told) for _, told in found]
    every = [error for each in wrong for error in each] or [0.0]
    good = sum(max(each, default=0) <= NEAR for each in wrong)
    begun = sum((each[0] if each else 0) <= NEAR for each in wrong)
    rows += [
        Row(
            "all: first frame, p50 and last",
            " · ".join(f"{percentile([f for f, _ in found], p):.0f} s" for p in (0.5, 1)),
        ),
        Row("all: last training ends after", f"{max(told[-1][0] for _, told in found):.0f} s"),
        Row(
            "waits told: error, p50 · p95 · worst",
            " · ".join(f"{percentile(every, p):.0%}" for p in (0.5, 0.95, 1)),
            "30 %",
        ),
        Row("visitors whose first wait was right, and every one", f"{begun} and {good} of {count}", f"{count}"),
    ]
    for kind in CLICKS:
        before, after = (percentile(notes.times[kind], 0.5) for notes in (idle, busy))
        refused = busy.refused[kind] + busy.wrong[kind]
        rows.append(
            Row(
                f"{kind}: idle → meanwhile",
                f"{before:.0f} → {after:.0f} ms, {after / before:.1f} × ({refused} failed)",
                "≤ 2 ×",
            )
        )
    return rows


def main(visitors: str = "30", steps: str = "1000") -> None:
    """Print the table as Markdown."""
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder) / "log.txt") as server:
        rows = asyncio.run(measure(server, int(visitors), int(steps)))
    for row in [Row(f"{visitors} visitors, {steps} steps", "value", "aim"), Row("---", "---", "---"), *rows]:
        print(f"| {row.what} | {row.value} | {row.aim} |")


if __name__ == "__main__":
    main(*sys.argv[1:])
