r"""A diffusion of points in the plane, with a network that predicts v, and continuous time.

$$ x_t = \alpha_t x_1 + \sigma_t x_0, \qquad \alpha_t = \sin \tfrac{\pi t}{2}, \quad \sigma_t = \cos \tfrac{\pi t}{2} $$

Here noise is at t = 0 and data at t = 1. The network predicts $u = \sigma_t x_1 - \alpha_t x_0$, which is −v. On this
schedule the probability flow is $dx/dt = \tfrac{\pi}{2} u$, and it gives the density. Samples are drawn with new noise
in each step.

References:
    Salimans & Ho, Progressive Distillation for Fast Sampling of Diffusion Models, 2022, https://arxiv.org/abs/2202.00512
    Song et al., Score-Based Generative Modeling through Stochastic Differential Equations, 2021,
    https://arxiv.org/abs/2011.13456
"""

import math
from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.models.live_matching import LiveVelocity
from explorer.steps import Step

LIVE_DIFFUSION_STEPS = 30


class LiveDiffusion(LiveVelocity):
    """Network of three hidden layers with `width` units each; samples take `steps` noise levels."""

    title = "Diffusion"

    def __init__(self, width: int, deeper: int, generator: torch.Generator, steps: int = LIVE_DIFFUSION_STEPS):
        super().__init__(width, deeper, generator, steps)

    def velocity(self, x: Tensor, t: Tensor | float, label: Tensor | None = None) -> Tensor:
        """Velocity of the probability flow at points (B, 2) and times, one or (B,): (B, 2)."""
        return math.pi / 2 * self.predict(x, t)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean squared error of the prediction of v, for points x (B, 2)."""
        x, noise, t = self.pairs(x, generator)
        alpha, sigma = signal(t[:, None])
        return F.mse_loss(self.predict(alpha * x + sigma * noise, t), sigma * x - alpha * noise)

    @torch.no_grad()
    def sample_steps(self, n: int, *, generator: torch.Generator) -> Iterator[Step]:
        """Yield the steps of the reverse chain: predict both ends, then draw the next state given them."""
        x = torch.randn(n, 2, generator=generator)
        for index in range(self.steps):
            (alpha, sigma), (above, below) = signal(torch.tensor([index, index + 1]) / self.steps).T
            u = self.predict(x, index / self.steps)
            data, noise = alpha * x + sigma * u, sigma * x - alpha * u
            fresh = below / sigma * (1 - (alpha / above) ** 2).clamp(min=0).sqrt()
            kept = (below**2 - fresh**2).clamp(min=0).sqrt()
            x = above * data + kept * noise + fresh * torch.randn(n, 2, generator=generator)
            yield Step(x, index, self.steps, (index + 1) / self.steps, {"x1": data})


def signal(t: Tensor) -> Tensor:
    r"""Return $\alpha_t$ and $\sigma_t$, one after the other in a new first dimension: (…) to (2, …)."""
    angle = math.pi / 2 * t
    return torch.stack([angle.sin(), angle.cos()])
