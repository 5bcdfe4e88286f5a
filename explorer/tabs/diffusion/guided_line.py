"""What guidance draws on the line, for every w: exact distributions as shares of cells, charts and sentences."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from explorer.data.labelled import Labelled
from explorer.models.guided import SIGMA_MAX, Guidance
from explorer.numbers.answer import FINDING, Answer, Axis, Chart, Each, Figure, Table
from explorer.numbers.drawn import Line
from explorer.numbers.words import num, percent
from explorer.steps import round_numbers

PUSHES = [k / 4 for k in range(21)]  # scales w of the slider
LINE_CELLS, FLOW_STEPS = 320, 64
WANDERERS, WANDER_STEPS, LINE_BINS = 1_200, 16, 48  # points of the SDE for each w, and bars of their histogram
QUANTILES = (-3.5, 3.5)  # standard normal noise whose ends the chart reaches
PROMISE_REACH, PROMISE_CELLS = 40.0, 16_000
HEADROOM = 2.2  # height of the chart over the largest density of the class
MODE_LOST = 0.5  # share of a mode's true mass below which it counts as lost
OFF, ELSEWHERE = (
    "Guidance is off: the network draws its own p(x | y).",
    "of the drawn mass lies elsewhere than promised.",
)
PROMISED = Figure("flow against promise, total variation")
TRUE = Figure("flow against p(x | y), total variation")
MODE_SHARE = Figure("smaller mode: flow | SDE | p(x | y)")
WIDTHS = Figure("standard deviation: flow | promise | p(x | y)")
WHOLE = Figure("mass of all cells", unit="exact but for the solver")
LINE_HEADS = (FINDING, PROMISED, TRUE, MODE_SHARE, WIDTHS, WHOLE)


@dataclass(frozen=True)
class OnLine:
    """Distributions on the line for each w, as shares of cells; the first and the last cell reach to infinity.

    Arguments:
        edges: Edges between the cells (N + 1,).
        drawn: Shares that the probability flow draws (W, N + 2).
        promised: Shares of the normalised product (W, N + 2).
        true: Shares of p(x | y) (N + 2,).
        wandered: Points of the SDE (W, P).
        modes: Posterior probability of the class's modes at the cells (N + 2, K).
    """

    edges: Tensor
    drawn: Tensor
    promised: Tensor
    true: Tensor
    wandered: Tensor
    modes: Tensor

    @property
    def places(self) -> Tensor:
        """Middles of the cells, and the outermost edges (N + 2,)."""
        middles = (self.edges[1:] + self.edges[:-1]) / 2
        return torch.cat([self.edges[:1], middles, self.edges[-1:]])

    def width(self, shares: Tensor) -> Tensor:
        """Standard deviation of shares (…, N + 2) of the cells: (…,)."""
        mean = (shares * self.places).sum(-1, keepdim=True)
        return (shares * (self.places - mean).square()).sum(-1).sqrt()


def variation(p: Tensor, q: Tensor) -> Tensor:
    """Total variation between shares (…, N) of the same cells: (…,)."""
    return (p - q).abs().sum(-1) / 2


def shares_of(cdf: Tensor) -> Tensor:
    """Return the shares of the cells between edges from the cumulative distribution there: (…, N) to (…, N + 1)."""
    ends = torch.zeros_like(cdf[..., :1])
    return torch.cat([ends, cdf, ends + 1], -1).diff(dim=-1)


def promise_cdf(guidance: Guidance, edges: Tensor, w: Tensor) -> Tensor:
    """Cumulative distribution of the normalised c^w r^(1 − w) at edges (N,), for each w (W,), by quadrature: (W, N)."""
    fine = torch.linspace(-PROMISE_REACH, PROMISE_REACH, PROMISE_CELLS + 1, dtype=torch.float64)
    log_values = guidance.log_promise(fine[:, None], w)
    values = (log_values - log_values.amax(-1, keepdim=True)).exp()
    below = torch.cat([torch.zeros(len(w), 1), ((values[:, 1:] + values[:, :-1]) / 2).cumsum(-1)], -1)
    share = below / below[:, -1:]
    return torch.stack([torch.from_numpy(np.interp(edges, fine, each)) for each in share])


def noises(seed: int) -> Iterator[Tensor]:
    """Yield the noise of the SDE's points, the same for every w: (1, P, 1) each."""
    generator = torch.Generator().manual_seed(seed)
    while True:
        yield torch.randn(1, WANDERERS, 1, generator=generator, dtype=torch.float64)


def edges_for(guidance: Guidance, true: Labelled, w: Tensor) -> Tensor:
    """Return the edges of the cells, which reach where the flow draws anything for any w."""
    starts = torch.tensor(QUANTILES, dtype=torch.float64).view(1, -1, 1) * SIGMA_MAX
    ends = guidance.flow(starts.expand(len(w), -1, -1), w[:, None, None], FLOW_STEPS).flatten()
    own = torch.stack([true.means[:, 0] + sign * 3.5 * true.widths for sign in (-1, 1)]).flatten()
    both = torch.cat([ends, own])
    return torch.linspace(
        math.floor(float(both.min())), math.ceil(float(both.max())), LINE_CELLS + 1, dtype=torch.float64
    )


def on_line(true: Labelled, guidance: Guidance, seed: int) -> OnLine:
    """Compute what guidance draws and promises on the line; `true` is p(x | y) itself."""
    w = torch.tensor(PUSHES, dtype=torch.float64)
    edges = edges_for(guidance, true, w)
    found = OnLine(
        edges,
        shares_of(guidance.drawn_cdf(edges, w, FLOW_STEPS)),
        shares_of(promise_cdf(guidance, edges, w)),
        shares_of(true.cdf(edges)),
        guidance.wander(noises(seed), w[:, None, None], WANDER_STEPS)[..., 0],
        torch.empty(0),
    )
    return OnLine(**vars(found) | {"modes": true.shares(found.places[:, None])})


def steps_of(shares: Tensor, edges: Tensor, top: float) -> list[tuple[float, float]]:
    """Return the mean densities of cells, from their shares (N + 2,), as the points of a line cut at `top`."""
    width = float(edges[1] - edges[0])
    middles = (edges[1:] + edges[:-1]) / 2
    heights = (shares[1:-1] / width).clamp(max=top)
    return [(round(x, 3), round(y, 4)) for x, y in zip(middles.tolist(), heights.tolist(), strict=True)]


def bars_of(points: Tensor, edges: Tensor, top: float) -> list[tuple[float, float]]:
    """Return the outline of a histogram of points (P,), cut at `top`."""
    low, high = float(edges[0]), float(edges[-1])
    counts = torch.histc(points, LINE_BINS, low, high) / len(points)
    width = (high - low) / LINE_BINS
    outline: list[tuple[float, float]] = []
    for k, share in enumerate(counts.tolist()):
        height = round(min(top, share / width), 4)
        outline += [(round(low + k * width, 3), height), (round(low + (k + 1) * width, 3), height)]
    return outline


def line_answer(found: OnLine, other: Tensor, exact: bool) -> Answer:
    """Describe what guidance draws on the line, for each w.

    Arguments:
        found: The distributions.
        other: Shares of the cells of the other label in the data (N + 2,).
        exact: Whether the network is perfect, so that w = 1 draws p(x | y).
    """
    away, off = variation(found.drawn, found.promised), variation(found.drawn, found.true[None])
    small = int((found.true @ found.modes).argmin())
    kept = found.drawn @ found.modes[:, small]
    of_class = float(found.true @ found.modes[:, small])
    wandered = torch.stack([_share_of_mode(found, each, small) for each in found.wandered])
    top = HEADROOM * float(found.true[1:-1].max()) / float(found.edges[1] - found.edges[0])
    areas = [
        {"points": _closed(steps_of(shares, found.edges, top)), "colour": colour, "alpha": 0.22}
        for shares, colour in ((found.true, 0), (other, "quiet"))
    ]
    several = found.modes.shape[1] > 1

    def part(k: int) -> Answer:
        w = PUSHES[k]
        lost = several and float(kept[k]) < MODE_LOST * of_class
        share = percent(float(kept[k]))
        finding = f"{percent(float(away[k]))} {ELSEWHERE}"
        if w == 1:
            finding = OFF
        elif lost:
            finding = f"The smaller mode keeps {share} of the draws."
        widths = [found.width(each) for each in (found.drawn[k], found.promised[k], found.true)]
        modes = f"{share} | ≈ {percent(float(wandered[k]))} | {percent(of_class)}" if several else "one mode"
        return Answer(
            [
                FINDING.of(finding),
                PROMISED.of(percent(float(away[k]), 1)),
                TRUE.of(percent(float(off[k]), 1)),
                MODE_SHARE.of(modes),
                WIDTHS.of(" | ".join(num(float(each)) for each in widths)),
                WHOLE.of(percent(round(float(found.drawn[k].sum()), 6), 2)),
            ],
            _words(w, float(away[k]), float(off[k]), float(off[PUSHES.index(1)]), exact),
            charts=[
                {
                    "lines": [
                        _line(bars_of(found.wandered[k], found.edges, top), 1, width=1.5),
                        _line(steps_of(found.promised[k], found.edges, top), "ink", dash=[5, 4]),
                        _line(steps_of(found.drawn[k], found.edges, top), "you"),
                    ],
                    "words": f"At w = {w:g} {percent(float(away[k]))} of the drawn mass lies elsewhere than promised",
                },
                {"cursor": w, "words": f"{percent(float(off[k]))} away from p(x | y) at w = {w:g}"},
            ],
        )

    table = [
        {"w": w, "flow against promise": a, "flow against p(x | y)": b, "smaller mode": c}
        for w, a, b, c in zip(PUSHES, *map(round_numbers, (away, off, kept)), strict=True)
    ]
    return Answer(
        table=Table(table),
        charts=[
            Chart(
                x=Axis("x", ends=[float(found.edges[0]), float(found.edges[-1])]),
                y=Axis("Density; shaded: p(x | y), and the other label in grey", ends=[0, top]),
                areas=areas,
            ),
            by_push(away.tolist(), off.tolist()),
        ],
        stops={"push": [(w, w) for w in PUSHES]},
        each=Each("push", PUSHES, [part(k) for k in range(len(PUSHES))]),
    )


def by_push(away: Sequence[float], off: Sequence[float]) -> Chart:
    """Return the chart of both total variations by w."""
    line = [
        {"points": [*zip(PUSHES, off, strict=True)], "colour": 0, "label": "from p(x | y)", "at": 17},
        {"points": [*zip(PUSHES, away, strict=True)], "colour": "ink", "dash": [5, 4]}
        | {"label": "from the promise", "at": 17, "below": True},
    ]
    return Chart(
        x=Axis("w", ends=[0, PUSHES[-1]], ticks=[0, 1, 3, 5]),
        y=Axis("Distance of what the flow draws, total variation", ends=[0, 1], ticks=[0, 0.5, 1]),
        lines=line,
    )


def _words(w: float, away: float, off: float, plain: float, exact: bool) -> str:
    if w == 1:
        if exact:
            return "At w = 1 both samplers draw p(x | y). Drag w: the dashed promise and the drawn curve part."
        return f"At w = 1 the blurred network draws {percent(plain)} of its mass elsewhere than p(x | y)."
    drawn = f"At w = {w:g} the flow differs from the promise by {percent(away)} of the mass"
    return f"{drawn}, and from p(x | y) by {percent(off)}; at w = 1 from p(x | y) by {percent(plain)}."


def _share_of_mode(found: OnLine, points: Tensor, mode: int) -> Tensor:
    cells = torch.bucketize(points, found.edges)
    return found.modes[cells, mode].mean()


def _closed(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(points[0][0], 0.0), *points, (points[-1][0], 0.0)]


def _line(points: list[tuple[float, float]], colour: str | int, **how: Any) -> Line:
    return Line(points=points, colour=colour, **how)
