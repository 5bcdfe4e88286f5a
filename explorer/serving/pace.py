"""Rate limits on requests and on bytes sent, enforced by delays."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.types import Message, Send

PACE_LONGEST = 2.0  # seconds that a request may be delayed
PACE_KNOWN = 4_000  # number of most recent clients that are remembered
PACE_PIECE = 128 * 1024  # bytes sent at once


class Pace:
    """Rate limit for each client, by the generic cell rate algorithm.

    Arguments:
        rate: Requests per second in the long run.
        burst: Requests at once after an idle time.
        longest: Seconds that a request may be delayed.
    """

    def __init__(self, rate: float, burst: int, longest: float = PACE_LONGEST):
        self._every, self._ahead, self._longest = 1 / rate, burst / rate, longest
        self._next: OrderedDict[str, float] = OrderedDict()

    def wait(self, who: str, count: float = 1) -> float:
        """Count `count` requests; return their delay in seconds, or infinity if it exceeds the limit."""
        now = time.monotonic()
        at = max(self._next.get(who, 0.0), now - self._ahead) + count * self._every
        if at - now > self._longest:
            return float("inf")
        self._next[who] = at
        self._next.move_to_end(who)
        while len(self._next) > PACE_KNOWN:
            self._next.popitem(last=False)
        return max(0.0, at - now)


def throttle(send: Send, wait: Callable[[int], float]) -> Send:
    """Return a `send` that splits a response into pieces and delays each by `wait` of its bytes."""

    async def send_pieces(message: Message) -> None:
        body = message.get("body", b"")
        for start in range(0, max(1, len(body)), PACE_PIECE):
            piece, goes_on = body[start : start + PACE_PIECE], start + PACE_PIECE < len(body)
            await asyncio.sleep(wait(len(piece)))
            more = message.get("more_body", False) or goes_on
            await send(message if piece == body else message | {"body": piece, "more_body": more})

    return send_pieces
