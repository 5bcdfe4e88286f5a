"""Sentences about the histograms of one network: which sets the rule of a low likelihood flags."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from explorer.lessons.exercises import say
from explorer.numbers import words
from explorer.verdicts import Estimate, compare, of_share

EVEN = 0.5  # AUROC by chance
NAMES = {"mnist": "MNIST", "fashion-mnist": "Fashion-MNIST", "noise": "noise", "blank": "the blank page"}
Set = Mapping[str, Any]
percent = partial(words.percent, digits=1)


def name_of(dataset: str) -> str:
    """Return the name of a set in a sentence; that of a further data set is its own."""
    return NAMES.get(dataset, dataset)


def area(value: float) -> str:
    """Return an AUROC, which is never rounded to all or none."""
    if 0 < value < 0.0005:
        return "<0.001"
    return ">0.999" if 0.9995 < value < 1 else say(value)


def verdict(own: str, histograms: Mapping[str, Any]) -> str:
    """Return the sentences about one network that was trained on the data set `own`."""
    sets = histograms["sets"]
    other = next(name for name in NAMES if name != own and name in sets)
    return " ".join(
        (_rule(own, histograms), _direction(own, other, sets[other], sets[own]), _blank(own, sets["blank"]))
    )


def _rule(own: str, histograms: Mapping[str, Any]) -> str:
    sets = histograms["sets"]
    others = (f"{percent(sets[name]['flagged'])} of {name_of(name)}" for name in sets if name not in (own, "blank"))
    blank = "and flags the blank page too" if sets["blank"]["flagged"] else "but lets the blank page pass"
    return (
        f"A rule that flags what is less likely than 99 % of {name_of(own)}'s test images (−log p above "
        f"{say(-histograms['threshold'], 1)} nats) flags {' and '.join(others)}, {blank}."
    )


def side_of(auroc: float, *counts: int) -> int:
    """Return 1 if an AUROC of two sets is measured to be above chance, −1 if it is below, else 0.

    Its variance is at most that of a share of as many pairs as the smaller set has items (Birnbaum & Klose 1957).
    """
    n = min(counts)
    return compare(of_share(auroc * n, n), Estimate(EVEN)).sign


def _direction(own: str, name: str, found: Set, ours: Set) -> str:
    auroc = found["auroc"]
    if side_of(auroc, found["n"], ours["n"]) < 0:
        return (
            f"Here likelihood fails: {name_of(name)}, which this network never saw, is more likely than "
            f"{name_of(own)} in {percent(1 - auroc)} of pairs (AUROC {area(auroc)}), and "
            f"{percent(1 - found['flagged'])} of {name_of(name)} would pass."
        )
    return (
        f"An image of {name_of(own)} is more likely than one of {name_of(name)} in {percent(auroc)} of pairs "
        f"(AUROC {area(auroc)})."
    )


def _blank(own: str, found: Set) -> str:
    auroc, page = found["auroc"], f"The blank page, at {say(-found['value'], 1)} nats, is"
    if auroc >= EVEN:
        return f"{page} less likely than {percent(auroc)} of {name_of(own)}'s test images."
    return (
        f"{page} more likely than {percent(1 - auroc)} of {name_of(own)}'s test images, and looks like none of them: "
        "the most likely image is not typical."
    )
