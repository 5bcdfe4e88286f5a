r"""Comparisons of two sets of points in the plane, for families with and without a density.

The energy distance is 0 only between equal distributions:

$$ D^2 = 2 \mathbb{E}\|X - Y\| - \mathbb{E}\|X - X'\| - \mathbb{E}\|Y - Y'\| $$

The means run over all pairs, those of a point with itself included. So two samples of one distribution are also some
distance apart, by chance: the *floor*. A distance near the floor cannot be told from 0.

Reference: Székely & Rizzo, Energy Statistics: A Class of Statistics Based on Distances, 2013
"""

import torch
from torch import Tensor

SPLITS = 8
FEW = 0.01  # share of true points that lie where hardly any data are


def distance(a: Tensor, b: Tensor) -> float:
    """Energy distance D of points (N, 2) and (M, 2)."""
    across, within = torch.cdist(a, b).mean(), torch.cdist(a, a).mean() + torch.cdist(b, b).mean()
    return float((2 * across - within).clamp(min=0).sqrt())


def floor(x: Tensor, n: int, m: int, generator: torch.Generator) -> float:
    """Distance that chance alone gives between n and m points of one distribution, from random halves of x (N, 2).

    D² of equal distributions is proportional to 1/n + 1/m; the mean over several splits is scaled to these numbers.
    """
    half = len(x) // 2
    orders = [torch.randperm(len(x), generator=generator) for _ in range(SPLITS)]
    squares = [distance(x[order[:half]], x[order[half : 2 * half]]) ** 2 for order in orders]
    return (sum(squares) / SPLITS * (1 / n + 1 / m) * half / 2) ** 0.5


def least(log_p: Tensor) -> float:
    """Log-density that all but a hundredth of true points exceed, from the log-densities of true points (N,)."""
    return float(log_p.quantile(FEW))


def memorisation(samples: Tensor, train: Tensor, held: Tensor) -> float:
    """Probability that a sample lies nearer to its nearest training point than a held-out point does to its own.

    It is about one half for samples of the true distribution, and 1 for copies of the training points.

    Shapes: `samples` (N, 2), `train` (M, 2), `held` (K, 2).
    """
    ours, theirs = (torch.cdist(x, train).amin(-1).sort().values for x in (samples, held))
    below = torch.searchsorted(theirs, ours, right=False) + torch.searchsorted(theirs, ours, right=True)
    return 1 - float(below.double().mean()) / (2 * len(theirs))
