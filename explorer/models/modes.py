"""Modes of a known density in the plane, and which of them samples miss.

A mode is a connected region of cells with the highest density, which together hold `CORE` of the probability. Every
place belongs to the nearest mode. A mode is missed if it gets fewer than `MODES_FEW` of the samples that it
should have.
So samples that are blurred around a mode do not miss it.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.data.playground import Known
from explorer.models.live_density import MODELS_SIDE as COARSE
from explorer.models.live_density import PART, masses
from explorer.running.pauses import pausing

MODES_SIDE = 120  # cells along each axis of the grid of the regions
CORE, LEAST = 0.8, 0.02  # probability in all regions, and in the smallest that counts
MODES_FEW = 0.25


@dataclass(frozen=True)
class Modes:
    """Modes of a density: the cells of all regions (K, 2), the mode of each cell (K,), and each mode's probability."""

    places: Tensor
    of: Tensor
    shares: Tensor

    def __len__(self) -> int:
        return len(self.shares)

    def nearest(self, x: Tensor) -> Tensor:
        """Return the mode nearest to each point (N, 2): (N,)."""
        return self.of[torch.cdist(x, self.places).argmin(-1)]

    def count_missed(self, x: Tensor) -> int:
        """Count the modes that points (N, 2) miss."""
        found = torch.bincount(self.nearest(x), minlength=len(self)) / len(x)
        return int((found < MODES_FEW * self.shares).sum())


def modes_of(known: Known) -> Modes:
    """Find the modes of a known distribution."""
    points, mass = masses(known, MODES_SIDE)
    labels = connected_regions(core(mass).view(MODES_SIDE, MODES_SIDE)).flatten()
    names = labels.unique()
    kept = torch.stack([name for name in names if name >= 0 and float(mass[labels == name].sum()) >= LEAST])
    inside = torch.isin(labels, kept)
    modes = Modes(points[inside], torch.searchsorted(kept, labels[inside]), torch.zeros(len(kept), dtype=torch.double))
    points, mass = masses(known, COARSE)
    for part, weights in pausing(zip(points.split(PART), mass.split(PART))):
        modes.shares.index_add_(0, modes.nearest(part), weights)
    return modes


def core(mass: Tensor) -> Tensor:
    """Return whether a cell is one of the likeliest that hold `CORE` of the probability, given each cell's (N,)."""
    order = mass.argsort(descending=True)
    before = mass[order].cumsum(0) - mass[order]
    return torch.zeros(len(mass), dtype=torch.bool).index_put((order,), before < CORE * mass.sum())


def connected_regions(inside: Tensor) -> Tensor:
    """Number the connected regions of a grid of flags (H, W), neighbours at corners included; −1 outside: (H, W)."""
    labels = torch.arange(inside.numel(), dtype=torch.float).view_as(inside).where(inside, -1)
    while True:
        spread = F.max_pool2d(labels[None, None], 3, 1, 1)[0, 0].where(inside, -1)
        if torch.equal(spread, labels):
            return labels.long()
        labels = spread
