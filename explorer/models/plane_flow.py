r"""Flows of points in the plane: couplings of three kinds, and 1, 2, 4 or 8 of them.

A coupling leaves one coordinate as it is, and that one says how the other is bent: $y_1 = x_1$,
$y_2 = g(x_2; \theta(x_1))$. So its Jacobian is triangular, $\log |\det J| = \log g'(x_2)$, and its inverse needs
$\theta$ once more and nothing else. The coordinates take turns.

| kind | $g(x_2; \theta)$ | volume |
| --- | --- | --- |
| additive | $x_2 + t$ | kept, everywhere |
| affine | $e^s x_2 + t$ | one factor for all $x_2$ |
| spline | monotone, rational-quadratic between knots | another at each $x_2$ |

References:
    Dinh et al., NICE: Non-linear Independent Components Estimation, 2015, https://arxiv.org/abs/1410.8516
    Dinh et al., Density Estimation using Real NVP, 2017, https://arxiv.org/abs/1605.08803
    Durkan et al., Neural Spline Flows, 2019, https://arxiv.org/abs/1906.04032
"""

import math
from collections.abc import Iterator, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.bijections import Affine, Curve, Shift, Spline, soft_bounded
from explorer.models.flow import Coupling, Flow
from explorer.models.sampled import Sampled
from explorer.spaces import PLANE
from explorer.steps import Step

BINS = 16
SLOPE = math.log(1e3)  # no spline is flatter than 1/1,000, or steeper than 1,000, in logarithms
SCALE = math.log(20)  # and no affine coupling stretches by more than 20: what few points pull at stays bounded
KINDS = {"additive": 1, "affine": 2, "spline": 3 * BINS - 1}
"""How many numbers say one curve of a kind."""


def curve(kind: str, theta: Tensor, bound: float = PLANE.reach) -> Curve:
    """The curve that the last dimension of `theta` says; a spline is the identity beyond ±`bound`."""
    match kind:
        case "additive":
            return Shift(theta[..., 0])
        case "affine":
            return Affine(theta[..., 0], soft_bounded(theta[..., 1], SCALE))
    widths, heights, slopes = theta.split([BINS, BINS, BINS - 1], dim=-1)
    x, y = (
        bound * (2 * F.pad(F.softmax(soft_bounded(each, SLOPE / 2), -1), (1, 0)).cumsum(-1) - 1)
        for each in (widths, heights)
    )
    return Spline(x, y, F.pad(soft_bounded(slopes, SLOPE), (1, 1)).exp())


class PlaneCoupling(Coupling):
    """Bends one coordinate of points (B, 2), given the other.

    Arguments:
        kind: One of `KINDS`.
        moved: Which coordinate is bent, 0 or 1.
        width: How many units each of the two hidden layers has.
    """

    bent = 1.0

    def __init__(self, kind: str, moved: int, width: int):
        super().__init__()
        self.kind, self.moved = kind, moved
        self.theta = nn.Sequential(
            *(nn.Linear(1, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, KINDS[kind])),
        )
        with torch.no_grad():
            self.theta[0].weight *= 4  # start with what changes quickly along the coordinate
            self.theta[-1].weight *= 0.1  # and near the identity

    def part(self, x: Tensor) -> Tensor:
        return x[:, self.moved]

    def curve(self, x: Tensor, label: Tensor | None = None) -> Curve:
        return curve(self.kind, self.theta(x[:, 1 - self.moved, None]))

    def put(self, x: Tensor, bent: Tensor) -> Tensor:
        pair = (x[:, 0], bent) if self.moved else (bent, x[:, 1])
        return torch.stack(pair, dim=-1)


class PlaneFlow(Flow):
    """One flow of points (B, 2): `layers` couplings of one kind, the second coordinate first."""

    space = PLANE

    def __init__(self, kind: str, layers: int, width: int):
        super().__init__([PlaneCoupling(kind, 1 - index % 2, width) for index in range(layers)])


class PlaneFlows(Sampled):
    """Creates flows of every kind and depth, each trained for itself on the same points.

    What is asked of it goes to one of them, the deepest spline flow unless `kind` and `layers` say otherwise.

    Arguments:
        layers: The depths.
        width: How many units each hidden layer of a coupling's network has.
    """

    title = "Flow"
    space = PLANE
    numbers = Flow.numbers
    cannot = {"label": "the points have no classes"}

    def __init__(self, layers: Sequence[int] = (1, 2, 4, 8), width: int = 48):
        super().__init__()
        self.deepest = max(layers)
        self.flows = nn.ModuleDict(
            {f"{kind}-{depth}": PlaneFlow(kind, depth, width) for kind in KINDS for depth in layers}
        )

    def flow(self, kind: str = "spline", layers: int | None = None) -> PlaneFlow:
        """One of the flows.

        Raises:
            ValueError: if there is none of that kind and depth.
        """
        name = f"{kind}-{layers or self.deepest}"
        if name not in self.flows:
            raise ValueError(f"there is no flow “{name}”: choose one of {', '.join(self.flows)}")
        return self.flows[name]

    def log_prob(self, x: Tensor, **which) -> Tensor:
        """The exact log-density of points (B, 2), in nats: (B,)."""
        return self.flow(**which).log_prob(x)

    def encode(self, x: Tensor, **which) -> Tensor:
        """x → z, both (B, 2)."""
        return self.flow(**which).encode(x)

    def decode(self, z: Tensor, **which) -> Tensor:
        """z → x, both (B, 2)."""
        return self.flow(**which).decode(z)

    def sample_steps(self, n: int, *, generator: torch.Generator, temperature: float = 1.0, **which) -> Iterator[Step]:
        """Draw n points, layer by layer."""
        return self.flow(**which).sample_steps(n, generator=generator, temperature=temperature)

    def interpolate_steps(self, a: Tensor, b: Tensor, places: int, **which) -> Iterator[Step]:
        """One step: the points on the way from z of a to z of b, straight: z of two numbers are of any length."""
        return self.flow(**which).interpolate_steps(a, b, places, spherical=False)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """The sum over all flows of the mean of −log p(x) in nats; no two share a weight. `x` is (B, 2)."""
        return torch.stack([-flow.log_prob(x).mean() for flow in self.flows.values()]).sum()
