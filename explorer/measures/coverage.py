"""Measures of generated points: covered modes, divergence from the data, and the optimal discriminator."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.data.toys import Mixture

SIGMAS = 3  # largest distance of a point near a mode, in standard deviations
COVERAGE_LEAST = 0.5  # a mode is covered at this share of the data's points near it
SQUARE = 2  # side of the histogram's squares for the divergence, in standard deviations of a mode
COVERAGE_REACH = 4.0  # of the squares: points farther out are counted at the edge
BANDWIDTH = 0.02  # of the estimate of the generator's density from many points
BLUR = 0.1  # of both densities in a picture; its cells are about as wide


@dataclass(frozen=True)
class Judged:
    """Figures of the points of each seed, (S,).

    Arguments:
        modes: Number of covered modes; None if the data have no separate modes.
        near: Share of the points near a mode.
        divergence: Jensen–Shannon divergence from the data, in nats.
    """

    modes: Tensor | None
    near: Tensor
    divergence: Tensor


def mode_coverage(made: Tensor, data: Mixture) -> Judged:
    """Measure the points (S, N, 2) of each seed."""
    shares = shares_near(made, data)
    modes = (shares >= COVERAGE_LEAST * _near() / len(data.means)).sum(-1) if separate(data) else None
    return Judged(modes, shares.sum(-1), divergence(made, data))


def separate(data: Mixture) -> bool:
    """Return True if no point can be near two of the Gaussians, so that each is a mode."""
    away = torch.pdist(data.means)
    return bool((away > 2 * SIGMAS * data.sigma).all())


def _near() -> float:
    r"""Return the share of a round Gaussian within $3 \sigma$ of its mean, in the plane: $1 - e^{-9 / 2}$."""
    return 1 - math.exp(-(SIGMAS**2) / 2)


def shares_near(made: Tensor, data: Mixture) -> Tensor:
    r"""Return the shares of the points (S, N, 2) within $3 \sigma$ of each of the K modes: (S, K).

    A mode is covered if its share is at least half of the data's own. The latter is $(1 - e^{-9 / 2}) / K$ for separate
    modes. Points spread evenly along a ring through all modes cover none of them.
    """
    away, nearest = torch.cdist(made, data.means.expand(len(made), -1, -1)).min(-1)
    near = F.one_hot(nearest, len(data.means)) * (away <= SIGMAS * data.sigma).unsqueeze(-1)
    return near.float().mean(1)


def divergence(made: Tensor, data: Mixture) -> Tensor:
    r"""Return the Jensen–Shannon divergence of the points (S, N, 2) from the data, in nats: (S,), at most $\log 2$.

    Both are compared as shares of squares of side $2 \sigma$: exact for the data, counted for the points. The positions
    within a square are ignored, which can only lower the divergence. The finite count raises it, by 0.003 for 5,000
    points of 8 modes.
    """
    step = SQUARE * data.sigma
    side = 2 * math.ceil(COVERAGE_REACH / step)
    column, row = ((made / step).floor() + side // 2).clamp(0, side - 1).long().unbind(-1)
    counts = torch.zeros(len(made), side * side).scatter_add_(1, row * side + column, torch.ones(made.shape[:2]))
    p, q = _shares(data, step, side).flatten(), counts / made.shape[1]
    return (_towards_mean(p, q) + _towards_mean(q, p)).clamp(min=0) / 2


def _shares(data: Mixture, step: float, side: int) -> Tensor:
    """Return the data's exact share of every square, row by row from below: (side, side)."""
    edges = step * (torch.arange(1, side) - side // 2)
    below = torch.special.ndtr((edges - data.means.unsqueeze(-1)) / data.sigma)  # (K, 2, side − 1)
    within = F.pad(below, (1, 0)).neg() + F.pad(below, (0, 1), value=1.0)
    return torch.einsum("kx,ky->yx", within[:, 0], within[:, 1]) / len(data.means)


def _towards_mean(p: Tensor, q: Tensor) -> Tensor:
    r"""$\mathrm{KL}(p \,\|\, \tfrac{p + q}{2})$ of shares, in nats: (S,)."""
    return torch.special.xlogy(p, 2 * p / (p + q).clamp(min=1e-30)).sum(-1)


def optimal(data: Mixture, made: Tensor, x: Tensor, bandwidth: float = BANDWIDTH) -> Tensor:
    r"""Return the optimal discriminator $p / (p + q)$ at points x (N, 2): (N,).

    p is known exactly. q is a Gaussian kernel density estimate from generated points (M, 2), other than x.

    Reference: Goodfellow et al., Generative Adversarial Nets, 2014, proposition 1.
    """
    return torch.sigmoid(data.log_prob(x) - Mixture(made, bandwidth).log_prob(x))


def optimal_blurred(data: Mixture, made: Tensor, x: Tensor, blur: float = BLUR) -> Tensor:
    """Return the optimal discriminator for a picture: both densities are blurred alike, so equal ones give one half.

    Shapes: `made` (M, 2) and `x` (N, 2), as for `optimal`; the result (N,).
    """
    return optimal(Mixture(data.means, math.hypot(data.sigma, blur)), made, x, blur)


def lattice(side: int, reach: float) -> Tensor:
    """Return the centres of side × side cells of [−reach, reach]², row by row from the upper left: (side², 2)."""
    places = ((torch.arange(side) + 0.5) / side * 2 - 1) * reach
    y, x = torch.meshgrid(-places, places, indexing="ij")
    return torch.stack([x, y], dim=-1).view(-1, 2)
