r"""Flow matching of points in the plane: a velocity from straight lines between noise and data.

$$ x_t = (1 - t) x_0 + t x_1, \qquad L = \mathbb{E} \| v_\theta(x_t, t) - (x_1 - x_0) \|^2 $$

Reference: Lipman et al., Flow Matching for Generative Modeling, 2023, https://arxiv.org/abs/2210.02747
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.models.divergence import exact_divergence
from explorer.models.live_nets import TIMED, hidden_widths, network, time_features
from explorer.models.ode import logarithmic, logarithmic_times
from explorer.models.velocity_field import VelocityField
from explorer.spaces import PLANE

LIVE_MATCHING_SOLVED, NEAR = 10, 0.1  # steps for a density, and how much denser they are near data


class LiveVelocity(VelocityField):
    """Base class of a velocity by a network of three hidden layers with `width` units each."""

    space = PLANE
    averaged = True
    draws = 2  # noises of each point of a batch

    def __init__(self, width: int, deeper: int, generator: torch.Generator, steps: int = 10):
        super().__init__()
        self.steps = steps  # of the sampler
        self.net = network([TIMED, *hidden_widths(width, 3, deeper), 2], generator)

    def predict(self, x: Tensor, t: Tensor | float) -> Tensor:
        """Output of the network at points (B, 2) and times, one or (B,): (B, 2)."""
        t = torch.as_tensor(t, dtype=x.dtype).expand(len(x))
        return self.net(torch.cat([x, time_features(t)], dim=-1))

    def pairs(self, x: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Return points, each twice, with noise and its negative (2B, 2), and times spread evenly (2B,)."""
        noise = torch.randn(x.shape, generator=generator)
        t = (torch.rand((), generator=generator) + torch.arange(len(x)) / len(x)) % 1
        t = t[torch.randperm(len(x), generator=generator)]
        return x.repeat(2, 1), torch.cat([noise, -noise]), t.repeat(2)

    def log_prob(self, x: Tensor, steps: int = LIVE_MATCHING_SOLVED) -> Tensor:
        """Log-density of points (B, 2) in nats, exact up to the error of the ODE's solver: (B,)."""
        return self.log_density(x, exact_divergence, steps=logarithmic_times(steps, NEAR), solver=logarithmic)

    def solver_error(self, x: Tensor) -> float:
        """Difference that twice as many steps make to the mean log-density of points (B, 2), in nats."""
        return abs(float((self.log_prob(x) - self.log_prob(x, 2 * LIVE_MATCHING_SOLVED)).double().mean()))


class LiveMatching(LiveVelocity):
    """Flow matching with independent noise and data."""

    title = "Flow matching"

    def velocity(self, x: Tensor, t: Tensor | float, label: Tensor | None = None) -> Tensor:
        """Velocity at points (B, 2) and times, one or (B,): (B, 2)."""
        return self.predict(x, t)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean squared error of the velocity, for points x (B, 2)."""
        x, noise, t = self.pairs(x, generator)
        return F.mse_loss(self.predict(torch.lerp(noise, x, t[:, None]), t), x - noise)
