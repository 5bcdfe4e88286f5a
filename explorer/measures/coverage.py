r"""How points that a generator made are judged: the modes they cover, and the best discriminator against them."""

import math

import torch
from torch import Tensor

from explorer.toys import Mixture

SIGMAS = 3  # how near a point must be to a mode
LEAST = 0.1  # of its fair share of the points, that a mode is covered
BANDWIDTH = 0.02  # of the estimate of the generator's density, where its points are many
BLUR = 0.1  # of both densities in a picture, whose cells are about as wide


def coverage(made: Tensor, data: Mixture) -> tuple[Tensor, Tensor]:
    r"""How many modes the points (S, N, 2) of each seed cover, and the share of them of high quality: (S,) each.

    A point is of high quality within $3 \sigma$ of a mode; a mode with a tenth of its fair share of such points is
    covered.
    """
    modes = len(data.means)
    away, nearest = torch.cdist(made, data.means.expand(len(made), -1, -1)).min(-1)
    good = away <= SIGMAS * data.sigma
    counts = torch.nn.functional.one_hot(nearest, modes).mul(good.unsqueeze(-1)).sum(1)
    return (counts >= LEAST * made.shape[1] / modes).sum(-1), good.float().mean(-1)


def optimal(data: Mixture, made: Tensor, x: Tensor, bandwidth: float = BANDWIDTH) -> Tensor:
    r"""The best discriminator $p / (p + q)$ of points x (N, 2), with q estimated from generated points (M, 2): (N,).

    p is known exactly; q is a Gaussian kernel density estimate, from other points than those that are asked about.

    Reference: Goodfellow et al., Generative Adversarial Nets, 2014, proposition 1.
    """
    return torch.sigmoid(data.log_prob(x) - Mixture(made, bandwidth).log_prob(x))


def optimal_blurred(data: Mixture, made: Tensor, x: Tensor, blur: float = BLUR) -> Tensor:
    """The same of both densities blurred alike, so that equal ones still give one half: what a picture can show."""
    return optimal(Mixture(data.means, math.hypot(data.sigma, blur)), made, x, blur)


def lattice(side: int, reach: float) -> Tensor:
    """The middles of side × side cells of a square from −reach to reach, from the upper left row by row: (side², 2)."""
    places = ((torch.arange(side) + 0.5) / side * 2 - 1) * reach
    y, x = torch.meshgrid(-places, places, indexing="ij")
    return torch.stack([x, y], dim=-1).view(-1, 2)
