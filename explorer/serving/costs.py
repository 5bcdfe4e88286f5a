"""Expected cost of work, learned from earlier work of the same function and network."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import Any

KNOWN = 2_000  # kinds of work that are remembered: visitors open networks, each of which makes some
NAMES = ("net", "dataset")  # values of a question that name its network

Kind = tuple[Hashable, Hashable]
"""A question, and the network that it is about; None where it names none."""


def network_in(wanted: Mapping[str, Any]) -> Hashable:
    """Return the name of the network in the values of a question, or None."""
    return next((wanted[name] for name in NAMES if wanted.get(name) is not None), None)


class Costs:
    """Seconds for a unit of work of each kind; the last run counts as much as all before it.

    Arguments:
        guess: Seconds where nothing is known.
    """

    def __init__(self, guess: float):
        self._guess = guess
        self._known: OrderedDict[Kind, float] = OrderedDict()

    def expected(self, kind: Kind) -> float:
        """Return the expected seconds; those of other networks where this one is new."""
        question, _ = kind
        return self._known.get(kind, self._known.get((question, None), self._guess))

    def knows(self, kind: Kind) -> bool:
        """Return whether such work was measured, with this network or another one."""
        return kind in self._known or (kind[0], None) in self._known

    def learn(self, kind: Kind, seconds: float) -> None:
        """Take what a unit of work has cost into account."""
        question, _ = kind
        for each in {kind, (question, None)}:
            self._known[each] = (self._known.get(each, seconds) + seconds) / 2
            self._known.move_to_end(each)
        while len(self._known) > KNOWN:
            self._known.popitem(last=False)
