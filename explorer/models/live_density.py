r"""Densities of the small families on a grid of the plane, by the methods that they have.

| method | −log p(x) |
| --- | --- |
| `log_prob` | exact; of a velocity, up to the error of the ODE's solver |
| `energy` | $E(x) + \log Z$, with Z by a sum over a wider grid |
| `elbo` | at most the bound; the grid shows a sum over codes instead |
"""

import math
from functools import cache

import torch
from torch import Tensor

from explorer.data.playground import VIEW, Known
from explorer.models.model import Model
from explorer.running.pauses import pausing

REACH, MODELS_SIDE = 3.0, 60  # half side and cells per side of the grid; the board is the middle of it
MODELS_FAR, MODELS_WIDE = 4.0, 116  # of the grid for Z
PART = 900  # points at once, so that other work can run in between
MODELS_DRAWS = 8  # of the evidence lower bound
CUT = round(MODELS_SIDE * (1 - VIEW / REACH) / 2)  # cells of the grid outside the board, on each side
BRIGHT = 0.995  # quantile of the density in the board that is shaded fully


@cache
def cells(reach: float = REACH, side: int = MODELS_SIDE) -> tuple[Tensor, float]:
    """Return the centres of cells from the upper left, row by row (side², 2), and the logarithm of a cell's area."""
    axis = ((2 * torch.arange(side) + 1) / side - 1) * reach
    x2, x1 = torch.meshgrid(-axis, axis, indexing="ij")
    return torch.stack([x1, x2], -1).view(-1, 2), 2 * math.log(2 * reach / side)


@torch.no_grad()
def log_normaliser(model: Model, shift: float = 0.0) -> float:
    """Compute log Z of an energy in nats, by a sum over cells, moved by a share of their side."""
    points, area = cells(MODELS_FAR, MODELS_WIDE)
    points = points + shift * 2 * MODELS_FAR / MODELS_WIDE
    energy = torch.cat([model.energy(part) for part in pausing(points.split(PART))])
    return float((-energy.double()).logsumexp(0)) + area


@torch.no_grad()
def log_density(model: Model, x: Tensor) -> Tensor | None:
    """Log-density of points (N, 2) in nats, or None if the family has none: (N,)."""
    if hasattr(model, "energy"):
        log_z = log_normaliser(model)
        return -model.energy(x) - log_z
    method = getattr(model, "log_prob_by_grid", None) or getattr(model, "log_prob", None)
    return method and torch.cat([method(part) for part in pausing(x.split(PART))])


def log_densities(model: Model, *parts: Tensor) -> tuple[Tensor, ...] | None:
    """Log-densities of several sets of points (N, 2) in nats: (N,) each, or None. They share one computation of Z."""
    found = log_density(model, torch.cat(parts))
    return None if found is None else found.split([len(each) for each in parts])


@torch.no_grad()
def bound(model: Model, x: Tensor, generator: torch.Generator) -> float:
    """Mean of the evidence lower bound of points (N, 2) in nats, over several draws of the codes."""
    return float(torch.stack([model.elbo(x, generator=generator).mean() for _ in range(MODELS_DRAWS)]).mean())


def masses(known: Known, side: int) -> tuple[Tensor, Tensor]:
    """Return the centres of cells (side², 2), and the probability of each in a known distribution: (side²,)."""
    points, area = cells(side=side)
    return points, known.log_prob(points.double()).exp() * math.exp(area)


def shade(log_q: Tensor) -> Tensor | None:
    """Return a density in the board as bytes, in shares of its brightest cell, row by row from the upper left.

    Shapes: `log_q` (`MODELS_SIDE`²,), the log-density at `cells`; the result ((`MODELS_SIDE` − 2 `CUT`)²,), or None
    if a value is not finite.
    """
    seen = log_q.exp().view(MODELS_SIDE, MODELS_SIDE)[CUT : MODELS_SIDE - CUT, CUT : MODELS_SIDE - CUT].flatten()
    if not bool(seen.isfinite().all()):
        return None
    return (255 * seen / seen.quantile(BRIGHT).clamp(min=1e-12)).clamp(max=255).to(torch.uint8)
