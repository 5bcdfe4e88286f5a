"""*Bound or estimate?*: one image's log p(x) with less or more work: values, errors, and the mark that they deserve."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field, OneOf, Whole
from explorer.lessons.exercises import say
from explorer.models.latent import log_mean
from explorer.models.ode import extrapolate
from explorer.models.posterior import log_joint, posterior_grid
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Axis, Chart, Each, Figure, Table
from explorer.numbers.words import with_sign
from explorer.running.pauses import pausing
from explorer.spaces.packing import to_bytes
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, TESTS, Parts, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Grid, Panel, Shows
from explorer.tabs.lab.shared import Dataset, images_of
from explorer.verdicts import Estimate, compare, sized

KNOB = Field("knob", OneOf(("steps", "probes", "draws", "importance", "width")), "steps", "the kind of work")
NUMBER = Field("no", TESTS, 12, "the test image")
WORK = Field("work", Whole(0, 6), 2, "the amount of work, from the least")
KnobOf = Annotated[str, KNOB]
Number = Annotated[int, NUMBER]
EQUAL = 0.05  # nats within which a value counts as exact
MARKS_REACH = 6.0  # half side of the square that the plain grid covers
MARKS_STEPS, MARKS_PROBES, MARKS_PROBED = (2, 4, 8, 16, 32), (1, 2, 4, 8), 16  # the last one: steps for each probe
MARKS_DRAWS, MARKS_BATCH = (1, 2, 5, 10, 20, 50, 100), 20
MARKS_IMPORTANCE = (1, 2, 5, 10, 50, 200, 1_000)
MARKS_WIDTHS = (8, 16, 32, 64, 128, 256)  # cells along one side
NAMED_NATS = (-1000, -100, -10, -1, 0, 1, 10, 100, 1000)  # differences that the chart's axis names
MARKS_AGAIN = 5  # repetitions that an error is measured by


@dataclass(frozen=True)
class Point:
    """Value of log p(x) in nats for one amount of work, with its error; `bound` if its expectation is a lower bound."""

    at: int
    nats: float
    error: float
    bound: bool = False

    def mark(self, best: float) -> str:
        """Return the mark of this value.

        It is "=" if the error and the distance to the best value are negligible. It is "≤" for a bound that its error
        cannot lift above the best value, and otherwise "≈".
        """
        if abs(self.nats - best) < EQUAL and self.error < EQUAL:
            return "="
        is_below = compare(Estimate(self.nats, self.error), Estimate(best + EQUAL)).sign < 0
        return "≤" if self.bound and is_below else "≈"


Found = tuple[list[Point], float]
"""Points by the amount of work, and the best value known of the same quantity, in nats."""


@dataclass(frozen=True)
class Knob:
    """Amount of work that a value of log p(x) depends on.

    Arguments:
        title: Text of the menu.
        unit: What is counted.
        measure: Function from a data set, an image (1, 1, 28, 28) of grey levels and a seed to the points.
        amounts: The amounts of work, from the least.
        family: Family that is asked.
        best: What the best value is.
    """

    title: str
    unit: str
    measure: Callable[[str, Tensor, int], Found]
    amounts: tuple[int, ...]
    family: str
    best: str


def by_steps(dataset: str, x: Tensor, seed: int) -> Found:
    """Solve the ODE of flow matching in few and in many steps, with the same noise and probes.

    Shapes: `x` (1, 1, 28, 28), grey levels. All values are in nats.
    """
    model = checkpoints.load(f"flow-matching-{dataset}")

    def solve(steps: int) -> Tensor:
        return model.log_prob_by_ode(x, generator=rng(seed), steps=steps).double()

    found = {steps: solve(steps) for steps in pausing((MARKS_STEPS[0] // 2, *MARKS_STEPS))}
    errors = {steps: extrapolate(found[steps], found[steps // 2], model.solver_order)[1] for steps in MARKS_STEPS}
    best = extrapolate(found[MARKS_STEPS[-1]], found[MARKS_STEPS[-2]], model.solver_order)[0]
    return [Point(steps, float(found[steps]), float(errors[steps])) for steps in MARKS_STEPS], float(best)


def by_probes(dataset: str, x: Tensor, seed: int) -> Found:
    """Average the ODE's value over draws of probes and of the noise within grey levels.

    Shapes: `x` (1, 1, 28, 28), grey levels. All values are in nats.
    """
    model = checkpoints.load(f"flow-matching-{dataset}")
    generator = rng(seed)
    each = torch.cat(
        [
            model.log_prob_by_ode(x, generator=generator, steps=MARKS_PROBED).double()
            for _ in pausing(range(MARKS_PROBES[-1]))
        ]
    )
    return mean_points(each, MARKS_PROBES, bound=False)


def by_draws(dataset: str, x: Tensor, seed: int) -> Found:
    """Average a flow's bound over draws of the noise within grey levels; their log-mean-exp is a tighter bound.

    Shapes: `x` (1, 1, 28, 28), grey levels. All values are in nats.
    """
    model = checkpoints.load(f"flow-{dataset}")
    generator = rng(seed)
    with torch.no_grad():
        parts = [model.elbo(x.expand(MARKS_BATCH, -1, -1, -1), generator=generator) for _ in pausing(range(10))]
    each = torch.cat(parts).double()
    points, _ = mean_points(each, MARKS_DRAWS, bound=True)
    return points, float(log_mean(each.unsqueeze(1)))


def by_importance(dataset: str, x: Tensor, seed: int) -> Found:
    """Draw more importance weights from the encoder of the β-VAE; the integral over the plane is exact.

    Shapes: `x` (1, 1, 28, 28), grey levels. All values are in nats.
    """
    model, x = checkpoints.load(f"beta-vae-{dataset}"), data.binarise(x, seed)
    points = []
    for k in pausing(MARKS_IMPORTANCE):
        generator = rng(seed)
        with torch.no_grad():
            found = torch.cat([log_mean(model.log_weights(x, 1.0, k, generator=generator)) for _ in range(MARKS_AGAIN)])
        points.append(Point(k, float(found[0]), float(found.double().std()), bound=True))
    return points, posterior_grid(model, x[0], 1.0).log_px


def by_width(dataset: str, x: Tensor, seed: int) -> Found:
    """Integrate over the plane of the β-VAE by equal squares, wide and narrow; the adaptive grid is exact.

    Shapes: `x` (1, 1, 28, 28), grey levels. All values are in nats.
    """
    model, x = checkpoints.load(f"beta-vae-{dataset}"), data.binarise(x, seed)
    best, points = posterior_grid(model, x[0], 1.0).log_px, []
    for cells in pausing(MARKS_WIDTHS):
        axis = MARKS_REACH * ((torch.arange(cells) + 0.5) / cells * 2 - 1)
        joint = log_joint(model, x[0], torch.cartesian_prod(axis, axis).to(x), 1.0)
        nats = float(torch.logsumexp(joint, 0)) + 2 * math.log(2 * MARKS_REACH / cells)
        points.append(Point(cells, nats, abs(nats - best)))
    return points, best


KNOBS = {
    "steps": Knob("Solver steps", "steps", by_steps, MARKS_STEPS, "flow matching", "the extrapolated value"),
    "probes": Knob("Probes", "probes", by_probes, MARKS_PROBES, "flow matching", "the mean of all"),
    "draws": Knob("Dequantisation draws", "draws", by_draws, MARKS_DRAWS, "a flow", "a tighter bound"),
    "importance": Knob("Importance draws", "draws", by_importance, MARKS_IMPORTANCE, "a VAE", "the exact integral"),
    "width": Knob("Grid width", "cells a side", by_width, MARKS_WIDTHS, "a VAE", "the exact integral"),
}
NAMED = {"=": "exact", "≤": "bound", "≈": "estimate"}
COST = Figure("−log p(x)", unit="nats")
ERROR = Figure("its error", unit="nats")
BEST = Figure("best value", unit="nats")
AWAY = Figure("minus the best value", unit="nats")
HEADS = (COST, ERROR, BEST, AWAY)
MEANS = {
    "=": f"the mark is =, as its error is below {EQUAL} nats",
    "≤": "the mark is ≤, as a bound whose error cannot bring it below the best value",
    "≈": "the mark is ≈, as the true value may lie on either side",
}


def mean_points(each: Tensor, amounts: tuple[int, ...], bound: bool) -> Found:
    """Return means of the first values for each amount, with errors by the spread of all, and the mean of all.

    Shapes: `each` (N,), in nats.
    """
    spread = float(each.std())
    points = [Point(n, float(each[:n].mean()), spread / math.sqrt(n), bound) for n in amounts]
    return points, float(each.mean())


def marks_answer(knob: str, dataset: str, x: Tensor, seed: int) -> Answer:
    """Return the points of one knob for an image (1, 1, 28, 28) of grey levels, with marks and sentences, in nats."""
    how = KNOBS[knob]
    points, best = how.measure(dataset, x, seed)
    parts = [Answer(point_figures(p, best), sentence(how, p, best), charts=[now(p, best)]) for p in points]
    table = [
        {how.unit: p.at, "negative log p(x), nats": -p.nats, "error": p.error, "mark": p.mark(best)} for p in points
    ]
    return Answer(
        table=Table(table),
        charts=[chart(how, points, best)],
        each=Each("work", [*range(len(points))], parts),
        stops={"work": [(math.log2(p.at), work) for work, p in enumerate(points)]},
    )


def axis_place(nats: float) -> float:
    """Return the place of a difference on the chart's axis: nearly linear within `EQUAL` of 0, logarithmic beyond."""
    return math.asinh(nats / EQUAL)


def axes(knob: str) -> Answer:
    """Return the chart of a knob before its values are computed."""
    how = KNOBS[knob]
    x = across([math.log2(amount) for amount in how.amounts], [str(amount) for amount in how.amounts], how)
    note = {"points": [(sum(x.ends) / 2, 0.5)], "colour": "quiet", "label": "computing…"}
    words = f"−log p(x) is computed with up to {how.amounts[-1]:,} {how.unit}, which takes a few seconds."
    empty = Chart(x, replace(upright(how), ticks=[]), "not computed yet", lines=[note])
    return Answer([each.unknown for each in HEADS], words, charts=[empty], more=True)


def across(places: Sequence[float], names: Sequence[str], how: Knob) -> Axis:
    """Return the horizontal axis of a chart by the amount of work, which is logarithmic."""
    side = 0.04 * (places[-1] - places[0])
    return Axis(unit=how.unit, scale="log", ends=(places[0] - side, places[-1] + side), ticks=places, names=names)


def upright(how: Knob) -> Axis:
    """Return the upright axis of a chart, without its values."""
    return Axis(f"−log p(x) of {how.family} minus the best value", "nats", note="bar: error")


def now(point: Point, best: float) -> dict[str, Any]:
    """Return what stands out in the chart while a point is chosen."""
    place = math.log2(point.at)
    return {"cursor": place, "dot": (place, axis_place(best - point.nats))}


def chart(how: Knob, points: Sequence[Point], best: float) -> Chart:
    """Return a chart of the values with their errors and marks, by the amount of work on a logarithmic axis."""
    ends = [[axis_place(best - p.nats + side * p.error) for side in (-1, 0, 1)] for p in points]
    low, high = min(0, *map(min, ends)), max(0, *map(max, ends))
    room = 0.06 * (high - low) or 1
    places = [math.log2(p.at) for p in points]
    side = 0.02 * (places[-1] - places[0])
    dashed = {"points": [(places[0] - side, 0), (places[-1] + side, 0)], "colour": "ink", "width": 1}
    dashed |= {"dash": (4, 4), "label": f"{how.best}, {say(-best, 1)}"}
    spans = [*zip(places, ends, strict=True)]
    path = {"points": [(x, middle) for x, (_, middle, _) in spans], "colour": "quiet", "width": 1}
    bars = [{"points": [(x, bottom), (x, top)], "colour": "quiet", "width": 5} for x, (bottom, _, top) in spans]
    dots = [
        {"points": [(x - side, middle), (x + side, middle)], "colour": "ink", "width": 3} for x, (_, middle, _) in spans
    ]
    named = [value for value in NAMED_NATS if low <= axis_place(value) <= high]
    y = replace(
        upright(how),
        ends=(low - room, high + room),
        ticks=[axis_place(value) for value in named],
        names=[with_sign(value, 0) for value in named],
    )
    return Chart(
        x=across(places, [f"{p.mark(best)} {p.at}" for p in points], how),
        y=y,
        lines=[dashed, path, *bars, *dots],
        words=", ".join(f"{p.at}: {p.mark(best)} {say(-p.nats, 2)} ± {say(p.error, 2)}" for p in points),
    )


def point_figures(point: Point, best: float) -> list[Figure]:
    """Return the numbers of one point."""
    mark = point.mark(best)
    return [
        COST.of(f"{mark} {say(-point.nats, 2)}", name=f"{COST.name}, {NAMED[mark]}"),
        ERROR.of(say(point.error, 2)),
        BEST.of(say(-best, 2)),
        AWAY.of(say(best - point.nats, 2)),
    ]


def sentence(knob: Knob, point: Point, best: float) -> str:
    """Return the sentences about one point."""
    off = best - point.nats
    side = sized(off, larger="above", smaller="below")
    away = f"{abs(off):.2f} nats {side}" if abs(off) >= EQUAL else f"less than {EQUAL} nats from"
    more = " A value that is too low flatters the model." if off < -EQUAL and not point.bound else ""
    return f"{point.at:,} {knob.unit}: {MEANS[point.mark(best)]}. The value is {away} {knob.best}.{more}"


@partial(heavy, seconds=3)
def marks(data: Dataset, knob: KnobOf, no: Number, seed: Seed, parts: Parts = 1) -> Answer:
    """Return log p(x) of a test image for less and for more work, with its marks; of no `parts`, the empty chart."""
    image = images_of(data, False)[no : no + 1]
    found = marks_answer(knob, data, image, seed) if parts else axes(knob)
    return found | Answer(grids=[{"images": to_bytes(image[0]), "given": 1}])


MODE = Mode(
    "marks",
    "Bound or estimate?",
    "understand",
    fields=[KNOB, NUMBER, WORK],
    functions=[marks],
    panel=Panel(
        marks,
        controls=[
            [Control(KNOB, "list", "Vary", options={key: each.title for key, each in KNOBS.items()})],
            [Control(NUMBER, "number", "Test image"), Control(SEED, "seed")],
        ],
        tries=[
            ("Too few solver steps flatter", {"knob": "steps", "work": 0, "data": "mnist"}),
            ("A bound becomes an estimate", {"knob": "importance", "work": 0, "data": "mnist"}),
            ("A grid becomes exact", {"knob": "width", "work": 5, "data": "mnist"}),
        ],
        shows=Shows(
            "Drag the line: with how much work does the value become a bound, or exact?",
            HEADS,
            charts=[("−log p(x) by amount of work", 430, "work")],
            grids=[Grid("Test image", 1, rows=5, place="panel")],
            waits="−log p(x) is computed with more and more work, which takes a few seconds.",
        ),
    ),
    code={
        "Bound or estimate?": [by_steps, by_draws, by_width, Point.mark],
    },
)
