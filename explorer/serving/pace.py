"""How fast somebody may ask, and is sent what they asked for: who asks faster waits, and so asks no faster."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.types import Message, Send

LONGEST = 2.0  # seconds that somebody is let wait
KNOWN = 4_000  # of those who asked last
PIECE = 128 * 1024  # bytes that are sent at once


class Pace:
    """A number of questions a second for each who asks, by the generic cell rate algorithm.

    Arguments:
        rate: How many a second, in the long run.
        burst: How many at once, after a while without any.
        longest: Seconds that somebody is let wait.
    """

    def __init__(self, rate: float, burst: int, longest: float = LONGEST):
        self._every, self._ahead, self._longest = 1 / rate, burst / rate, longest
        self._next: OrderedDict[str, float] = OrderedDict()

    def wait(self, who: str, count: float = 1) -> float:
        """After how many seconds so many questions of now may be answered; infinity if that is too long."""
        now = time.monotonic()
        at = max(self._next.get(who, 0.0), now - self._ahead) + count * self._every
        if at - now > self._longest:
            return float("inf")
        self._next[who] = at
        self._next.move_to_end(who)
        while len(self._next) > KNOWN:
            self._next.popitem(last=False)
        return max(0.0, at - now)


def bounded(send: Send, wait: Callable[[int], float]) -> Send:
    """Sends an answer in pieces, each after the seconds that so many bytes have to wait."""

    async def send_pieces(message: Message) -> None:
        body = message.get("body", b"")
        for start in range(0, max(1, len(body)), PIECE):
            piece, goes_on = body[start : start + PIECE], start + PIECE < len(body)
            await asyncio.sleep(wait(len(piece)))
            more = message.get("more_body", False) or goes_on
            await send(message if piece == body else message | {"body": piece, "more_body": more})

    return send_pieces
