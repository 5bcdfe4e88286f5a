"""Charts over the time of a sound, and what they show at each 5 ms of it."""

import math
from collections.abc import Callable, Sequence
from statistics import fmean
from typing import Any

from explorer.numbers.answer import Answer, Axis, Chart, Each
from explorer.numbers.words import num
from explorer.spaces import SOUND

Bars = dict[str, Any]
BLOCK = 40  # samples of a moment, 5 ms


def ms(sample: float) -> float:
    """Return the time of a sample in milliseconds."""
    return 1000 * sample / SOUND.rate


def moments(length: int, part: Callable[[int], Answer]) -> Answer:
    """Return what an exhibit shows at the end of each moment of so many samples; `part` describes one by its number."""
    ends = [min(start + BLOCK, length) - 1 for start in range(0, length, BLOCK)]
    parts = [Answer(charts=[{"cursor": ms(end)}]) | part(k) for k, end in enumerate(ends)]
    return Answer(stops={"tap": [(ms(end), end) for end in ends]}, each=Each("tap", ends, parts), strips=[])


def bits_chart(found: Sequence[float]) -> Chart:
    """Return the chart of the bits of each sample of a sound, as means of moments."""
    values = means_of(found)
    ends = [math.floor(min(values)), math.ceil(max(values))]
    return Chart(
        x=Axis(unit="ms", ends=[0, ms(len(found))]),
        y=Axis("Surprise", "bits per sample (without a model: 8)", ends=ends, ticks=ends),
        lines=[{"points": [*points_by_time(values)], "colour": "ink"}],
        words=f"{num(fmean(found))} bits per sample on average",
    )


def means_of(values: Sequence[float]) -> list[float]:
    """Return the mean of each moment."""
    return [fmean(values[start : start + BLOCK]) for start in range(0, len(values), BLOCK)]


def points_by_time(values: Sequence[float]) -> list[tuple[float, float]]:
    """Return values of moments at the middles of these."""
    return [(ms((k + 0.5) * BLOCK), value) for k, value in enumerate(values)]
