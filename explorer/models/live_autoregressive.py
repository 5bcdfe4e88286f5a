r"""An autoregressive model of points in the plane: the first coordinate, then the second given the first.

$$ p(x) = p(x_1) \, p(x_2 \mid x_1), \qquad p(x_2 \mid x_1) = \sum_k \pi_k(x_1) \,
   \mathcal{N}(x_2; \mu_k(x_1), \sigma_k(x_1)^2) $$

A network computes the parameters of the second mixture from x₁. Those of the first depend on nothing.

Reference: Bishop, Mixture Density Networks, 1994
"""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.distributions import Categorical, MixtureSameFamily, Normal

from explorer.models.live_nets import Live, network, one_step
from explorer.steps import Step

PARTS = 12  # Gaussians of each coordinate
NARROW = 0.02  # least standard deviation


class LiveAutoregressive(Live):
    """Two mixtures of Gaussians, the second by a network with `width` units in each of two hidden layers."""

    title = "Autoregressive"

    def __init__(self, width: int, generator: torch.Generator):
        super().__init__()
        spread = torch.linspace(-1.5, 1.5, PARTS)
        self.first = nn.Parameter(torch.cat([torch.zeros(PARTS), spread, torch.full((PARTS,), -1.0)]))
        self.second = network([1, width, width, 3 * PARTS], generator)
        with torch.no_grad():  # the parts start apart
            self.second[-1].bias.copy_(self.first)

    def given(self, theta: Tensor) -> MixtureSameFamily:
        """Return a mixture for each row of parameters (…, 3 · `PARTS`): weights, means and widths."""
        logits, means, widths = theta.chunk(3, dim=-1)
        parts = Normal(means, widths.exp() + NARROW, validate_args=False)
        return MixtureSameFamily(Categorical(logits=logits, validate_args=False), parts, validate_args=False)

    def log_prob(self, x: Tensor) -> Tensor:
        """Exact log-density of points (B, 2), in nats: (B,)."""
        return self.given(self.first).log_prob(x[:, 0]) + self.given(self.second(x[:, :1])).log_prob(x[:, 1])

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean of −log p(x) in nats."""
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
        """Draw one number from the mixture of each row of parameters: (n, 3 · `PARTS`) to (n,)."""
        logits, means, widths = theta.chunk(3, dim=-1)
        part = torch.multinomial(logits.softmax(-1), 1, generator=generator)
        noise = torch.randn(len(theta), 1, generator=generator)
        return (means.gather(-1, part) + (widths.gather(-1, part).exp() + NARROW) * noise).squeeze(-1)
