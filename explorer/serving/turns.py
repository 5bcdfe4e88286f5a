"""Weighted fair queueing among addresses, and among the pages of an address.

Work is ordered by its virtual finish time: the time at which it would be finished if all waiting members were served at
equal speed. So short work runs first. A member with a hundred requests does not delay another member's single request
by all of them. No work finishes later than under equal shares, except for one turn and errors in its expected cost.

Reference:
    Parekh & Gallager, A Generalized Processor Sharing Approach to Flow Control in Integrated Services Networks, 1993,
    https://doi.org/10.1109/90.234856
"""

import math
from collections.abc import Collection, Iterable
from operator import attrgetter
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
        self._name_of = attrgetter(group)
        self._now = 0.0  # virtual time: seconds of service of a member who always had work
        self._served: dict[str, float] = {}  # members with work
        self._ahead: dict[str, float] = {}  # members without work who were served more than their share

    def names(self, work: Work) -> set[str]:
        """Return the members who wait for a piece of work."""
        return set(map(self._name_of, work.visitors))

    def join(self, who: Visitor) -> None:
        """Record that a visitor wants something; a new member starts at the current virtual time."""
        self._ahead.pop(self._name_of(who), None)
        self._served.setdefault(self._name_of(who), self._now)

    def enter(self, works: Iterable[Work]) -> None:
        """Record the members with work; a new member starts at the current virtual time, without debt or credit."""
        wanting = set().union(*map(self.names, works))
        gone = {**self._ahead, **self._served} if wanting else {}
        self._ahead = {name: end for name, end in gone.items() if end > self._now and name not in wanting}
        self._served = {name: self._served.get(name, self._now) for name in wanting}

    def serve(self, work: Work, seconds: float) -> None:
        """Charge the seconds of a turn, split equally among the members who wait for the work."""
        names = self.names(work)
        for name in names & self._served.keys():
            self._served[name] += seconds / len(names)
        self._now += seconds / max(1, len(self._served.keys() | names) + len(self._ahead))

    def finishes(self, works: Iterable[Work]) -> list[float]:
        """Return the virtual finish time of each work, if a member's works are done in the order given."""
        ends, found = dict(self._served), []
        for work in works:
            names = self.names(work)
            for name in names:
                ends[name] += work.left
            found.append(min(map(ends.get, names), default=math.inf))
        return found


class Turns:
    """Fair order of work by virtual finish time."""

    def __init__(self):
        self._sessions, self._addresses = Shares("session"), Shares("address")

    def join(self, who: Visitor) -> None:
        """Record that a visitor wants something; whoever wanted nothing shares only in future service."""
        for shares in (self._sessions, self._addresses):
            shares.join(who)

    def order(self, works: Iterable[W]) -> list[W]:
        """Return the work in its fair order, next in turn first."""
        works = sorted(works, key=attrgetter("left", "since"))
        for shares in (self._sessions, self._addresses):
            shares.enter(works)
            works = _in_order(works, shares.finishes(works))
        return works

    def charge(self, work: Work, seconds: float) -> None:
        """Charge the seconds of a turn to a work."""
        for shares in (self._sessions, self._addresses):
            shares.serve(work, seconds)


def _in_order(works: list[W], ends: list[float]) -> list[W]:
    keys = [(end, work.since, k) for k, (end, work) in enumerate(zip(ends, works, strict=True))]
    return [works[k] for *_, k in sorted(keys)]
