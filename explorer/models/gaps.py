r"""Gaps between the ELBO and $\log p(x)$ for any mixture of Gaussians q, on the grid of the true posterior.

$$ \log p(x) - \mathrm{ELBO}(q) = \mathrm{KL}(q(z) \,\|\, p(z \mid x)), \qquad
   q(z) = \sum_k w_k\, \mathcal{N}(z; \mu_k, \sigma_k^2) $$

With the best Gaussian $q^\star$ for one image, the gap of the encoder's q has two parts: the *family* gap
$\log p(x) - \mathrm{ELBO}(q^\star)$, and the *amortisation* gap $\mathrm{ELBO}(q^\star) - \mathrm{ELBO}(q)$.

References:
    Cremer et al., Inference Suboptimality in Variational Autoencoders, 2018, https://arxiv.org/abs/1801.03558
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.models.beta_vae import BetaVAE
from explorer.models.posterior import PosteriorGrid, tabulate
from explorer.running.pauses import pausing

GAPS_SIZE = 128  # cells along one side of a table
REACH = 3.0  # standard deviations of q that a table covers
WITHIN = 5.0  # nats below the highest density that a table covers
GAPS_FITTED, GAPS_RATE = 150, 0.08  # steps of Adam, and its learning rate
GAPS_STARTS = 3
NEGLIGIBLE = 40.0  # nats below the highest density


@dataclass(frozen=True)
class Mixture:
    """Mixture of Gaussians with upright axes: weights (K,), means (K, 2) and widths (K, 2)."""

    weights: Tensor
    mu: Tensor
    sigma: Tensor

    def log_prob(self, z: Tensor) -> Tensor:
        """Log-density of points (M, 2), in nats: (M,)."""
        away = (z.unsqueeze(1) - self.mu) / self.sigma
        each = -0.5 * away.square().sum(-1) - self.sigma.log().sum(-1) - math.log(2 * math.pi)
        return torch.logsumexp(each + self.weights.log(), dim=-1)


def gap(grid: PosteriorGrid, q: Mixture) -> Tensor:
    """KL divergence of q to the posterior in nats, as a sum over the grid's squares: (), differentiable.

    It is exact where the squares are small relative to q, which they are where the posterior has mass.
    """
    log_share = torch.log_softmax(q.log_prob(grid.centres) + 2 * grid.side.log(), dim=0)
    return log_share.exp() @ (log_share - torch.log_softmax(grid.log_mass, dim=0))


def around_the_mass(grid: PosteriorGrid) -> PosteriorGrid:
    """Return the squares where the density is not negligible."""
    high = grid.log_joint > grid.log_joint.max() - NEGLIGIBLE
    return PosteriorGrid(grid.centres[high], grid.log_joint[high], grid.side[high])


@torch.no_grad()
def posterior_table(
    model: BetaVAE, x: Tensor, beta: float, grid: PosteriorGrid, q: Mixture, size: int = GAPS_SIZE
) -> tuple[tuple[float, float, float, float], Tensor]:
    r"""Return a square window (x0, x1, y0, y1) with the posterior's top and q, and $\log p(z \mid x)$ on it.

    Shapes: `x` (1, 28, 28); the table (size, size), in nats, with row 0 at the smallest $z_2$.
    """
    top = grid.centres[grid.log_joint > grid.log_joint.max() - WITHIN]
    places = torch.cat([top, *(q.mu + side * REACH * q.sigma for side in (-1, 1))])
    least, most = places.amin(0), places.amax(0)
    half, middle = float((most - least).max()) * 0.55, (least + most) / 2
    left, right, low, high = (float(each) + side * half for each in middle for side in (-1, 1))
    window = left, right, low, high
    return window, tabulate(model, x, beta, window, size) - grid.log_px


def best_mixture(grid: PosteriorGrid, count: int, *, generator: torch.Generator) -> Mixture:
    """Fit a mixture of `count` Gaussians to the posterior by Adam on its gap, from places drawn from the posterior."""
    grid = around_the_mass(grid)
    weights = grid.weights
    places = torch.multinomial(weights.cpu(), GAPS_STARTS * count, replacement=True, generator=generator)
    starts = grid.centres[places.to(weights.device)].view(GAPS_STARTS, count, 2)
    return min((fit_mixture(grid, means) for means in starts), key=lambda q: float(gap(grid, q)))


def fit_mixture(grid: PosteriorGrid, means: Tensor) -> Mixture:
    """Fit a mixture from equal weights, means (K, 2), and the widths of the posterior around its highest density."""
    top = grid.log_joint > grid.log_joint.max() - WITHIN
    weights, places = grid.weights[top] / grid.weights[top].sum(), grid.centres[top]
    scale = (weights @ (places - weights @ places).square()).sqrt()
    shift, log_scale = (torch.zeros_like(means).requires_grad_() for _ in range(2))
    logits = torch.zeros_like(means[:, 0]).requires_grad_()
    narrowest = 2 * float(grid.side.min())

    def mixture() -> Mixture:
        sigma = (scale * log_scale.exp()).clamp(min=narrowest)
        return Mixture(logits.softmax(0), means + scale * shift, sigma)

    optimiser = torch.optim.Adam([shift, log_scale, logits], lr=GAPS_RATE)
    for _ in pausing(range(GAPS_FITTED)):
        optimiser.zero_grad()
        gap(grid, mixture()).backward()
        optimiser.step()
    q = mixture()
    return Mixture(q.weights.detach(), q.mu.detach(), q.sigma.detach())
