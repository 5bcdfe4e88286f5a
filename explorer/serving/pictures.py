"""The request of the page that prepares a visitor's picture: a file arrives, and the 784 grey levels of it go back.

The body is binary: the length of a header in four bytes, the header as JSON with the name of the file and the side of
the box to which strokes are scaled, and the file to the end. It stays in memory, and nothing of it is kept.
"""

from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive

from explorer.serving.checks import Refused
from explorer.serving.opened import LENGTH, OPENED_BROKEN, OPENED_BUSY, Opening, size_of
from explorer.serving.visitors import Visitor, visitor

PREPARE = "/explorer/pictures"
MOST_FILE, MOST_NAME = 12_000_000, 120
BOXES = range(8, 29)


class Pictures(Opening):
    """Answers the request; one picture at a time arrives from an address."""

    async def answer(self, path: str, address: str, headers: Headers, receive: Receive) -> dict:
        """Answer a request.

        Raises:
            Refused: if it is malformed, too large, too slow, or one too many.
        """
        size = size_of(headers, MOST_FILE)
        if self._pace.wait(address):
            raise Refused(429, OPENED_BUSY)
        async with self._turn(address):
            wanted = parse_picture(await self._read(size, address, receive))
            visitor.set(Visitor("pictures", address))
            return await self._answer(wanted)


def parse_picture(body: bytearray) -> dict[str, Any]:
    """Return the name of the file, its contents and the side of the box in a body.

    Raises:
        Refused: if it has another form.
    """
    length = int.from_bytes(body[:LENGTH], "big")
    if len(body) < LENGTH or length > min(len(body) - LENGTH, 10 * MOST_NAME):
        raise Refused(400, OPENED_BROKEN)
    try:
        header = orjson.loads(body[LENGTH : LENGTH + length])
    except ValueError:
        raise Refused(400, OPENED_BROKEN) from None
    name, box = (header.get("name"), header.get("box")) if isinstance(header, dict) else (None, None)
    if not isinstance(name, str) or not 0 < len(name) <= MOST_NAME or type(box) is not int or box not in BOXES:
        raise Refused(400, OPENED_BROKEN)
    return {"name": name, "box": box, "raw": bytes(memoryview(body)[LENGTH + length :])}
