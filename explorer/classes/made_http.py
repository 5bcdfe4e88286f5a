"""Routes of what a class makes, which `Rooms` of `http.py` hands over.

| request | who | does |
| --- | --- | --- |
| `GET /r/CODE/task` | a phone, its key in `x-phone` | what it judges or guesses, and what it has sent |
| `POST /r/CODE/make` | a phone | keeps its points, its drawing, a judgement or a guess |
| `GET /r/CODE/made` | the lecturer's page, the secret in `x-secret` | what the class has made of a `kind` |

Points, judgements and guesses of fewer than `FEWEST_VOTES` phones are not displayed.
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from starlette.datastructures import Headers

from explorer.classes import passages, trials
from explorer.classes.made import (
    KEPT_BACK,
    LET,
    PLACES,
    POINT_BYTES,
    WHICH_DIGITS,
    Made,
    MadeStore,
    opened_made,
    read_made,
)
from explorer.classes.passages import PASSAGE_CONTEXT
from explorer.classes.room import (
    FEWEST_VOTES,
    KINDS_MADE,
    MADE_DRAWING,
    MADE_GUESSES,
    MADE_POINTS,
    MADE_TRIALS,
    PHASE_OPEN,
    Room,
    RoomError,
    digest_of,
)
from explorer.classes.store import Store
from explorer.serving import checks
from explorer.serving.checks import Refused
from explorer.serving.pace import Pace

MADE_METHODS = {"make": "POST", "task": "GET", "made": "GET"}
PHONE_MADE, PHONE_TASKS = (2, 12), (0.5, 4)  # of a phone, per second and in a burst
FURTHEST_NUMBER = 10**9  # of a question or a change
MOST_BOARD = 500  # points of all phones that the Playground takes, as a drawing of its own
MOST_COMPUTED = 20  # rooms whose results are kept
CLOSED = "This is closed."
T = TypeVar("T")


class Server(Protocol):
    """What these routes need of the rooms."""

    async def known_to(self, code: str, key: Any) -> Room:
        """Return the room that a phone has joined."""
        ...

    async def latest(self, code: str) -> Room | None:
        """Return a room as it is stored."""
        ...

    async def run(self, ask: Callable[[Store], T]) -> T:
        """Ask the store, in its thread."""
        ...


class MadeRoutes:
    """Answers the requests about what a class makes.

    Arguments:
        path: File or Redis of the store.
        server: The rooms.
        wait: Waits for a number of seconds, or refuses an infinite one.
    """

    def __init__(self, path: Path | str, server: Server, wait: Callable[[float], Awaitable[None]]):
        self._path, self._server, self._wait = path, server, wait
        self._made: MadeStore | None = None
        self._makes, self._tasks = Pace(*PHONE_MADE), Pace(*PHONE_TASKS)
        self._computed: dict[str, tuple[tuple, dict]] = {}

    async def _ask(self, ask: Callable[[MadeStore], T]) -> T:
        """Ask the table, in the thread of the store; the first question opens it."""

        def run(_: Store) -> T:
            if self._made is None:
                self._made = opened_made(self._path)
            return ask(self._made)

        return await self._server.run(run)

    async def make(self, code: str, body: dict) -> dict:
        """Keep what a phone sends."""
        key, asked, place = body.get("phone"), checks.number(body, "asked"), checks.number(body, "place")
        room = await self._server.known_to(code, key)
        if asked != room.asked or room.phase != PHASE_OPEN:
            room = await self._server.latest(code) or room
        await self._wait(self._makes.wait(f"{code} {key}"))
        if room.question is None or room.question.kind not in KINDS_MADE or asked != room.asked:
            raise Refused(409, CLOSED)
        kind, passage = room.question.kind, room.question.passage
        value = read_made(kind, place, body.get("value"))
        if not await self._ask(lambda made: made.put(code, asked, kind, digest_of(key), place, value)):
            raise Refused(409, CLOSED)
        told = {"was": _text(passage)[PASSAGE_CONTEXT + place]} if kind == MADE_GUESSES else {}
        return {"asked": asked, "place": place, **told}

    async def task(self, code: str, headers: Headers) -> dict:
        """Return what a phone judges or guesses, and what it has sent so far."""
        key = headers.get("x-phone", "")
        room = await self._server.known_to(code, key)
        await self._wait(self._tasks.wait(f"{code} {key}"))
        if room.question is None or not room.question.kind:
            raise Refused(409, CLOSED)
        kind, phone = room.question.kind, digest_of(key)
        own = await self._ask(lambda made: made.own(code, room.asked, phone))
        found: dict[str, Any] = {"asked": room.asked, "kind": kind, "done": len(own), "of": PLACES[kind]}
        if kind == MADE_TRIALS:
            found["images"] = trials.sheet(code, room.asked, phone)
            if room.phase != PHASE_OPEN:
                plan = trials.plan(code, room.asked, phone)
                found["right"] = sum((plan[each.place][0] != trials.TRIAL_REAL) == bool(each.value[0]) for each in own)
        elif kind == MADE_GUESSES:
            text = _text(room.question.passage)
            found |= {"text": text[: PASSAGE_CONTEXT + len(own)], "keys": passages.PASSAGE_KEYS}
            found["right"] = sum(
                each.value.decode() == passages.fold(text[PASSAGE_CONTEXT + each.place]) for each in own
            )
        elif own:
            found |= {"value": base64.b64encode(own[0].value).decode("ascii"), "state": own[0].state}
        return found

    async def counts(self, code: str, room: Room) -> dict:
        """Return how much the phones have sent for the present question, for the wall."""
        if room.question is None or not room.question.kind:
            return {}
        phones, values, change = await self._ask(lambda made: made.counts(code, room.asked))
        return {"answered": [phones, 0], "made": {"asked": room.asked, "values": values, "change": change}}

    async def let(self, code: str, body: dict) -> None:
        """Let a drawing through, or keep it back, as the lecturer has seen it; or all that waited at a change."""
        if "change" in body:
            asked, change = checks.number(body, "asked"), checks.number(body, "change")
            if max(abs(asked), abs(change)) > FURTHEST_NUMBER:
                raise RoomError("Wanted: the number of a change.")
            return await self._ask(lambda made: made.let_all(code, asked, change))
        asked, which, on = checks.number(body, "asked"), body.get("which"), body.get("on")
        value = read_made(MADE_DRAWING, 0, body.get("drawing"))
        if (
            abs(asked) > FURTHEST_NUMBER
            or not isinstance(which, str)
            or len(which) != WHICH_DIGITS
            or not isinstance(on, bool)
        ):
            raise RoomError("Wanted: the name of a drawing, and whether it is let through.")
        state = LET if on else KEPT_BACK
        if not await self._ask(lambda made: made.let(code, asked, which, value, state)):
            raise Refused(409, "The phone has sent another drawing meanwhile.")

    async def made(self, code: str, room: Room | None, query: bytes) -> dict:
        """Return what the class has made of a kind: for the present question, or the latest one of that kind."""
        kind = query.decode("latin-1").removeprefix("kind=")
        if kind not in KINDS_MADE:
            raise RoomError(f"A kind is one of {', '.join(KINDS_MADE)}.")
        if room is None:
            raise Refused(404, CLOSED)
        is_present = room.question is not None and room.question.kind == kind
        asked = room.asked if is_present else await self._ask(lambda made: made.latest(code, kind))
        found = await self._ask(partial(_read, code, asked))
        phones = len({each.phone for each in found[0]})
        shared = {"kind": kind, "asked": asked, "phones": phones, "values": len(found[0]), "change": found[1]}
        if kind == MADE_DRAWING:
            return shared | {"drawings": [*map(_drawing, found[0])]}
        closed = is_present and room.phase != PHASE_OPEN
        if phones < FEWEST_VOTES or not (closed or kind == MADE_POINTS):
            return shared
        if kind == MADE_POINTS:
            return shared | points(found[0])
        passage = room.question.passage if room.question else 0
        state = (asked, kind, passage, found[1])
        if self._computed.get(code, (None,))[0] != state:
            work = partial(_judged, code, asked) if kind == MADE_TRIALS else partial(_guessed, passage)
            result = await asyncio.to_thread(work, found[0])  # a bootstrap: phones are answered meanwhile
            self._computed[code] = state, result
            while len(self._computed) > MOST_COMPUTED:
                self._computed.pop(next(iter(self._computed)))
            return shared | result
        return shared | self._computed[code][1]


def _read(code: str, asked: int, made: MadeStore) -> tuple[list[Made], int]:
    return made.all(code, asked), made.counts(code, asked)[2]


def _text(passage: int) -> str:
    known = passages.read()["passages"]
    return known[passage % len(known)]["text"]


def _drawing(each: Made) -> list:
    """Return the name of a drawing, its packed bits in base64, and its state."""
    return [each.phone[:WHICH_DIGITS], base64.b64encode(each.value).decode("ascii"), each.state]


def points(found: list[Made]) -> dict[str, Any]:
    """Return the number of points of all phones, and at most `MOST_BOARD` of them, of each phone the same share."""
    raw = b"".join(each.value for each in found)
    count = len(raw) // POINT_BYTES
    chosen = range(count) if count <= MOST_BOARD else (k * (count - 1) // (MOST_BOARD - 1) for k in range(MOST_BOARD))
    board = b"".join(raw[POINT_BYTES * k : POINT_BYTES * (k + 1)] for k in chosen)
    every, some = (base64.b64encode(each).decode("ascii") for each in (raw, board))
    return {"count": count, "points": every, "board": some}


def _judged(code: str, asked: int, found: list[Made]) -> dict[str, Any]:
    answers: dict[str, dict[int, int]] = {}
    for each in found:
        answers.setdefault(each.phone, {})[each.place] = each.value[0]
    return trials.judged(code, asked, answers)


def _guessed(passage: int, found: list[Made]) -> dict[str, Any]:
    guesses: dict[int, list[str]] = {}
    for each in found:
        guesses.setdefault(each.place, []).append(each.value.decode("ascii"))
    return passages.compared(guesses, passage)
