"""Serve a class that votes: `python -m tests.benchmarks.class_votes`.

With `--whole`, the whole app serves it, and then two front ends over one Redis do: all figures that a room promises.
With `--redis`, these two alone: they stand behind a balancer, and one is killed in the middle of a vote and stays away.

Simulated phones behind one address join within `JOINING` seconds, vote twice within `VOTING` seconds each, and take the
lecturer's state. Then they spray points, draw, judge and guess, as `class_made.py` tells. Then the server is killed in
the middle of a third vote and started again at the same port. At the end a stranger floods the room. Each figure has
its bound beside it; without `--whole` the page's own clicks are not measured.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests import redis_server
from tests import server as servers
from tests.benchmarks import class_made
from tests.benchmarks.rows import percentile
from tests.class_room import CHOICES, Line

JOINING, VOTING, STATES_LED = 30.0, 20.0, 10
APPS = {False: "tests/class_app.py", True: "tests/patient_app.py"}
JOINS_OF_STRANGER, VOTES_OF_STRANGER, STRANGERS = 1_000, 10_000, 300
CLICKS = 30


@dataclass
class SimulatedPhone:
    """A phone: its key, what it wants to answer, what the server has confirmed, and when it got each state."""

    url: str
    code: str
    key: str = ""
    state: dict = field(default_factory=lambda: {"version": 0, "ballot": 0, "asked": 0, "at": ""})
    wants: dict[tuple[int, int], int] = field(default_factory=dict)
    confirmed: dict[tuple[int, int], int] = field(default_factory=dict)
    got: dict[str, float] = field(default_factory=dict)
    made: dict[tuple[int, int], object] = field(default_factory=dict)
    making: list[asyncio.Task] = field(default_factory=list)
    is_down: bool = False
    down_since: float = 0.0
    longest_down: float = 0.0

    async def live(self, delay: float) -> None:
        """Join after a delay, and stay."""
        await asyncio.sleep(delay)
        self.line, self.other, self.third = (Line(self.url) for _ in range(3))
        voting: set[asyncio.Task] = set()
        while True:
            try:
                found = await self._next()
            except (OSError, ValueError):
                self.down_since = self.down_since or time.monotonic()
                self.is_down = True
                await asyncio.sleep(0.5 + random.random())
                continue
            if self.is_down:
                self.longest_down = max(self.longest_down, time.monotonic() - self.down_since)
                self.is_down, self.down_since = False, 0.0
            if found["at"] != self.state["at"]:
                self.got[found["at"]] = time.monotonic()
            ballot = (found["asked"], found["ballot"])
            if found.get("kind") and found["ballot"] and found["asked"] != self.state["asked"]:
                self.making.append(asyncio.create_task(class_made.make(self, found["kind"], found["asked"])))
            elif found["ballot"] and ballot not in self.wants and not found.get("kind"):
                self.wants[ballot] = random.randrange(3)
                voting.add(asyncio.create_task(self._vote(*ballot)))
            self.state = found
            await asyncio.sleep(1.0)

    async def _next(self) -> dict:
        if self.key:
            path = f"/r/{self.code}/state?since={0 if self.is_down else self.state['version']}&follows=1"
            status, raw, _ = await self.line.ask(path, x_phone=self.key)
        else:
            status, raw, _ = await self.line.ask(f"/r/{self.code}/join", {})
        found = json.loads(raw)
        if status != 200:
            raise ValueError(found)
        self.key = found.get("phone", self.key)
        return found

    async def _vote(self, asked: int, ballot: int) -> None:
        """Vote, change the answer once in three times, and try until the server has it."""
        await asyncio.sleep(random.random() * (VOTING - 4))
        values = [self.wants[asked, ballot]]
        if random.random() < 1 / 3:
            values.append(random.randrange(3))
        for value in values:
            self.wants[asked, ballot] = value
            said = {"phone": self.key, "asked": asked, "ballot": ballot, "value": value}
            while True:
                try:
                    status, *_ = await self.other.ask(f"/r/{self.code}/vote", said)
                except OSError:
                    await asyncio.sleep(0.5 + random.random())
                    continue
                if status == 200:
                    self.confirmed[asked, ballot] = value
                if status not in (429, 503):
                    break


class Class:
    """A lecturer and phones."""

    def __init__(self, url: str, count: int):
        self.url, self.count = url, count
        self.line = Line(url)

    def row(self, name: str, value: str, bound: str) -> None:
        """Print a figure with its bound."""
        print(f"{name:62} {value:>22}   {bound}", flush=True)

    async def assemble(self) -> None:
        """Open the room, and let the phones join."""
        found = json.loads((await self.line.ask("/r", {}))[1])
        self.code, self.secret = found["code"], found["secret"]
        self.phones = [SimulatedPhone(self.url, self.code) for _ in range(self.count)]
        began = time.monotonic()
        self.living = [asyncio.create_task(each.live(random.random() * JOINING)) for each in self.phones]
        await self.until(lambda: all(each.key for each in self.phones), JOINING + 60)
        self.row("all phones have joined after, s", f"{time.monotonic() - began:.1f}", f"{JOINING:.0f} + a moment")

    async def until(self, holds, seconds: float) -> None:
        """Wait until something holds."""
        end = time.monotonic() + seconds
        while not holds() and time.monotonic() < end:
            await asyncio.sleep(0.02)

    async def lead(self, what: str, **more) -> dict:
        """Make a move of the lecturer."""
        return json.loads((await self.line.ask(f"/r/{self.code}/lead", {"do": what, **more}, x_secret=self.secret))[1])

    async def vote(self, ballot: int, move: str, display: str) -> None:
        """Let the class vote, and compare the distribution with what each phone sent."""
        await self.lead(move, **({"question": CHOICES | {"name": str(time.time())}} if move == "ask" else {}))
        began = time.monotonic()
        names = [(each.state["asked"], ballot) for each in self.phones]
        while time.monotonic() - began < VOTING + 30:
            names = [key for each in self.phones for key in each.confirmed if key[1] == ballot]
            done = [each for each in self.phones if self.settled(each, ballot)]
            if len(done) == self.count:
                break
            await asyncio.sleep(0.02)
        last = time.monotonic()
        wall = await self.lead(display)
        seconds = time.monotonic() - last
        latest = max(names)
        oracle = Counter(each.confirmed[latest] for each in self.phones if latest in each.confirmed)
        found = wall["shown"][ballot - 1]["counts"]
        lost = sum(max(0, oracle[k] - found[k]) for k in range(3))
        twice = max(0, sum(found) - sum(oracle.values()))
        self.row(f"vote {ballot}: {sum(found)} answers; lost; counted twice", f"{lost}; {twice}", "0; 0")
        self.row(f"vote {ballot}: distribution on the wall after the press, s", f"{seconds:.3f}", "≤ 1 s, aim .3")

    def settled(self, each: SimulatedPhone, ballot: int) -> bool:
        """Return whether a phone's newest wish in the newest question is confirmed."""
        key = max((key for key in each.wants if key[1] == ballot), default=None)
        now = each.state["ballot"] == ballot
        return now and key == (each.state["asked"], ballot) and each.confirmed.get(key) == each.wants[key]

    async def follow(self) -> None:
        """Change the lecturer's state, and measure when each phone has it."""
        waits = []
        for step in range(STATES_LED):
            at = f"tab=vae&beta={step}&time={time.time():.0f}"
            sent = time.monotonic()
            await self.lead("steer", at=at)
            await self.until(lambda at=at: all(at in each.got for each in self.phones), 8)
            waits += [each.got.get(at, sent + 60) - sent for each in self.phones]
            await asyncio.sleep(1.0)
        words = f"{percentile(waits, 0.5):.2f}, {percentile(waits, 0.95):.2f}"
        self.row("state on the phones after the lecturer's, s: median, p95", words, "p95 ≤ 2 s, aim 1")

    async def come_back(self) -> None:
        """Wait until no phone is cut off after a restart, and compare the votes with what each phone was told.

        A phone that asked nothing while the server was down has noticed nothing.
        """
        confirmed = [{**each.confirmed} for each in self.phones]
        started = time.monotonic()
        await self.until(lambda: not any(each.is_down for each in self.phones), 60)
        self.row("all phones are back after the restart, s", f"{time.monotonic() - started:.1f}", "≤ 10, aim 5")
        await self.until(lambda: all(self.settled(each, 1) for each in self.phones), 60)
        wall = await self.lead("show")
        asked = max(key for each in self.phones for key in each.confirmed)
        kept = sum(asked in found for found in confirmed)
        oracle = Counter(each.confirmed[asked] for each in self.phones if asked in each.confirmed)
        right = wall["shown"][0]["counts"] == [oracle[k] for k in range(3)]
        words = f"{wall['answered'][0]}, {right}"
        self.row(f"killed after {kept} votes: answers then; as the phones sent them", words, f"{self.count}, True")

    async def clicks(self, count: int = CLICKS) -> list[float]:
        """Return the seconds of page requests by somebody else."""
        seconds = []
        for _ in range(count):
            began = time.monotonic()
            assert (await Line(self.url).ask("/?tab=start", accept_encoding="gzip"))[0] == 200
            seconds.append(time.monotonic() - began)
            await asyncio.sleep(0.2)
        return seconds

    async def intrude(self) -> None:
        """Let strangers try what only the lecturer may do, and count what was answered."""
        key = json.loads((await self.line.ask(f"/r/{self.code}/join", {}))[1])["phone"]
        moves = [{"do": move, "at": "tab=gan", "question": CHOICES} for move in ("steer", "ask", "show", "again")]
        moves += [{"do": move, "asked": 1, "change": 10**9} for move in ("reveal", "clear", "let", "end")]
        tries: list[tuple[str, dict | None]] = [("lead", move) for move in moves]
        tries += [("sit", {"sitting": "before"}), ("bring", {"inventory": 1, "salt": "0" * 32, "handed": []})]
        tries += [
            (path, None) for path in ("wall", "made?kind=drawing", "made?kind=points", "gains", "gains?as=answers")
        ]
        secrets = ["", "0" * 32, key]
        asked = [(path, body, secret) for path, body in tries for secret in secrets]
        found = await asyncio.gather(
            *(Line(self.url).ask(f"/r/{self.code}/{path}", body, x_secret=secret) for path, body, secret in asked)
        )
        ways = sum(status == 200 for status, *_ in found)
        self.row(f"a stranger steers, reads drawings, ends, …: {len(found)} tries; ways in", f"{ways}", "0")

    async def flood(self) -> None:
        """Let a stranger join and vote as often as possible, and look whether the lecturer can still work."""
        statuses: Counter[int] = Counter()
        waits = []
        key = json.loads((await self.line.ask(f"/r/{self.code}/join", {}))[1])["phone"]
        await self.lead("ask", question=CHOICES | {"name": "flooded"})
        asked = max(each.state["asked"] for each in self.phones) + 1
        vote = {"phone": key, "asked": asked, "ballot": 1, "value": 0}
        left = iter([("join", {})] * JOINS_OF_STRANGER + [("vote", vote)] * VOTES_OF_STRANGER)

        async def send() -> None:
            line = Line(self.url)
            for what, said in left:
                statuses[(await line.ask(f"/r/{self.code}/{what}", said))[0]] += 1

        async def look() -> None:
            while True:
                began = time.monotonic()
                found = await self.line.ask(f"/r/{self.code}/wall", x_secret=self.secret)
                waits.append(time.monotonic() - began)
                assert json.loads(found[1])["answered"][0] <= self.count + 1
                await asyncio.sleep(0.5)

        looking = asyncio.create_task(look())
        began = time.monotonic()
        await asyncio.gather(*(send() for _ in range(STRANGERS)))
        looking.cancel()
        self.row(f"flood of {time.monotonic() - began:.0f} s: statuses", f"{dict(statuses)}", "200, 429, 503 alone")
        self.row(
            "flood: lecturer's look at the wall, s: median, p95",
            f"{percentile(waits, 0.5):.2f}, {percentile(waits, 0.95):.2f}",
            "",
        )


async def on_redis(count: int, whole: bool) -> None:
    """Measure a class of two front ends over one Redis."""
    folder = Path(tempfile.mkdtemp(prefix="explorer-class-"))
    with redis_server.running(folder) as url:
        settings = {"app": APPS[whole], "EXPLORER_ROOMS": url, "timeout": 300}
        with servers.serve(folder / "a.txt", **settings) as one, servers.serve(folder / "b.txt", **settings) as two:
            ports = [each.url.rpartition(":")[2] for each in (one, two)]
            port = servers.free_port()
            balancer = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.balancer", str(port), *ports])
            try:
                a_class = Class(f"http://127.0.0.1:{port}", count)
                await a_class.until(lambda: is_open(port), 30)
                await a_class.assemble()
                await a_class.vote(1, "ask", "show")
                await a_class.vote(2, "again", "reveal")
                await a_class.follow()
                await class_made.all_kinds(a_class)
                await a_class.lead("ask", question=CHOICES | {"name": "killed"})
                await asyncio.sleep(VOTING / 2)
                os.kill(two.pid, signal.SIGKILL)
                await asyncio.sleep(0.5)  # until the phones of this front end have noticed
                await a_class.come_back()
                longest = [each.longest_down for each in a_class.phones if each.longest_down]
                words = f"{len(longest)} phones were cut off; the longest, s"
                a_class.row(words, f"{max(longest, default=0):.1f}", "≤ 10, aim 5")
                await a_class.intrude()
                await a_class.flood()
                for each in a_class.living:
                    each.cancel()
            finally:
                balancer.terminate()
                balancer.wait(20)


def is_open(port: int) -> bool:
    """Return whether something listens at a port."""
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


async def main(count: int, whole: bool) -> None:
    """Measure a class."""
    folder = Path(tempfile.mkdtemp(prefix="explorer-class-"))
    settings = {"app": APPS[whole], "EXPLORER_ROOMS": str(folder / "rooms.sqlite"), "timeout": 300}
    free_port, port = servers.free_port, servers.free_port()
    servers.free_port = lambda: port  # the phones know one address, also after a restart
    try:
        await figures(count, whole, folder, settings)
    finally:
        servers.free_port = free_port


async def figures(count: int, whole: bool, folder: Path, settings: dict) -> None:
    """Measure a class of one server, which is killed and started again."""
    with servers.serve(folder / "log.txt", **settings) as server:
        a_class = Class(server.url, count)
        _, page, _ = await a_class.line.ask("/r/BCDFH", accept_encoding="gzip")
        a_class.row("page of a phone, bytes over the wire", f"{len(page)}", "≤ 120 kB, aim 60")
        idle = await a_class.clicks() if whole else []
        begun = psutil.Process(server.pid).cpu_times()
        at_first = begun.user + begun.system
        await a_class.assemble()
        busy = asyncio.create_task(a_class.clicks()) if whole else None
        await a_class.vote(1, "ask", "show")
        await a_class.vote(2, "again", "reveal")
        if busy:
            ratio = percentile(await busy, 0.5) / percentile(idle, 0.5)
            a_class.row("the page for others meanwhile, times the idle median", f"{ratio:.2f}", "≤ 1.5")
        await a_class.follow()
        idle = await a_class.clicks() if whole else []
        busy = asyncio.create_task(a_class.clicks(150)) if whole else None
        await class_made.all_kinds(a_class)
        if busy:
            ratio = percentile(await busy, 0.5) / percentile(idle, 0.5)
            a_class.row("the page for others while a class makes, times the idle median", f"{ratio:.2f}", "≤ 1.5")
        used = psutil.Process(server.pid).cpu_times()
        words = f"{used.user + used.system - at_first:.1f}; {os.getloadavg()[0]:.0f}"
        a_class.row("processor seconds of the server since then; load of the machine", words, "")
        await a_class.lead("ask", question=CHOICES | {"name": "killed"})
        await asyncio.sleep(VOTING / 2)
        os.kill(server.pid, signal.SIGKILL)
        with servers.serve(folder / "again.txt", **settings):
            await a_class.come_back()
            await a_class.intrude()
            await a_class.flood()
            for each in a_class.living:
                each.cancel()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--redis", action="store_true", help="two front ends over one Redis")
    parser.add_argument("--whole", action="store_true", help="serve the whole app")
    chosen = parser.parse_args()
    random.seed(0)
    if not chosen.redis:
        asyncio.run(main(chosen.phones, chosen.whole))
    if chosen.redis or chosen.whole:
        print(f"\nTwo front ends over one Redis{f': {why}' if (why := redis_server.missing()) else ''}", flush=True)
        if not why:
            asyncio.run(on_redis(chosen.phones, chosen.whole and chosen.redis))
