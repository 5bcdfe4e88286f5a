"""Server functions that start films, ask for their frames and stop watching them."""

import functools
from collections.abc import Awaitable, Callable
from typing import Any

from explorer import fields
from explorer.tabs.kit.answers import arguments, in_words
from explorer.tabs.kit.desk import Desk
from explorer.tabs.kit.films import FilmDesk, Script

LONGEST = 10_000
SCRIPTS = Desk(workers=2, line=100, remembered=0)
"""Where scripts are written: that may have to read weights."""


def film(function: Callable[..., Script], desk: FilmDesk) -> Callable[[Any], Awaitable[dict]]:
    """Make a server function of what writes a script: it starts the film, or says in words what went wrong.

    Raises:
        TypeError: if the type of a parameter names no field.
    """
    known = fields.of(function)

    @functools.wraps(function)
    async def start(argument: Any) -> dict:
        async def work() -> dict:
            wanted = arguments(known, argument)
            key = (function, *wanted.items())
            return desk.watch(key) or desk.start(key, await SCRIPTS.ask(function, wanted))

        return await in_words(function.__name__, work)

    start.plain = function
    del start.__wrapped__  # Gradio would count the wrapped function's parameters and pass as many values
    return start


def watching(desk: FilmDesk) -> list[Callable[[Any], Awaitable[dict]]]:
    """The server functions that ask for a film's frames, and that stop watching it."""

    async def frames(argument: Any) -> dict:
        """The frames of a film from a number on."""
        return await in_words("frames", lambda: desk.frames(*_asked(argument)))

    async def stop(argument: Any) -> dict:
        """Watch a film no longer."""

        async def work() -> dict:
            desk.stop(_asked(argument)[0])
            return {}

        return await in_words("stop", work)

    return [frames, stop]


def _asked(argument: Any) -> tuple[str, int]:
    asked = argument if isinstance(argument, dict) else {}
    name, start = asked.get("id"), asked.get("from", 0)
    if not isinstance(name, str) or type(start) is not int or not 0 <= start <= LONGEST:
        raise ValueError(f"a film is asked for by its id, and from a frame between 0 and {LONGEST}")
    return name, start
