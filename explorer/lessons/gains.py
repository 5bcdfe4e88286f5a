"""What a class has learned between two sittings: shares of right answers, normalised gain with its interval, slips.

The normalised gain of a class is g = (after − before) / (1 − before), from the mean shares of right answers of the same
students. Its interval is the percentile bootstrap over students, expanded for few of them (Hesterberg 2015).

References:
    Hake, Interactive-engagement versus traditional methods, 1998, https://doi.org/10.1119/1.18809
    Hesterberg, What Teachers Should Know About the Bootstrap, 2015, https://doi.org/10.1080/00031305.2015.1089789
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np

FEWEST_PAIRS = 5  # students of whom a report is made
GAIN_RESAMPLES = 2_000
INTERVAL_RATE = 0.95
RESAMPLING_SEED = 0
LEAST_DEFINED = 0.95  # share of the resamples in which a gain must be defined for its interval
MOST_SLIPS_LISTED = 40


@dataclass(frozen=True)
class Outcome:
    """Answer to one item: whether it is right, and the slip behind a wrong one; no slip where none is known."""

    right: bool
    slip: str = ""


Sheet = Mapping[str, Outcome]
"""Outcomes of one student in one sitting, by the name of the item; an item that is missing was not answered."""


@dataclass(frozen=True)
class Gain:
    """Normalised gain with its interval of `INTERVAL_RATE`; None where it is not defined."""

    value: float | None
    low: float | None = None
    high: float | None = None


def normalised(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return (after − before) / (1 − before); NaN where everything was right before. Shapes are equal."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(before < 1, (after - before) / (1 - before), np.nan)


@lru_cache(maxsize=4)
def resampled(count: int, seed: int) -> np.ndarray:
    """Return the students of each resample, (`GAIN_RESAMPLES`, count)."""
    return np.random.default_rng(seed).integers(0, count, (GAIN_RESAMPLES, count), dtype=np.int32)


def expanded_tail(count: int) -> float:
    """Return the share of resamples that each end of the interval leaves out.

    The plain percentiles are too narrow for few students. These are widened as a t interval is against a normal one.
    """
    t = t_quantile(count - 1) * math.sqrt(count / (count - 1))
    return NormalDist().cdf(-t)


def t_quantile(freedom: int) -> float:
    """Return the upper quantile of Student's t for `INTERVAL_RATE`, by its expansion about the normal one."""
    z = NormalDist().inv_cdf((1 + INTERVAL_RATE) / 2)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def gain(before: np.ndarray, after: np.ndarray, seed: int = RESAMPLING_SEED) -> Gain:
    """Return the normalised gain of a class.

    Arguments:
        before: Share of right answers of each student, (students,).
        after: The same students' share afterwards, (students,).
        seed: Seed of the resamples.
    """
    count = len(before)
    if count < FEWEST_PAIRS:
        return Gain(None)
    value = float(normalised(before.mean(), after.mean()))
    drawn = resampled(count, seed)
    found = normalised(before[drawn].mean(1), after[drawn].mean(1))
    defined = found[np.isfinite(found)]
    if not math.isfinite(value):
        return Gain(None)
    if len(defined) < LEAST_DEFINED * GAIN_RESAMPLES:
        return Gain(value)
    tail = expanded_tail(count)
    low, high = np.quantile(defined, [tail, 1 - tail])
    return Gain(value, float(low), float(high))


def report(items: Mapping[str, str], before: Mapping[str, Sheet], after: Mapping[str, Sheet]) -> dict[str, Any]:
    """Return the report on a class.

    With `FEWEST_PAIRS` students in both sittings, all shares are of these students. With fewer, the shares of the first
    sitting alone are given, and no gain.

    Arguments:
        items: Titles of the items, by their names.
        before: Sheets of the first sitting, by the student's pseudonym.
        after: Sheets of the second sitting.
    """
    both = sorted(before.keys() & after.keys())
    paired = len(both) >= FEWEST_PAIRS
    who = both if paired else sorted(before)
    found: dict[str, Any] = {
        "counts": {"before": len(before), "after": len(after), "both": len(both)},
        "fewest": FEWEST_PAIRS,
        "rate": INTERVAL_RATE,
        "students": len(who) if len(who) >= FEWEST_PAIRS else 0,
    }
    if len(who) < FEWEST_PAIRS:
        return found | {"items": [], "all": None}
    first = [before[each] for each in who]
    then = [after[each] for each in who] if paired else None
    rows = [_row(name, title, first, then) for name, title in items.items()]
    shares = [np.array([share(sheet, items) for sheet in each]) for each in (first, then or [])]
    return found | {"items": rows, "all": _shares(shares[0], shares[1] if paired else None)}


def share(sheet: Sheet, items: Mapping[str, str]) -> float:
    """Return the share of right answers of a student; what was not answered is not right."""
    return sum(_is_right(sheet, name) for name in items) / len(items)


def _is_right(sheet: Sheet, name: str) -> bool:
    return name in sheet and sheet[name].right


def _row(name: str, title: str, before: Sequence[Sheet], after: Sequence[Sheet] | None) -> dict[str, Any]:
    """Return the line of an item: shares, gain, and slips by how often they were chosen."""
    right, then = (np.array([_is_right(sheet, name) for sheet in each], float) for each in (before, after or []))
    slips = [Counter(each[name].slip for each in sheets or () if name in each) for sheets in (before, after)]
    chosen = sorted({*slips[0], *slips[1]} - {""}, key=lambda slip: (-slips[0][slip] - slips[1][slip], slip))
    counted = [{"slip": slip, "before": slips[0][slip], "after": slips[1][slip]} for slip in chosen]
    return {
        "name": name,
        "title": title,
        **_shares(right, None if after is None else then),
        "slips": counted[:MOST_SLIPS_LISTED],
    }


def _shares(before: np.ndarray, after: np.ndarray | None) -> dict[str, float | None]:
    first = float(before.mean())
    if after is None:
        return dict.fromkeys(("after", "gain", "low", "high")) | {"before": first}
    found = gain(before, after)
    return {"before": first, "after": float(after.mean()), "gain": found.value, "low": found.low, "high": found.high}
