"""Exercises on comparing: reaches of points, and what the cards say of evaluations and of unusual images."""

import functools
import itertools
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from explorer import data
from explorer.lessons.exercises import say
from explorer.lessons.written import read
from explorer.models import MODELS
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.networks.card import Card
from explorer.tabs.compare.evidence import KINDS
from explorer.tabs.compare.maths import as_probability, bits_per_dim
from explorer.tabs.kit.ask.nets import family_of, nets_of

DATASET = "mnist"  # the default
TICKS = 100  # of the clock
BELOW = 0.4  # AUROC of images that are taken for less odd than a family's own


def reach_of(point: int, own: Sequence[int]) -> int:
    """Return the distance of a point to the nearest other one of its own kind."""
    return min(abs(point - each) for each in own if each != point)


def share_within(points: Sequence[int], others: Sequence[int]) -> float:
    """Return the share of points within reach of any of the others."""
    return sum(any(abs(each - other) <= reach_of(other, others) for other in others) for each in points) / len(points)


@functools.lru_cache(maxsize=64)
def _compared(net: str) -> Card:
    """Return the comparison part of a network's card; empty if it cannot be read."""
    with suppress(checkpoints.CheckpointError):
        return cards.of(net).get("compare", {})
    return {}


def _title(net: str) -> str:
    return MODELS[family_of(net)].title


def auroc_of(title: str, dataset: str, kind: str | None) -> float | None:
    """Return the AUROC of a family by the card of its network for a data set; None if there is none."""
    for net in nets_of(dataset):
        kinds = _compared(net).get("odd", {}).get("kinds", {})
        if _title(net) == title and kinds:
            return kinds[next(iter(kinds)) if kind is None else kind]["auroc"] if kind in (None, *kinds) else None
    return None


def _aurocs() -> dict[tuple[str, str, str], float]:
    """Return the AUROC of each family, data set and kind of other images."""
    return {
        (_title(net), dataset, kind): found["auroc"]
        for dataset in data.CLASSES
        for net in nets_of(dataset)
        for kind, found in _compared(net).get("odd", {}).get("kinds", {}).items()
    }


def less_odd() -> dict[str, dict[str, str]]:
    """Return a state for each family that takes other images for less odd than its own, but not where it opens.

    Raises:
        ValueError: if there is no such family.
    """
    every = _aurocs()
    found = {
        title: {"data": dataset, "kind": kind}
        for (title, dataset, kind), auroc in every.items()
        if auroc < BELOW and (every.get((title, DATASET, "noise")) or 0) >= BELOW
    }
    if not found:
        raise ValueError("nothing was measured of how odd other images are to the families")
    return found


def lowest(title: str) -> str:
    """Return the two lowest AUROCs of a family, each with its kind of images, in words."""
    found = sorted(
        (auroc, f"{KINDS[kind]}, to the network of {data.TITLES[dataset]}")
        for (of, dataset, kind), auroc in _aurocs().items()
        if of == title
    )
    return "; ".join(f"{say(auroc, 2)} ({images})" for auroc, images in found[:2])


def evaluations(dataset: str) -> dict[str, int]:
    """Return the number of network evaluations per draw of each family, by the cards."""
    found = {_title(net): _compared(net).get("sampling", {}).get("evaluations") for net in nets_of(dataset)}
    return {title: each for title, each in found.items() if each}


def moments() -> list[tuple[str, str, float]]:
    """Return the pairs of families of which one has finished and the other has not, and a moment in between.

    Raises:
        ValueError: if there is no such pair.
    """
    known = evaluations(DATASET)
    longest, found = max(known.values(), default=0), []
    for done, late in itertools.permutations(known, 2):
        ticks = [tick for tick in range(1, TICKS) if known[done] <= tick / TICKS * longest < known[late]]
        found += [(done, late, ticks[len(ticks) // 2] / TICKS)] if ticks else []
    if not found:
        raise ValueError("nothing was measured of what the families evaluate to draw")
    return found


FORMULAS = (as_probability, bits_per_dim, reach_of, share_within)
OF_CARDS = (auroc_of, evaluations, less_odd, lowest, moments)
GIVEN = {"BELOW": BELOW} | {each.__name__: each for each in (*FORMULAS, *OF_CARDS)}
EXERCISES = read(Path(__file__).with_suffix(".md"), GIVEN)
