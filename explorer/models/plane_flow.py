r"""Flows of points in the plane: couplings of three kinds, and 1, 2, 4 or 8 of them.

A coupling leaves one coordinate unchanged, and computes from it how the other is transformed: $y_1 = x_1$,
$y_2 = g(x_2; \theta(x_1))$. So its Jacobian is triangular, $\log |\det J| = \log g'(x_2)$, and its inverse needs only
one evaluation of $\theta$. The coordinates alternate.

| kind | $g(x_2; \theta)$ | volume |
| --- | --- | --- |
| additive | $x_2 + t$ | preserved everywhere |
| affine | $e^s x_2 + t$ | one factor for all $x_2$ |
| spline | monotone, rational-quadratic between knots | a different factor at each $x_2$ |

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

from explorer.models.bijections import Affine, Curve, Shift, Spline, soft_clip
from explorer.models.flow import Coupling, Flow
from explorer.models.layers import NamedLayers, linear
from explorer.models.sampled import Sampled
from explorer.spaces import PLANE
from explorer.steps import Step

BINS = 16
SLOPE = math.log(1e3)  # bound on log-slopes of splines at the knots, and on the log-ratio of two bins
SCALE = math.log(20)  # largest log-scale of an affine coupling, since regions with few points may push it far
KINDS = {"additive": 1, "affine": 2, "spline": 3 * BINS - 1}
"""Number of parameters of one curve of each kind."""


def curve(kind: str, theta: Tensor, bound: float = PLANE.reach) -> Curve:
    """Return the curve with parameters in the last dimension of `theta`; splines are the identity beyond ±`bound`.

    Shapes: `theta` (…, `KINDS[kind]`); the curve transforms numbers (…).
    """
    match kind:
        case "additive":
            return Shift(theta[..., 0])
        case "affine":
            return Affine(theta[..., 0], soft_clip(theta[..., 1], SCALE))
    sizes, slopes = theta.split([2 * BINS, BINS - 1], dim=-1)
    shares = F.softmax(soft_clip(sizes.unflatten(-1, (2, BINS)), SLOPE / 2), -1)  # of the widths, and the heights
    x, y = (bound * (2 * F.pad(shares, (1, 0)).cumsum(-1) - 1)).unbind(-2)
    return Spline(x, y, F.pad(soft_clip(slopes, SLOPE), (1, 1)).exp())


class PlaneCoupling(Coupling):
    """Transform one coordinate of points (B, 2), given the other.

    Arguments:
        kind: One of `KINDS`.
        moved: Index of the transformed coordinate, 0 or 1.
        width: Units in each hidden layer.
        hidden: Number of hidden layers.
    """

    bent = 1.0

    def __init__(self, kind: str, moved: int, width: int, hidden: int = 2):
        super().__init__()
        self.kind, self.moved = kind, moved
        layers = [each for inputs in [1] + [width] * (hidden - 1) for each in (nn.Linear(inputs, width), nn.SiLU())]
        self.theta = nn.Sequential(*layers, nn.Linear(width, KINDS[kind]))
        with torch.no_grad():
            linear(self.theta, 0).weight *= 4  # start with features that vary quickly along the coordinate
            linear(self.theta, -1).weight *= 0.1  # and near the identity

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

    def __init__(self, kind: str, layers: int, width: int, hidden: int = 2):
        super().__init__([PlaneCoupling(kind, 1 - index % 2, width, hidden) for index in range(layers)])


class PlaneFlows(Sampled):
    """Flows of every kind and depth, trained independently on the same points.

    Methods use the deepest spline flow unless `kind` and `layers` name another.

    Arguments:
        layers: Depths.
        width: Units in each hidden layer of a coupling's network.
    """

    title = "Flow"
    space = PLANE
    numbers = Flow.numbers
    cannot = {"label": "the points have no classes"}

    def __init__(self, layers: Sequence[int] = (1, 2, 4, 8), width: int = 48):
        super().__init__()
        self.deepest = max(layers)
        self.flows = NamedLayers(
            {f"{kind}-{depth}": PlaneFlow(kind, depth, width) for kind in KINDS for depth in layers}
        )

    def flow(self, kind: str = "spline", layers: int | None = None) -> PlaneFlow:
        """Return one of the flows.

        Raises:
            ValueError: if there is none of that kind and depth.
        """
        name = f"{kind}-{layers or self.deepest}"
        if name not in self.flows:
            raise ValueError(f"there is no flow “{name}”: choose one of {', '.join(self.flows)}")
        return self.flows[name]

    def log_prob(self, x: Tensor, **which) -> Tensor:
        """Exact log-density of points (B, 2), in nats: (B,)."""
        return self.flow(**which).log_prob(x)

    def encode(self, x: Tensor, **which) -> Tensor:
        """Map x to z, both (B, 2)."""
        return self.flow(**which).encode(x)

    def decode(self, z: Tensor, **which) -> Tensor:
        """Map z to x, both (B, 2)."""
        return self.flow(**which).decode(z)

    def sample_steps(self, n: int, *, generator: torch.Generator, temperature: float = 1.0, **which) -> Iterator[Step]:
        """Draw n points, layer by layer."""
        return self.flow(**which).sample_steps(n, generator=generator, temperature=temperature)

    def interpolate_steps(self, a: Tensor, b: Tensor, places: int, **which) -> Iterator[Step]:
        """Yield one step: points on the straight line between the z of a and b; in the plane any length is typical.

        Shapes: `a` and `b` (1, 2); the step's x (places, 2).
        """
        return self.flow(**which).interpolate_steps(a, b, places, spherical=False)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Sum over all flows of the mean of −log p(x) in nats; the flows share no weights. `x` is (B, 2)."""
        return torch.stack([-flow.log_prob(x).mean() for flow in self.flows.values()]).sum()
