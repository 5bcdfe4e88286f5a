"""*One step*: four objectives of few-step sampling, trained live on one clock."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import torch
from torch import Tensor

from explorer.data.toys import TOYS, Mixture
from explorer.fields import Field, OneOf
from explorer.models.clouds import mean_pair_distance, squared_energy_distance
from explorer.models.live_one_step import (
    EVALUATED,
    OBJECTIVES_OF_ONE_STEP,
    ONE_STEP_SEEDS,
    OneStep,
    end_of,
    matching_loss,
    mean_target,
)
from explorer.numbers.answer import FINDING, Figure, Report
from explorer.numbers.words import num
from explorer.serving.films import Scene, Script
from explorer.spaces import PLANE
from explorer.tabs.flow_matching.shared import CHOICE, MatchingNet
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Curves, Panel, Shows
from explorer.verdicts import Estimate, best_of, compare, of_values

CLOCK_ENDS = (750, 1_500, 3_000)
PASSES = Field("passes", OneOf(CLOCK_ENDS), 1_500, "the end of the clock, in network passes")
Passes = Annotated[int, PASSES]
TAKEN = Field("taken", OneOf(EVALUATED), 1, "the number of evaluations")
CLOCK_FRAMES = 15  # without the first
MAP_POINTS, MEASURED_POINTS = 120, 400
RANKED = ("distill", "consistency", "meanflow", "reflow")
LEAST_DISTANCE = 1e-3  # of the charts
ONE_STEP_STYLES = [
    {"label": "distillation", "colour": 3},
    {"label": "consistency", "colour": 0, "dash": [2, 3]},
    {"label": "MeanFlow", "colour": "you"},
    {"label": "reflow", "colour": 9, "dash": [7, 4]},
    {"label": "flow matching", "colour": "quiet", "dash": [7, 3, 2, 3]},
]
"""Line of each objective in the charts, in their order."""
DISTANCES = {name: Figure(f"D² in 1 evaluation, {title}") for name, title in OBJECTIVES_OF_ONE_STEP.items()}
FLOOR_OF_ONE_STEP = Figure("D² of fresh data")


class Judge:
    """Fresh points and fixed noise, from which the squared energy distances of all objectives are measured.

    Arguments:
        data: Distribution of the data.
        seed: Seed of the points.
    """

    def __init__(self, data: Mixture, seed: int):
        generator = torch.Generator().manual_seed(seed + 50_000)
        size = ONE_STEP_SEEDS, MEASURED_POINTS, 2
        self.noise = torch.randn(size, generator=generator)
        self.fresh, others = (
            [data.sample(MEASURED_POINTS, generator) for _ in range(ONE_STEP_SEEDS)] for _ in range(2)
        )
        self._within = [mean_pair_distance(each) for each in self.fresh]
        self.floor = self.distances(others)
        self._again = seed

    def distances(self, points: Sequence[Tensor] | Tensor) -> Estimate:
        """Mean over the seeds of D² between points (S, N, 2) and fresh ones."""
        pairs = zip(points, self.fresh, self._within)
        return of_values([squared_energy_distance(*each)[0] for each in pairs])

    def ends(self, learning: OneStep, name: str, evaluations: int) -> Tensor:
        """Ends of the fixed noise in so many evaluations: (S, N, 2)."""
        again = torch.Generator().manual_seed(self._again)
        return learning.draw(name, self.noise, evaluations, again)


@film
def learn_one_step(net: MatchingNet, passes: Passes, seed: Seed) -> Script:
    """Film the training of all objectives on one clock, with five seeds each, on the selected points."""
    every = passes / CLOCK_FRAMES

    def scenes() -> Iterator[Scene]:
        data = TOYS[dataset_of(net)]
        learning, judge = OneStep(data, passes, seed), Judge(data, seed)
        yield 0, moment(learning, judge)
        for index in range(CLOCK_FRAMES):
            learning.advance((index + 1) * every)
            yield 1, moment(learning, judge)

    return Script(PLANE, len(OBJECTIVES_OF_ONE_STEP), CLOCK_FRAMES + 1, CLOCK_FRAMES, scenes)


def moment(learning: OneStep, judge: Judge) -> dict[str, Any]:
    """Return a frame: noise and its ends by objective and number of evaluations, and the report of their distances."""
    ends = {(name, n): judge.ends(learning, name, n) for name in OBJECTIVES_OF_ONE_STEP for n in EVALUATED}
    found = {name: [judge.distances(ends[name, n]) for n in EVALUATED] for name in OBJECTIVES_OF_ONE_STEP}
    pictures = {f"{name}-{n}": PLANE.encode(each[0, :MAP_POINTS]) for (name, n), each in ends.items()}
    report = one_step_report(found, judge.floor, learning.spent, learning.passes)
    return {"x": PLANE.encode(judge.noise[0, :MAP_POINTS]), "pictures": pictures, "report": report.to_props()}


def one_step_report(found: Mapping[str, Sequence[Estimate]], floor: Estimate, spent: float, passes: int) -> Report:
    """Return the report of a frame after `spent` of so many passes, from D² by objective and number of evaluations."""
    one = {name: each[0] for name, each in found.items()}
    rows = [
        {"passes": spent, "objective": name, "evaluations": n, "D²": each.value, "standard error": each.se}
        for name, all_of_them in found.items()
        for n, each in zip(EVALUATED, all_of_them)
    ]
    return Report(
        [
            FINDING.of(nearest_finding(one) if spent else "Before the first step: untrained networks."),
            *(each.of(_value(one[name])) for name, each in DISTANCES.items()),
            FLOOR_OF_ONE_STEP.of(_value(floor)),
        ],
        one_step_words(found, floor) if spent else "Arrows lead from noise to where each network takes it.",
        caption=f"After {spent:,.0f} network passes." if spent else "Before the first step.",
        place=spent,
        end=passes,
        curves=[[decades_of(one[name].value) for name in OBJECTIVES_OF_ONE_STEP]],
        row=rows,
        view={
            "evaluations": [*EVALUATED],
            "floor": [decades_of(floor.value), decades_of(floor.value + floor.se)],
            "found": {
                name: {
                    "value": [decades_of(each.value) for each in all_of_them],
                    "low": [decades_of(each.value - each.se) for each in all_of_them],
                    "high": [decades_of(each.value + each.se) for each in all_of_them],
                    "words": [f"{num(each.value, 3)} ± {num(each.se, 3)}" for each in all_of_them],
                }
                for name, all_of_them in found.items()
            },
        },
    )


def nearest_finding(one: Mapping[str, Estimate]) -> str:
    """Return the headline: which of the four objectives is nearest in one evaluation, or which tie."""
    best = best_of({name: one[name] for name in RANKED}, least=True)
    if len(best) == len(RANKED):
        return "In one evaluation no objective is measurably nearer."
    titles = [OBJECTIVES_OF_ONE_STEP[name] for name in best]
    return f"Nearest in one evaluation: {', '.join(titles)}."


def one_step_words(found: Mapping[str, Sequence[Estimate]], floor: Estimate) -> str:
    """Describe D² in one evaluation, which objectives cannot be told from fresh data, and plain flow matching."""
    one = {name: each[0] for name, each in found.items()}
    alike = [OBJECTIVES_OF_ONE_STEP[name] for name in RANKED if not compare(one[name], floor, len(RANKED)).is_different]
    told = f"Not told from fresh data: {', '.join(alike)}." if alike else "All differ from fresh data measurably."
    return (
        f"In one evaluation plain flow matching has D² {num(one['flow'].value, 3)}: it leads to the data's mean. "
        f"{told} All have spent equally many network passes; distillation and reflow paid for a flow and its paths "
        "first. Errors are standard errors over five seeds."
    )


def decades_of(distance: float) -> float:
    """Return the decimal logarithm of D², cut where a chart ends."""
    return round(float(torch.tensor(max(LEAST_DISTANCE, distance)).log10()), 4)


def _value(each: Estimate) -> str:
    return f"{num(each.value, 4)} ± {num(each.se, 4)}"


MODE = Mode(
    "one_step",
    "One step",
    "test",
    fields=[PASSES, TAKEN],
    functions=[learn_one_step],
    panel=Panel(
        learn_one_step,
        [
            CHOICE,
            [Control(TAKEN, "segments", "Evaluations", options={each: str(each) for each in EVALUATED})],
            [Control(PASSES, "segments", "Network passes", options={each: f"{each:,}" for each in CLOCK_ENDS})],
            [Control(SEED, "seed")],
        ],
        renews={"at": 1},
        tries=[
            ("Four evaluations", {"net": "flow-matching-moons", "taken": 4, "at": 1}),
            ("Eight Gaussians", {"net": "flow-matching-eight-gaussians", "taken": 1, "at": 1}),
            ("Twice as long", {"net": "flow-matching-moons", "passes": 3_000, "at": 1}),
        ],
        shows=Shows(
            "Four objectives learn a map from noise to data, on one clock",
            (FINDING, *DISTANCES.values(), FLOOR_OF_ONE_STEP),
            curves=[
                Curves(
                    "D² in one evaluation over the training",
                    "log₁₀ D², 1 evaluation",
                    190,
                    ONE_STEP_STYLES,
                    (-3, 0.5),
                    (-3, -2, -1, 0),
                    along="passes",
                )
            ],
        ),
    ),
    code={
        "One step": [
            OneStep.distill,
            OneStep.agree,
            OneStep.average,
            mean_target,
            OneStep.straighten,
            matching_loss,
            end_of,
            OneStep.draw,
        ]
    },
)
