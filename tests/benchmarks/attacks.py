"""One visitor clicks and watches short films while somebody asks for far too much: how much longer does that take?"""

import asyncio
import base64
import itertools
import multiprocessing
import random
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from tests.benchmarks import strangers
from tests.benchmarks.lines import ASK, FILE, Line, Site, line_to
from tests.benchmarks.rows import Row, percentile
from tests.benchmarks.visits import Notes, ask

VICTIM = {
    "click": 20,
    "compare": 12,
    "heavy": 12,
    "film of 10 steps": 12,
}  # asked for by the visitor, idle and under each attack
PAUSE = 0.15  # seconds between them
HEAD_START, EVERY, SETTLE = 3.0, 2.0, 2.0  # seconds: an attack goes on before, between its bursts, after it
ONE_PAGE, MOST_LINES, AWAY = 16, 500, ("10.9.8.7", "10.9.8.6")  # questions of a page under way; of all; elsewhere
OPENER = "10.6.6.6"  # of somebody who opens a network meanwhile
BETAS = 420
DRAWN = {"net": "pixelcnn-mnist", "label": None}
WALK = {"net": "diffusion-mnist", "label": None, "w": 1, "eta": 0, "count": 16}
PICTURE = {"test": 3, "set": "mnist"}
NUMBERS = itertools.count(random.randrange(10**6))
HALF, MOST, AT_LEAST = {"click": 2.0}, 6.0, 30.0  # limits of median and p95, as ratios; milliseconds that never fail
OTHERS = 3.0
AIM = f"click ≤ {HALF['click']:g} ×, others ≤ {OTHERS:g} ×, p95 ≤ {MOST:g} ×, none refused"
OPENS, AIM_OPENS = 30.0, "another address opens a network within 30 s"
KNOWN = base64.b64encode(bytes(49) + 49 * b"\xff").decode()  # the lower half of an image
Question = tuple[str, str, dict[str, Any]]
"""A stage, a function and its argument."""


def _complete(n: int) -> Question:
    return "ar-stage", "complete", DRAWN | {"picture": PICTURE, "rows": 1, "seed": n}


def _generate(n: int) -> Question:
    return "ar-stage", "generate", DRAWN | {"seed": n, "count": 16, "temperature": 1, "order": 0}


def _neighbourhood(n: int) -> Question:
    return "vae-stage", "neighbourhood", {"dataset": "mnist", "beta": 0.02 + n % 10**6 / 10**5, "z": [0.1, 0.2]}


def _fit(n: int) -> Question:
    return "vae-stage", "fit", {"dataset": "mnist", "beta": 1 + n % 10**6 / 10**6, "image": {"test": n % 2_000}}


def _long(n: int) -> Question:
    return "diffusion-stage", "reverse", WALK | {"sampler": "ddpm", "steps": 1_000, "seed": n}


def _crowd(n: int) -> Question:
    return "diffusion-stage", "reverse", WALK | {"sampler": "ddim", "steps": 100, "seed": n}


def _finished(n: int) -> Question:
    return "diffusion-stage", "reverse", WALK | {"sampler": "ddim", "steps": 10, "seed": 5, "count": 1}


def _picture(n: int) -> dict[str, Any]:
    return {"set": "mnist", "test": n % 2_000}


def _heavy(n: int) -> Question:
    """One of the questions that take longest, of another picture each time."""
    return [
        ("compare-stage", "ask_likelihood", {"net": "flow-matching-mnist", "picture": _picture(n)}),
        ("compare-stage", "ask_anomaly", {"net": "flow-matching-mnist", "picture": _picture(n)}),
        ("discrete-diffusion-stage", "bound", {"net": "d3pm-mnist", "picture": _picture(n), "seed": n, "masked": 392}),
        ("discrete-diffusion-stage", "in_raster_order", {"net": "d3pm-mnist", "picture": _picture(n)}),
        ("flow-stage", "mix", {"net": "flow-mnist", "picture": _picture(n), "other": _picture(n + 1)}),
        ("flow-stage", "temperatures", {"net": "flow-mnist", "seed": n, "label": None}),
    ][n % 6]


def _repaint(n: int) -> Question:
    """A film whose frames take up to twenty evaluations each."""
    how = {"label": None, "w": 1, "steps": 100, "resamples": 10, "known": KNOWN}
    return "diffusion-stage", "complete", how | {"net": "diffusion-mnist", "picture": _picture(n), "seed": n}


def _anomaly(n: int) -> Question:
    return "compare-stage", "ask_anomaly", {"net": "diffusion-mnist", "picture": _picture(n)}


@dataclass(frozen=True)
class Attack:
    """So many questions at once, and as many more every few seconds; films are watched for as long as it goes on.

    Instead of asking, it may read what a path leads to, under another name of the server each time, or do other work.
    """

    name: str
    count: int
    question: Callable[[int], Question] | None
    film: bool = False
    path: str | None = None
    work: Callable[[Site, Line, str, int], Awaitable[None]] | None = None


TRICKLE = "2 bodies of networks that trickle"
ATTACKS = [
    Attack("4 DDPM films of 1,000 steps", 4, _long, film=True),
    Attack("64 films", 64, _crowd, film=True),
    Attack("70 `complete`", 70, _complete),
    Attack("250 `generate`", 250, _generate),
    Attack(f"{BETAS} `neighbourhood`, other β", BETAS, _neighbourhood),
    Attack("16 `fit`", 16, _fit),
    Attack("2,000 starts of a finished film", 2_000, _finished),
    Attack("3 heavy questions", 3, _heavy),
    Attack("100 heavy questions", 100, _heavy),
    Attack("16 bodies of 5 MB", 16, None),
    Attack("400 pages by invented names", 400, None, path="/"),
    Attack("1,600 readers of a file of 2 MB", 1_600, None, path=f"{FILE}pretrained/gan-mnist/model.safetensors"),
    Attack("an adaptive film of velocities that are not finite", 1, None, work=strangers.endless_film),
    Attack("1 film that repaints", 1, _repaint, film=True),
    Attack("8 films that repaint", 8, _repaint, film=True),
    Attack("8 long questions of a function", 8, _anomaly),
    Attack(f"weights with {strangers.TENSORS:,} empty tensors", 1, None, work=strangers.many_tensors),
    Attack(f"16 connections with {strangers.HEADERS} headers", 16, None, work=strangers.many_headers),
    Attack(TRICKLE, 1, None, work=strangers.trickle),
]


class Attacker:
    """Somebody who asks for far too much, from one page, or from two addresses by a new page for every question."""

    def __init__(self, site: Site, attack: Attack, fresh: bool):
        self.site, self.attack, self.fresh = site, attack, fresh
        self.numbers, self.places = itertools.count(random.randrange(10**6)), itertools.cycle(AWAY)

    async def go_on(self) -> None:
        """Ask on many connections, until stopped."""
        lines = min(self.attack.count, MOST_LINES if self.fresh else ONE_PAGE)
        await asyncio.gather(*(self._one_after_the_other(lines) for _ in range(lines)))

    async def _one_after_the_other(self, lines: int) -> None:
        async with line_to(self.site.url, next(self.places) if self.fresh else None) as line:
            while True:
                next_time = time.monotonic() + EVERY
                for _ in range(-(-self.attack.count // lines)):
                    with suppress(OSError, EOFError, TimeoutError, ValueError):
                        await self._once(line)
                await asyncio.sleep(max(0, next_time - time.monotonic()))

    async def _once(self, line: Line) -> None:
        number = next(self.numbers)
        session = f"fresh{number}" if self.fresh else "attacker"
        if self.attack.path:
            async with line_to(self.site.url, AWAY if self.fresh else None, f"host{number}.example") as reader:
                await reader.get(self.attack.path)
            return
        if self.attack.work:
            return await self.attack.work(self.site, line, session, number)
        if self.attack.question is None:
            await line.post(ASK, b'{"data": "' + b"a" * 5_000_000 + b'"}')
            return
        stage, name, argument = self.attack.question(number)
        how = self.site.film if self.attack.film else self.site.ask
        await how(line, session, stage, name, argument)


def attack_on(site: Site, number: int, fresh: bool) -> None:
    """Attack until this process is ended."""
    asyncio.run(Attacker(site, ATTACKS[number], fresh).go_on())


@asynccontextmanager
async def under(site: Site, number: int, fresh: bool) -> AsyncIterator[None]:
    """An attack by a process of its own, that has begun and ends with the block."""
    process = multiprocessing.get_context("spawn").Process(target=attack_on, args=(site, number, fresh), daemon=True)
    process.start()
    try:
        await asyncio.sleep(HEAD_START)
        yield
        assert process.is_alive(), "the attack ended by itself"
    finally:
        process.kill()
        process.join()


async def visitor(site: Site) -> Notes:
    """Return what another visitor waits for meanwhile, by kind of question; no question is asked twice."""
    notes = Notes()

    async def asks(kind: str, count: int) -> None:
        async with line_to(site.url) as line:
            for _ in range(count):
                await asyncio.sleep(PAUSE)
                await ask(site, line, "victim", kind, next(NUMBERS), notes)

    await asyncio.gather(*(asks(*each) for each in VICTIM.items()))
    return notes


def compared(idle: Notes, under: Notes) -> tuple[str, bool]:
    """Return how much longer each kind of question took: median and 95th percentile, and whether that is in bounds."""
    found, fine = [], True
    for kind in VICTIM:
        (half, most), (slow_half, slow_most) = (
            [percentile(notes.times[kind], share) for share in (0.5, 0.95)] for notes in (idle, under)
        )
        found.append(f"{kind} {half:.0f} → {slow_half:.0f} ms, {slow_half / half:.1f} × (p95 {slow_most / most:.1f} ×)")
        fine &= slow_half <= max(HALF.get(kind, OTHERS) * half, AT_LEAST) and slow_most <= max(MOST * most, AT_LEAST)
    refused = sum(under.refused.values()) + sum(under.wrong.values())
    return " · ".join([*found, f"{refused} refused"]), fine and not refused


async def attacks(site: Site, watch: Callable[[], float], only: str = "") -> list[Row]:
    """Every attack, from one page of the visitor's own address, and from fresh pages of two others.

    Arguments:
        site: The attacked app.
        watch: Returns the most megabytes that the server has had since it was last asked.
        only: Part of the names of the attacks; all of them unless given.
    """
    await visitor(site)
    rows = []
    chosen = [each for each in enumerate(ATTACKS) if only in each[1].name]
    for (number, attack), fresh in itertools.product(chosen, (False, True)):
        idle = await visitor(site)
        watch()
        async with under(site, number, fresh):
            told, fine = compared(idle, await visitor(site))
            if attack.name == TRICKLE:
                opened, seconds = await strangers.opens(site, OPENER)
                told, fine = f"{told} · opened: {opened} after {seconds:.1f} s", fine and opened and seconds <= OPENS
        where = "fresh pages of two addresses" if fresh else "one page"
        aim = f"{AIM}; {AIM_OPENS}" if attack.name == TRICKLE else AIM
        verdict = "pass" if fine else "FAIL"
        rows.append(Row(f"{attack.name}, {where}", f"{verdict}: {told} · {watch():.0f} MB", aim))
        print(rows[-1].what, rows[-1].value, file=sys.stderr, flush=True)
        await asyncio.sleep(SETTLE)
    return rows
