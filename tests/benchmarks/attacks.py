"""One visitor clicks and watches short films while somebody asks for far too much: how much longer does that take?"""

import asyncio
import itertools
import multiprocessing
import random
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.lines import ASK, FILE, Line, Site, line_to
from tests.benchmarks.rows import Row, percentile
from tests.benchmarks.visits import Notes, ask

CLICKS, FILMS = 20, 4  # that the visitor asks for, idle and under each attack
PAUSE = 0.15  # seconds between them
HEAD_START, EVERY, SETTLE = 3.0, 2.0, 2.0  # seconds: an attack goes on before, between its bursts, after it
ONE_PAGE, MOST_LINES, AWAY = 16, 500, "10.9.8.7"  # questions of a page under way; of all; another address
BETAS = 420
DRAWN = {"net": "pixelcnn-mnist", "label": None}
WALK = {"net": "diffusion-mnist", "label": None, "w": 1, "eta": 0, "count": 16}
PICTURE = {"test": 3, "set": "mnist"}
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


@dataclass(frozen=True)
class Attack:
    """So many questions at once, and as many more every few seconds; films are watched for as long as it goes on.

    Instead of asking, it may read what a path leads to, under another name of the server each time.
    """

    name: str
    count: int
    question: Callable[[int], Question] | None
    film: bool = False
    path: str | None = None


ATTACKS = [
    Attack("4 DDPM films of 1,000 steps", 4, _long, film=True),
    Attack("64 films", 64, _crowd, film=True),
    Attack("70 `complete`", 70, _complete),
    Attack("250 `generate`", 250, _generate),
    Attack(f"{BETAS} `neighbourhood`, other β", BETAS, _neighbourhood),
    Attack("16 `fit`", 16, _fit),
    Attack("2,000 starts of a finished film", 2_000, _finished),
    Attack("16 bodies of 5 MB", 16, None),
    Attack("400 pages by invented names", 400, None, path="/"),
    Attack("1,600 readers of a file of 2 MB", 1_600, None, path=f"{FILE}pretrained/gan-mnist/model.safetensors"),
]


class Attacker:
    """Somebody who asks for far too much, from one page, or from a new page for every question."""

    def __init__(self, site: Site, attack: Attack, fresh: bool):
        self.site, self.attack, self.fresh = site, attack, fresh
        self.numbers = itertools.count(random.randrange(10**6))

    async def go_on(self) -> None:
        """Ask on many connections, until stopped."""
        lines = min(self.attack.count, MOST_LINES if self.fresh else ONE_PAGE)
        await asyncio.gather(*(self._one_after_the_other(lines) for _ in range(lines)))

    async def _one_after_the_other(self, lines: int) -> None:
        async with line_to(self.site.url, AWAY if self.fresh else None) as line:
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


async def timed(work: Callable[[int], Awaitable[None]], count: int) -> None:
    """Do something so often, with a pause before each."""
    for _ in range(count):
        await asyncio.sleep(PAUSE)
        await work(random.randrange(10**6))


async def visitor(site: Site) -> tuple[float, float, int]:
    """The median milliseconds of another visitor's clicks and of short films, and how many were refused or wrong."""
    notes = Notes()
    async with line_to(site.url) as one, line_to(site.url) as other:
        clicks = timed(lambda n: ask(site, one, "victim", "click", n, notes), CLICKS)
        films = timed(lambda n: ask(site, other, "victim", "film of 10 steps", n, notes), FILMS)
        await asyncio.gather(clicks, films)
    half = (percentile(notes.times[kind], 0.5) for kind in ("click", "film of 10 steps"))
    return *half, sum(notes.refused.values()) + sum(notes.wrong.values())


async def attacks(site: Site) -> list[Row]:
    """Every attack, from one page of the visitor's own address, and from fresh pages of another address."""
    await visitor(site)
    rows = []
    for (number, attack), fresh in itertools.product(enumerate(ATTACKS), (False, True)):
        click, film, _ = await visitor(site)
        async with under(site, number, fresh):
            slow_click, slow_film, refused = await visitor(site)
        clicks = f"click {click:.0f} → {slow_click:.0f} ms, {slow_click / click:.1f} ×"
        films = f"film {film:.0f} → {slow_film:.0f} ms, {slow_film / film:.1f} ×"
        where = "fresh pages elsewhere" if fresh else "one page"
        rows.append(Row(f"{attack.name}, {where}", f"{clicks} · {films} · {refused} refused", "≤ 2 × · ≤ 3 ×"))
        print(rows[-1].what, rows[-1].value, file=sys.stderr, flush=True)
        await asyncio.sleep(SETTLE)
    return rows
