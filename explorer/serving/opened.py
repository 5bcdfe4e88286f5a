"""Two requests of the page about networks of a visitor's own: open one from its files, and close those of a page.

The body that opens a network is binary: the length of a header in four bytes, the header as JSON with the texts of the
recipe and of the card and with the key of the page, and the weights to the end. It stays in memory, and is the only
body of a request that may be large.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive

from explorer import opened
from explorer.opened import Files, OpenError
from explorer.serving import checks
from explorer.serving.checks import Refused, parts
from explorer.serving.pace import Pace
from explorer.serving.visitors import Visitor, visitor

OPEN, CLOSE = "/explorer/networks", "/explorer/networks/close"
PATHS = {OPEN, CLOSE}
MOST_BYTES, MOST_HEADER = 24_000_000, 1_000_000
ARRIVING = 32_000_000  # bytes of all bodies that arrive at the same time
SECONDS, BYTES_A_SECOND = 10.0, 100_000  # for a body to arrive: so long, and longer by its size
WAIT = 30.0  # seconds that a network waits for another one of its address
PACE = (0.5, 32)  # networks of an address, per second and in a burst
PAGE = re.compile(r"[0-9a-f-]{16,64}")
LENGTH = 4
BUSY = "Many networks are being opened on this server. Try again in a moment."
BROKEN = "The files did not arrive as the page sends them. Reload the page and try again."

Answer = Callable[[dict[str, Any]], Awaitable[dict]]


class Opening:
    """Answers the two requests; one network at a time arrives from an address.

    Arguments:
        answer: Opens a network: takes the files, the page and the address, and returns what the page shows.
    """

    def __init__(self, answer: Answer):
        self._answer = answer
        self._arriving = 0
        self._pace = Pace(*PACE)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def answer(self, path: str, address: str, headers: Headers, receive: Receive) -> dict:
        """Answer a request.

        Raises:
            Refused: if it is malformed, too large, too slow, or one too many.
        """
        if path == CLOSE:
            nets = (await checks.read(headers, receive)).get("nets")
            opened.close(each for each in (nets if isinstance(nets, list) else ()) if isinstance(each, str))
            return {}
        size = _size(headers)
        try:
            opened.check_room("", address)
        except OpenError as error:
            raise Refused(503, str(error)) from None
        if self._pace.wait(address):
            raise Refused(429, BUSY)
        lock = self._locks.setdefault(address, asyncio.Lock())
        async with self._turn(lock), self._room(size):
            page, files = parse(await _read(size, receive))
            visitor.set(Visitor(page, address))
            return await self._answer({"page": page, "address": address, "files": files})

    @contextlib.asynccontextmanager
    async def _turn(self, lock: asyncio.Lock) -> AsyncIterator[None]:
        try:
            await asyncio.wait_for(lock.acquire(), WAIT)
        except TimeoutError:
            raise Refused(429, BUSY) from None
        try:
            yield
        finally:
            lock.release()

    @contextlib.asynccontextmanager
    async def _room(self, size: int) -> AsyncIterator[None]:
        if self._arriving + size > ARRIVING:
            raise Refused(429, BUSY)
        self._arriving += size
        try:
            yield
        finally:
            self._arriving -= size


def _size(headers: Headers) -> int:
    """Return the length of a body, which must be known before it is read."""
    if headers.get("content-type", "").split(";")[0].strip().lower() != "application/octet-stream":
        raise Refused(415, BROKEN)
    said = headers.get("content-length")
    if said is None or not said.isdecimal():
        raise Refused(411, BROKEN)
    if len(said) > 12 or int(said) > MOST_BYTES:
        raise Refused(413, f"The files may have {MOST_BYTES / 1e6:,.0f} MB together.")
    return int(said)


async def _read(size: int, receive: Receive) -> bytearray:
    """Return a body of this length."""
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS + size / BYTES_A_SECOND):
            async for part in parts(receive):
                body += part
                if len(body) > size:
                    raise Refused(400, BROKEN)
    except TimeoutError:
        raise Refused(408, "The files did not arrive in time.") from None
    if len(body) != size:
        raise Refused(400, BROKEN)
    return body


def parse(body: bytearray) -> tuple[str, Files]:
    """Return the key of the page, and the files in a body.

    Raises:
        Refused: if it has another form.
    """
    length = int.from_bytes(body[:LENGTH], "big")
    if length > min(MOST_HEADER, len(body) - LENGTH):
        raise Refused(400, BROKEN)
    try:
        header = orjson.loads(body[LENGTH : LENGTH + length])
    except ValueError:
        raise Refused(400, BROKEN) from None
    header = header if isinstance(header, dict) else {}
    page, recipe, card = (header.get(key) for key in ("page", "recipe", "card"))
    if not isinstance(page, str) or not PAGE.fullmatch(page) or not isinstance(recipe, str):
        raise Refused(400, BROKEN)
    if not isinstance(card, str | None):
        raise Refused(400, BROKEN)
    weights = bytes(memoryview(body)[LENGTH + length :])
    return page, Files(recipe.encode(), weights, None if card is None else card.encode())
