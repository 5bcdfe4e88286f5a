"""Whose turn it is: weighted fair queueing among addresses, and within an address among pages.

Work is ordered by the virtual time at which it would be finished if all who want something were served at equal speed.
So short work is done at once, somebody who asks for a hundred things waits for ninety-nine of them while another who
asks for one waits for none of these, and nobody's work is finished later than by equal shares, but for one turn and
errors of what it was expected to take.

Reference:
    Parekh & Gallager, A Generalized Processor Sharing Approach to Flow Control in Integrated Services Networks, 1993,
    https://doi.org/10.1109/90.234856
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Protocol, TypeVar

from explorer.serving.visitors import Visitor


class Work(Protocol):
    """A piece of work: who waits for it, how many seconds of it are left, and since when it waits."""

    visitors: Collection[Visitor]
    left: float
    since: float


W = TypeVar("W", bound=Work)


class Shares:
    """Virtual time for the members of a group, `address` or `session`: seconds that each has been served.

    It passes as if all were served at equal speed. Then somebody who was served ahead of others, and wants nothing
    more, would still be in the line: they are counted in it until their share has come up to what they had.

    Arguments:
        group: The attribute of a visitor that names the member.
    """

    def __init__(self, group: str):
        self.group = group
        self._now = 0.0  # seconds that a member who always wanted something has been served
        self._served: dict[str, float] = {}  # those who want something
        self._ahead: dict[str, float] = {}  # those who want nothing and were served more than their share

    def names(self, work: Work) -> set[str]:
        """Return the members who wait for a piece of work."""
        return {getattr(visitor, self.group) for visitor in work.visitors}

    def enter(self, works: Iterable[Work]) -> None:
        """Note who wants something; who comes anew has neither a debt nor a claim to what was given meanwhile."""
        wanting = set().union(*map(self.names, works))
        gone = {**self._ahead, **self._served} if wanting else {}
        self._ahead = {name: end for name, end in gone.items() if name not in wanting and end > self._now}
        self._served = {name: self._served.get(name, self._now) for name in wanting}

    def serve(self, work: Work, seconds: float) -> None:
        """Count a turn of so many seconds, shared by those who wait for the work."""
        names = self.names(work)
        for name in names & self._served.keys():
            self._served[name] += seconds / len(names)
        ahead = sum(end > self._now for end in self._ahead.values())
        self._now += seconds / max(1, len(self._served.keys() | names) + ahead)

    def finishes(self, works: list[W], cost: Callable[[W], float]) -> dict[int, float]:
        """Return the virtual time at which each work is finished, its member's works in the order of `cost`."""
        ends, found = defaultdict(float), {}
        for work in sorted(works, key=lambda work: (cost(work), work.since)):
            names = self.names(work)
            for name in names:
                ends[name] = ends.get(name, self._served.get(name, self._now)) + work.left
            found[id(work)] = min((ends[name] for name in names), default=math.inf)
        return found


class Turns:
    """The order in which work has its turns."""

    def __init__(self):
        self._sessions, self._addresses = Shares("session"), Shares("address")

    def enter(self, works: Collection[Work]) -> None:
        """Note all that there is to do: who wants something from now on has a share in what is given from now on."""
        for shares in (self._sessions, self._addresses):
            shares.enter(works)

    def order(self, works: Iterable[W]) -> list[W]:
        """Return all that there is to do, the work whose turn it is in front."""
        works = list(works)
        self.enter(works)
        if len(works) < 2:
            return works
        in_session = self._sessions.finishes(works, lambda work: work.left)
        in_address = self._addresses.finishes(works, lambda work: in_session[id(work)])
        return sorted(works, key=lambda work: (in_address[id(work)], work.since))

    def had(self, work: Work, seconds: float) -> None:
        """Note that a work had a turn of so many seconds."""
        for shares in (self._sessions, self._addresses):
            shares.serve(work, seconds)
