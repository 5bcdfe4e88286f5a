"""Histograms of the scores of sets of x by one network, with the place of a visitor's x."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import compress

from explorer.networks.card import Card
from explorer.numbers.answer import Axis, Chart
from explorer.numbers.drawn import Line
from explorer.numbers.words import num, ticks

SCORE_UNITS = {"exact": "−log p(x), nats", "bound": "−ELBO, nats", "estimate": "≈ −log p(x), nats"}
HIGH = 400  # height of a large chart in pixels
TOP, YOURS = 1.2, 1.1  # of the axis, and of the visitor's label, in peaks of a histogram
COLOURS = (("quiet", 0.5), ("ink", 0.1))
"""Colour of each histogram, with the opacity of its area: the own test set, and another set."""


def histograms(
    odd: Card, sets: Sequence[Card], score: float | None, name: str, *, has_limit: bool, has_label: bool = True
) -> Chart:
    """Return histograms as a chart between the first and the last score that occurs; its words are the caller's.

    Arguments:
        odd: Edges, scale and threshold of a card.
        sets: Counts of each histogram, the own test set first.
        score: Score of the visitor's x; None if there is none.
        name: Name of the score with its unit.
        has_limit: Whether the threshold is drawn, and in sight.
        has_label: Whether the visitor's x is labelled, with room above the histograms.
    """
    edges = odd["edges"]
    there = [*compress(range(len(edges) - 1), map(max, *(each["counts"] for each in sets), [0] * len(edges)))]
    first, last = there[0], there[-1]
    while has_limit and last < len(edges) - 2 and edges[last + 1] < odd["threshold"]:
        last += 1
    is_log = odd["scale"] == "log"

    def place(value: float) -> float:
        return math.log(max(value, 1e-9)) if is_log else value

    ends = [place(edges[first]), place(edges[last + 1])]
    within = [place(edge) for edge in edges[first : last + 2]]
    piles = [steps(within, each["counts"][first : last + 1]) for each in sets]
    marks = round_values(edges[first], edges[last + 1], is_log)
    limit, top = place(odd["threshold"]), TOP if has_label else 1
    lines: list[Line] = [{"points": pile, "colour": colour, "width": 1.5} for pile, (colour, _) in zip(piles, COLOURS)]
    if has_limit:
        lines.append({"points": [(limit, 0), (limit, top)], "colour": "ink", "width": 1.5, "dash": [5, 4]})
    at = None
    if score is not None:
        at = min(max(place(score), ends[0]), ends[1])
        if has_label:
            lines.append({"points": [(at, YOURS)], "colour": "you", "label": f"yours {num(score, 1)}"})
    return Chart(
        x=Axis(
            ends=ends,
            ticks=[place(each) for each in marks],
            names=[num(each, 0 if abs(each) >= 10 else 1) for each in marks],
        ),
        y=Axis(
            f"{name}{', log scale' * is_log}",
            ends=[0, top],
            ticks=[0, 1] if has_label else [],
            names=["0", "peak"] if has_label else [],  # each histogram is scaled to its own
        ),
        areas=[{"points": pile, "colour": colour, "alpha": alpha} for pile, (colour, alpha) in zip(piles, COLOURS)],
        lines=lines,
        cursor=at,
    )


def named(chart: Chart, title: str, words: str) -> Chart:
    """Return a chart with another title and with its words."""
    return replace(chart, y=replace(chart.y, title=title), words=words)


def steps(edges: Sequence[float], counts: Sequence[int]) -> list[tuple[float, float]]:
    """Return a histogram, scaled to its peak, as the points of its outline."""
    peak = max(counts) or 1
    tops = [(edge, count / peak) for low, high, count in zip(edges, edges[1:], counts) for edge in (low, high)]
    return [(edges[0], 0), *tops, (edges[-1], 0)]


def round_values(low: float, high: float, is_log: bool) -> list[float]:
    """Return at most three round values within a range, on a logarithmic axis powers with 2 and 5 where two fit."""
    if not is_log:
        return ticks(low, high)
    powers = range(math.floor(math.log10(max(low, 1e-9))), math.ceil(math.log10(high)) + 1)
    found = [front * 10.0**power for power in powers for front in (1, 2, 5) if low <= front * 10.0**power <= high]
    return found[:: math.ceil(len(found) / 3)] if len(found) > 1 else ticks(low, high)
