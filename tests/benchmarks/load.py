"""Serve a class and measure what it waits for: `make load N=100`; `make load ARGS=--attack` attacks a visitor instead.

`make load ARGS=--replicas=2` serves the class by a front end with one replica and then with two, and prints what the
second one gains. It needs Ray. `ARGS="--minutes=10 --think=15"` lets the class stay longer and ask less often.
The memory after each minute shows whether it grows. `ARGS=--tab=words` sends the whole class to one tab.

The class asks at random with time to think. Afterwards another server, asked by one visitor alone, answers a part of
the same questions; an answer that was another in the class is wrong. A bare Gradio app answers the same class.
"""

import argparse
import asyncio
import os
import platform
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.benchmarks.attacks import attacks
from tests.benchmarks.lines import line_to, site_of
from tests.benchmarks.rows import Row, percentile
from tests.benchmarks.visits import ALONE, MODULES, Notes, ask, repeat, same, visit
from tests.replicas import replicas
from tests.server import Server, serve

BARE = 30.0  # seconds that the class stays at the bare app
CHECKED = 40  # answers of each kind that are asked for again
LIMITS = {
    "film of 10 steps": (1_500, 3_000),
    "prompt": (8_000, 8_000),
}  # milliseconds of a class: median and 95th percentile
OF_A_HUNDRED = {"compare": (120, 1_000)}  # where at most a hundred visitors ask
LONGEST = 20_000  # milliseconds, 95th percentile of any other kind
LOADS, AT_ONCE = 2_000, 8
ECHO = "tests/benchmarks/echo.py"
MOST_MB, REST_MB, AT_REST, MOST_LOG = (
    1_200,
    1_100,
    15.0,
    5.0,
)  # at rest: so many seconds after all attacks; the log in MB
ATTACKED = "tests/patient_app.py"
APP = "app.py"  # as visitors meet it: what waits for half a minute is refused


class Memory:
    """The resident memory of a server's process, looked at twice a second."""

    def __init__(self, server: Server):
        self._process = psutil.Process(server.pid)
        self.before = self.peak = self.most = self.now()
        self.by_minute: list[float] = []

    def now(self) -> float:
        return self._process.memory_info().rss / 1e6

    async def watch(self) -> None:
        start = time.monotonic()
        while True:
            now = self.now()
            self.peak = max(self.peak, now)
            self.most = max(self.most, self.peak)
            if time.monotonic() - start >= 60 * (len(self.by_minute) + 1):
                self.by_minute.append(now)
            await asyncio.sleep(0.5)

    def growth(self) -> str:
        """Tell the memory after each minute, and how much the last is above the first."""
        if len(self.by_minute) < 2:
            return "needs two minutes"
        each, more = " ".join(f"{mb:.0f}" for mb in self.by_minute), self.by_minute[-1] / self.by_minute[0] - 1
        return f"{each} MB: {more:+.1%}"

    def lately(self) -> float:
        """Return the most since this was last asked."""
        peak, self.peak = self.peak, self.now()
        return peak


@dataclass(frozen=True)
class Lesson:
    """A class: its visitors, the seconds that they stay, their mean seconds of thought, and the tabs that they open."""

    visitors: int
    seconds: float
    think: float
    tabs: tuple[str, ...] = tuple(MODULES)

    @property
    def title(self) -> str:
        at = "" if self.tabs == tuple(MODULES) else f" at {', '.join(self.tabs)}"
        return f"{self.visitors} visitors{at}, {self.seconds / 60:g} minutes, a question every {self.think:g} s"


async def taught(server: Server, lesson: Lesson) -> tuple[Notes, Memory]:
    """Serve a class, from the first who comes to the end."""
    site, notes, memory = await site_of(server.url), Notes(), Memory(server)
    async with line_to(server.url) as line:
        alone = (await line.get("/")).body
    watching, until = asyncio.create_task(memory.watch()), time.monotonic() + lesson.seconds
    how = (until, lesson.think, notes, alone, lesson.tabs)
    await asyncio.gather(*(visit(site, number, *how) for number in range(lesson.visitors)))
    watching.cancel()
    return notes, memory


async def check(url: str, notes: Notes) -> Notes:
    """Answers to one visitor alone to some of the questions; marks as wrong where the class was told otherwise."""
    site, alone, dice = await site_of(url), Notes(), random.Random(0)
    asked = list(notes.answers)
    dice.shuffle(asked)
    async with line_to(url) as line:
        for kind in {kind for kind, _ in asked}:
            for number in [number for each, number in asked if each == kind][:CHECKED]:
                await ask(site, line, "alone", kind, number, alone)
                told, expected = notes.answers[kind, number], alone.answers.get((kind, number))
                if not same(told, expected):
                    notes.wrong[kind] += 1
                    print(f"{kind} {number}: the class was told {told!s:.80}, and one visitor alone {expected!s:.80}")
    return alone


async def bare(url: str, lesson: Lesson) -> list[float]:
    """The same class at an app that only returns what it is sent."""
    echo, times, until = await site_of(url), [], time.monotonic() + BARE
    await asyncio.gather(*(repeat(echo, number, until, lesson.think, times) for number in range(lesson.visitors)))
    return times


async def many_pages(server: Server) -> str:
    """Growth of the memory with pages that are opened, each with a session of its own and one click."""
    site, memory, numbers = await site_of(server.url), Memory(server), iter(range(LOADS))

    async def visitor() -> None:
        async with line_to(server.url) as line:
            for number in numbers:
                await line.get("/")
                await ask(site, line, f"load{number}", "click", number, Notes())

    await asyncio.gather(*(visitor() for _ in range(AT_ONCE)))
    return f"{memory.before:.0f} → {memory.now():.0f} MB"


def table(notes: Notes, alone: Notes, idle: list[float], visitors: int) -> list[Row]:
    """Waiting times of the class, by kind of question, and beside them those of one visitor alone."""
    rows, limits = [], LIMITS | (OF_A_HUNDRED if visitors <= 100 else {})
    for kind, times in sorted(notes.times.items()):
        half, most = limits.get(kind, (LONGEST, LONGEST))
        fine = percentile(times, 0.5) <= half and percentile(times, 0.95) <= most
        fine &= not notes.refused[kind] and not notes.wrong[kind]
        spread = f"p50 {percentile(times, 0.5):.0f} ms · p95 {percentile(times, 0.95):.0f} ms"
        single = f" (alone {percentile(alone.times[kind], 0.5):.0f} ms)" if kind in alone.times else ""
        counts = f"{len(times)} asked · {notes.refused[kind]} refused · {notes.wrong[kind]} wrong"
        aim = f"p50 ≤ {half:,} ms, p95 ≤ {most:,} ms, 0 refused, 0 wrong"
        rows.append(Row(kind, f"{'pass' if fine else 'FAIL'}: {spread}{single} · {counts}", aim))
    rows += [Row(f"told {count} times", words) for words, count in notes.words.items()]
    rows.append(Row("bare Gradio, the same class", f"p50 {percentile(idle, 0.5):.0f} ms · {len(idle)} asked"))
    if "click" not in notes.times:
        return rows
    half, most = (percentile(notes.times["click"], p) / percentile(idle, p) for p in (0.5, 0.95))
    return [*rows, Row("click ÷ bare Gradio", f"p50 {half:.1f} × · p95 {most:.1f} ×")]


def measure(lesson: Lesson, folder: Path) -> list[Row]:
    """Serve the class, ask again alone, serve it by the bare app, and open many pages."""
    with serve(folder / "log.txt", app=APP) as server:
        notes, memory = asyncio.run(taught(server, lesson))
        after = Memory(server).now()
        pages = asyncio.run(many_pages(server))
    with serve(folder / "alone.txt") as server:
        alone = asyncio.run(check(server.url, notes))
    with serve(folder / "echo.txt", app=ECHO) as server:
        idle = asyncio.run(bare(server.url, lesson))
    faults = (folder / "log.txt").read_text(encoding="utf-8", errors="replace").count("Traceback")
    return [
        *table(notes, alone, idle, lesson.visitors),
        Row("memory: before, most, after", f"{memory.before:.0f}, {memory.peak:.0f}, {after:.0f} MB"),
        Row("memory after each minute", memory.growth(), "within 10 %"),
        Row(f"memory over {LOADS:,} pages opened", pages),
        Row("faults in the log", str(faults), "0"),
    ]


def compared(lesson: Lesson, most: int, folder: Path) -> list[Row]:
    """Serve the class by one replica and by so many, each behind a front end; ask the questions of the latter alone."""
    notes, rows = {}, []
    for replica_count in (1, most):
        cpus = min(1, (os.cpu_count() or 1) / replica_count)
        group = replicas(replica_count, folder / f"replicas-{replica_count}.txt", cpus)
        with group as there, serve(folder / f"front-{replica_count}.txt", app=APP, EXPLORER_MODELS=there.url) as front:
            there.names(replica_count)
            notes[replica_count], memory = asyncio.run(taught(front, lesson))
            sizes = ", ".join(f"{each.memory_info().rss / 1e6:.0f}" for each in there.processes())
        rows.append(Row(f"memory with {replica_count}", f"front end {memory.most:.0f} MB, replicas {sizes} MB"))
        rows.append(Row("front end after each minute", memory.growth(), "within 10 %"))
    with serve(folder / "alone.txt") as server:
        asyncio.run(check(server.url, notes[most]))  # marks as wrong what one process answers otherwise
    return [*gains(notes[1], notes[most], most, lesson.seconds), *rows]


def gains(one: Notes, many: Notes, most: int, seconds: float) -> list[Row]:
    """Waiting times of a class with one replica and with several, by kind of question, and the share answered."""
    rows = []
    for kind in sorted(one.times.keys() & many.times.keys()):
        told = [
            f"{percentile(each.times[kind], 0.5):.0f} / {percentile(each.times[kind], 0.95):.0f} ms"
            f" ({each.refused[kind]} refused)"
            for each in (one, many)
        ]
        rows.append(Row(kind, f"{told[0]} → {told[1]} · {many.wrong[kind]} wrong", "0 wrong"))
    answered = [len(each.answers) / seconds for each in (one, many)]
    rows += [Row(f"told {count} times", words) for words, count in many.words.items()]
    gain = f"{answered[0]:.1f} → {answered[1]:.1f} a second, {answered[1] / answered[0]:.2f} ×"
    return [*rows, Row(f"answered by 1 → {most} replicas", gain)]


def attacked(folder: Path, only: str = "") -> list[Row]:
    """Attack a server, and measure what another visitor waits for meanwhile, and the memory at rest afterwards."""

    async def all_attacks(server: Server, memory: Memory) -> list[Row]:
        watching = asyncio.create_task(memory.watch())
        try:
            found = await attacks(await site_of(server.url), memory.lately, only)
            await asyncio.sleep(AT_REST)
            return found
        finally:
            watching.cancel()

    with serve(folder / "log.txt", app=ATTACKED) as server:
        memory = Memory(server)
        rows = asyncio.run(all_attacks(server, memory))
        rest = memory.now()
        told = f"{memory.before:.0f}, {memory.most:.0f}, {rest:.0f} MB"
    verdict = "pass" if memory.most <= MOST_MB and rest <= REST_MB else "FAIL"
    aim = f"most ≤ {MOST_MB:,} MB, at rest ≤ {REST_MB:,} MB"
    log = (folder / "log.txt").stat().st_size / 1e6
    lines = f"{'pass' if log <= MOST_LOG else 'FAIL'}: {log:.2f} MB"
    return [
        *rows,
        Row("memory: before, most, at rest", f"{verdict}: {told}", aim),
        Row("log", lines, f"≤ {MOST_LOG:g} MB"),
    ]


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=100)
    parser.add_argument("--attack", action="store_true")
    parser.add_argument("--only", default="", help="a part of the names of the attacks, else all of them")
    parser.add_argument("--replicas", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1.5, help="how long the class stays")
    parser.add_argument("--think", type=float, default=4.0, help="mean seconds before each question")
    parser.add_argument("--tab", choices=[*MODULES, *ALONE], help="the tab that all of the class open, else five")
    wanted = parser.parse_args()
    tabs = (wanted.tab,) if wanted.tab else tuple(MODULES)
    lesson = Lesson(wanted.visitors, 60 * wanted.minutes, wanted.think, tabs)
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory() as folder:
        if wanted.replicas > 1:
            rows = compared(lesson, wanted.replicas, Path(folder))
        else:
            rows = attacked(Path(folder), wanted.only) if wanted.attack else measure(lesson, Path(folder))
    title = "attack" if wanted.attack else lesson.title
    for row in [Row(title, "value", "aim"), Row("---", "---", "---"), *rows]:
        print(f"| {row.what} | {row.value} | {row.aim} |")
    if any(row.value.startswith("FAIL") for row in rows):
        sys.exit("A limit is exceeded: see the rows that say FAIL.")


if __name__ == "__main__":
    main()
