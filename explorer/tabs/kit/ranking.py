"""One rule for all that is compared: when one figure is measured to be better than another."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Figure = Mapping[str, Any]
"""A `value`, and as far as known: `se`, `kind`, `floor` (what real images reach), `seeds`, `n`, and what it is of:
`pixels` and the number of `samples`, or the `space`."""

SURE = 2.0  # standard errors that hold 95 in 100 differences by chance, of many images
STUDENT = {2: 4.3, 3: 2.8, 4: 2.4, 5: 2.3}  # the same of the means of so many seeds each
BOUNDS = "An upper bound below another family's exact value means better; otherwise a bound decides nothing."


def cap(figure: Figure, better: str | None) -> float:
    """Return a value held to what real images reach: nothing is better than they are."""
    floor = figure.get("floor")
    if floor is None:
        return figure["value"]
    return max(figure["value"], floor) if better == "least" else min(figure["value"], floor)


def doubt(one: Figure, other: Figure) -> float:
    """Return how much of the difference of two figures may be chance."""
    seeds = one.get("seeds") or other.get("seeds")
    return STUDENT.get(seeds, SURE) * math.hypot(one.get("se") or 0, other.get("se") or 0)


def is_near(one: Figure, other: Figure) -> bool:
    """Return whether two values are closer together than their standard errors can tell."""
    return abs(one["value"] - other["value"]) <= doubt(one, other)


def is_bounded(figure: Figure) -> bool:
    """Return whether the truth may lie on the better side: of a bound, and of an ODE's estimate of one."""
    return figure.get("kind") == "bound" or figure.get("solver") is not None


def is_better(one: Figure, other: Figure, better: str | None) -> bool:
    """Return whether the first figure is measured to be better; `better` is "least" or "most"."""
    gain = cap(one, better) - cap(other, better)
    return not is_bounded(other) and (-gain if better == "least" else gain) > doubt(one, other)


def basis(figure: Figure) -> str:
    """Return what a figure may be compared on: its pixels and number of samples or, of a likelihood, its test images.

    A distance between sets is the larger, the fewer samples there are, and so is its floor.
    """
    if figure.get("pixels"):
        samples = figure.get("samples")
        return f"{figure['pixels']}, {samples:,} samples" if samples else figure["pixels"]
    space, n = figure.get("space", ""), figure.get("n")
    return f"{space}, {n:,} test images" if space and n else space


def alike(figures: Mapping[str, Figure]) -> list[list[str]]:
    """Return the names whose figures were measured alike, the largest group first."""
    groups: dict[str, list[str]] = {}
    for name, figure in figures.items():
        groups.setdefault(basis(figure), []).append(name)
    return sorted(groups.values(), key=len, reverse=True)


def beats(one: Figure, other: Figure, better: str | None) -> bool:
    """Return whether a figure is measured to be better than another that was measured alike."""
    return basis(one) == basis(other) and is_better(one, other, better)


def best_of(names: Iterable[str], figures: Mapping[str, Figure], better: str | None) -> list[str]:
    """Return the names that none is measured to be better than: the best, and all that tie with it."""
    names = [*names]
    return [one for one in names if not any(beats(figures[other], figures[one], better) for other in names)]


def best(figures: Mapping[str, Figure], better: str | None) -> list[str]:
    """Return the names that are measured to be better than another, and none to be better than them."""
    if better is None:
        return []
    first = best_of(figures, figures, better)
    return [one for one in first if any(beats(figures[one], other, better) for other in figures.values())]


def interval(figure: Figure) -> tuple[float, float]:
    """Return the range of a figure: over its seeds, or two standard errors on each side."""
    if "low" in figure:
        return figure["low"], figure["high"]
    reach = SURE * (figure.get("se") or 0)
    return figure["value"] - reach, figure["value"] + reach


def axis(figures: Sequence[Figure], is_log: bool) -> Callable[[float], float]:
    """Return a function that places a value between 0, the least of these figures, and 1, the greatest.

    On a logarithmic axis, a value that is not positive lies where the least positive one does.
    """
    least = min((figure["value"] for figure in figures if figure["value"] > 0), default=1.0)

    def scale(value: float) -> float:
        return math.log(max(value, least)) if is_log else value

    ends = [scale(end) for figure in figures for end in interval(figure)]
    low, high = min(ends), max(ends)
    return lambda value: (scale(value) - low) / (high - low) if high > low else 0.5
