"""What guidance draws in the plane, for every w: points, how many lie astray, and which modes they reach."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from explorer.data.labelled import Labelled
from explorer.measures.intervals import wilson
from explorer.models.guided import SIGMA_MAX, Guidance
from explorer.numbers.answer import FINDING, Answer, Axis, Chart, Each, Figure, Table
from explorer.numbers.words import percent
from explorer.spaces.packing import pack
from explorer.tabs.diffusion.guided_line import PUSHES

PLANE_DRAWN, PLANE_STEPS, SDE_STEPS = 400, 24, 16  # points for each w, and steps of both samplers
OUTSIDE, TRUE_POINTS = 0.01, 20_000  # share of the class's own points astray, and points that set the threshold
REACHED = 0.25  # of a mode's true share, from which it counts as reached
ASTRAY = Figure("points where p(x | y) has its last 1 %")
INTERVAL = Figure("its 95 % interval")
CERTAIN = Figure("mean p(y | x) of the points")
MODES_REACHED = Figure("modes with a quarter of their share")


def noise_of(seed: int) -> Iterator[Tensor]:
    """Yield noise, the same for every w: (1, N, 2) each."""
    generator = torch.Generator().manual_seed(seed)
    while True:
        yield torch.randn(1, PLANE_DRAWN, 2, generator=generator, dtype=torch.float64)


def drawn_points(guidance: Guidance, way: str, seed: int) -> Tensor:
    """Draw points for each w, all from the same noise, by the probability flow ("ode") or the SDE: (W, N, 2)."""
    w, noise = torch.tensor(PUSHES, dtype=torch.float64).view(-1, 1, 1), noise_of(seed)
    if way == "sde":
        return guidance.wander(noise, w, SDE_STEPS)
    return guidance.flow((SIGMA_MAX * next(noise)).expand(len(PUSHES), -1, -1), w, PLANE_STEPS)


def threshold_of(true: Labelled) -> float:
    """Return the log-density below which the class has its last 1 %."""
    points = true.sample(TRUE_POINTS, torch.Generator().manual_seed(0))
    return float(true.log_prob(points).quantile(OUTSIDE))


def plane_answer(data: Labelled, points: Tensor, way: str) -> Answer:
    """Describe points (W, N, 2) that guidance has drawn, for each w."""
    true = data.given(0)
    astray = (true.log_prob(points) < threshold_of(true)).double().mean(-1)
    certain = data.shares(points)[..., data.labels == 0].sum(-1).mean(-1)
    shares = true.shares(points).mean(1)
    reached = (shares >= REACHED * true.weights).sum(-1)
    name = {"ode": "The probability flow", "sde": "The SDE"}[way]

    def part(k: int) -> Answer:
        w, share = PUSHES[k], float(astray[k])
        low, high = wilson(share * PLANE_DRAWN, PLANE_DRAWN)
        said = (
            f"{name} draws {PLANE_DRAWN} points at w = {w:g}, from the same noise for every w. {percent(share)} "
            f"of them lie where the class has its last 1 %. Their mean p(y | x) is {percent(float(certain[k]))}."
        )
        return Answer(
            [
                FINDING.of(f"{percent(share)} of the points lie outside the class."),
                ASTRAY.of(percent(share, 1)),
                INTERVAL.of(f"{percent(low, 1)} to {percent(high, 1)}"),
                CERTAIN.of(percent(float(certain[k]), 1)),
                MODES_REACHED.of(f"{int(reached[k])} of {len(true.weights)}"),
            ],
            said,
            charts=[None, {"cursor": w, "words": f"{percent(share)} outside at w = {w:g}"}],
            view={"points": pack(points[k], torch.float32)},
        )

    return Answer(
        table=Table(
            [
                {"w": w, "outside the class": float(a), "mean p(y | x)": float(c), "modes reached": int(r)}
                for w, a, c, r in zip(PUSHES, astray, certain, reached, strict=True)
            ]
        ),
        charts=[None, by_push(astray.tolist(), certain.tolist())],
        stops={"push": [(w, w) for w in PUSHES]},
        each=Each("push", PUSHES, [part(k) for k in range(len(PUSHES))]),
        view={"plane": [_mixture(data.given(label)) for label in (0, 1)]},
    )


def by_push(astray: Sequence[float], certain: Sequence[float]) -> Chart:
    """Return the chart of the shares by w."""
    lines = [
        {
            "points": [*zip(PUSHES, certain, strict=True)],
            "colour": 0,
            "label": "mean p(y | x)",
            "at": 12,
            "below": True,
        },
        {"points": [*zip(PUSHES, astray, strict=True)], "colour": "ink", "label": "outside the class", "at": 12},
    ]
    return Chart(
        x=Axis("w", ends=[0, PUSHES[-1]], ticks=[0, 1, 3, 5]),
        y=Axis("Share of the points", ends=[0, 1], ticks=[0, 0.5, 1]),
        lines=lines,
    )


def _mixture(mixture: Labelled) -> dict[str, object]:
    return {"means": mixture.means.tolist(), "sigma": float(mixture.widths[0])}
