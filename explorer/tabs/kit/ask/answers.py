"""Server functions: each takes one JSON argument, checks it, and reports errors as sentences.

The weight of the work decides which decorator makes it one: `light`, `heavy`, `timed` or `film`. Answers depend only on
the argument. So they are cached and shared between visitors, and concurrent identical requests are computed once.
"""

import functools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol, cast

import torch

from explorer import fields
from explorer.numbers.answer import Answer, Props, in_props
from explorer.running.device import gpu
from explorer.serving.costs import network_in
from explorer.serving.desk import DESK, Desk
from explorer.serving.films import Script
from explorer.serving.work import FILMS, HEAVY, LIGHT, TIMED, Batch, Lane, Question, sentence

THREADS = torch.get_num_threads()
ANSWERS_LONGEST = 10_000  # frames of a film


class Served(Protocol):
    """A server function.

    Attributes:
        plain: The function that answers.
        props: The same, with its answers as the browser reads them.
        lane: Lane whose workers run it.
        batch: Batching of several questions, if there is one.
        expected: Returns the seconds until an argument that was asked will have its answer; None if that is unknown.
    """

    __name__: str
    plain: Callable[..., Any]
    props: Callable[..., Any]
    lane: Lane
    batch: Batch | None
    expected: Callable[[Any], float | None]

    def __call__(self, argument: Any) -> Awaitable[Props]: ...


def answer(
    function: Callable[..., Answer],
    lane: Lane,
    threads: int = 1,
    batch: Batch | None = None,
    desk: Desk = DESK,
    borrows: bool = False,
    seconds: float | None = None,
) -> Served:
    """Make a server function of a function that answers a question.

    Arguments:
        function: Takes the checked values by name.
        lane: Lane whose workers run it.
        threads: Number of threads for its arithmetic.
        batch: Batching of several questions; none unless given.
        desk: Scheduler that runs it.
        borrows: Whether it borrows a GPU where one is lent (see `device.gpu`).
        seconds: What a visitor is told to expect of the first answer on a server; nothing unless given.

    Raises:
        TypeError: if the type of a parameter names no field.
    """
    worked = in_props(batch.function if batch else function)
    question = Question(gpu(worked) if borrows else worked, lane, threads, batch, seconds=seconds)
    expected = functools.partial(desk.expected, question)
    return _served(function, functools.partial(desk.ask, question), expected, lane, batch)


light = functools.partial(answer, lane=LIGHT)
"""`answer` for work that takes less than a tenth of a second."""
heavy = functools.partial(answer, lane=HEAVY)
"""`answer` for longer work."""
timed = functools.partial(answer, lane=TIMED)
"""`answer` for work that measures time on this server, in a lane of its own."""


def film(function: Callable[..., Script], threads: int = THREADS, desk: Desk = DESK) -> Served:
    """Make a server function of a function that returns a script: it starts the film, or reports an error.

    Raises:
        TypeError: if the type of a parameter names no field.
    """
    writing, rolling = Question(function, LIGHT, remembered=False), Question(function, FILMS, threads)

    async def begin(wanted: dict[str, Any]) -> Props:
        key = (rolling, *wanted.items())
        return desk.watch(key) or desk.start(rolling, key, await desk.ask(writing, wanted), network_in(wanted))

    return _served(function, begin, functools.partial(desk.expected, writing), FILMS)


async def frames(argument: Any) -> Props:
    """Return the frames of a film from a number on."""
    return await in_words("frames", lambda: DESK.frames(*_asked(argument)))


async def stop(argument: Any) -> Props:
    """Stop watching a film."""

    async def work() -> Props:
        DESK.stop(_asked(argument)[0])
        return {}

    return await in_words("stop", work)


def _asked(argument: Any) -> tuple[str, int]:
    asked = argument if isinstance(argument, dict) else {}
    name, start = asked.get("id"), asked.get("from", 0)
    if not isinstance(name, str) or type(start) is not int or not 0 <= start <= ANSWERS_LONGEST:
        raise ValueError(f"a film is asked for by its id, and from a frame between 0 and {ANSWERS_LONGEST}")
    return name, start


def waits(functions: Sequence[Callable]) -> Callable[[Any], Awaitable[Props]]:
    """Return the server function that tells how long a question to one of these will still take."""
    known = {each.__name__: each for each in functions if hasattr(each, "expected")}

    async def wait(argument: Any) -> Props:
        """Return the expected seconds until a question has its answer, None if they are unknown."""

        async def work() -> Props:
            asked = argument if isinstance(argument, dict) else {}
            name = asked.get("name")
            if not isinstance(name, str) or name not in known:
                raise ValueError("a wait is asked for by the name of a question, and its argument")
            return {"left": known[name].expected(asked.get("argument"))}

        return await in_words("wait", work)

    return wait


def _served(
    function: Callable,
    reply: Callable[[dict[str, Any]], Awaitable[Props]],
    expected: Callable[[dict[str, Any]], float | None],
    lane: Lane,
    batch: Batch | None = None,
) -> Served:
    """Return a server function that checks its argument by the parameter types of `function` and then replies.

    An error becomes a sentence in the answer.
    """
    known = fields.of(function)

    @functools.wraps(function)
    async def ask(argument: Any) -> Props:
        async def work() -> Props:
            return await reply(arguments(known, argument))

        return await in_words(function.__name__, work, network_in(argument) if isinstance(argument, dict) else None)

    del ask.__wrapped__  # else Gradio would count the parameters of the wrapped function and pass that many values
    served = cast(Served, ask)
    served.plain, served.props, served.lane, served.batch = function, in_props(function), lane, batch
    served.expected = lambda argument: expected(arguments(known, argument))
    return served


async def in_words(name: str, work: Callable[[], Awaitable[Props]], network: Any = None) -> Props:
    """Return the result of the work, or a sentence about its error."""
    try:
        return await work()
    except Exception as error:
        return {"error": sentence(error, name, network)}


def arguments(known: Mapping[str, fields.Field], argument: Any) -> dict[str, Any]:
    """Return the parameters of a function, each checked by its field.

    Raises:
        ValueError: if one is missing or invalid.
    """
    if not isinstance(argument, dict):
        raise ValueError("a question to the server must be a set of named values")
    return {name: field.check(argument.get(name)) for name, field in known.items()}
