r"""Normalizing flows: an invertible map from x to Gaussian noise, layer by layer, and thus an exact density.

Notation: x is the data, $z = f(x)$ the noise, $f = f_L \circ \dots \circ f_1$. The $\log |\det J_l|$ of the layers add
up:

$$ \log p(x \mid y) = \log \mathcal{N}(z; 0, I) + \sum_{l=1}^{L} \log \left| \det J_l \right| $$

References:
    Rezende & Mohamed, Variational Inference with Normalizing Flows, 2015, https://arxiv.org/abs/1505.05770
    Papamakarios et al., Normalizing Flows for Probabilistic Modeling and Inference, 2021,
    https://arxiv.org/abs/1912.02762
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from explorer.models.bijections import Curve
from explorer.models.layers import Layers
from explorer.models.sampled import Sampled
from explorer.models.spherical import spherical_path, straight_path
from explorer.steps import Number, Step

LOG_2_PI = math.log(2 * math.pi)


class Transform(nn.Module):
    """One invertible layer; it may depend on a label (B,)."""

    def forward_and_log_det(self, x: Tensor, label: Tensor | None = None) -> tuple[Tensor, Tensor]:
        r"""Compute $f_l(x)$, of the shape of `x` (B, …), and $\log |\det J_l|$ of each x in nats: (B,)."""
        raise NotImplementedError

    def inverse(self, y: Tensor, label: Tensor | None = None) -> Tensor:
        """Compute the x with $f_l(x)$ = `y`; both (B, …)."""
        raise NotImplementedError


class Coupling(Transform):
    """Transform a part of x by functions of the rest of x, so that the Jacobian is triangular.

    A subclass defines the transformed `part` of x (B, …), (B, *part), its replacement by `put`, and the `curve` of each
    number. The curve must not depend on the part. Numbers with `bent` = 0 are unchanged.
    """

    bent: Tensor | float

    def part(self, x: Tensor) -> Tensor:
        """Return the transformed part of x (B, …): (B, *part)."""
        raise NotImplementedError

    def put(self, x: Tensor, bent: Tensor) -> Tensor:
        """Return x (B, …) with its part replaced by another (B, *part)."""
        raise NotImplementedError

    def curve(self, x: Tensor, label: Tensor | None) -> Curve:
        """Return the functions for the part (B, *part), computed from the rest of x."""
        raise NotImplementedError

    def forward_and_log_det(self, x: Tensor, label: Tensor | None = None) -> tuple[Tensor, Tensor]:
        y, log_slope = self.curve(x, label).forward_and_log_det(self.part(x))
        return self.put(x, y), (log_slope * self.bent).reshape(len(x), -1).sum(-1)

    def inverse(self, y: Tensor, label: Tensor | None = None) -> Tensor:
        return self.put(y, self.curve(y, label).inverse(self.part(y)))


class Flow(Sampled):
    """Base class of the flows: the `transforms` in the order from x to z.

    Arguments:
        transforms: The layers.
    """

    title = "Flow"
    numbers = {"log_prob": Number("log-density of the state", "nats", curve=True)}
    evaluations = 2  # of a layer: to invert it, and for its log-determinant

    def __init__(self, transforms: list[Transform]):
        super().__init__()
        self.transforms = Layers(transforms)

    def forward_and_log_det(self, x: Tensor, label: Tensor | None = None) -> tuple[Tensor, Tensor]:
        r"""Compute $z = f(x)$ and the sum of all $\log |\det J_l|$: (B, …) and (B,)."""
        total = x.new_zeros(len(x))
        for transform in self.transforms:
            x, log_det = transform.forward_and_log_det(x, label)
            total = total + log_det
        return x, total

    def log_prob(self, x: Tensor, label: Tensor | None = None) -> Tensor:
        """Exact log-density of each x, in nats: (B, …) to (B,)."""
        z, log_det = self.forward_and_log_det(x, label)
        return standard_normal(z) + log_det

    def encode(self, x: Tensor, label: Tensor | None = None) -> Tensor:
        """Map x to z, both (B, …)."""
        return self.forward_and_log_det(x, label)[0]

    def decode(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """Map z to x, both (B, …)."""
        for transform in reversed(self.transforms):
            z = transform.inverse(z, label)
        return z

    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw z from the standard Gaussian, on the CPU: (n, …)."""
        return torch.randn(n, *self.space.shape, generator=generator).to(next(self.parameters()))

    @torch.no_grad()
    def decode_steps(self, z: Tensor, label: Tensor | None = None) -> Iterator[Step]:
        """Yield the states from z to x, layer by layer, z first; a step's `time` is the number of remaining layers.

        Its numbers are the `state` itself, and its exact log-density in its own coordinates, `log_prob`, in nats.

        Shapes: `z` and the states (B, …); `label` (B,) or None; `log_prob` (B,).
        """
        layers = len(self.transforms)
        log_prob = standard_normal(z)
        yield self.step(z, 0, layers, log_prob)
        for index, transform in enumerate(reversed(self.transforms), 1):
            z = transform.inverse(z, label)
            log_prob = log_prob + transform.forward_and_log_det(z, label)[1]
            yield self.step(z, index, layers, log_prob)

    def step(self, state: Tensor, index: int, layers: int, log_prob: Tensor) -> Step:
        """Return a state (B, …) on the path from z to x, and its log-density (B,), as a step."""
        numbers = {"state": state, "log_prob": log_prob}
        return Step(self.to_space(state, layers - index), index, layers + 1, layers - index, numbers=numbers)

    def to_space(self, state: Tensor, left: int) -> Tensor:
        """Return a state (B, …) as an x of the space; `left` is the number of remaining layers on the path from z."""
        return state

    def sample_steps(
        self, n: int, *, generator: torch.Generator, label: Tensor | None = None, temperature: float = 1.0
    ) -> Iterator[Step]:
        """Draw n x by `decode_steps` from `temperature` times Gaussian noise; `label` is (n,) or None.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        check_temperature(temperature)
        return self.decode_steps(temperature * self.noise(n, generator), self.check_label(label, n))

    @torch.no_grad()
    def interpolate_steps(self, a: Tensor, b: Tensor, places: int, *, spherical: bool = True) -> Iterator[Step]:
        """Yield one step: x at equal distances on the path from the z of a to the z of b, on a sphere or straight.

        A straight line between two typical z passes through z of untypically small length. Shapes: `a` and `b` (1,
        *shape); the step's x (places, *shape).
        """
        start, end = self.encode(self.from_space(torch.cat([a, b])))
        z = (spherical_path if spherical else straight_path)(start, end, places)
        yield Step(self.to_space(self.decode(z), 0), 0, 1, numbers={"squared_length": z.flatten(1).square().sum(-1)})

    def from_space(self, x: Tensor) -> Tensor:
        """Convert an x of the space to the input of the flow, both (B, …)."""
        return x

    def check_label(self, label: Tensor | None, n: int) -> Tensor | None:
        """Raise ValueError unless the label is None; class-conditional flows override this, and accept labels (n,)."""
        if label is not None:
            raise ValueError("this flow was trained without labels: leave the label out")
        return None


def standard_normal(z: Tensor) -> Tensor:
    r"""Log-density $\log \mathcal{N}(z; 0, I)$ in nats: (B, …) to (B,)."""
    return -0.5 * (z.square() + LOG_2_PI).flatten(1).sum(-1)


def check_temperature(temperature: float) -> None:
    """Raise ValueError unless the temperature is a number from 0 to 2."""
    number = isinstance(temperature, int | float) and not isinstance(temperature, bool)
    if not number or not 0 <= temperature <= 2:
        raise ValueError(f"temperature must be a number from 0 to 2, not {temperature!r}")
