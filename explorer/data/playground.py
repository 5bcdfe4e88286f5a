"""Points for the playground: distributions with known density, or the points that a visitor draws."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import torch
from torch import Tensor

from explorer.data.toys import Mixture, _arc, _moons, _rings

VIEW = 2.4  # half the side of the board
LEVELS = 256  # places of a drawn point along each axis
PLAYGROUND_DRAWN, PLAYGROUND_POINTS = 500, 5_000  # limits on a drawing, and on the points of a preset
HELD = 10  # every tenth point is held out
FRESH, FRESH_SEED = 5_000, 2**31  # points that samples are compared with, and a seed beyond those of visitors
KEPT = 16  # distributions whose fresh points are kept


class Known(Protocol):
    """Distribution of points in the plane."""

    def sample(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw points (n, 2)."""

    def log_prob(self, x: Tensor) -> Tensor:
        """Log-density of points (N, 2), in nats: (N,)."""


@dataclass(frozen=True)
class Checkerboard:
    """Uniform on every second square of a board of 4 × 4, plus Gaussian noise of standard deviation `sigma`."""

    sigma: float
    side: float = 0.9

    def sample(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw points (n, 2)."""
        row = torch.randint(4, (n,), generator=generator)
        column = 2 * torch.randint(2, (n,), generator=generator) + row % 2
        corner = torch.stack([column, row], -1) - 2
        place = corner + torch.rand(n, 2, generator=generator)
        return self.side * place + self.sigma * torch.randn(n, 2, generator=generator)

    def log_prob(self, x: Tensor) -> Tensor:
        """Log-density of points (N, 2) in nats: (N,).

        The density is a sum over squares, each a product of two differences of normal distributions.
        """
        edges = self.side * torch.arange(-2, 3).to(x)
        inside = (torch.special.ndtr((x[..., None] - edges) / self.sigma)).diff(dim=-1).neg() / self.side
        squares = torch.tensor([[(row + column) % 2 == 0 for row in range(4)] for column in range(4)]).to(x)
        density = torch.einsum("nc,nr,cr->n", inside[:, 0], inside[:, 1], squares / 8)
        return density.clamp(min=torch.finfo(x.dtype).tiny).log()


def _spiral(count: int = 80, turns: float = 1.75) -> Tensor:
    """Return points at equal distances on a spiral from the middle outwards."""
    share = ((torch.arange(count) + 0.5) / count).sqrt()
    angle, radius = 2 * math.pi * turns * share, 0.15 + 1.65 * share
    return torch.stack([radius * angle.cos(), radius * angle.sin()], -1)


def _heart(count: int = 80) -> Tensor:
    """Return points at equal distances on the outline of a heart."""
    t = torch.linspace(0, 2 * math.pi, 2_001)
    x = 16 * t.sin() ** 3
    y = 13 * t.cos() - 5 * (2 * t).cos() - 2 * (3 * t).cos() - (4 * t).cos()
    curve = torch.stack([x, y + 2.5], -1) / 9.5
    length = torch.cat([torch.zeros(1), curve.diff(dim=0).norm(dim=-1).cumsum(0)])
    wanted = (torch.arange(count) + 0.5) / count * length[-1]
    return curve[torch.searchsorted(length, wanted).clamp(max=2_000)]


@dataclass(frozen=True)
class Preset:
    """A distribution of the playground: its displayed title, its usual noise, and how it is made from the noise."""

    title: str
    noise: float
    make: Callable[[float], Known]


def _mixture(title: str, noise: float, means: Callable[[], Tensor]) -> Preset:
    return Preset(title, noise, lambda sigma: Mixture(means(), sigma))


PRESETS = {
    "moons": _mixture("Two moons", 0.1, _moons),
    "rings": _mixture("Two rings", 0.1, _rings),
    "eight": _mixture("Eight Gaussians", 0.12, lambda: _arc(8, 0, 2 * math.pi, 1.4)),
    "spiral": _mixture("Spiral", 0.08, _spiral),
    "checkerboard": Preset("Checkerboard", 0.05, Checkerboard),
    "heart": _mixture("Heart", 0.08, _heart),
    "gaussian": _mixture("One Gaussian", 0.6, lambda: torch.zeros(1, 2)),
    "five": _mixture("Five points", 0.05, lambda: _arc(5, math.pi / 2, 2.5 * math.pi, 1.3)),
}
NOISES = (0.05, 1.0)  # bounds


@dataclass(frozen=True)
class Points:
    """Points to learn from, points held out, and fresh points to compare with; `known` is None for a drawing."""

    train: Tensor
    held: Tensor
    fresh: Tensor
    known: Known | None


def preset_points(name: str, noise: float, n: int, seed: int, fresh: int = FRESH) -> Points:
    """Draw n points of a preset, of which a tenth is held out; every seed is compared with the same fresh points."""
    known, others = distribution(name, noise, fresh)
    return Points(*hold_out(known.sample(n, torch.Generator().manual_seed(seed))), others, known)


@lru_cache(maxsize=KEPT)
def distribution(name: str, noise: float, fresh: int) -> tuple[Known, Tensor]:
    """Return the distribution of a preset, and fresh points of it."""
    known = PRESETS[name].make(noise)
    return known, known.sample(fresh, torch.Generator().manual_seed(FRESH_SEED))


def drawn_points(board: bytes, seed: int) -> Points:
    """Read a drawing, two bytes a point, and spread each point evenly within its cell; compare with all of them.

    Raises:
        ValueError: if there are too few points to learn from.
    """
    raw = torch.tensor(list(board), dtype=torch.float32).view(-1, 2)
    if len(raw) < 5:
        raise ValueError("draw at least five points first")
    generator = torch.Generator().manual_seed(seed)
    x = ((raw + torch.rand(raw.shape, generator=generator)) / LEVELS * 2 - 1) * VIEW
    x = x[torch.randperm(len(x), generator=generator)]
    return Points(*hold_out(x), x, None)


def hold_out(x: Tensor) -> tuple[Tensor, Tensor]:
    """Split points (N, 2) into those to learn from, (N − K, 2), and the tenth that is held out, (K, 2) with K ≥ 1."""
    held = max(1, len(x) // HELD)
    return x[held:], x[:held]
