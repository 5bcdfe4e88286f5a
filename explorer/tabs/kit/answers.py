"""Answers to strangers: a server function takes one JSON argument, checks it, and says in words what went wrong.

Answers depend on nothing but the argument, so they are remembered and shared between visitors, also by those who ask
while the first is being answered. What takes long has desks of its own, whose workers let the quick ones go first;
waiting takes no thread, and when the line is full whoever wants most of it is told so at once.
"""

import functools
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import torch

from explorer import checkpoints, fields
from explorer.device import gpu
from explorer.tabs.kit.desk import Busy, Desk

THREADS = torch.get_num_threads()
BUSY = "Many people are asking at once. What you see is kept; please try again in a moment."
BROKEN = (
    "That did not work, and the fault is ours. What you see is kept; please try something else, or reload the page."
)
log = logging.getLogger(__name__)

QUICK = Desk(workers=2, line=400)
MODERATE = Desk(workers=2, line=200, nice=5)
SLOW = Desk(workers=1, line=60, threads=THREADS, nice=10)
# a pixel is too little work to share: more threads would draw slower
DRAWING, TIMING = Desk(workers=1, line=60, nice=10), Desk(workers=1, line=12, nice=10)


def answer(
    function: Callable[..., dict], desk: Desk = QUICK, many: Callable[[list], list] | None = None
) -> Callable[[Any], Awaitable[dict]]:
    """Make a server function: check the argument, ask the desk, say in words what went wrong.

    A shared desk is given `many`, which answers a list of questions as `function` answers one.

    Raises:
        TypeError: if the type of a parameter names no field.
    """
    run, known = gpu(many or function), fields.of(function)

    @functools.wraps(function)
    async def ask(argument: Any) -> dict:
        async def work() -> dict:
            return await desk.ask(run, arguments(known, argument))

        return await in_words(function.__name__, work)

    ask.plain = function
    del ask.__wrapped__  # Gradio would count the wrapped function's parameters and pass as many values
    return ask


def moderate_answer(function: Callable[..., dict]) -> Callable[[Any], Awaitable[dict]]:
    """The same for what takes tenths of a second."""
    return answer(function, MODERATE)


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
    except Busy:
        return {"error": BUSY}
    except (ValueError, checkpoints.CheckpointError) as error:
        return {"error": str(error)}
    except Exception:
        log.exception("%s failed", name)
        return {"error": BROKEN}


def arguments(known: Mapping[str, fields.Field], argument: Any) -> dict[str, Any]:
    """The parameters of a function, each checked by its field.

    Raises:
        ValueError: if one is missing or not what is wanted.
    """
    if not isinstance(argument, dict):
        raise ValueError("a question to the server must be a set of named values")
    return {name: field.check(argument.get(name)) for name, field in known.items()}
