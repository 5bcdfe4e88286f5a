"""Answers to strangers: a server function takes one JSON argument, checks it, and says in words what went wrong.

Answers depend on nothing but the argument, so they are remembered and shared between visitors, also by those who ask
while the first is being answered. Slow questions have a desk of their own, so they never hold up the quick ones;
waiting takes no thread, and when the line is full who comes next is told so at once.
"""

import asyncio
import functools
import logging
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import torch

from explorer import checkpoints
from explorer.device import gpu
from explorer.tabs.readers import READERS

WAIT_SECONDS = 30
REMEMBERED = 256
THREADS = torch.get_num_threads()
BUSY = "Many people are asking at once. What you see is kept; please try again in a moment."
BROKEN = (
    "That did not work, and the fault is ours. What you see is kept; please try something else, or reload the page."
)
log = logging.getLogger(__name__)


class Busy(Exception):
    """The line in front of a desk is full."""


class Desk:
    """A few workers, a bounded line in front of them, and the answers they gave lately.

    Arguments:
        workers: How many questions are answered at a time.
        line: How many more may wait.
        threads: How many threads the arithmetic of one worker may use.
    """

    def __init__(self, workers: int, line: int, threads: int = THREADS):
        self._pool = ThreadPoolExecutor(workers, "desk", torch.set_num_threads, (threads,))
        self._room = workers + line
        self._open = 0
        self._answers: OrderedDict[Hashable, Future] = OrderedDict()
        self._lock = threading.Lock()

    def ask(self, function: Callable[..., dict], wanted: dict[str, Any]) -> Future:
        """The answer, remembered, under way, or newly asked for.

        Raises:
            Busy: if it is new and the line is full.
        """
        key = (function, *wanted.items())
        with self._lock:
            if key not in self._answers:
                if self._open >= self._room:
                    raise Busy
                self._open += 1
                self._answers[key] = self._start(key, function, wanted)
            self._answers.move_to_end(key)
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
            return self._answers[key]

    def _start(self, key: Hashable, function: Callable[..., dict], wanted: dict[str, Any]) -> Future:
        return self._pool.submit(self._work, key, function, wanted)

    def _work(self, key: Hashable, function: Callable[..., dict], wanted: dict[str, Any]) -> dict:
        try:
            return function(**wanted)
        except BaseException:
            with self._lock:
                self._answers.pop(key, None)
            raise
        finally:
            with self._lock:
                self._open -= 1


class SharedDesk(Desk):
    """A desk that answers in one go all the waiting questions that are of a kind.

    What is asked here is a function of a list of questions that returns as many answers.

    Arguments:
        kind: Which questions go together: those for which it returns the same.
        size: How much of the room in one go a question takes.
        most: That room.
        line: How many questions may wait.
    """

    def __init__(self, kind: Callable[[dict], Hashable], size: Callable[[dict], int], most: int, line: int):
        super().__init__(workers=1, line=line, threads=1)
        self._kind, self._size, self._most = kind, size, most
        self._waiting: list[tuple[Hashable, dict[str, Any], Future]] = []

    def _start(self, key: Hashable, function: Callable[[list], list], wanted: dict[str, Any]) -> Future:
        future = Future()
        self._waiting.append((key, wanted, future))
        self._pool.submit(self._round, function)
        return future

    def _round(self, function: Callable[[list], list]) -> None:
        with self._lock:
            taken = self._take()
        questions = [wanted for _, wanted, _ in taken]
        try:
            answers = function(questions) if taken else []
        except Exception:  # one question must not spoil the others
            answers = [_alone(function, question) for question in questions]
        for (key, _, future), found in zip(taken, answers, strict=True):
            self._settle(key, future, found)

    def _take(self) -> list[tuple[Hashable, dict[str, Any], Future]]:
        taken, left, room = [], [], self._most
        for each in self._waiting:
            fits = self._kind(each[1]) == self._kind(self._waiting[0][1]) and self._size(each[1]) <= room
            (taken if fits else left).append(each)
            room -= self._size(each[1]) if fits else 0
        self._waiting = left
        return taken

    def _settle(self, key: Hashable, future: Future, found: dict | Exception) -> None:
        with self._lock:
            self._open -= 1
            if isinstance(found, Exception):
                self._answers.pop(key, None)
        if isinstance(found, Exception):
            future.set_exception(found)
        else:
            future.set_result(found)


def _alone(function: Callable[[list], list], question: dict[str, Any]) -> dict | Exception:
    try:
        return function([question])[0]
    except Exception as error:
        return error


QUICK, SLOW = Desk(workers=2, line=400), Desk(workers=1, line=12)
# a pixel is too little work to share: more threads would draw slower
DRAWING, TIMING = Desk(workers=1, line=60, threads=1), Desk(workers=1, line=12, threads=1)


def answer(
    function: Callable[..., dict],
    desk: Desk = QUICK,
    many: Callable[[list], list] | None = None,
    readers: Mapping[str, Callable] = READERS,
) -> Callable[[Any], Awaitable[dict]]:
    """Make a server function: check the argument, ask the desk, say in words what went wrong.

    A shared desk is given `many`, which answers a list of questions as `function` answers one.
    """
    run = gpu(many or function)

    @functools.wraps(function)
    async def ask(argument: Any) -> dict:
        async def work() -> dict:
            asked = desk.ask(run, arguments(function, argument, readers))
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(asked)), WAIT_SECONDS)

        return await in_words(function.__name__, work)

    ask.plain = function
    del ask.__wrapped__  # Gradio would count the wrapped function's parameters and pass as many values
    return ask


def slow_answer(function: Callable[..., dict]) -> Callable[[Any], Awaitable[dict]]:
    """The same for what takes seconds."""
    return answer(function, SLOW)


def drawing_answer(function: Callable[..., dict]) -> Callable[[Any], Awaitable[dict]]:
    """The same for what draws pixel after pixel: about a second."""
    return answer(function, DRAWING)


def timing_answer(function: Callable[..., dict]) -> Callable[[Any], Awaitable[dict]]:
    """The same for what measures how long this server takes: long, and in nobody's way."""
    return answer(function, TIMING)


async def in_words(name: str, work: Callable[[], Awaitable[dict]]) -> dict:
    """What the work answers, or a sentence about what went wrong; our own faults are logged under the name."""
    try:
        return await work()
    except (Busy, TimeoutError):
        return {"error": BUSY}
    except (ValueError, checkpoints.CheckpointError) as error:
        return {"error": str(error)}
    except Exception:
        log.exception("%s failed", name)
        return {"error": BROKEN}


def arguments(function: Callable, argument: Any, readers: Mapping[str, Callable] = READERS) -> dict[str, Any]:
    """The function's own parameters, each read and checked by name.

    Raises:
        ValueError: if one is missing or not what is wanted.
    """
    if not isinstance(argument, dict):
        raise ValueError("a question to the server must be a set of named values")
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    return {name: readers[name](argument.get(name)) for name in names}
