r"""Comparisons of a model with the known distribution of the points that it learned: both divergences, and its modes.

$$ \mathrm{KL}(p \,\|\, q) = \int p \log \frac{p}{q}, \qquad \mathrm{KL}(q \,\|\, p) = \int q \log \frac{q}{p} $$

Both are sums over cells of the plane. Where p varies too quickly for the cells of the shaded density, the first sum
runs over smaller cells.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from explorer.data.playground import Known
from explorer.models.live_density import MODELS_SIDE, cells, masses
from explorer.models.modes import Modes, modes_of
from explorer.running.pauses import pausing

TRUTH_PART = 10_000  # points at once
FINE = 2 * MODELS_SIDE  # smaller cells along each axis
SAME = 1e-3  # nats by which the entropy may differ between large and small cells
TAIL = 1e-5  # probability of the smaller cells that are left out
WHOLE = 0.05  # error of the mass of q in the cells, beyond which its divergence is not told
ASTRAY, TRUTH_DRAWN = (
    0.01,
    100_000,
)  # share of true points that lie astray, and points that the threshold is computed from
TRUTH_SEED, KEPT = 2**31 + 2, 16  # beyond the seeds of visitors; distributions that are kept


@dataclass(frozen=True)
class Truth:
    """A known distribution, with what does not depend on the model.

    Arguments:
        known: The distribution p.
        modes: Its modes.
        log_p: Its log-density at the cells (SIDE²,), in nats.
        places: Centres of the smaller cells in which p lies (K, 2); none if the cells are small enough.
        shares: Probability of each cell of the first sum.
        least: Log-density below which a hundredth of the data lie.
    """

    known: Known
    modes: Modes
    log_p: Tensor
    places: Tensor
    shares: Tensor
    least: float

    def forth(self, log_q: Tensor, log_small: Tensor) -> float:
        """Compute KL(p ‖ q) in nats, given log q at the cells (SIDE²,), and at the smaller cells (K,)."""
        if not len(self.places):
            return float((self.shares * (self.log_p - log_q)).sum())
        return float((self.shares * (self.known.log_prob(self.places) - log_small)).sum())

    def back(self, log_q: Tensor) -> float | None:
        """Compute KL(q ‖ p) in nats, given log q at the cells (SIDE²,); None if these do not hold all of q."""
        mass = (log_q.double() + cells()[1]).exp()
        total = float(mass.sum())
        return float((mass * (log_q - self.log_p)).sum()) / total if abs(total - 1) < WHOLE else None

    def astray(self, x: Tensor) -> float:
        """Return the share of samples (N, 2) with a lower true density than 99 % of true points."""
        return float((self.known.log_prob(x) < self.least).double().mean())


@lru_cache(maxsize=KEPT)
def truth_of(known: Known) -> Truth:
    """Return what is known of a distribution."""
    log_p, mass = known.log_prob(cells()[0].double()), masses(known, MODELS_SIDE)[1]
    places, small = masses(known, FINE)
    true = known.sample(TRUTH_DRAWN, torch.Generator().manual_seed(TRUTH_SEED))
    least = float(torch.cat([known.log_prob(part) for part in pausing(true.split(TRUTH_PART))]).quantile(ASTRAY))
    modes = modes_of(known)
    if abs(entropy(mass, MODELS_SIDE) - entropy(small, FINE)) < SAME:
        return Truth(known, modes, log_p, places[:0], mass / mass.sum(), least)
    ascending = small.sort().values
    held = small >= ascending[int((ascending.cumsum(0) < TAIL).sum())]
    return Truth(known, modes, log_p, places[held], small[held] / small[held].sum(), least)


def entropy(mass: Tensor, side: int) -> float:
    """Compute the entropy of a density in nats from the mass of each cell (side²,)."""
    return float(-(mass * (mass.clamp(min=math.exp(-700)).log() - cells(side=side)[1])).sum())
