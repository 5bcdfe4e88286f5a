"""Two requests of the page about networks of a visitor's own: open one from its files, and close those of a page.

The body that opens a network is binary: the length of a header in four bytes, the header as JSON with the texts of the
recipe and of the card and with the key of the page, and the weights to the end. If the header says so, a zip of all
files takes the place of the weights. It stays in memory, and is the only body of a request that may be large.
"""

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive

from explorer.networks import opened
from explorer.networks.opened import Files, OpenError
from explorer.serving import checks
from explorer.serving.checks import Refused, parts
from explorer.serving.pace import Pace
from explorer.serving.visitors import Visitor, visitor

OPEN, CLOSE = "/explorer/networks", "/explorer/networks/close"
PATHS = {OPEN, CLOSE}
MOST_BYTES, MOST_HEADER = 24_000_000, 1_000_000
ARRIVING = 32_000_000  # bytes that have arrived of all bodies
GRACE = 20.0  # seconds after which a body may be dropped, if others of its address wait or there is no room for them
SECONDS, BYTES_A_SECOND = 10.0, 100_000  # for a body to arrive: so long, and longer by its size
WAIT = 30.0  # seconds that a network waits for another one of its address, and a body for room
OPENED_WAITING, PAUSE = 16, 0.1  # bodies that may wait for room, and seconds after which they look again
PACE = (0.5, 32)  # networks of an address, per second and in a burst
PAGE = re.compile(r"[0-9a-f-]{16,64}")
LENGTH = 4
OPENED_BUSY = "Many networks are being opened on this server. Try again in a moment."
OPENED_BROKEN = "The files did not arrive as the page sends them. Reload the page and try again."

Answer = Callable[[dict[str, Any]], Awaitable[dict]]


@dataclass(eq=False)
class Body:
    """A body that arrives: its address, its time limit, since when, its bytes so far, and seconds without room."""

    address: str
    limit: asyncio.Timeout
    since: float
    size: int = 0
    waited: float = 0.0


class Arrivals:
    """Bodies that arrive, oldest first. Slow ones keep nobody out: they are dropped when others need their place."""

    def __init__(self):
        self._bodies: list[Body] = []
        self._waiting = 0

    @contextlib.contextmanager
    def enter(self, address: str, limit: asyncio.Timeout) -> Iterator[Body]:
        """Count a body until the end of the block."""
        body = Body(address, limit, time.monotonic())
        self._bodies.append(body)
        try:
            yield body
        finally:
            self._forget(body)

    async def grow(self, body: Body, count: int) -> None:
        """Count bytes of a body. Without room for them, the oldest slow bodies are dropped, or it waits for room.

        Raises:
            Refused: if it waits for too long, or too many wait.
        """
        body.size += count
        while sum(each.size for each in self._bodies) > ARRIVING:
            if not self.drop_slow(but=body):
                await self._wait(body)

    async def _wait(self, body: Body) -> None:
        """Read no more of a body for a moment, which its time limit does not count."""
        if self._waiting >= OPENED_WAITING or body.waited >= WAIT:
            raise Refused(429, OPENED_BUSY)
        self._waiting += 1
        try:
            await asyncio.sleep(PAUSE)
        finally:
            self._waiting -= 1
        body.waited += PAUSE
        body.limit.reschedule(body.limit.when() + PAUSE)

    def drop_slow(self, address: str | None = None, but: Body | None = None) -> bool:
        """Drop the oldest body that takes longer than `GRACE`, of an address or of any; return whether there is one."""
        late = time.monotonic() - GRACE
        slow = [each for each in self._bodies if each.since <= late and each is not but]
        chosen = next((each for each in slow if address in (None, each.address)), None)
        if chosen is None:
            return False
        self._forget(chosen)
        chosen.limit.reschedule(asyncio.get_running_loop().time())
        return True

    def _forget(self, body: Body) -> None:
        if body in self._bodies:
            self._bodies.remove(body)


class Opening:
    """Answers the two requests; one network at a time arrives from an address.

    Arguments:
        answer: Opens a network: takes the files, the page and the address, and returns what the page shows.
    """

    def __init__(self, answer: Answer):
        self._answer = answer
        self._arrivals = Arrivals()
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
        size = size_of(headers)
        try:
            opened.check_room("", address)
        except OpenError as error:
            raise Refused(503, str(error)) from None
        if self._pace.wait(address):
            raise Refused(429, OPENED_BUSY)
        async with self._turn(address):
            page, files = parse(await self._read(size, address, receive))
            visitor.set(Visitor(page, address))
            return await self._answer({"page": page, "address": address, "files": files})

    @contextlib.asynccontextmanager
    async def _turn(self, address: str) -> AsyncIterator[None]:
        """Wait for the other network of an address; one that arrives slowly is dropped then."""
        lock = self._locks.setdefault(address, asyncio.Lock())
        for seconds in (GRACE, WAIT):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(lock.acquire(), seconds)
                break
            self._arrivals.drop_slow(address)
        else:
            raise Refused(429, OPENED_BUSY)
        try:
            yield
        finally:
            lock.release()

    async def _read(self, size: int, address: str, receive: Receive) -> bytearray:
        """Return a body of this length."""
        found = bytearray()
        try:
            async with asyncio.timeout(SECONDS + size / BYTES_A_SECOND) as limit:
                with self._arrivals.enter(address, limit) as body:
                    async for part in parts(receive):
                        found += part
                        if len(found) > size:
                            raise Refused(400, OPENED_BROKEN)
                        await self._arrivals.grow(body, len(part))
        except TimeoutError:
            raise Refused(408, "The files did not arrive in time.") from None
        if len(found) != size:
            raise Refused(400, OPENED_BROKEN)
        return found


def size_of(headers: Headers, most: int = MOST_BYTES) -> int:
    """Return the length of a body, which must be known before it is read.

    Raises:
        Refused: if it is unknown or too large, or the body is of another kind.
    """
    if headers.get("content-type", "").split(";")[0].strip().lower() != "application/octet-stream":
        raise Refused(415, OPENED_BROKEN)
    said = headers.get("content-length")
    if said is None or not said.isdecimal():
        raise Refused(411, OPENED_BROKEN)
    if len(said) > 12 or int(said) > most:
        raise Refused(413, f"The files may have {most / 1e6:,.0f} MB together.")
    return int(said)


def parse(body: bytearray) -> tuple[str, Files]:
    """Return the key of the page, and the files in a body.

    Raises:
        Refused: if it has another form.
    """
    length = int.from_bytes(body[:LENGTH], "big")
    if length > len(body) - LENGTH:
        raise Refused(400, OPENED_BROKEN)
    if length > MOST_HEADER:
        raise Refused(413, f"config.json and card.json may have {MOST_HEADER / 1e6:,.0f} MB together.")
    try:
        header = orjson.loads(body[LENGTH : LENGTH + length])
    except ValueError:
        raise Refused(400, OPENED_BROKEN) from None
    header = header if isinstance(header, dict) else {}
    page, recipe, card = (header.get(key) for key in ("page", "recipe", "card"))
    if not isinstance(page, str) or not PAGE.fullmatch(page):
        raise Refused(400, OPENED_BROKEN)
    weights = bytes(memoryview(body)[LENGTH + length :])
    if header.get("zip") is True:
        return page, Files(b"", b"", archive=weights)
    if not isinstance(recipe, str) or not isinstance(card, str | None):
        raise Refused(400, OPENED_BROKEN)
    return page, Files(recipe.encode(), weights, None if card is None else card.encode())
