"""Routes of the concept inventory in a room, which the gate hands over before those of `http.py`.

| request | who | does |
| --- | --- | --- |
| `GET /r/report` | anybody | the page of a report, the same for all; it holds no figure |
| `POST /r/CODE/items` | a phone, with its student's own code | the form of this student, without what is right |
| `POST /r/CODE/handin` | a phone | keeps its answers |
| `POST /r/CODE/sit` | the lecturer's page, the secret in `x-secret` | opens or closes a sitting |
| `GET /r/CODE/gains` | the lecturer's page, the secret in `x-secret` | the report, or a file of it (`as`) |

While a sitting is open, the lecturer sees counts alone.
"""

import asyncio
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from explorer.classes import phone
from explorer.classes.http import _CODE, NO_ROOM, NO_STORE, STORE_ERRORS, Rooms, _changed, _json, _wait
from explorer.classes.room import Room, RoomError, digest_of
from explorer.classes.store import Store
from explorer.lessons import handed_in, inventory
from explorer.lessons.gains import FEWEST_PAIRS
from explorer.lessons.handed_in import Handed
from explorer.serving import checks
from explorer.serving.checks import Refused

SURVEY_ADDRESS = re.compile(rf"/r/(?:report|({_CODE})/(items|handin|sit|gains))/?")
SURVEY_METHODS = {"items": "POST", "handin": "POST", "sit": "POST", "gains": "GET"}
NOT_OPEN = "The inventory is not open."
OTHERS_CODE = "Another phone of this room has this code. Choose another one."
FEW = f"Fewer than {FEWEST_PAIRS} students have handed in: there is no file."
STILL_OPEN = "Close the sitting first: there is no file while students answer."


def parts(path: Path | str) -> list["Survey | Rooms"]:
    """Return what answers rooms kept in a store: the inventory's routes, then the others."""
    rooms = Rooms(path)
    return [Survey(rooms), rooms]


class Survey:
    """Answers the requests of the inventory.

    Arguments:
        rooms: The rooms, whose store, phones and secrets it uses.
    """

    def __init__(self, rooms: Rooms):
        self._rooms = rooms

    @staticmethod
    def takes(path: str) -> bool:
        """Return whether a path is one of the inventory."""
        return SURVEY_ADDRESS.fullmatch(path) is not None

    async def answer(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request.

        Raises:
            Refused: if it is malformed, too fast, or about no room of whoever asks.
        """
        found = SURVEY_ADDRESS.fullmatch(path)
        assert found
        code, what = (found[1] or "").upper(), found[2]
        headers, method = Headers(scope=scope), scope["method"]
        await _wait(self._rooms._all.wait(checks.address(scope, headers)))
        if what is None and method in ("GET", "HEAD"):
            return await phone.response(headers, "report")(scope, receive, send)
        if what is None or method != SURVEY_METHODS[what]:
            raise Refused(405, "There is nothing here.")
        checks.check_origin(headers)
        body = await checks.read(headers, receive) if method == "POST" else {}
        try:
            response = await self._do(what, code, headers, body, scope["query_string"])
        except ValueError as error:  # a RoomError is one
            raise Refused(400, str(error)) from None
        except STORE_ERRORS:
            raise Refused(503, NO_STORE) from None
        response.headers["cache-control"] = "no-store"
        await response(scope, receive, send)

    async def _do(self, what: str, code: str, headers: Headers, body: dict, query: bytes) -> Response:
        if what == "items":
            return _json(await self._items(code, body))
        if what == "handin":
            return _json(await self._hand_in(code, body))
        await self._rooms._check_secret(code, headers)
        if what == "sit":
            return _json(await self._sit(code, body))
        return await self._gains(code, parse_qs(query.decode("latin-1"), max_num_fields=8).get("as", [""])[0])

    async def _student(self, code: str, body: dict) -> tuple[Room, str]:
        """Return the room of a phone, and the pseudonym of its student."""
        key = body.get("phone")
        room = await self._rooms.known_to(code, key)
        await _wait(self._rooms._votes.wait(f"{code} {key}"))
        if not room.sitting:
            room = await self._rooms.latest(code) or room
        if not room.sitting:
            raise Refused(409, NOT_OPEN)
        return room, await asyncio.to_thread(handed_in.pseudonym, body.get("own"), room.salt)

    async def _items(self, code: str, body: dict) -> dict:
        room, who = await self._student(code, body)
        items = inventory.as_displayed(inventory.form_of(who, room.sitting))
        return {"sitting": room.sitting, "who": who, "items": items}

    async def _hand_in(self, code: str, body: dict) -> dict:
        room, who = await self._student(code, body)
        if body.get("sitting") != room.sitting:
            raise Refused(409, NOT_OPEN)
        letter = inventory.form_of(who, room.sitting)
        given = Handed(room.sitting, who, inventory.checked(body.get("answers"), letter))
        by = digest_of(body["phone"])
        kept = await self._rooms.run(lambda store: store.hand_in(code, by, given))
        if not kept:
            raise Refused(409, NOT_OPEN if kept is None else OTHERS_CODE)
        return handed_in.to_file(room.salt, [given])

    async def _sit(self, code: str, body: dict) -> dict:
        """Open a sitting, or close it."""
        change: Callable[[Room], Room] = lambda room: room.sat(body.get("sitting"), body.get("salt"))  # noqa: E731
        room = await self._rooms.run(partial(_changed, code, change, self._rooms._clock()))
        if room is None:
            raise Refused(404, NO_ROOM)
        self._rooms._learn(code, room)
        return await self._report(code)

    async def _report(self, code: str) -> dict[str, Any]:
        room, handed = await self._rooms.run(partial(_handed, code, self._rooms._clock()))
        if room is None:
            raise Refused(404, NO_ROOM)
        seen = [each for each in handed if not room.sitting]
        found = await asyncio.to_thread(handed_in.report, seen)
        counts = {sitting: sum(each.sitting == sitting for each in handed) for sitting in inventory.SITTINGS}
        return found | {"open": room.sitting, "counts": found["counts"] | counts}

    async def _gains(self, code: str, kind: str) -> Response:
        if not kind:
            return _json(await self._report(code))
        if kind not in FILES:
            raise RoomError(f"A file is one of {', '.join(sorted(FILES))}.")
        room, handed = await self._rooms.run(partial(_handed, code, self._rooms._clock()))
        if room is None:
            raise Refused(404, NO_ROOM)
        if room.sitting:
            raise Refused(409, STILL_OPEN)
        if len({each.who for each in handed}) < FEWEST_PAIRS:
            raise Refused(409, FEW)
        media, write = FILES[kind]
        return Response(await asyncio.to_thread(write, room, handed), media_type=media)


FILES: dict[str, tuple[str, Callable[[Room, list[Handed]], str | bytes]]] = {
    "items": ("text/csv", lambda _, handed: handed_in.table(handed_in.report(handed))),
    "moodle": ("text/csv", lambda _, handed: handed_in.moodle(handed_in.points(handed), {})),
    "canvas": ("text/csv", lambda _, handed: handed_in.canvas(handed_in.points(handed), {})),
    "answers": ("application/json", lambda room, handed: orjson.dumps(handed_in.to_file(room.salt, handed))),
}


def _handed(code: str, now: float, store: Store) -> tuple[Room | None, list[Handed]]:
    room = store.read(code, now)
    return room, store.handed_in(code) if room else []
