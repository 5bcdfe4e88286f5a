"""What the desk works on: questions of different weight, each alone or several in one go."""

import contextlib
import logging
import math
import time
from collections import Counter
from collections.abc import Callable, Collection, Hashable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from explorer.checkpoints import CheckpointError
from explorer.serving.visitors import Visitor

GUESS = 0.05  # seconds that something takes of which nothing is known
STAYING = 0.5  # how much counts of what is left of work that has begun: it does not wait for what takes as long
LEFT = 0.1  # of what work takes on average is still to come, however long it has taken
BUSY = "Many people are asking at once. What you see is kept; please try again in a moment."
BROKEN = (
    "That did not work, and the fault is ours. What you see is kept; please try something else, or reload the page."
)
log = logging.getLogger(__name__)


class Busy(Exception):
    """There is no room, or no time, for a question."""


class Unwanted(Exception):
    """Nobody waits for the work any more: it is given up."""


def sentence(error: Exception, name: str) -> str:
    """What is said of an error; our own faults are logged under the name of what failed."""
    if isinstance(error, Busy):
        return BUSY
    if isinstance(error, ValueError | CheckpointError):
        return str(error)
    log.error("%s failed", name, exc_info=error)
    return BROKEN


@dataclass(frozen=True, eq=False)
class Lane:
    """Workers for what is about as heavy.

    Arguments:
        name: What their threads are called.
        workers: Number that work at a time; the last that is free is for an address that holds none.
        paused: Number of pieces of work that may wait half done; an address begins no more than there are workers.
    """

    name: str
    workers: int
    paused: int = 5


LIGHT = Lane("light", workers=3)
HEAVY = Lane("heavy", workers=3)
TIMED = Lane("timed", workers=1, paused=0)
FILMS = Lane("films", workers=1, paused=0)


@dataclass(frozen=True, eq=False)
class Batch:
    """How several questions are answered in one go.

    Arguments:
        function: Answers a list of questions, each by its values.
        kind: Which go together: those for which it returns the same.
        size: How much of the room in one go a question takes.
        most: That room; while others wait, a quarter of it for one visitor.
    """

    function: Callable[[list[dict]], list[dict]]
    kind: Callable[[dict], Hashable]
    size: Callable[[dict], int]
    most: int


@dataclass(frozen=True, eq=False)
class Question:
    """What may be asked, by many and with other values each time.

    Arguments:
        function: What answers: the values by name, or with a batch as the batch's.
        lane: Whose work it is.
        threads: How many threads its arithmetic may use.
        batch: How several are answered in one go.
        remembered: Whether the answer is.
    """

    function: Callable
    lane: Lane
    threads: int = 1
    batch: Batch | None = None
    remembered: bool = True


@dataclass(eq=False)
class Job:
    """A question with its values that is not answered yet, and who waits for the answer."""

    key: Hashable
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


class Work:
    """Something that takes turns.

    Attributes:
        running: Whether it has its turn.
        turn: When its last turn began.
        left: How many more seconds it may take.
        since: When it came.
        rows: Its part of a turn that it shares with other work.
    """

    rows = 1

    def __init__(self, question: Question):
        self.question = question
        self.running, self.turn = False, 0.0
        self.left, self.since = GUESS, time.monotonic()


class Round(Work):
    """Jobs of a question that are worked on in one go: `begun` or not, for `worked` seconds; on `go` it goes on."""

    def __init__(self, question: Question, job: Job):
        super().__init__(question)
        self.jobs = [job]
        self.begun, self.worked, self.go = False, 0.0, Event()

    @property
    def visitors(self) -> Collection[Visitor]:
        """Who waits for any of it."""
        return self.jobs[0].waiters if len(self.jobs) == 1 else set().union(*(job.waiters for job in self.jobs))

    @property
    def size(self) -> int:
        """How large it is; as large, so long it takes."""
        batch = self.question.batch
        return sum(batch.size(job.wanted) for job in self.jobs) if batch else 1

    @property
    def pace(self) -> float:
        """How many seconds each part of it took."""
        return self.worked / self.size

    def expect(self, pace: float) -> None:
        """Say how long the rest may take, for each of its jobs, when such work lately took so many seconds a part."""
        cost = pace * self.size
        self.left = max(cost - self.worked, LEFT * cost) * (STAYING if self.begun else 1) / len(self.jobs)

    def gather(self, others: list["Round"]) -> list["Round"]:
        """Take in the jobs of others, not begun and in their order, that go with it; returns those others."""
        batch, (first,) = self.question.batch, self.jobs
        group, taken, gone = _parting([self, *others]), Counter(), []
        share = batch.most // 4 if group else math.inf
        taken.update(dict.fromkeys(_names(first, group), batch.size(first.wanted)))
        for each in others:
            (job,) = each.jobs
            size, names = batch.size(job.wanted), _names(job, group)
            fits = self.size + size <= batch.most and all(taken[name] + size <= share for name in names)
            if fits and batch.kind(job.wanted) == batch.kind(first.wanted):
                taken.update(dict.fromkeys(names, size))
                self.jobs.append(job)
                gone.append(each)
        return gone

    def answers(self) -> list[Any]:
        """Answer each of the jobs, or say what went wrong."""
        function, wanted = self.question.function, [job.wanted for job in self.jobs]
        if self.question.batch is None:
            return [function(**wanted[0])]
        try:
            return function(wanted)
        except Unwanted:
            raise
        except Exception:  # one question must not spoil the others
            return [_alone(function, each) for each in wanted]


def _parting(rounds: list[Round]) -> str | None:
    """By what those who wait are to be told apart: by address, else by session, or not at all."""
    visitors = set().union(*(each.visitors for each in rounds))
    return next((group for group in ("address", "session") if len({getattr(v, group) for v in visitors}) > 1), None)


def _names(job: Job, group: str | None) -> set[str]:
    return {getattr(each, group) for each in job.waiters} if group else set()


def _alone(function: Callable[[list], list], wanted: dict[str, Any]) -> Any:
    try:
        return function([wanted])[0]
    except Exception as error:
        return error
