"""Weighted fair queueing among addresses, and among the pages of an address.

Work is ordered by its virtual finish time: the time at which it would be finished if all waiting members were served at
equal speed. So short work runs first. A member with a hundred requests does not delay another member's single request
by all of them. No work finishes later than under equal shares, except for one turn and errors in its expected cost.

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
    """Piece of work: the visitors who wait for it, the seconds left, and the time since which it waits."""

    visitors: Collection[Visitor]
    left: float
    since: float


W = TypeVar("W", bound=Work)


class Shares:
    """Virtual time for the members of a group, `address` or `session`, in seconds of service.

    Virtual time advances as if all members were served at equal speed. A member served ahead of the others who wants
    nothing more would still be served in that model. Such a member counts until their share reaches their service.

    Arguments:
        group: Attribute of a visitor that names the member.
    """

    def __init__(self, group: str):
        self.group = group
        self._now = 0.0  # virtual time: seconds of service of a member who always had work
        self._served: dict[str, float] = {}  # members with work
        self._ahead: dict[str, float] = {}  # members without work who were served more than their share

    def names(self, work: Work) -> set[str]:
        """Return the members who wait for a piece of work."""
        return {getattr(visitor, self.group) for visitor in work.visitors}

    def enter(self, works: Iterable[Work]) -> None:
        """Record the members with work; a new member starts at the current virtual time, without debt or credit."""
        wanting = set().union(*map(self.names, works))
        gone = {**self._ahead, **self._served} if wanting else {}
        self._ahead = {name: end for name, end in gone.items() if name not in wanting and end > self._now}
        self._served = {name: self._served.get(name, self._now) for name in wanting}

    def serve(self, work: Work, seconds: float) -> None:
        """Charge the seconds of a turn, split equally among the members who wait for the work."""
        names = self.names(work)
        for name in names & self._served.keys():
            self._served[name] += seconds / len(names)
        ahead = sum(end > self._now for end in self._ahead.values())
        self._now += seconds / max(1, len(self._served.keys() | names) + ahead)

    def finishes(self, works: list[W], cost: Callable[[W], float]) -> dict[int, float]:
        """Return the virtual finish time of each work by its `id`; `cost` orders the works of a member."""
        ends, found = defaultdict(float), {}
        for work in sorted(works, key=lambda work: (cost(work), work.since)):
            names = self.names(work)
            for name in names:
                ends[name] = ends.get(name, self._served.get(name, self._now)) + work.left
            found[id(work)] = min((ends[name] for name in names), default=math.inf)
        return found


class Turns:
    """Fair order of work by virtual finish time."""

    def __init__(self):
        self._sessions, self._addresses = Shares("session"), Shares("address")

    def enter(self, works: Collection[Work]) -> None:
        """Record the members of all current work; new members share only in future service."""
        for shares in (self._sessions, self._addresses):
            shares.enter(works)

    def order(self, works: Iterable[W]) -> list[W]:
        """Return the work in its fair order, next in turn first."""
        works = list(works)
        self.enter(works)
        if len(works) < 2:
            return works
        in_session = self._sessions.finishes(works, lambda work: work.left)
        in_address = self._addresses.finishes(works, lambda work: in_session[id(work)])
        return sorted(works, key=lambda work: (in_address[id(work)], work.since))

    def had(self, work: Work, seconds: float) -> None:
        """Charge the seconds of a turn to a work."""
        for shares in (self._sessions, self._addresses):
            shares.serve(work, seconds)
