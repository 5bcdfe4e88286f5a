"""Questions that programs can ask: server functions of the page, with the JSON Schema of their arguments."""

import asyncio
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from gradio.routes import ORJSONResponse

from explorer import fields
from explorer.serving.places import Answer, is_film
from explorer.serving.switch import is_on
from explorer.serving.work import BROKEN, BUSY

PROGRAM_SECONDS = 300.0  # that a program waits for the end of a film
TOO_SLOW = f"This took longer than {PROGRAM_SECONDS:.0f} seconds. Try again, or ask a faster network."
OK, UNREADABLE, TOO_MANY, OUR_FAULT = 200, 422, 429, 500


def is_open() -> bool:
    """Return whether programs may ask this server.

    Raises:
        SystemExit: if `EXPLORER_API` is neither 0 nor 1.
    """
    return is_on("EXPLORER_API", "0", "1 to open the door for programs, or to 0")


@dataclass(frozen=True)
class Asked:
    """Question that programs can ask.

    Arguments:
        name: Its name for programs.
        about: Its description.
        known: Fields of its parameters, by name.
        ask: Server function that answers it.
        watch: Server functions `frames` and `stop`, if it starts a film.
    """

    name: str
    about: str
    known: Mapping[str, fields.Field]
    ask: Answer
    watch: tuple[Answer, Answer] | None = None

    def to_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of its arguments."""
        required = [name for name, field in self.known.items() if not field.optional]
        parts = {name: field.to_schema() for name, field in self.known.items()}
        return {"type": "object", "properties": parts, "required": required, "additionalProperties": False}

    async def answer(self, argument: Any) -> tuple[int, dict[str, Any]]:
        """Return the HTTP status and the answer; a film is answered by its last frame, and an error by a sentence."""
        try:
            self._check(argument)
        except ValueError as error:
            return UNREADABLE, {"error": str(error)}
        found = await self.ask(argument)
        if self.watch and "error" not in found:
            found = await self._last(found)
        status = _status(found)
        return status, orjson.loads(ORJSONResponse(found).body) if status == OK else {"error": found["error"]}

    def _check(self, argument: Any) -> None:
        if not isinstance(argument, dict):
            raise ValueError("the arguments must be a set of named values")
        if unknown := [name for name in argument if name not in self.known]:
            raise ValueError(f"{str(unknown[0])[:40]!r} is no argument: there are {', '.join(self.known)}")
        for name, field in self.known.items():
            field.check(argument.get(name))

    async def _last(self, begun: dict[str, Any]) -> dict[str, Any]:
        """Watch a film to its end; return its description with the last frame."""
        assert self.watch
        frames, stop = self.watch
        last, start = None, 0
        try:
            async with asyncio.timeout(PROGRAM_SECONDS):
                while True:
                    found = await frames({"id": begun["id"], "from": start})
                    if found.get("error"):
                        return {"error": found["error"]}
                    last, start = [last, *found["frames"]][-1], start + len(found["frames"])
                    if found["done"]:
                        break
        except TimeoutError:
            await stop({"id": begun["id"]})
            return {"error": TOO_SLOW}
        return {key: value for key, value in begun.items() if key != "id"} | {"frame": last}


def _status(found: Mapping[str, Any]) -> int:
    """Return the HTTP status of an answer of a server function."""
    error = found.get("error")
    if error is None:
        return OK
    return {BUSY: TOO_MANY, TOO_SLOW: TOO_MANY, BROKEN: OUR_FAULT}.get(error, UNREADABLE)


def offered(declared: Sequence[Any], placed: Mapping[str, Answer]) -> dict[str, Asked]:
    """Return the questions of one network among server functions, by their names for programs.

    Arguments:
        declared: Server functions as the page declares them; those of a parameter `net` are offered.
        placed: The same as they are called, in this process or at replicas.
    """
    watch = (placed["frames"], placed["stop"])
    found = {}
    for function in declared:
        known = fields.of(function.plain) if hasattr(function, "plain") else {}
        if "net" not in known:
            continue
        name = function.__name__.removeprefix("ask_")
        about = inspect.cleandoc(function.plain.__doc__ or "")
        ask = placed[function.__name__]
        found[name] = Asked(name, about, known, ask, watch if is_film(function) else None)
    return found
