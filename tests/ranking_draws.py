"""Figures of one trial: samples of the same distribution, of which the first group may be shifted."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

from explorer.networks.card import row

FAMILIES = [f"family {k}" for k in range(8)]
IMAGES = 10_000


@dataclass
class Draw:
    """Figures of one trial: those of the first group are shifted, all others are of one distribution."""

    rng: random.Random
    shift: float = 0.0

    def normal(self, first: bool = False, width: float = 1.0) -> float:
        return self.rng.gauss(self.shift * width * first, width)

    def values(self, n: int, first: bool = False, middle: float = 0.0, width: float = 1.0) -> list[float]:
        return [middle + self.normal(first, width) for _ in range(n)]

    def distances(self, n: int, first: bool = False) -> list[float]:
        """Distances, whose errors are relative; those of the first group are smaller."""
        return [math.exp(-each) for each in self.values(n, first, width=0.1)]

    def share(self, n: int, first: bool = False, middle: float = 0.5) -> float:
        """A share of n items; with a shift, that of the first group is smaller."""
        p = middle * (1 - 0.6 * bool(self.shift and first))
        return sum(self.rng.random() < p for _ in range(n)) / n

    def row(self, name: str, first: bool = False, middle: float = 0.0, se: float = 1.0, **of: Any) -> dict[str, Any]:
        """A row of a card whose standard error is known."""
        return row(name, middle + self.normal(first, se), se=se, n=IMAGES, **of)


def mean_and_error(values: Sequence[float]) -> tuple[float, float]:
    return fmean(values), stdev(values) / math.sqrt(len(values))
