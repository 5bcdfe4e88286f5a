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
from collections.abc import Awaitable, Callable, Hashable
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
                self._answers[key] = self._pool.submit(self._work, key, function, wanted)
            self._answers.move_to_end(key)
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
            return self._answers[key]

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


QUICK, SLOW = Desk(workers=2, line=400), Desk(workers=1, line=12)
DRAWING = Desk(workers=1, line=60, threads=1)  # a pixel is too little work to share: more threads would draw slower


def answer(function: Callable[..., dict], desk: Desk = QUICK) -> Callable[[Any], Awaitable[dict]]:
    """Make a server function: check the argument, ask the desk, say in words what went wrong."""
    run = gpu(function)

    @functools.wraps(function)
    async def ask(argument: Any) -> dict:
        try:
            asked = desk.ask(run, _arguments(function, argument))
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(asked)), WAIT_SECONDS)
        except (Busy, TimeoutError):
            return {"error": BUSY}
        except (ValueError, checkpoints.CheckpointError) as error:
            return {"error": str(error)}
        except Exception:
            log.exception("%s failed", function.__name__)
            return {"error": BROKEN}

    ask.plain = function
    del ask.__wrapped__  # Gradio would count the wrapped function's parameters and pass as many values
    return ask


def slow_answer(function: Callable[..., dict]) -> Callable[[Any], Awaitable[dict]]:
    """The same for what takes seconds."""
    return answer(function, SLOW)


def drawing_answer(function: Callable[..., dict]) -> Callable[[Any], Awaitable[dict]]:
    """The same for what draws pixel after pixel: about a second."""
    return answer(function, DRAWING)


def _arguments(function: Callable, argument: Any) -> dict[str, Any]:
    """The function's own parameters, each read and checked by name.

    Raises:
        ValueError: if one is missing or not what is wanted.
    """
    if not isinstance(argument, dict):
        raise ValueError("a question to the server must be a set of named values")
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    return {name: READERS[name](argument.get(name)) for name in names}
