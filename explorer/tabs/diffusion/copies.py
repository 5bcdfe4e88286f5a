"""*Copies*: what the exact score of N training points draws, beside a small network and the true score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import torch
from torch import Tensor

from explorer.data.toys import TITLES, TOYS
from explorer.fields import Field, OneOf, Whole
from explorer.measures.intervals import wilson
from explorer.models.copying import copied, draw, empirical, exact, learned
from explorer.models.live_training import Rules, Trainee
from explorer.numbers.answer import FINDING, Answer, Axis, Chart, Each, Figure, Table
from explorer.numbers.words import percent
from explorer.running.pauses import pausing
from explorer.spaces.packing import pack
from explorer.tabs.diffusion.shared import TOY, Toy
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.verdicts import compare, of_share, sized

MOMENTS = [50, 100, 200, 400, 800, 1_600]  # training steps after which the network draws
COPIES_DRAWN, SAMPLER_STEPS = 300, 24  # points of each picture, and steps of its sampler
COMPARED_AT = 0.3  # noise level at which the scores are compared
LEAST_POWER, MOST_POWER = 2, 10  # powers of 2 for N
WIDTHS_OF = {16: "16", 64: "64", 128: "128"}
POWER = Field("power", Whole(LEAST_POWER, MOST_POWER), 4, "the number of training points, as a power of 2")
UNITS = Field("units", OneOf(tuple(WIDTHS_OF)), 64, "the width of the network")
MOMENT = Field("trained", OneOf(tuple(MOMENTS)), MOMENTS[-1], "the training steps")
COUNTS = {k: f"{2**k:,}" for k in range(LEAST_POWER, MOST_POWER + 1)}
Power = Annotated[int, POWER]
Units = Annotated[int, UNITS]
NETWORK = Figure("the network's points: copies")
INTERVAL = Figure("its 95 % interval")
EXACT = Figure("of the exact score of N points")
CHANCE = Figure("of fresh points of the data, by chance")
TO_POINTS = Figure("network against the N points' denoiser, rms", digits=3)
TO_TRUTH = Figure("network against the true denoiser, rms", digits=3)
COPIES_HEADS = (FINDING, NETWORK, INTERVAL, EXACT, CHANCE, TO_POINTS, TO_TRUTH)


@dataclass(frozen=True)
class Drawn:
    """Points of one noise.

    Arguments:
        points: Training points (N, 2).
        exact: What the exact score of the training points draws (B, 2).
        true: What the true score draws (B, 2).
        fresh: Further points of the data (B, 2), the control.
        network: What the network draws after each number of training steps (B, 2).
        away: Root mean squared distance of the network's denoised points from those of the N points' and of the true
            denoiser, after each number of training steps.
    """

    points: Tensor
    exact: Tensor
    true: Tensor
    fresh: Tensor
    network: Mapping[int, Tensor]
    away: Mapping[int, tuple[float, float]]


def drawn(toy: str, count: int, width: int, seed: int) -> Drawn:
    """Train a network on `count` points, and draw by it, by their exact score and by the true score from one noise."""
    mixture = TOYS[toy]
    generator = torch.Generator().manual_seed(seed)
    points = mixture.sample(count, generator)
    noise = torch.randn(COPIES_DRAWN, 2, generator=generator)
    fresh = mixture.sample(COPIES_DRAWN, generator)
    noised = fresh + COMPARED_AT * torch.randn(fresh.shape, generator=generator)
    denoisers = [empirical(points), exact(mixture)]
    trainee = Trainee("diffusion", points, Rules(width=width, seed=seed % 2**24))
    network, away = {}, {}
    for step in pausing(range(1, MOMENTS[-1] + 1)):
        trainee.step(step / MOMENTS[-1])
        if step in MOMENTS:
            denoise = learned(trainee.model)
            network[step] = draw(denoise, noise, SAMPLER_STEPS)
            with torch.no_grad():
                found = denoise(noised, COMPARED_AT)
                distances = [(found - each(noised, COMPARED_AT)).square().sum(-1).mean().sqrt() for each in denoisers]
            away[step] = (float(distances[0]), float(distances[1]))
    return Drawn(points, *(draw(each, noise, SAMPLER_STEPS) for each in denoisers), fresh, network, away)


def chance_words(copies: int, fresh: int, n: int) -> str:
    """Return whether more of `n` points are copies than of as many fresh points."""
    sign = compare(of_share(copies, n), of_share(fresh, n)).sign
    return sized(sign, larger="more than", smaller="less than", tie="not told from")


def copies_answer(found: Drawn) -> Answer:
    """Describe copies after each number of training steps."""
    n, count = len(found.exact), len(found.points)
    by_exact, by_chance = (int(copied(x, found.points).sum()) for x in (found.exact, found.fresh))
    by_network = {step: int(copied(x, found.points).sum()) for step, x in found.network.items()}

    def part(step: int) -> Answer:
        copies = by_network[step]
        low, high = wilson(copies, n)
        said = (
            f"After {step:,} steps {percent(copies / n)} of the network's points are copies, "
            f"{chance_words(copies, by_chance, n)} the {percent(by_chance / n)} of fresh points that pass by chance. "
            f"The exact score of the {count:,} points draws {percent(by_exact / n)} copies from the same noise."
        )
        return Answer(
            [
                FINDING.of(f"{percent(copies / n)} of the network's points are copies."),
                NETWORK.of(f"≈ {percent(copies / n, 1)}"),
                INTERVAL.of(f"{percent(low, 1)} to {percent(high, 1)}"),
                EXACT.of(f"≈ {percent(by_exact / n, 1)}"),
                CHANCE.of(f"≈ {percent(by_chance / n, 1)}"),
                TO_POINTS.of(found.away[step][0]),
                TO_TRUTH.of(found.away[step][1]),
            ],
            said,
            charts=[{"cursor": place(step), "words": f"{percent(copies / n)} copies after {step:,} steps"}],
            view={"network": pack(found.network[step], torch.float32)},
        )

    own = {
        name: pack(x, torch.float32)
        for name, x in (("data", found.points), ("exact", found.exact), ("true", found.true))
    }
    return Answer(
        table=Table(
            [
                {"training steps": step, "copies": by_network[step] / n, "copies by chance": by_chance / n}
                | {"rms from the N points": near, "rms from the truth": far}
                for step, (near, far) in found.away.items()
            ]
        ),
        charts=[by_steps([by_network[step] / n for step in MOMENTS], by_exact / n, by_chance / n)],
        stops={"trained": [(place(step), step) for step in MOMENTS]},
        each=Each("trained", MOMENTS, [part(step) for step in MOMENTS]),
        view=own,
    )


def place(step: int) -> float:
    """Return the place of a number of training steps on the axis."""
    return float(MOMENTS.index(step))


def by_steps(network: Sequence[float], by_exact: float, by_chance: float) -> Chart:
    """Return the chart of the shares of copies by training steps."""
    end = len(MOMENTS) - 1

    def flat(y: float) -> list[tuple[float, float]]:
        return [(0, y), (end, y)]

    return Chart(
        x=Axis("training steps", ends=[0, end], ticks=[*range(end + 1)], names=[f"{step:,}" for step in MOMENTS]),
        y=Axis("Share of copies", ends=[0, 1], ticks=[0, 0.5, 1]),
        lines=[
            {"points": flat(by_exact), "colour": "ink", "label": "exact score of N points", "at": 0, "below": True},
            {"points": flat(by_chance), "colour": "quiet", "dash": [4, 4], "label": "fresh points, by chance", "at": 0},
            {"points": [*enumerate(network)], "colour": "you"},
        ],
    )


@heavy
def copies(toy: Toy, power: Power, units: Units, seed: Seed) -> Answer:
    """Train a network on 2^power points, and return what it and both exact scores draw, and which points are copies."""
    found = drawn(toy, 2**power, units, seed)
    mixture = {"means": TOYS[toy].means.tolist(), "sigma": TOYS[toy].sigma}
    return copies_answer(found) | Answer(view={"mixture": mixture})


START = {"toy": "moons", "power": 4, "units": 64, "trained": MOMENTS[-1]}
MODE = Mode(
    "copies",
    "Copies",
    "understand",
    entry="In the plane",
    fields=[POWER, UNITS, MOMENT],
    functions=[copies],
    panel=Panel(
        copies,
        [
            [Control(POWER, "slider", "Training points N", options=COUNTS)],
            [Control(MOMENT, "list", "Training steps", options={step: f"{step:,}" for step in MOMENTS})],
            [Control(TOY, "segments", "Points", options=TITLES)],
        ],
        more=[[Control(UNITS, "segments", "Width of the network", options=WIDTHS_OF)], [Control(SEED, "seed")]],
        tries=[
            ("Four points", START | {"power": 2}),
            ("A thousand points", START | {"power": 10}),
            ("Too narrow to copy", START | {"units": 16}),
            ("Early in the training", START | {"trained": 100}),
        ],
        shows=Shows(
            "Drag N: from how many points on does a network stop copying?",
            COPIES_HEADS,
            charts=[("Share of copies by training steps", 190, "trained")],
            waits="A small network is trained…",
        ),
    ),
    code={"Copies": [copies.plain, empirical, exact, learned, draw, copied]},
)
