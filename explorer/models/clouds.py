r"""Comparisons of two sets of points in the plane, for families with and without a density.

The squared energy distance is 0 only between equal distributions:

$$ D^2 = 2 \mathbb{E}\|X - Y\| - \mathbb{E}\|X - X'\| - \mathbb{E}\|Y - Y'\| $$

The means run over pairs of different points. So the estimate has no bias: for two samples of one distribution its mean
is 0, and it is negative about as often as positive. It is never clamped.

Reference: Székely & Rizzo, Energy Statistics: A Class of Statistics Based on Distances, 2013
"""

import math

import torch
from torch import Tensor

from explorer.running.pauses import pausing

CLOUDS_PART = 500  # points at once


def squared_energy_distance(x: Tensor, y: Tensor, within_y: float | None = None) -> tuple[float, float]:
    r"""Return the estimate of D² without bias between points (N, 2) and (M, 2), and its standard error.

    The error is that of the draw of x. At equal distributions it is too small: there only `chance` tells how large D²
    becomes.

    Arguments:
        x: Points (N, 2), at least two.
        y: Points (M, 2), at least two.
        within_y: Mean distance of two points of y, if it is known.
    """
    across, own = mean_distances(x, y), mean_distances(x, x) * len(x) / (len(x) - 1)
    within_y = mean_pair_distance(y) if within_y is None else within_y
    value = 2 * float(across.mean()) - float(own.mean()) - within_y
    return value, float(2 * (across - own).std() / math.sqrt(len(x)))


def mean_pair_distance(x: Tensor) -> float:
    """Return the mean distance of two different points (N, 2)."""
    return float(mean_distances(x, x).sum()) / (len(x) - 1)


def mean_distances(x: Tensor, y: Tensor) -> Tensor:
    """Return the mean distance of each point (N, 2) to points (M, 2): (N,)."""
    y = y.to(x)
    return torch.cat([torch.cdist(part, y).mean(-1).double() for part in pausing(x.split(CLOUDS_PART))])


def nearest_gaps(x: Tensor, train: Tensor) -> Tensor:
    """Return the distance of each point (N, 2) to the nearest training point (M, 2), in ascending order: (N,)."""
    return torch.cat([torch.cdist(part, train).amin(-1) for part in pausing(x.split(CLOUDS_PART))]).sort().values


def gaps_left_out(train: Tensor) -> Tensor:
    """Return the distance of each training point (M, 2) to the nearest other one, in ascending order: (M,)."""
    return torch.cdist(train, train).fill_diagonal_(torch.inf).amin(-1).sort().values


def memorisation(samples: Tensor, train: Tensor, usual: Tensor) -> float:
    """Probability that a sample lies nearer to its nearest training point than a true point does to its own.

    It is about one half for samples of the true distribution, and 1 for copies of the training points.

    Shapes: `samples` (N, 2), `train` (M, 2); `usual` (K,), the distances of true points, in ascending order.
    """
    ours = nearest_gaps(samples, train)
    below = torch.searchsorted(usual, ours, right=False) + torch.searchsorted(usual, ours, right=True)
    return 1 - float(below.double().mean()) / (2 * len(usual))
