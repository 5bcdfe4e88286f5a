r"""An autoregressive model of points in the plane: the first coordinate, then the second given the first.

$$ p(x) = p(x_1) \, p(x_2 \mid x_1), \qquad p(x_2 \mid x_1) = \sum_k \pi_k(x_1) \,
   \mathcal{N}(x_2; \mu_k(x_1), \sigma_k(x_1)^2) $$

A network computes the parameters of the second mixture from x₁. Those of the first depend on nothing.

Reference: Bishop, Mixture Density Networks, 1994
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from explorer.models.layers import linear
from explorer.models.live_nets import Live, hidden_widths, network
from explorer.steps import Step

PARTS = 12
NARROW = 0.02  # least standard deviation


class LiveAutoregressive(Live):
    """Two mixtures of `parts` Gaussians, the second by a network of two hidden layers with `width` units each."""

    title = "Autoregressive"

    def __init__(self, width: int, deeper: int, generator: torch.Generator, parts: int = PARTS):
        super().__init__()
        spread = torch.linspace(-1.5, 1.5, parts) if parts > 1 else torch.zeros(1)
        self.first = nn.Parameter(torch.cat([torch.zeros(parts), spread, torch.full((parts,), -1.0)]))
        self.second = network([1, *hidden_widths(width, 2, deeper), 3 * parts], generator)
        with torch.no_grad():  # the parts start apart
            linear(self.second, -1).bias.copy_(self.first)

    def log_prob(self, x: Tensor) -> Tensor:
        """Exact log-density of points (B, 2), in nats: (B,)."""
        return log_mixture(x[:, :1], self.first) + log_mixture(x[:, 1:], self.second(x[:, :1]))

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean of −log p(x) of points x (B, 2), in nats."""
        return -self.log_prob(x).mean()

    @torch.no_grad()
    def sample_steps(self, n: int, *, generator: torch.Generator) -> Iterator[Step]:
        """Yield two steps: the first coordinate of every point, and then the second."""
        first = self.draw(self.first.expand(n, -1), generator)
        x = torch.stack([first, torch.zeros(n)], dim=-1)
        yield Step(x, 0, 2, known=torch.tensor([True, False]))
        yield Step(torch.stack([first, self.draw(self.second(first[:, None]), generator)], dim=-1), 1, 2)

    @staticmethod
    def draw(theta: Tensor, generator: torch.Generator) -> Tensor:
        """Draw one number from the mixture of each row of parameters: (n, 3 · parts) to (n,).

        All are NaN unless all parameters are finite.
        """
        if not bool(theta.isfinite().all()):
            return torch.full((len(theta),), math.nan)
        logits, means, widths = theta.chunk(3, dim=-1)
        part = torch.multinomial(logits.softmax(-1), 1, generator=generator)
        noise = torch.randn(len(theta), 1, generator=generator)
        return (means.gather(-1, part) + (widths.gather(-1, part).exp() + NARROW) * noise).squeeze(-1)


def log_mixture(x: Tensor, theta: Tensor) -> Tensor:
    """Log-density of numbers (B, 1) in a mixture with parameters (…, 3 · parts): weights, means, log-widths; (B,)."""
    logits, means, widths = theta.chunk(3, dim=-1)
    widths = widths.exp() + NARROW
    parts = logits.log_softmax(-1) - ((x - means) / widths).square() / 2 - widths.log()
    return parts.logsumexp(-1) - math.log(2 * math.pi) / 2
