"""One figure beside another of a card: what may be compared, and which is measured to be better, by `verdicts`."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from explorer import verdicts
from explorer.networks.card import NORMAL
from explorer.verdicts import Estimate, pairs_of

Figure = Mapping[str, Any]
"""A `value`, and as far as known: `se`, `kind`, `floor` (what real images reach), `seeds`, `n`, the number of settings
that were `tried`, and what it is of: `pixels` and the number of `samples`, or the `space`."""

BOUNDS = "An upper bound below another family's exact value means better; otherwise a bound decides nothing."


def cap(figure: Figure, better: str | None) -> float:
    """Return a value held to what real images reach: nothing is better than they are."""
    floor = figure.get("floor")
    if floor is None:
        return figure["value"]
    return max(figure["value"], floor) if better == "least" else min(figure["value"], floor)


def estimate(figure: Figure, better: str | None) -> Estimate:
    """Return a figure with its error, over its seeds or its images; one without an error is exact."""
    n = figure.get("seeds") or figure.get("n")
    return verdicts.of_figure({"value": cap(figure, better), "se": figure.get("se"), "n": n})


def estimates(figures: Mapping[str, Figure], better: str | None, is_log: bool = False) -> dict[str, Estimate]:
    """Return figures of one group with their errors; those of few seeds each share one variance.

    On a logarithmic column that variance is of the logarithms, as a distance has a relative error.
    """
    found = {name: estimate(figure, better) for name, figure in figures.items()}
    if not any(figure.get("seeds") for figure in figures.values()):
        return found
    seeded = {name: each for name, each in found.items() if figures[name].get("seeds")}
    if is_log and len(seeded) == len(found) and all(each.value > 0 for each in found.values()):
        return verdicts.pooled(seeded, is_log=True)
    return found | verdicts.pooled(seeded)


def comparisons(figures: Iterable[Figure]) -> int:
    """Return how many pairs are compared; a figure at its best of several settings counts once for each."""
    return pairs_of(sum(figure.get("tried", 1) for figure in figures))


def is_bounded(figure: Figure) -> bool:
    """Return whether the truth may lie on the better side: of a bound, and of an ODE's estimate of one."""
    return figure.get("kind") == "bound" or figure.get("solver") is not None


def is_better(one: Figure, other: Figure, better: str | None) -> bool:
    """Return whether the first of two figures is measured to be better; `better` is "least" or "most"."""
    return not is_bounded(other) and is_ahead(estimate(one, better), estimate(other, better), better, 1)


def is_ahead(one: Estimate, other: Estimate, better: str | None, asked: int) -> bool:
    """Return whether an estimate is measured to be better than another, of so many pairs asked."""
    return verdicts.compare(one, other, asked).sign == (-1 if better == "least" else 1)


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


def beaten(figures: Mapping[str, Figure], better: str | None, is_log: bool = False) -> dict[str, list[str]]:
    """Return for each name those that are measured to be better, of figures measured alike: in each group, by pairs."""
    found: dict[str, list[str]] = {}
    for group in alike(figures):
        of = {name: figures[name] for name in group}
        each, asked = estimates(of, better, is_log), comparisons(of.values())
        for name in group:
            others = [] if is_bounded(of[name]) else group
            found[name] = [other for other in others if is_ahead(each[other], each[name], better, asked)]
    return found


def best_of(names: Iterable[str], figures: Mapping[str, Figure], better: str | None, is_log: bool = False) -> list[str]:
    """Return the names that none is measured to be better than: the best, and all that tie with it."""
    names = [*names]
    lost = beaten({name: figures[name] for name in names}, better, is_log)
    return [name for name in names if not lost[name]]


def best(figures: Mapping[str, Figure], better: str | None, is_log: bool = False) -> list[str]:
    """Return the names that are measured to be better than another, and none to be better than them."""
    if better is None:
        return []
    lost = beaten(figures, better, is_log)
    winners = {winner for names in lost.values() for winner in names}
    return [name for name in figures if name in winners and not lost[name]]


def range_of(figure: Figure) -> tuple[float, float]:
    """Return the range of a figure: over its seeds, or its 95 % interval."""
    if "low" in figure:
        return figure["low"], figure["high"]
    reach = NORMAL * (figure.get("se") or 0)
    return figure["value"] - reach, figure["value"] + reach


def axis(figures: Sequence[Figure], is_log: bool) -> Callable[[float], float]:
    """Return a function that places a value between 0, the least of these figures, and 1, the greatest.

    On a logarithmic axis, a value that is not positive lies where the least positive one does.
    """
    least = min((figure["value"] for figure in figures if figure["value"] > 0), default=1.0)

    def scale(value: float) -> float:
        return math.log(max(value, least)) if is_log else value

    ends = [scale(end) for figure in figures for end in range_of(figure)]
    low, high = min(ends), max(ends)
    return lambda value: (scale(value) - low) / (high - low) if high > low else 0.5
