r"""Shapes with known, independent factors: kind, size, angle and position.

Nothing is stored. A shape is drawn from its factors. A pixel's grey level is the share of the pixel that the shape
covers, counted at $4 \times 4$ points. Sizes, angles and positions of training shapes are uniform in an interval.
`grid` has every combination of a few values once, so that the information of a code about a factor can be counted.

Reference: Matthey et al., dSprites: Disentanglement testing Sprites dataset, 2017 (the same factors, larger)
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.data.images import Split
from explorer.spaces.images import SIDE

SHAPES_KINDS = ("ellipse", "rectangle", "triangle")
FACTORS = {"kind": (0, 2), "size": (4.5, 8.0), "angle": (0.0, 90.0), "x": (9.0, 19.0), "y": (9.0, 19.0)}
"""Range of each factor: an index of `SHAPES_KINDS`, half the length in pixels, degrees, and the centre in pixels."""
LEVELS = {"kind": 3, "size": 4, "angle": 5, "x": 8, "y": 8}  # number of values of each factor in the grid
SIZES, SEEDS = {"train": 20_000, "held-out": 1_000}, {"train": 1, "held-out": 2}
SHAPES_POINTS = 4  # for each side of a pixel
SHAPES_CHUNK = 40  # shapes at a time, so that they fit into the processor's cache


def load(split: str) -> tuple[Split, Tensor]:
    """Draw fixed random shapes and their factors (N, 5): "train" 20,000, "held-out" 1,000."""
    generator = torch.Generator().manual_seed(SEEDS[split])
    factors = torch.rand(SIZES[split], len(FACTORS), generator=generator)
    factors[:, 0] = (len(SHAPES_KINDS) * factors[:, 0]).floor() / (len(SHAPES_KINDS) - 1)
    factors = factors_at(factors)
    return draw(factors), factors


def grid() -> tuple[Split, Tensor]:
    """Draw every combination of the grid's values, and return the indices of the factors' values: (3840, 5)."""
    values = torch.cartesian_prod(*(torch.arange(levels) for levels in LEVELS.values()))
    return draw(at(values)), values


def at(values: Tensor) -> Tensor:
    """Return the factors (N, 5) of grid indices (N, 5)."""
    return factors_at(values / torch.tensor([levels - 1 for levels in LEVELS.values()]))


def factors_at(shares: Tensor) -> Tensor:
    """Return factors (N, 5) from their positions between the ends of the range, from 0 to 1."""
    low, high = torch.tensor(list(FACTORS.values())).T
    return low + shares * (high - low)


def draw(factors: Tensor) -> Split:
    """Draw shapes with these factors (N, 5) as images, with their kinds as labels."""
    images = torch.cat([coverage(part) for part in factors.split(SHAPES_CHUNK)])
    return Split((255 * images).round().to(torch.uint8), factors[:, 0].long())


def coverage(factors: Tensor) -> Tensor:
    """Compute the share of every pixel that shapes with these factors (N, 5) cover: (N, 1, 28, 28).

    A shape is twice as long as wide, and its length points along its angle.
    """
    _, size, angle, x, y = (each.view(-1, 1, 1) for each in factors.T)
    points = (torch.arange(SIDE * SHAPES_POINTS) + 0.5) / SHAPES_POINTS
    right, down = points - x, points.unsqueeze(-1) - y
    cos, sin = (angle * math.pi / 180).cos() / size, (angle * math.pi / 180).sin() / size
    along, across = right * cos + down * sin, 2 * (down * cos - right * sin)
    inside = torch.empty(along.shape)
    for kind, extent in enumerate((ellipse, rectangle, triangle)):
        of = factors[:, 0] == kind
        inside[of] = (extent(along[of], across[of]) <= 1).float()
    return F.avg_pool2d(inside.unsqueeze(1), SHAPES_POINTS)


def ellipse(along: Tensor, across: Tensor) -> Tensor:
    """Compute a function that is at most 1 exactly inside the ellipse; all shapes are alike."""
    return along.square() + across.square()


def rectangle(along: Tensor, across: Tensor) -> Tensor:
    """Compute a function that is at most 1 exactly inside the rectangle; all shapes are alike."""
    return torch.maximum(along.abs(), across.abs())


def triangle(along: Tensor, across: Tensor) -> Tensor:
    """Compute a function that is at most 1 exactly inside the triangle with base at −1 and tip at 1.

    All shapes are alike.
    """
    return torch.maximum(-along, along + 2 * across.abs())
