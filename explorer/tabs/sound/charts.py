"""Charts over the time of a sound, and what they show at each 5 ms of it."""

import math
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import Any

from explorer.spaces import SOUND
from explorer.tabs.kit.numbers.answer import Answer, Axis, Chart, Each
from explorer.tabs.kit.numbers.words import num
from explorer.tabs.sound.words import percent

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


def bits(found: Sequence[float]) -> Chart:
    """Return the chart of the bits of each sample of a sound, as means of moments."""
    values = means(found)
    ends = [math.floor(min(values)), math.ceil(max(values))]
    return Chart(
        x=Axis(unit="ms", ends=[0, ms(len(found))]),
        y=Axis("Surprise", "bits per sample (without a model: 8)", ends=ends, ticks=ends),
        lines=[{"points": [*points_by_time(values)], "colour": "ink"}],
        words=f"{num(fmean(found))} bits per sample on average",
    )


def means(values: Sequence[float]) -> list[float]:
    """Return the mean of each moment."""
    return [fmean(values[start : start + BLOCK]) for start in range(0, len(values), BLOCK)]


def points_by_time(values: Sequence[float]) -> list[tuple[float, float]]:
    """Return values of moments at the middles of these."""
    return [(ms((k + 0.5) * BLOCK), value) for k, value in enumerate(values)]


def shares(found: Mapping[str, float], own: str) -> Bars:
    """Return the bits a sample of some models as bars, of which `own` is the network's."""
    return {
        "name": "Bits per sample of this recording",
        "rows": [
            {"title": title, "share": each / 8, "text": num(each), "marked": title == own}
            for title, each in sorted((found | {"Raw": 8.0}).items(), key=lambda item: item[1])
        ],
    }


def posterior(rows: Sequence[Sequence[float]], ends: Sequence[int], spoken: int | None) -> Chart:
    """Return the chart of the probability of each digit over time; `spoken` is None for a visitor's own sound.

    Arguments:
        rows: Probability of each digit at the end of each moment.
        ends: Number of samples until then.
        spoken: Digit that was spoken.
    """

    def best(digit: int) -> int:
        return max(range(len(rows)), key=lambda k: rows[k][digit])

    digits = range(len(rows[0]))
    rival = max((digit for digit in digits if digit != spoken), key=lambda digit: rows[best(digit)][digit])

    def line(digit: int) -> dict[str, Any]:
        points = [(0, 0.1), *((ms(end), row[digit]) for end, row in zip(ends, rows, strict=True))]
        look = {"colour": "ink", "width": 2.5} if digit == spoken else {"colour": "quiet", "width": 1}
        named = {"label": f"digit {digit}", "at": best(digit) + 1, "below": True} if digit in (spoken, rival) else {}
        return {"points": points} | look | named

    bold = "" if spoken is None else "bold: spoken"
    return Chart(
        x=Axis(unit="ms", ends=[0, ms(ends[-1])]),
        y=Axis("Probability of each digit, given the sound so far", note=bold, ticks=[0, 1]),
        lines=[line(digit) for digit in digits],
        words=f"most probable at the end: {max(digits, key=rows[-1].__getitem__)}",
    )


def chances(row: Sequence[float], spoken: int | None) -> Bars:
    """Return the probability of each digit as bars."""
    return {
        "name": "Probability of each digit at the cursor",
        "rows": [
            {"title": digit, "share": p, "text": percent(p), "marked": digit == spoken} for digit, p in enumerate(row)
        ],
    }
