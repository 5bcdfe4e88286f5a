"""Answers to strangers: a server function takes one JSON argument, checks it, and says in words what went wrong.

How heavy it is says what makes it one: `light`, `heavy`, `timed` or `film`. Answers depend on nothing but the argument,
so they are remembered and shared between visitors, also by those who ask while the first is being answered.
"""

import functools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import torch

from explorer import fields
from explorer.device import gpu
from explorer.serving.desk import DESK, Desk
from explorer.serving.films import Script
from explorer.serving.work import FILMS, HEAVY, LIGHT, TIMED, Batch, Lane, Question, sentence

THREADS = torch.get_num_threads()
LONGEST = 10_000  # frames of a film
Served = Callable[[Any], Awaitable[dict]]


def answer(
    function: Callable[..., dict],
    lane: Lane,
    threads: int = 1,
    batch: Batch | None = None,
    desk: Desk = DESK,
) -> Served:
    """Make a server function of what answers a question in a lane, by so many threads.

    Raises:
        TypeError: if the type of a parameter names no field.
    """
    question = Question(gpu(batch.function if batch else function), lane, threads, batch)
    return _served(function, functools.partial(desk.ask, question), lane)


light = functools.partial(answer, lane=LIGHT)
"""The same for what takes less than a tenth of a second."""
heavy = functools.partial(answer, lane=HEAVY)
"""The same for what takes longer."""
timed = functools.partial(answer, lane=TIMED)
"""The same for what measures how long this server takes: in nobody's way."""


def film(function: Callable[..., Script], threads: int = THREADS, desk: Desk = DESK) -> Served:
    """Make a server function of what writes a script: it starts the film, or says in words what went wrong.

    Raises:
        TypeError: if the type of a parameter names no field.
    """
    writing, rolling = Question(function, LIGHT, remembered=False), Question(function, FILMS, threads)

    async def begin(wanted: dict[str, Any]) -> dict:
        key = (rolling, *wanted.items())
        return desk.watch(key) or desk.start(rolling, key, await desk.ask(writing, wanted))

    return _served(function, begin, FILMS)


async def frames(argument: Any) -> dict:
    """The frames of a film from a number on."""
    return await _in_words("frames", lambda: DESK.frames(*_asked(argument)))


async def stop(argument: Any) -> dict:
    """Watch a film no longer."""

    async def work() -> dict:
        DESK.stop(_asked(argument)[0])
        return {}

    return await _in_words("stop", work)


def _asked(argument: Any) -> tuple[str, int]:
    asked = argument if isinstance(argument, dict) else {}
    name, start = asked.get("id"), asked.get("from", 0)
    if not isinstance(name, str) or type(start) is not int or not 0 <= start <= LONGEST:
        raise ValueError(f"a film is asked for by its id, and from a frame between 0 and {LONGEST}")
    return name, start


def _served(function: Callable, reply: Callable[[dict[str, Any]], Awaitable[dict]], lane: Lane) -> Served:
    """A server function: check the argument as the types of `function` say, reply, say in words what went wrong."""
    known = fields.of(function)

    @functools.wraps(function)
    async def ask(argument: Any) -> dict:
        async def work() -> dict:
            return await reply(arguments(known, argument))

        return await _in_words(function.__name__, work)

    ask.plain, ask.lane = function, lane
    del ask.__wrapped__  # Gradio would count the wrapped function's parameters and pass as many values
    return ask


async def _in_words(name: str, work: Callable[[], Awaitable[dict]]) -> dict:
    """What the work answers, or a sentence about what went wrong."""
    try:
        return await work()
    except Exception as error:
        return {"error": sentence(error, name)}


def arguments(known: Mapping[str, fields.Field], argument: Any) -> dict[str, Any]:
    """The parameters of a function, each checked by its field.

    Raises:
        ValueError: if one is missing or not what is wanted.
    """
    if not isinstance(argument, dict):
        raise ValueError("a question to the server must be a set of named values")
    return {name: field.check(argument.get(name)) for name, field in known.items()}
