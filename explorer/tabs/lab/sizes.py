"""*How many images?*: how a metric depends on the number of images."""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from explorer import verdicts
from explorer.fields import Field, OneOf
from explorer.lessons.exercises import say
from explorer.measures import lab
from explorer.measures.damages import DAMAGES
from explorer.measures.lab import METRICS
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.networks.card import NORMAL, rows
from explorer.numbers.answer import FINDING, Answer, Axis, Chart, Figure, Table
from explorer.numbers.words import ticks
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.lab.shared import Dataset, classifier_outputs, record, within

METRIC = Field("metric", OneOf(tuple(METRICS)), "frechet", "the metric")
COUNT = Field("count", OneOf((100, 200, 500, 1000, 2000, 5000, 10000)), 100, "the number of images")
MetricOf = Annotated[str, METRIC]
Count = Annotated[int, COUNT]
REAL = Figure("two sets of real images")
ERROR = Figure("standard error")
BIAS = Figure("more than with the largest sets, the bias")
BLURRED = Figure("one set blurred")
BLURRED_BIAS = Figure("its bias")
HEADS = (FINDING, REAL, ERROR, BIAS, BLURRED, BLURRED_BIAS)
COLOURS = {"real": "ink", "blur": "quiet"}
NAMES = {"real": "two sets of real images", "blur": "one of them blurred"}
COUNTED, REPEATS, SIZES_BLUR = (100, 200, 500, 1_000), 6, 0.25  # where no figures by size are recorded


@dataclass(frozen=True)
class Sizes:
    """A metric of sets of several sizes.

    Arguments:
        title: Title of the metric.
        count: Chosen number of images.
        repeats: Number of pairs of sets.
        of: Images that the sets are drawn from.
        lines: Images, value and standard error, by kind of set.
    """

    title: str
    count: int
    repeats: int
    of: str
    lines: Mapping[str, Sequence[Sequence[float]]]


def size_answer(found: Sizes) -> Answer:
    """Return the numbers and the sentence of the chosen number of images, with the chart and the table of all."""
    count, lines, title = found.count, found.lines, found.title
    now = {kind: next(point for point in points if point[0] == count) for kind, points in lines.items()}
    last = {kind: points[-1] for kind, points in lines.items()}
    (_, value, se), (most, largest, _) = now["real"], last["real"]
    here, there = (verdicts.Estimate(*point[1:], found.repeats) for point in (now["real"], last["real"]))
    biases = {kind: now[kind][1] - last[kind][1] for kind in lines}
    if count == most:
        finding = "No larger sets were measured."
        verdict = f"{most:,} images are the largest sets that were measured."
    elif verdicts.compare(here, there).is_different:
        finding = f"At {count:,} images the value still depends on their number."
        gap = f"{abs(value - largest):.3f} {verdicts.sized(value - largest, larger='more', smaller='less')}"
        verdict = f"With {count:,} images it is {gap} than with {most:,}: it depends on the number."
    else:
        finding = f"At {count:,} images no bias is visible."
        verdict = f"With {count:,} images it is the same as with {most:,}, within its error: no bias is visible."
    there = "blur" in lines
    numbers = [
        FINDING.of(finding),
        REAL.of(say(value), name=f"{title}, {REAL.name}"),
        ERROR.of(say(se)),
        BIAS.of(say(biases["real"])),
        BLURRED.of(say(now["blur"][1]) if there else None),
        BLURRED_BIAS.of(say(biases["blur"]) if there else None),
    ]
    table = [
        {"set": kind, "images": images, "value": figure, "standard_error": error}
        for kind, points in lines.items()
        for images, figure, error in points
    ]
    return Answer(
        numbers,
        f"{verdict} The {within(title)} is {value:.3f}. "
        f"Mean of {found.repeats} random pairs of sets of {found.of} images.",
        Table(table),
        charts=[chart(lines, count, title)],
        stops={"count": [(math.log10(images), images) for images, *_ in lines["real"]]},
        view={"count": count, "repeats": found.repeats, "lines": lines, "of": found.of},
    )


def chart(lines: Mapping[str, Sequence[Sequence[float]]], count: int, title: str) -> Chart:
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
    places = [math.log10(n) for n in counts]
    return Chart(
        x=Axis(
            unit="images", scale="log", ends=(places[0], places[-1]), ticks=places, names=[f"{n:,}" for n in counts]
        ),
        y=Axis(title, note="bands: 95 % intervals", ends=(low, high + 0.05 * (high - low)), ticks=ticks(low, high)),
        areas=[{"points": up + down[::-1], "colour": COLOURS[kind]} for kind, (up, down) in bands.items()],
        lines=drawn,
        cursor=math.log10(count),
        words=", ".join(f"{value:.3f} for {n:,}" for n, value, _ in lines["real"]),
    )


@heavy
def sizes(data: Dataset, metric: MetricOf, count: Count) -> Answer:
    """Return one metric of sets of several sizes, real and damaged, and of the sizes the one nearest to `count`."""
    recorded = recorded_sizes(data)
    found = [row for row in recorded or measure_sizes(data) if row["metric"] == metric]
    kinds = dict.fromkeys(row["set"] for row in found)
    lines = {kind: [[row["images"], row["value"], row["se"]] for row in found if row["set"] == kind] for kind in kinds}
    nearest = min((row["images"] for row in found), key=lambda images: abs(images - count))
    of = "training" if recorded else "test"
    return size_answer(Sizes(METRICS[metric].title, nearest, found[0]["n"], of, lines))


def recorded_sizes(dataset: str) -> list[cards.Row]:
    """Return the recorded figures of sets of several sizes; empty if there are none."""
    with suppress(checkpoints.CheckpointError):
        return [row for row in rows(record(), "value", dataset=dataset) if "set" in row]
    return []


@lru_cache(maxsize=4)
def measure_sizes(dataset: str) -> list[cards.Row]:
    """Measure sets of bundled test images of several sizes, real and blurred."""
    real = classifier_outputs(dataset, False)
    blurred = DAMAGES["blur"].apply(real.x, SIZES_BLUR, 0)
    kinds = {"real": real, "blur": lab.classify(checkpoints.load(f"classifier-{dataset}"), blurred)}
    return lab.by_size(kinds, COUNTED, REPEATS, seed=0)


MODE = Mode(
    "sizes",
    "How many images?",
    "test",
    entry="How many images?",
    fields=[METRIC, COUNT],
    functions=[sizes],
    panel=Panel(
        sizes,
        controls=[
            [Control(METRIC, "list", "Metric", options={key: each.title for key, each in METRICS.items()})],
            [Control(COUNT, "list", "Images", options={each: f"{each:,}" for each in COUNT.kind.choices})],
        ],
        tries=[
            ("The kernel distance", {"metric": "kernel", "count": 100}),
            ("Fréchet, 1,000 images", {"metric": "frechet", "count": 1_000}),
        ],
        shows=Shows(
            "Drag the line: how many images does the metric need?",
            HEADS,
            charts=[("The metric by number of images", 420, "count")],
        ),
    ),
    code={
        "How many images?": [lab.measure_sizes],
    },
)
