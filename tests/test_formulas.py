"""Every live formula makes something of every number that may be typed, or says what is wanted instead."""

from collections.abc import Callable, Iterator
from itertools import combinations, product

import pytest

from explorer.tabs.interface import TABS

FORMULAS = [formula for tab in TABS for formula in tab.formulas]
SIZES = (5e-324, 1e-160, 1e-9, 0.001, 0.3, 1, 10, 1000, 1e300)
EXTREMES = (None, 0, *SIZES, *(-size for size in SIZES))
TOGETHER = 2  # boxes that are extreme at once


def typed(formula: Callable[..., str]) -> Iterator[list[float | None]]:
    """Extremes in up to so many boxes, and in the others what stands there at first."""
    first = [value for _, value, *_ in formula.boxes]
    for places in combinations(range(len(first)), min(TOGETHER, len(first))):
        for values in product(EXTREMES, repeat=len(places)):
            found = list(first)
            for place, value in zip(places, values, strict=True):
                found[place] = value
            yield found


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.__name__)
def test_it_makes_something_of_extremes_or_says_what_is_wanted(formula: Callable[..., str]):
    for values in typed(formula):
        said = formula(*values)
        assert said and not any(word in said.lower() for word in ("nan", r"\text{inf", " inf", "-inf")), values
