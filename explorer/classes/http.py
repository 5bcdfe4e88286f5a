"""Routes of rooms, which the gate hands over: `/r` opens one, `/r/CODE` is the page of a phone.

| request | who | does |
| --- | --- | --- |
| `GET /r`, `GET /r/CODE` | anybody | the page of a phone, the same for every code |
| `POST /r` | a lecturer's page | opens a room; the answer has its code and its secret |
| `POST /r/CODE/join` | a phone | gives it a key, or takes the one that it has |
| `GET /r/CODE/state` | a phone, its key in `x-phone` | waits until the room has another version than `since` |
| `POST /r/CODE/vote` | a phone | counts its vote |
| `GET /r/CODE/wall` | the lecturer's page, the secret in `x-secret` | counts and distributions |
| `POST /r/CODE/lead` | the lecturer's page, the secret in `x-secret` | asks, moves on, says its state, ends the room |

`make`, `task` and `made` are those of `made_http.py`. A room that is not there and a wrong key get the same answer.
"""

import asyncio
import contextlib
import math
import re
import secrets
import sqlite3
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import parse_qs

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from explorer.classes import phone, tally
from explorer.classes.made_http import MADE_METHODS, MadeRoutes
from explorer.classes.room import (
    CODE_LENGTH,
    CODE_LETTERS,
    MOST_ROOMS,
    ROOM_MOVES,
    Room,
    RoomError,
    digest_of,
    new_room,
    question_of,
)
from explorer.classes.store import FullError, Store, opened
from explorer.serving import checks
from explorer.serving.checks import Refused
from explorer.serving.pace import Pace

CODE_PATTERN = rf"[{CODE_LETTERS}{CODE_LETTERS.lower()}]{{{CODE_LENGTH}}}"
ROOM_ADDRESS = re.compile(rf"/r(?:/({CODE_PATTERN})(?:/(join|state|vote|wall|lead|make|task|made))?)?/?")
PHONE_KEY = re.compile(r"[0-9a-f]{32}")
ROOM_METHODS = {"join": "POST", "vote": "POST", "lead": "POST", "state": "GET", "wall": "GET"} | MADE_METHODS
ROOM_REQUESTS = (500, 3_000)  # of an address, per second and in a burst
ROOM_JOINS = (20, 420)  # of an address, per second and in a burst: 200 phones of one room, and typing mistakes
GUESSES = (1, 30, 1.0)  # wrong codes of an address, per second and in a burst
WRONG_SECONDS = 1.0  # until a wrong code or key is answered
PHONE_VOTES, PHONE_STATES = (2, 10), (1, 4)  # of a phone, per second and in a burst
ROOM_LEADS = (5, 30)  # of the lecturer's page, per second and in a burst
OPENED_ROOMS, ROOMS_OF_ADDRESS = (1 / 30, 10), 10  # rooms that an address opens, and has open
HOLD_SECONDS, MOST_HELD = 10.0, 600  # that a phone waits for news, and phones that may wait at once
LOOK_SECONDS = 0.4  # between two looks for changes by another process, while phones wait
SEE_SECONDS = 5.0  # between two notes that a phone is there
HERE_SECONDS = HOLD_SECONDS + 2 * SEE_SECONDS  # after which a silent phone is not there
LECTURER_FIRST = 0.02  # seconds by which phones have a change later than the page that made it
ROOM_CHANGES = 20  # times that a change is tried while others change the room
MOST_QUERY = 200  # letters of a phone's question that are read
FOLLOW_VALUES = {"1": True, "0": False}
GUESSED = "Too many wrong codes came from here. Try again in a moment."
NO_ROOM = "There is no such room, or it has ended."
NO_PLACE = "The room is full, or it has ended."
ROOMS_FULL = "As many rooms are open on this server as there may be. Try again later."
SLOW_DOWN = "Too many requests come from here. Try again in a moment."
NOTHING_HERE = "There is nothing here."
NO_STORE = "This server cannot keep rooms."
STORE_ERRORS = (sqlite3.Error, OSError)
T = TypeVar("T")


@dataclass
class Known:
    """What this process knows of a room: the room, the answer for phones, and an event that ends with this version."""

    room: Room
    body: bytes
    read: float
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class Rooms:
    """Answers the requests of rooms.

    Arguments:
        path: File or Redis of the store.
        clock: Returns seconds since 1970.
    """

    def __init__(self, path: Path | str, clock: Callable[[], float] = time.time):
        self._path, self.clock = path, clock
        self._store: Store | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rooms")
        self._known: dict[str, Known] = {}
        self._watched: Counter[str] = Counter()
        self._looking: dict[str, asyncio.Task[None]] = {}
        self._seen: OrderedDict[tuple[str, str], tuple[float, bool | None]] = OrderedDict()
        self._used: dict[str, float] = {}
        self._openers: OrderedDict[str, str] = OrderedDict()
        self._one_guess = asyncio.Lock()
        paces = (ROOM_REQUESTS, ROOM_JOINS, OPENED_ROOMS, PHONE_STATES, ROOM_LEADS)
        self._guesses = Pace(*GUESSES)
        self._made = MadeRoutes(path, self, wait)
        self.votes_pace = Pace(*PHONE_VOTES)
        self._all, self._joins, self._openings, self._states, self._leads = (Pace(*each) for each in paces)

    @staticmethod
    def takes(path: str) -> bool:
        """Return whether a path is one of rooms."""
        return ROOM_ADDRESS.fullmatch(path) is not None

    async def answer(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request.

        Raises:
            Refused: if it is malformed, too fast, or about no room of whoever asks.
        """
        found = ROOM_ADDRESS.fullmatch(path)
        assert found
        code, what = (found[1] or "").upper(), found[2]
        headers, method = Headers(scope=scope), scope["method"]
        if what is None and (code or method != "POST"):
            page = phone.response(headers) if method in ("GET", "HEAD") else None
            return await self.page(page, scope, receive, send)
        query, place = scope["query_string"], checks.address(scope, headers)

        async def do(body: dict) -> Response:
            if what == "state":
                return await self._state(code, headers, query, receive)
            if what == "made":
                await self.check_secret(code, headers)
                return as_json(await self._made.made(code, await self.latest(code), query))
            return as_json(await self._do(what, code, headers, body, place))

        await self.reply(ROOM_METHODS[what] if what else "POST", do, scope, receive, send)

    async def page(self, page: Response | None, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a page; without one, nothing is there."""
        await wait(self._all.wait(checks.address(scope, Headers(scope=scope))))
        if page is None:
            raise Refused(405, NOTHING_HERE)
        await page(scope, receive, send)

    async def reply(
        self, method: str, do: Callable[[dict], Awaitable[Response]], scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a request by its body, once it is checked.

        Arguments:
            method: The only method that is answered.
            do: Returns the answer to a body, which is empty without one.

        Raises:
            Refused: if it is malformed, too fast, or about no room of whoever asks.
        """
        headers = Headers(scope=scope)
        await wait(self._all.wait(checks.address(scope, headers)))
        if scope["method"] != method:
            raise Refused(405, NOTHING_HERE)
        checks.check_origin(headers)
        body = await checks.read(headers, receive) if method == "POST" else {}
        try:
            response = await do(body)
        except ValueError as error:  # a RoomError is one
            raise Refused(400, str(error)) from None
        except STORE_ERRORS:
            raise Refused(503, NO_STORE) from None
        response.headers["cache-control"] = "no-store"
        await response(scope, receive, send)

    async def _do(self, what: str | None, code: str, headers: Headers, body: dict, place: str) -> dict:
        if what is None:
            return await self._open(place)
        if what == "join":
            return await self._join(code, body, place)
        if what == "vote":
            return await self._vote(code, body)
        if what in ("make", "task"):
            return await (self._made.make(code, body) if what == "make" else self._made.task(code, headers))
        await self.check_secret(code, headers)
        return await (self._wall(code) if what == "wall" else self._lead(code, body))

    async def _open(self, place: str) -> dict:
        """Open a room."""
        if self._openings.wait(place):
            raise Refused(429, SLOW_DOWN)
        mine = [code for code, opener in [*self._openers.items()] if opener == place and await self.latest(code)]
        if len(mine) >= ROOMS_OF_ADDRESS:
            raise Refused(429, ROOMS_FULL)
        while True:
            room, secret = new_room(self.clock())
            try:
                if await self.run(partial(_added, room, self.clock())):
                    break
            except FullError:
                raise Refused(503, ROOMS_FULL) from None
        self._openers[room.code] = place
        while len(self._openers) > 2 * MOST_ROOMS:
            self._openers.popitem(last=False)
        return {"code": room.code, "secret": secret, "ends": room.ends}

    async def _join(self, code: str, body: dict, place: str) -> dict:
        """Give a phone its key; a phone that has one keeps it."""
        await wait(self._joins.wait(place))
        key = body.get("phone")
        if not isinstance(key, str) or not PHONE_KEY.fullmatch(key):
            key = secrets.token_hex(16)
        room = await self._guessed(code, place)
        if room is None:
            return await _refuse_late(404)
        if not await self.run(lambda store: store.join(code, digest_of(key), self.clock())):
            raise Refused(503, NO_PLACE)
        return {"phone": key, **tally.phone(room)}

    async def _guessed(self, code: str, place: str) -> Room | None:
        """Return the room of a code; after many wrong ones an address waits.

        Codes that this process does not know are looked up one at a time, so that each wrong one counts.
        """
        self._check_guesses(place)
        if code in self._known and time.monotonic() - self._known[code].read <= LOOK_SECONDS:
            return self._known[code].room
        async with self._one_guess:
            self._check_guesses(place)
            room = await self.latest(code)
            if room is None:
                self._guesses.wait(place)
            return room

    def _check_guesses(self, place: str) -> None:
        if self._guesses.wait(place, 0):
            raise Refused(429, GUESSED)

    async def _vote(self, code: str, body: dict) -> dict:
        """Count a vote in the open ballot."""
        key, asked, ballot = body.get("phone"), checks.number(body, "asked"), checks.number(body, "ballot")
        room = await self.known_to(code, key)
        if (asked, ballot) != (room.asked, room.ballot):
            room = await self.latest(code) or room
        await wait(self.votes_pace.wait(f"{code} {key}"))
        question, value = room.question, body.get("value")
        if question is None or (asked, ballot) != (room.asked, room.ballot):
            raise Refused(409, "This vote is closed.")
        if not question.takes(value):
            raise Refused(400, "This is no answer to the question.")
        if not await self.run(lambda store: store.vote(code, asked, ballot, digest_of(key), value)):
            raise Refused(409, "This vote is closed.")
        return {"asked": asked, "ballot": ballot, "value": value}

    async def known_to(self, code: str, key: Any) -> Room:
        """Return the room that a phone has joined, which is seen by it."""
        if not isinstance(key, str) or not PHONE_KEY.fullmatch(key):
            return await _refuse_late(404)
        known = await self._know(code)
        if known is None or not await self._see(code, key, None):
            return await _refuse_late(404)
        return known.room

    async def _see(self, code: str, key: str, follows: bool | None) -> bool:
        """Note that a phone is there, once in `SEE_SECONDS`; return whether it has joined."""
        name, now = (code, key), time.monotonic()
        last, followed = self._seen.get(name, (-math.inf, None))
        if now - last < SEE_SECONDS and follows in (None, followed):
            return True
        if not await self.run(lambda store: store.see(code, digest_of(key), self.clock(), follows)):
            return False
        self._seen[name] = now, follows
        self._seen.move_to_end(name)
        while len(self._seen) > 50_000:
            self._seen.popitem(last=False)
        return True

    async def _state(self, code: str, headers: Headers, query: bytes, receive: Receive) -> Response:
        """Return what phones display, once it is another version than the one that this phone has."""
        key = headers.get("x-phone", "")
        said = parse_qs(query.decode("latin-1")[:MOST_QUERY])
        since, follows = said.get("since", [""])[0], FOLLOW_VALUES.get(said.get("follows", [""])[0])
        await self.known_to(code, key)
        await wait(self._states.wait(f"{code} {key}"))
        await self._see(code, key, follows)
        known = await self._know(code)
        if known and since == str(known.room.version) and self._watched.total() < MOST_HELD:
            async with self._watch(code):
                await _first(known.changed.wait(), checks.wait_until_closed(receive), HOLD_SECONDS)
            known = await self._know(code)
        if known is None:
            raise Refused(404, NO_ROOM)
        return Response(known.body, media_type="application/json")

    @contextlib.asynccontextmanager
    async def _watch(self, code: str) -> AsyncIterator[None]:
        """Look for changes by other processes while phones of a room wait: one look for all of them."""
        if not self._watched[code]:
            self._looking[code] = asyncio.create_task(self._look(code))
        self._watched[code] += 1
        try:
            yield
        finally:
            self._watched[code] -= 1
            if not self._watched[code]:
                del self._watched[code]
                self._looking.pop(code).cancel()

    async def _look(self, code: str) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            with contextlib.suppress(*STORE_ERRORS):
                await self.latest(code)

    async def _know(self, code: str) -> Known | None:
        """Return what is known of a room, read again if this is older than `LOOK_SECONDS`."""
        known = self._known.get(code)
        if known is None or time.monotonic() - known.read > LOOK_SECONDS:
            await self.latest(code)
        return self._known.get(code)

    async def latest(self, code: str) -> Room | None:
        """Return a room as it is stored."""
        room = await self.run(lambda store: store.read(code, self.clock()))
        self.learn(code, room)
        return room

    def learn(self, code: str, room: Room | None) -> None:
        """Keep what is known of a room; who waits for another version is told."""
        known = self._known.get(code)
        if known and room and known.room.version >= room.version:
            known.read = time.monotonic()
            return
        if room:
            self._known[code] = Known(room, orjson.dumps(tally.phone(room)), time.monotonic())
        else:
            self._known.pop(code, None)
        if known:
            known.changed.set()

    async def check_secret(self, code: str, headers: Headers) -> None:
        """Let the lecturer's page pass."""
        known = await self._know(code)
        if known is None or not known.room.knows(headers.get("x-secret", "")):
            return await _refuse_late(403)
        await wait(self._leads.wait(code))
        if time.monotonic() - self._used.get(code, -math.inf) > 10 * SEE_SECONDS:
            self._used[code] = time.monotonic()
            await self.run(lambda store: store.use(code, self.clock()))

    async def _wall(self, code: str) -> dict:
        """Return what the lecturer's page displays."""
        found = await self.run(partial(_look, code, self.clock()))
        self.learn(code, found and found[0])
        if found is None:
            raise Refused(404, NO_ROOM)
        return tally.wall(*found) | await self._made.counts(code, found[0])

    async def _lead(self, code: str, body: dict) -> dict:
        """Make a move of the lecturer, and return what the lecturer's page displays then."""
        what = body.get("do")
        if what == "end":
            await self.run(lambda store: store.end(code))
            self._used.pop(code, None)
            self.learn(code, None)
            return {"ended": True}
        if what == "let":
            await self._made.let(code, body)
            return await self._wall(code)
        changes = {"steer": lambda room: room.steered(body.get("at")), "ask": partial(_asking, body.get("question"))}
        changes |= {move: partial(_moved, move) for move in ROOM_MOVES}
        if what not in changes:
            raise RoomError(f"A move is one of {', '.join(sorted(changes))}, let and end.")
        now, change = self.clock(), changes[what]
        found = await self.run(lambda store: changed(code, change, now, store) and _look(code, now, store))
        if found is None:
            raise Refused(404, NO_ROOM)
        asyncio.get_running_loop().call_later(LECTURER_FIRST, self.learn, code, found[0])
        return tally.wall(*found) | await self._made.counts(code, found[0])

    async def run(self, ask: Callable[[Store], T]) -> T:
        """Ask the store, in its thread; the first question opens it."""

        def run() -> T:
            if self._store is None:
                self._store = opened(self._path)
            return ask(self._store)

        return await asyncio.get_running_loop().run_in_executor(self._thread, run)


def _asking(said: Any, room: Room) -> Room:
    return room.asking(question_of(said))


def _moved(move: str, room: Room) -> Room:
    return room.moved(move)


def _added(room: Room, now: float, store: Store) -> bool:
    return store.add(room, now)


def as_json(value: dict) -> Response:
    """Return an answer in JSON."""
    return Response(orjson.dumps(value), media_type="application/json")


async def _refuse_late(status: int) -> NoReturn:
    """Refuse a wrong code, key or secret, after a while."""
    await asyncio.sleep(WRONG_SECONDS)
    raise Refused(status, NO_ROOM)


def _look(code: str, now: float, store: Store) -> tuple[Room, tuple[list[float], list[float]], int, int] | None:
    """Return a room, the votes on its question, and how many phones are there and follow."""
    room = store.read(code, now)
    if room is None:
        return None
    return room, store.votes(code, room.asked), *store.present(code, now - HERE_SECONDS)


def changed(code: str, change: Callable[[Room], Room], now: float, store: Store) -> Room | None:
    """Change a room as it is stored; if another process changes it meanwhile, try again. Return the new room."""
    for _ in range(ROOM_CHANGES):
        room = store.read(code, now)
        later = room and change(room)
        if later is room or (later and (later := store.change(later))):
            return later
    raise Refused(503, SLOW_DOWN)


async def wait(seconds: float) -> None:
    """Wait for a number of seconds.

    Raises:
        Refused: if it is infinite.
    """
    if math.isinf(seconds):
        raise Refused(429, SLOW_DOWN)
    await asyncio.sleep(seconds)


async def _first(one: Any, other: Any, seconds: float) -> None:
    """Wait until one of two things has happened, or the time is over."""
    tasks = {asyncio.create_task(one), asyncio.create_task(other)}
    try:
        await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
