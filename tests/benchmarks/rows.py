"""Rows printed by a benchmark."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table; `aim` is empty where none was set."""

    what: str
    value: str
    aim: str = ""


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of the values do not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def spread(values: Sequence[float]) -> str:
    """Return the median and the 95th percentile of milliseconds, as text."""
    return f"p50 {percentile(values, 0.5):.1f} ms · p95 {percentile(values, 0.95):.1f} ms"
