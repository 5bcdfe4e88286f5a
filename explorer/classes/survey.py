"""Routes of the concept inventory in a room, which the gate hands over before those of `http.py`.

| request | who | does |
| --- | --- | --- |
| `GET /r/report` | anybody | the page of a report, the same for all; it holds no figure |
| `POST /r/CODE/items` | a phone, with its student's own code | the form of this student, without what is right |
| `POST /r/CODE/handin` | a phone | keeps its answers |
| `POST /r/CODE/bring` | the lecturer's page, the secret in `x-secret` | keeps answers of an earlier room |
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
from explorer.classes.http import CODE_PATTERN, NO_ROOM, Rooms, as_json, changed, wait
from explorer.classes.room import Room, RoomError, digest_of
from explorer.classes.store import Store
from explorer.lessons import handed_in, inventory
from explorer.lessons.gains import FEWEST_PAIRS
from explorer.lessons.handed_in import Handed
from explorer.serving.checks import Refused

SURVEY_ADDRESS = re.compile(rf"/r/(?:report|({CODE_PATTERN})/(items|handin|bring|sit|gains))/?")
SURVEY_METHODS = {"items": "POST", "handin": "POST", "bring": "POST", "sit": "POST", "gains": "GET"}
NOT_OPEN = "The inventory is not open."
OTHERS_CODE = "Another phone of this room has this code. Choose another one."
OTHER_SALT = "This room has begun with codes of its own. Open the file in a new room, before its first sitting."
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
        headers, query = Headers(scope=scope), scope["query_string"]
        if what is None:
            page = phone.response(headers, "report") if scope["method"] in ("GET", "HEAD") else None
            return await self._rooms.page(page, scope, receive, send)

        async def do(body: dict) -> Response:
            return await self._do(what, code, headers, body, query)

        await self._rooms.reply(SURVEY_METHODS[what], do, scope, receive, send)

    async def _do(self, what: str, code: str, headers: Headers, body: dict, query: bytes) -> Response:
        if what == "items":
            return as_json(await self._items(code, body))
        if what == "handin":
            return as_json(await self._hand_in(code, body))
        await self._rooms.check_secret(code, headers)
        if what == "bring":
            return as_json(await self._bring(code, body))
        if what == "sit":
            return as_json(await self._sit(code, body))
        return await self._gains(code, parse_qs(query.decode("latin-1"), max_num_fields=8).get("as", [""])[0])

    async def _student(self, code: str, body: dict) -> tuple[Room, str]:
        """Return the room of a phone, and the pseudonym of its student."""
        key = body.get("phone")
        room = await self._rooms.known_to(code, key)
        await wait(self._rooms.votes_pace.wait(f"{code} {key}"))
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
        room = await self._rooms.run(partial(changed, code, change, self._rooms.clock()))
        if room is None:
            raise Refused(404, NO_ROOM)
        self._rooms.learn(code, room)
        return await self._report(code)

    async def _bring(self, code: str, body: dict) -> dict:
        """Keep a part of a file of answers, whose salt becomes the room's: the same codes give the same pseudonyms."""
        salt, handed = handed_in.of_file(body)

        def change(room: Room) -> Room:
            if room.salt not in ("", salt):
                raise Refused(409, OTHER_SALT)
            return room.sat(room.sitting, salt)

        room = await self._rooms.run(partial(changed, code, change, self._rooms.clock()))
        if room is None or not await self._rooms.run(lambda store: store.bring(code, handed)):
            raise Refused(404, NO_ROOM)
        self._rooms.learn(code, room)
        return await self._report(code)

    async def _report(self, code: str) -> dict[str, Any]:
        room, handed = await self._rooms.run(partial(_handed, code, self._rooms.clock()))
        if room is None:
            raise Refused(404, NO_ROOM)
        seen = [each for each in handed if not room.sitting]
        found = await asyncio.to_thread(handed_in.report, seen)
        counts = {sitting: sum(each.sitting == sitting for each in handed) for sitting in inventory.SITTINGS}
        return found | {"open": room.sitting, "counts": found["counts"] | counts}

    async def _gains(self, code: str, kind: str) -> Response:
        if not kind:
            return as_json(await self._report(code))
        if kind not in FILES:
            raise RoomError(f"A file is one of {', '.join(sorted(FILES))}.")
        room, handed = await self._rooms.run(partial(_handed, code, self._rooms.clock()))
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
