"""Two requests of the page about a visitor's own text or sign: keep it for this page, and forget it with the page.

The body that brings a text is binary: the length of a header in four bytes, the header as JSON, and the text to the
end. The header may name an example of the page instead; then the text is empty. It stays in memory. Drawings of a sign
come alike, 784 bytes each, at an address of their own.
"""

from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive

from explorer.networks.own_texts import OWN_SIGNS, OWN_TEXTS, Store
from explorer.serving import checks
from explorer.serving.checks import Refused
from explorer.serving.opened import LENGTH, OPENED_BROKEN, OPENED_BUSY, Opening, size_of
from explorer.serving.visitors import Visitor, visitor

TEXTS_ADDRESS, TEXTS_CLOSE = "/explorer/texts", "/explorer/texts/close"
TEXT_PATHS = {TEXTS_ADDRESS, TEXTS_CLOSE}
SIGNS_ADDRESS, SIGNS_CLOSE = "/explorer/signs", "/explorer/signs/close"
SIGN_PATHS = {SIGNS_ADDRESS, SIGNS_CLOSE}
MOST_BODY, MOST_START = 1_000_000, 200  # bytes of a body, and of its header
MOST_SIGN_BODY = 40 * 784 + LENGTH + MOST_START
LONGEST_EXAMPLE = 20


class Texts(Opening):
    """Answers the requests; one text at a time arrives from an address."""

    group, closing, most = "texts", TEXTS_CLOSE, MOST_BODY
    store: Store = OWN_TEXTS

    async def answer(self, path: str, address: str, headers: Headers, receive: Receive) -> dict:
        """Answer a request.

        Raises:
            Refused: if it is malformed, too large, too slow, or one too many.
        """
        if path == self.closing:
            keys = (await checks.read(headers, receive)).get("keys")
            self.store.close(each for each in (keys if isinstance(keys, list) else ()) if isinstance(each, str))
            return {}
        size = size_of(headers, self.most)
        if self._pace.wait(address):
            raise Refused(429, OPENED_BUSY)
        async with self._turn(address):
            wanted = parse_text(await self._read(size, address, receive))
            visitor.set(Visitor(self.group, address))
            return await self._answer(wanted | {"address": address})


class Signs(Texts):
    """Answers the requests about signs; the drawings of one sign at a time arrive from an address."""

    group, closing, most, store = "signs", SIGNS_CLOSE, MOST_SIGN_BODY, OWN_SIGNS


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
