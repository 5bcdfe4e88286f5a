"""Numbers and sentence of one metric of sets of several sizes: does it depend on the number of images?"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from explorer import verdicts
from explorer.networks.card import NORMAL
from explorer.tabs.kit.lessons.exercises import say
from explorer.tabs.kit.numbers.words import ticks

HEADS = (
    "two sets of real images",
    "standard error",
    "more than with the largest sets, the bias",
    "one set blurred",
    "its bias",
)
COLOURS = {"real": "ink", "blur": "quiet"}
NAMES = {"real": "two sets of real images", "blur": "one of them blurred"}
CAPITALS = ("Fréchet", "Inception")


def within(title: str) -> str:
    """Return a metric's title within a sentence: names keep their capital letter."""
    return title if title.startswith(CAPITALS) else title.lower()


def short(value: float | None) -> str:
    """Return a figure with three digits; a dash if it was not measured."""
    return "–" if value is None else say(value)


def with_numbers(answer: dict[str, Any], title: str) -> dict[str, Any]:
    """Return an answer with the numbers and the sentence of its chosen number of images.

    Arguments:
        answer: The figures by set as `lines`: images, value and standard error each.
        title: Title of the metric.
    """
    count, lines = answer["count"], answer["lines"]
    now = {kind: next(point for point in points if point[0] == count) for kind, points in lines.items()}
    last = {kind: points[-1] for kind, points in lines.items()}
    (_, value, se), (most, largest, _) = now["real"], last["real"]
    here, there = (verdicts.Estimate(*point[1:], answer["repeats"]) for point in (now["real"], last["real"]))
    biases = {kind: now[kind][1] - last[kind][1] for kind in lines}
    if count == most:
        verdict = f"{most:,} images are the largest sets that were measured."
    elif verdicts.compare(here, there).is_different:
        gap = f"{abs(value - largest):.3f} {'more' if value > largest else 'less'}"
        verdict = f"With {count:,} images it is {gap} than with {most:,}: it depends on the number."
    else:
        verdict = f"With {count:,} images it is the same as with {most:,}, within its error: no bias is visible."
    blurred = (now["blur"][1], biases["blur"]) if "blur" in lines else (None, None)
    values = (value, se, biases["real"], *blurred)
    return answer | {
        "charts": [chart(lines, count, title)],
        "stops": {"count": [(math.log10(images), images) for images, *_ in lines["real"]]},
        "numbers": [(name, short(each), "") for name, each in zip((f"{title}, {HEADS[0]}", *HEADS[1:]), values)],
        "words": f"{verdict} The {within(title)} is {value:.3f}. "
        f"Mean of {answer['repeats']} random pairs of sets of {answer['of']} images.",
        "table": [
            ("set", "images", "value", "standard_error"),
            *((kind, *point) for kind, points in lines.items() for point in points),
        ],
    }


def chart(lines: Mapping[str, Sequence[Sequence[float]]], count: int, title: str) -> dict[str, Any]:
    """Return a chart of the metric by the number of images, with bands of 95 %, on a logarithmic axis."""
    bands = {
        kind: [[(math.log10(n), value + side * NORMAL * se) for n, value, se in points] for side in (1, -1)]
        for kind, points in lines.items()
    }
    ends = [y for band in bands.values() for edge in band for _, y in edge]
    low, high = min(*ends, 0), max(ends)
    counts = [n for n, *_ in lines["real"]]
    drawn = [
        {"points": [(math.log10(n), value) for n, value, _ in points], "colour": COLOURS[kind], "label": NAMES[kind]}
        for kind, points in lines.items()
    ]
    return {
        "xs": (math.log10(counts[0]), math.log10(counts[-1])),
        "ys": (low, high + 0.05 * (high - low)),
        "ticks": {"x": [math.log10(n) for n in counts], "y": ticks(low, high)},
        "names": {"x": [f"{n:,}" for n in counts]},
        "areas": [{"points": up + down[::-1], "colour": COLOURS[kind]} for kind, (up, down) in bands.items()],
        "lines": drawn,
        "cursor": math.log10(count),
        "name": f"{title}; bands: 95 % intervals",
        "along": "images (log)",
        "words": ", ".join(f"{value:.3f} for {n:,}" for n, value, _ in lines["real"]),
    }
