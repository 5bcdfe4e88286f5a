"""Desks: a few workers each, a bounded line in front of them, and turns that are fair to every visitor.

What several ask for is worked on once. A long piece of work makes room between its steps for what comes before it by
now, and work that nobody waits for any more is given up.
"""

import asyncio
import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import torch

from explorer import process
from explorer.tabs.kit.kept import Kept, weight
from explorer.tabs.kit.turns import Turns
from explorer.tabs.kit.visitors import Visitor, visitor

WAIT_SECONDS = 30
PAUSED = 3  # pieces of work of a desk that wait half done
SLICE = 0.02  # seconds that a piece of work has before it is asked to make room
GUESS = 0.05  # seconds that something takes of which nothing is known
STAYING = 0.5  # how much counts of what is left of work that has begun: it does not wait for what takes as long
LEFT = 0.1  # of what work takes on average is still to come, however long it has taken

_here = threading.local()
T = TypeVar("T")


class Busy(Exception):
    """There is no room, or no time, for a question."""


class Unwanted(Exception):
    """Nobody waits for the work any more: it is given up."""


def settle_in(threads: int, nice: int) -> None:
    """Prepare a worker: how many threads its arithmetic may use, and how far it lets others go first."""
    torch.set_num_threads(threads)
    process.give_way(nice)


def pausing(steps: Iterable[T]) -> Iterator[T]:
    """The steps of a desk's long work; between two of them it makes room for others, or is given up."""
    for step in steps:
        yield step
        if hasattr(_here, "desk"):
            _here.desk.pause(_here.round)


@dataclass(eq=False)
class Job:
    """A question that is not answered yet, and who waits for the answer."""

    key: Hashable
    function: Callable
    wanted: dict[str, Any]
    future: Future = field(default_factory=Future)
    waiters: Counter[Visitor] = field(default_factory=Counter)

    def settle(self, found: Any) -> None:
        """Answer, or say what went wrong, unless nobody waits."""
        with contextlib.suppress(InvalidStateError):
            if isinstance(found, BaseException):
                self.future.set_exception(found)
            else:
                self.future.set_result(found)


@dataclass(eq=False)
class Round:
    """Jobs that are worked on in one go.

    Arguments:
        jobs: What is worked on.
        turn: When its last turn began.
        worked: For how many seconds it was, until then.
        left: How many more it may take.
        since: Since when it waits, as `Turns` counts.
        begun: Whether it is under way, or paused on it.
        go: Set when it may go on.
    """

    jobs: list[Job]
    turn: float = 0.0
    worked: float = 0.0
    left: float = GUESS
    since: float = field(default_factory=time.monotonic)
    begun: bool = False
    go: threading.Event = field(default_factory=threading.Event)

    @property
    def visitors(self) -> Collection[Visitor]:
        """Who waits for any of it."""
        return self.jobs[0].waiters if len(self.jobs) == 1 else set().union(*(job.waiters for job in self.jobs))


class Desk:
    """A few workers, a bounded line in front of them, and the answers they gave lately.

    Arguments:
        workers: How many questions are worked on at a time.
        line: How many more may wait.
        threads: How many threads the arithmetic of one worker may use.
        nice: How far its workers let those of other desks go first, as `nice` of the operating system.
        remembered: How many bytes of answers are kept.
    """

    paused = PAUSED

    def __init__(self, workers: int, line: int, threads: int = 1, nice: int = 0, remembered: int = 20_000_000):
        self._pool = ThreadPoolExecutor(workers + self.paused, "desk", settle_in, (threads, nice))
        self._free, self._room = workers, workers + line
        self._jobs: dict[Hashable, Job] = {}
        self._line: list[Round] = []  # not begun, or paused
        self._turns, self._costs, self._kept = Turns(), {}, Kept(remembered)
        self._lock = threading.RLock()

    async def ask(self, function: Callable[..., dict], wanted: dict[str, Any]) -> dict:
        """The answer: remembered, or waited for.

        Raises:
            Busy: if there is no place in the line, or the answer takes too long.
        """
        key, who = (function, *wanted.items()), visitor.get()
        known = self._kept.get(key)
        if known is not None:
            return known
        job = self._join(key, function, wanted, who)
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(job.future)), WAIT_SECONDS)
        except TimeoutError:
            raise Busy from None
        finally:
            self._leave(job, who)

    def _join(self, key: Hashable, function: Callable[..., dict], wanted: dict[str, Any], who: Visitor) -> Job:
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                job = self._jobs[key] = Job(key, function, wanted)
                self._line.append(Round([job]))
            job.waiters[who] += 1
            self._advance()
            self._bound()
            return job

    def _leave(self, job: Job, who: Visitor) -> None:
        """Somebody waits no longer; what nobody waits for is given up."""
        with self._lock:
            job.waiters[who] -= 1
            job.waiters = +job.waiters
            if not job.waiters and not job.future.done():
                job.future.cancel()
                self._drop(job)
                self._give_up()

    def _drop(self, job: Job) -> None:
        if self._jobs.get(job.key) is job:
            del self._jobs[job.key]
        self._line = [each for each in self._line if each.begun or job not in each.jobs]

    def _give_up(self) -> None:
        """Let paused rounds end that nobody waits for."""
        for each in [each for each in self._line if not each.visitors]:
            self._line.remove(each)
            self._resume(each)

    def _bound(self) -> None:
        """Turn away who would come last, when there are more than there is room for."""
        while len(self._jobs) > self._room and (idle := [each for each in self._line if not each.begun]):
            last = self._order(idle)[-1]
            last.jobs[0].settle(Busy())
            self._drop(last.jobs[0])

    def _advance(self) -> None:
        """Let those work whose turn it is, as far as there are free workers."""
        while self._free > 0 and self._line:
            chosen = self._order(self._line)[0]
            self._line.remove(chosen)
            chosen.turn = time.monotonic()
            if chosen.begun:
                self._resume(chosen)
            else:
                self._gather(chosen)
                chosen.begun = True
                self._free -= 1
                self._pool.submit(self._work, chosen)

    def _clock(self, under_way: Round) -> None:
        """Count the time since its turn began as worked, and as had by its visitors."""
        now = time.monotonic()
        seconds, under_way.turn = now - under_way.turn, now
        under_way.worked += seconds
        self._turns.had(under_way, seconds)

    def _resume(self, paused: Round) -> None:
        self._free -= 1
        paused.go.set()

    def _order(self, rounds: list[Round]) -> list[Round]:
        """The rounds, the one whose turn it is in front, by how long such work took lately, for each of its jobs."""
        for each in rounds:
            cost = self._costs.get(each.jobs[0].function, GUESS) * self._size_of(each)
            each.left = max(cost - each.worked, LEFT * cost) * (STAYING if each.begun else 1) / len(each.jobs)
        return self._turns.order(rounds)

    def _gather(self, chosen: Round) -> None:
        """Add to a round what goes with it."""

    def _work(self, done: Round) -> None:
        _here.desk, _here.round = self, done
        try:
            found = self._answers(done)
        except Unwanted:
            found = [Unwanted()] * len(done.jobs)  # without the tensors that the traceback of the first one holds
        except BaseException as error:
            found = [error] * len(done.jobs)
        finally:
            del _here.desk, _here.round
        with self._lock:
            self._clock(done)
            self._learn(done, found)
            for job, answer in zip(done.jobs, found, strict=True):
                self._settle(job, answer)
            self._free += 1
            self._advance()
        del found  # an error's traceback leads back here
        process.trim()

    def _answers(self, done: Round) -> list[dict]:
        (job,) = done.jobs
        return [job.function(**job.wanted)]

    def _learn(self, done: Round, found: list[Any]) -> None:
        """How many seconds such work takes, the last time as much as all before."""
        if any(isinstance(answer, BaseException) for answer in found):
            return
        function, took = done.jobs[0].function, done.worked / self._size_of(done)
        self._costs[function] = (self._costs.get(function, took) + took) / 2

    def _size_of(self, work: Round) -> int:
        """How large a piece of work is; as large, so long it takes."""
        return len(work.jobs)

    def _settle(self, job: Job, found: Any) -> None:
        if not isinstance(found, BaseException):
            self._kept.put(job.key, found, weight(found) + weight(job.wanted))
        if self._jobs.get(job.key) is job:
            del self._jobs[job.key]
        job.settle(found)

    def pause(self, mine: Round) -> None:
        """Make room, in the worker's own thread, for what comes before this round by now.

        Raises:
            Unwanted: if nobody waits for the round any more.
        """
        if time.monotonic() - mine.turn < SLICE:
            return
        with self._lock:
            if not mine.visitors:
                raise Unwanted
            self._clock(mine)
            full = sum(each.begun for each in self._line) >= self.paused
            if full or self._order([mine, *self._line])[0] is mine:
                return
            mine.go.clear()
            self._line.append(mine)
            self._free += 1
            self._advance()
        mine.go.wait()
        if not mine.visitors:
            raise Unwanted
