"""Whose turn it is: least remaining work first, and every visitor's work stands behind what else that visitor wants.

Somebody who asks for a hundred things waits for ninety-nine of them; another who asks for one waits for none of these.
The same holds among addresses, so that many sessions of one machine do not crowd out those of another. What waits long
while others of its visitor and address have no turn either moves slowly to the front, so that nothing waits for ever.
"""

import math
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Protocol, TypeVar

from explorer.tabs.kit.visitors import Visitor

AGEING = 0.2  # seconds of work that a second of waiting outweighs
PRICE = 8  # seconds of waiting that a second of work uses up
RECENT = 4_000  # sessions and addresses whose last turn is known


class Work(Protocol):
    """What wants a turn: who waits for it, how many seconds of it are left, and since when it waits."""

    visitors: Collection[Visitor]
    left: float
    since: float


W = TypeVar("W", bound=Work)


class Turns:
    """The order in which work has its turns."""

    def __init__(self):
        self._last: OrderedDict[tuple[str, str], float] = OrderedDict()

    def order(self, works: Iterable[W]) -> list[W]:
        """The works, the one whose turn it is in front."""
        works = list(works)
        if len(works) < 2:
            return works
        in_session = self._standing(works, "session", lambda work: work.left)
        in_address = self._standing(works, "address", lambda work: in_session[id(work)])
        return sorted(works, key=lambda work: (in_address[id(work)], work.since))

    def had(self, work: Work, seconds: float) -> None:
        """Note that a work had a turn of so many seconds, until now; it and its visitors have waited less for that."""
        now, came = time.monotonic(), work.since
        work.since = min(now, came + PRICE * seconds)
        for name in {(group, getattr(visitor, group)) for visitor in work.visitors for group in ("session", "address")}:
            self._last[name] = min(now, max(self._last.get(name, 0.0), came) + PRICE * seconds)
            self._last.move_to_end(name)
        while len(self._last) > RECENT:
            self._last.popitem(last=False)

    def _standing(self, works: list[W], group: str, cost: Callable[[W], float]) -> dict[int, float]:
        """For each work what its group wants before it and it itself takes, less what waiting outweighs."""
        now, before, found = time.monotonic(), defaultdict(float), {}
        for work in sorted(works, key=lambda work: (cost(work), work.since)):
            standing = math.inf
            for name in {getattr(visitor, group) for visitor in work.visitors}:
                before[name] += work.left
                waited = now - max(work.since, self._last.get((group, name), 0.0))
                standing = min(standing, before[name] - AGEING * waited)
            found[id(work)] = standing
        return found
