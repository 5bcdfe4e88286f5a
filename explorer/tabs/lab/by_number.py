"""Numbers and sentence of one metric of sets of several sizes: does it depend on the number of images?"""

import math
from typing import Any

from explorer.card import NORMAL
from explorer.tabs.kit.exercises import say

HEADS = (
    "two sets of real images",
    "standard error",
    "more than with the largest sets, the bias",
    "one set blurred",
    "its bias",
)
CAPITALS = ("Fréchet", "Inception")


def within(title: str) -> str:
    """Return a metric's title within a sentence: names keep their capital letter."""
    return title if title.startswith(CAPITALS) else title.lower()


def short(value: float | None) -> str:
    """Return a figure with three digits; a dash if it was not measured."""
    return "–" if value is None else say(value)


def told(answer: dict[str, Any], title: str) -> dict[str, Any]:
    """Return an answer with the numbers and the sentence of its chosen number of images.

    Arguments:
        answer: The figures by set as `lines`: images, value and standard error each.
        title: Title of the metric.
    """
    count, lines = answer["count"], answer["lines"]
    now = {kind: next(point for point in points if point[0] == count) for kind, points in lines.items()}
    last = {kind: points[-1] for kind, points in lines.items()}
    (_, value, se), (most, largest, other) = now["real"], last["real"]
    biases = {kind: now[kind][1] - last[kind][1] for kind in lines}
    if count == most:
        verdict = "It is the largest set that was measured."
    elif abs(biases["real"]) > NORMAL * math.hypot(se, other):
        gap = f"{abs(value - largest):.3f}"
        verdict = f"It differs by {gap} from that of {most:,} images: it depends on the number."
    else:
        verdict = f"With {most:,} images it is the same within its error: no bias is visible."
    blurred = (now["blur"][1], biases["blur"]) if "blur" in lines else (None, None)
    values = (value, se, biases["real"], *blurred)
    return answer | {
        "numbers": [(name, short(each), "") for name, each in zip(HEADS, values)],
        "words": f"With {count:,} real images, the {within(title)} is {value:.3f}. {verdict} "
        f"Mean of {answer['repeats']} random pairs of sets of {answer['of']} images.",
        "table": [
            ("set", "images", "value", "standard_error"),
            *((kind, *point) for kind, points in lines.items() for point in points),
        ],
    }
