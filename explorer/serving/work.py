"""Units of scheduled work: lanes, questions, jobs and rounds, alone or in batches."""

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

import torch

from explorer.networks import opened
from explorer.networks.checkpoints import CheckpointError
from explorer.serving.costs import Kind, network_in
from explorer.serving.visitors import Visitor

GUESS = 0.05  # expected seconds of work without any measurement
STAYING = 0.5  # factor on the remaining time of started work, so that it does not yield to work of equal length
WEARY = 15.0  # seconds in line after which a question ranks as if it cost nothing, so that short ones cannot starve it
OVERTIME = 0.5  # what work that takes longer than expected is expected to take still, as a share of what it took
LEFT = 0.1  # least remaining time, as a fraction of the expected cost, however long the work has run
BUSY = "Many people are asking at once. What you see is kept; please try again in a moment."
BROKEN = (
    "That did not work, and the fault is ours. What you see is kept; please try something else, or reload the page."
)
NOT_OURS = "This network cannot answer that: it gives values that nothing can be done with. What you see is kept."
log = logging.getLogger(__name__)


class Busy(Exception):
    """Rejection of a question because the queue is full or the answer takes too long."""


class Unwanted(Exception):
    """Cancellation of work that nobody waits for any more."""


def sentence(error: Exception, name: str, network: Any = None) -> str:
    """Return the sentence shown for an error; log our own faults under the name of the failed function.

    A fault about a network that a visitor opened is taken as that of its weights.
    """
    if isinstance(error, Busy):
        return BUSY
    if isinstance(error, ValueError | CheckpointError):
        return str(error)
    if isinstance(network, str) and opened.is_name(network):
        log.info("%s failed with a network that a visitor opened", name, exc_info=error)
        return NOT_OURS
    log.error("%s failed", name, exc_info=error)
    return BROKEN


@dataclass(frozen=True, eq=False)
class Lane:
    """Worker pool for work of similar weight.

    Arguments:
        name: Prefix of the thread names.
        workers: Number of concurrent workers.
        spare: Number of free workers that an address with a running worker needs to get another one.
        paused: Maximum number of suspended pieces of work; an address starts no more than there are workers.
    """

    name: str
    workers: int
    spare: int = 2
    paused: int = 5


LIGHT = Lane("light", workers=3)
HEAVY = Lane("heavy", workers=3, spare=2 if torch.get_num_threads() > 2 else 3)  # two cores are full with fewer
TIMED = Lane("timed", workers=1, paused=0)
FILMS = Lane("films", workers=1, paused=0)


@dataclass(frozen=True, eq=False)
class Batch:
    """Batching of several questions into one call.

    Arguments:
        function: Answers a list of questions, each given by its values.
        kind: Returns the same for questions that fit into one batch.
        size: Returns the batch capacity that a question takes.
        most: Capacity of a batch; while several visitors wait, one visitor gets a quarter of it.
    """

    function: Callable[[list[dict]], list[dict]]
    kind: Callable[[dict], Hashable]
    size: Callable[[dict], int]
    most: int


@dataclass(frozen=True, eq=False)
class Question:
    """Function that visitors may call with different values.

    Arguments:
        function: Takes the values by name; with a batch, it is the batch's function.
        lane: Lane whose workers run it.
        threads: Number of threads for its arithmetic.
        batch: Batching of several questions; none unless given.
        remembered: Whether the answer is cached.
        seconds: What a visitor is told to expect of its first answer here; nothing unless given.
    """

    function: Callable
    lane: Lane
    threads: int = 1
    batch: Batch | None = None
    remembered: bool = True
    seconds: float | None = None


@dataclass(eq=False)
class Job:
    """Question with its values, not answered yet, and the visitors who wait for it."""

    key: Hashable
    wanted: dict[str, Any]
    future: Future = field(default_factory=Future)
    waiters: Counter[Visitor] = field(default_factory=Counter)

    def settle(self, found: Any) -> None:
        """Set the answer or the error, unless the job was cancelled."""
        with contextlib.suppress(InvalidStateError):
            if isinstance(found, BaseException):
                self.future.set_exception(found)
            else:
                self.future.set_result(found)


class Work:
    """Unit of work that is scheduled in turns.

    Attributes:
        kind: Its question and network, by which its cost is learned.
        running: Whether it has its turn.
        urgent: Whether long work makes room for it.
        turn: Start of its last turn.
        rested: Time at which it last made room for light questions.
        left: Expected remaining seconds.
        since: Time of its arrival.
        rows: Its weight in a turn shared with other work.
    """

    rows = 1

    def __init__(self, question: Question, network: Hashable = None):
        self.question = question
        self.kind: Kind = question, network
        self.running, self.urgent, self.turn, self.rested = False, False, 0.0, 0.0
        self.left, self.since = GUESS, time.monotonic()

    @property
    def places(self) -> set[str]:
        """Addresses of the visitors who wait for it."""
        return {visitor.address for visitor in self.visitors}


class Round(Work):
    """Jobs of a question that run together: `begun` or not, after `worked` seconds; `go` resumes them."""

    def __init__(self, question: Question, job: Job):
        super().__init__(question, network_in(job.wanted))
        self.jobs = [job]
        self.begun, self.worked, self.go = False, 0.0, Event()

    @property
    def visitors(self) -> Collection[Visitor]:
        """Visitors who wait for any of its jobs."""
        return self.jobs[0].waiters if len(self.jobs) == 1 else set().union(*(job.waiters for job in self.jobs))

    @property
    def size(self) -> int:
        """Batch size; cost is proportional."""
        batch = self.question.batch
        return sum(batch.size(job.wanted) for job in self.jobs) if batch else 1

    @property
    def pace(self) -> float:
        """Seconds for each unit of size."""
        return self.worked / self.size

    def expect(self, pace: float) -> None:
        """Estimate the remaining seconds for each of its jobs, given the recent seconds for a unit of size.

        The longer it has waited, the less they count: among many short questions, a long one would never come first.
        What it is charged stays the time that it takes.
        """
        cost, waited = pace * self.size, time.monotonic() - self.since
        share = (STAYING if self.begun else 1) * max(0.0, 1 - waited / WEARY)
        self.left = max(cost - self.worked, LEFT * cost) * share / len(self.jobs)

    def remaining(self, pace: float) -> float:
        """Return the expected remaining seconds, given the recent seconds for a unit of size."""
        spent = self.worked + (time.monotonic() - self.turn if self.running else 0.0)
        return max(pace * self.size - spent, OVERTIME * spent)

    def gather(self, others: list["Round"]) -> list["Round"]:
        """Add the jobs of queued rounds, in order, that fit into this batch; return those rounds."""
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
        """Return the answer of each job; in a batch, an error replaces the answer of its job alone.

        Raises:
            Unwanted: if nobody waits for the round any more.
        """
        function, wanted = self.question.function, [job.wanted for job in self.jobs]
        if self.question.batch is None:
            return [function(**wanted[0])]
        try:
            return function(wanted)
        except Unwanted:
            raise
        except Exception:  # an error in one question must not affect the others
            return [_alone(function, each) for each in wanted]


def _parting(rounds: list[Round]) -> str | None:
    """Return the attribute that distinguishes the waiting visitors: address, else session, else None."""
    visitors = set().union(*(each.visitors for each in rounds))
    return next((group for group in ("address", "session") if len({getattr(v, group) for v in visitors}) > 1), None)


def _names(job: Job, group: str | None) -> set[str]:
    return {getattr(each, group) for each in job.waiters} if group else set()


def _alone(function: Callable[[list], list], wanted: dict[str, Any]) -> Any:
    try:
        return function([wanted])[0]
    except Exception as error:
        return error
