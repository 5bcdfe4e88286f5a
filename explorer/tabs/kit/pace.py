"""How fast somebody may ask: who asks faster waits, and so asks no faster."""

import time
from collections import OrderedDict

LONGEST = 2.0  # seconds that somebody is let wait
KNOWN = 4_000  # of those who asked last


class Pace:
    """A number of questions a second for each who asks, by the generic cell rate algorithm.

    Arguments:
        rate: How many a second, in the long run.
        burst: How many at once, after a while without any.
    """

    def __init__(self, rate: float, burst: int):
        self._every, self._ahead = 1 / rate, burst / rate
        self._next: OrderedDict[str, float] = OrderedDict()

    def wait(self, who: str) -> float:
        """After how many seconds the question of now may be answered; infinity if that is too long."""
        now = time.monotonic()
        at = max(self._next.get(who, 0.0), now - self._ahead) + self._every
        if at - now > LONGEST:
            return float("inf")
        self._next[who] = at
        self._next.move_to_end(who)
        while len(self._next) > KNOWN:
            self._next.popitem(last=False)
        return max(0.0, at - now)
