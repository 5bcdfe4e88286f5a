"""Limits under chance of the squared energy distance: how far true samples are from the points of a comparison.

Of a known distribution, true samples are drawn, each as large as a model's, and compared with the same fresh points.
Of a drawing no truth is known. Its random halves are two samples of one distribution, and D² is proportional to the sum
of both reciprocal sizes.
"""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from explorer.data.playground import Known, Points
from explorer.models.clouds import (
    gaps_left_out,
    mean_distances,
    mean_pair_distance,
    nearest_gaps,
    squared_energy_distance,
)
from explorer.running.pauses import pausing
from explorer.verdicts import chance_limit

SAMPLES = 500  # points of a true sample, as many as a model draws
CHANCE_DRAWS, CHANCE_POOL = 1_200, 40_000  # true samples, and the points that they are drawn from
CARE = 1.25  # stricter than 5 %, as the quantile of so many draws has an error, too
CHANCE_SEED = 2**31 + 1  # beyond the seeds of visitors
KEPT = 16  # distributions


@dataclass(frozen=True)
class Standard:
    """True points for comparison with samples.

    Arguments:
        x: The points (M, 2).
        within: Mean distance of two of them.
        gaps: Distances of true points to the nearest training point, in ascending order (K,).
    """

    x: Tensor
    within: float
    gaps: Tensor


def standard_of(points: Points) -> Standard:
    """Return what samples of models of these points are compared with."""
    gaps = nearest_gaps(points.fresh, points.train) if points.known else gaps_left_out(points.train)
    return Standard(points.fresh, distances_of_truth(points.fresh, points.known)[0], gaps)


def limit(points: Points) -> float:
    """Return the D² that 95 % of true samples stay within; a family beyond it is farther than chance allows."""
    return chance_limit(distances_of_truth(points.fresh, points.known)[1], CARE)


@lru_cache(maxsize=KEPT)
def distances_of_truth(x: Tensor, known: Known | None) -> tuple[float, tuple[float, ...]]:
    """Return the mean distance of two points (M, 2), and D² of true samples from them."""
    generator, within = torch.Generator().manual_seed(CHANCE_SEED), mean_pair_distance(x)
    return within, tuple(drawn(x, within, known, generator) if known else halves(x, generator))


def drawn(x: Tensor, within: float, known: Known, generator: torch.Generator) -> list[float]:
    """Return D² of true samples from points (M, 2) of the same distribution.

    The samples are disjoint parts of a large one, in several random orders: its distances to x are computed once.
    """
    pool = known.sample(CHANCE_POOL, generator)
    across, found = mean_distances(pool, x), []
    for _ in range(CHANCE_DRAWS * SAMPLES // CHANCE_POOL):
        for part in pausing(torch.randperm(CHANCE_POOL, generator=generator).split(SAMPLES)):
            found.append(2 * float(across[part].mean()) - mean_pair_distance(pool[part]) - within)
    return found


def halves(x: Tensor, generator: torch.Generator) -> list[float]:
    """Return D² of random halves of points (M, 2), scaled to a sample of `SAMPLES` and one of M points."""
    half = len(x) // 2
    scale = (1 / SAMPLES + 1 / len(x)) / (1 / half + 1 / (len(x) - half))
    orders = (torch.randperm(len(x), generator=generator) for _ in pausing(range(CHANCE_DRAWS)))
    return [scale * squared_energy_distance(x[order[:half]], x[order[half:]])[0] for order in orders]
