r"""Sets of points in the plane with known density: mixtures of isotropic Gaussians with equal weights and variances.

Noised to time t they remain such mixtures, with means $\sqrt{\bar\alpha_t} m_k$ and variance
$\bar\alpha_t \sigma^2 + 1 - \bar\alpha_t$. So the score at every noise level is known too.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.spaces import PLANE, Space

SIZES = {"train": 50_000, "held-out": 5_000, "test": 10_000}
SEEDS = {"train": 1, "held-out": 2, "test": 3}


@dataclass(frozen=True)
class Mixture:
    """A mixture of Gaussians with equal weights and variances: `means` (K, 2) and the standard deviation `sigma`."""

    means: Tensor
    sigma: float

    def add_noise(self, alpha: float) -> "Mixture":
        r"""Return the mixture of $\sqrt{\bar\alpha} x + \sqrt{1 - \bar\alpha} \epsilon$."""
        return Mixture(math.sqrt(alpha) * self.means, math.sqrt(alpha * self.sigma**2 + 1 - alpha))

    def log_prob(self, x: Tensor) -> Tensor:
        """Log-density of points (N, 2), in nats: (N,)."""
        constant = math.log(2 * math.pi * self.sigma**2) + math.log(len(self.means))
        return self._exponents(x).logsumexp(-1) - constant

    def score(self, x: Tensor) -> Tensor:
        r"""Score $\nabla \log p$ at points (N, 2): (N, 2)."""
        return (self.shares(x) @ self.means.to(x) - x) / self.sigma**2

    def shares(self, x: Tensor) -> Tensor:
        """Posterior probability of each Gaussian at points (N, 2): (N, K)."""
        return self._exponents(x).softmax(-1)

    def sample(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw points (n, 2)."""
        which = torch.randint(len(self.means), (n,), generator=generator)
        return self.means[which] + self.sigma * torch.randn(n, 2, generator=generator)

    def _exponents(self, x: Tensor) -> Tensor:
        return -torch.cdist(x, self.means.to(x)).square() / (2 * self.sigma**2)


def _arc(count: int, start: float, stop: float, radius: float, x: float = 0.0, y: float = 0.0) -> Tensor:
    angles = start + (stop - start) * (torch.arange(count) + 0.5) / count
    return torch.stack([x + radius * angles.cos(), y + radius * angles.sin()], dim=-1)


def _moons() -> Tensor:
    return torch.cat([_arc(40, 0, math.pi, 1.2, -0.6, -0.3), _arc(40, math.pi, 2 * math.pi, 1.2, 0.6, 0.3)])


def _rings() -> Tensor:
    return torch.cat([_arc(24, 0, 2 * math.pi, 0.7), _arc(48, 0, 2 * math.pi, 1.4)])


TITLES = {"moons": "Two moons", "rings": "Two rings", "eight-gaussians": "Eight Gaussians"}
TOYS = {
    "moons": Mixture(_moons(), 0.1),
    "rings": Mixture(_rings(), 0.1),
    "eight-gaussians": Mixture(_arc(8, 0, 2 * math.pi, 1.4), 0.12),
}
GAMES = {
    "ring": Mixture(_arc(8, 0, 2 * math.pi, 1.4), 0.05),
    "grid": Mixture(torch.cartesian_prod(*2 * [torch.linspace(-1.6, 1.6, 5)]), 0.05),
    "moons": TOYS["moons"],
}
"""Target distributions of the game in `explorer/models/game.py`; a mode is one of the Gaussians."""
PAINTED = 0.1  # standard deviation around a painted point


def game_data(name: str, points: tuple[tuple[float, float], ...] = ()) -> Mixture:
    """Return one of the target distributions, or, for the name "painted", a Gaussian around each painted point.

    Raises:
        ValueError: if there is no painted point.
    """
    if name != "painted":
        return GAMES[name]
    if not points:
        raise ValueError("there are no points yet: paint some first")
    return Mixture(torch.tensor(points), PAINTED)


@dataclass(frozen=True)
class Points:
    """Points (N, 2) and labels (N,), all 0, with the interface of a `Split` for training."""

    points: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.points)

    def __getitem__(self, index: Tensor | slice) -> "Points":
        return Points(self.points[index], self.labels[index])

    def pixels(self) -> Tensor:
        """Return the points (N, 2); the name matches that of a `Split` of images."""
        return self.points


@dataclass(frozen=True)
class PointSet:
    """A data set of points, drawn from a mixture with known density."""

    name: str
    title: str
    mixture: Mixture
    space: Space = PLANE

    def load(self, split: str, folder: str | None = None) -> Points:
        """Draw fixed points: "train" 50,000, "held-out" 5,000, "test" 10,000; they need no folder."""
        points = self.mixture.sample(SIZES[split], torch.Generator().manual_seed(SEEDS[split]))
        return Points(points, torch.zeros(len(points), dtype=torch.long))
