"""Two requests of the page about a visitor's own text: keep it for this page, and forget it with the page.

The body that brings a text is binary: the length of a header in four bytes, the header as JSON, and the text to the
end. The header may name an example of the page instead; then the text is empty. It stays in memory.
"""

from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive

from explorer.networks.own_texts import OWN_TEXTS
from explorer.serving import checks
from explorer.serving.checks import Refused
from explorer.serving.opened import LENGTH, OPENED_BROKEN, OPENED_BUSY, Opening, size_of
from explorer.serving.visitors import Visitor, visitor

TEXTS_ADDRESS, TEXTS_CLOSE = "/explorer/texts", "/explorer/texts/close"
TEXT_PATHS = {TEXTS_ADDRESS, TEXTS_CLOSE}
MOST_BODY, MOST_START = 1_000_000, 200  # bytes of a body, and of its header
LONGEST_EXAMPLE = 20


class Texts(Opening):
    """Answers the requests; one text at a time arrives from an address."""

    async def answer(self, path: str, address: str, headers: Headers, receive: Receive) -> dict:
        """Answer a request.

        Raises:
            Refused: if it is malformed, too large, too slow, or one too many.
        """
        if path == TEXTS_CLOSE:
            keys = (await checks.read(headers, receive)).get("keys")
            OWN_TEXTS.close(each for each in (keys if isinstance(keys, list) else ()) if isinstance(each, str))
            return {}
        size = size_of(headers, MOST_BODY)
        if self._pace.wait(address):
            raise Refused(429, OPENED_BUSY)
        async with self._turn(address):
            wanted = parse_text(await self._read(size, address, receive))
            visitor.set(Visitor("texts", address))
            return await self._answer(wanted | {"address": address})


def parse_text(body: bytearray) -> dict[str, Any]:
    """Return the name of the example and the bytes of the text in a body.

    Raises:
        Refused: if it has another form.
    """
    length = int.from_bytes(body[:LENGTH], "big")
    if len(body) < LENGTH or length > min(len(body) - LENGTH, MOST_START):
        raise Refused(400, OPENED_BROKEN)
    try:
        header = orjson.loads(body[LENGTH : LENGTH + length])
    except ValueError:
        raise Refused(400, OPENED_BROKEN) from None
    name = header.get("example", "") if isinstance(header, dict) else None
    if not isinstance(name, str) or len(name) > LONGEST_EXAMPLE:
        raise Refused(400, OPENED_BROKEN)
    return {"example": name, "raw": bytes(memoryview(body)[LENGTH + length :])}
