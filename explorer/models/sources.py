"""Deterministic functions from an image to the source of its translation: outline, skeleton, bold, thin, slanted.

All work on batches of any size, on any device. Shapes of every image: (B, 1, 28, 28) in [0, 1].

References:
    Canny, A Computational Approach to Edge Detection, 1986 (gradient, and its maxima across an edge)
    Zhang & Suen, A Fast Parallel Algorithm for Thinning Digital Patterns, 1984
"""

import math
from collections.abc import Sequence
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

STEEP = 0.125  # least gradient of an edge, in grey levels per pixel
INK = 0.5  # grey level from which a pixel belongs to a stroke
CLOTH = 0.05  # grey level from which a pixel belongs to a garment
SOURCES_SLANT = 0.5  # shear of a slanted digit: pixels to the right for each pixel up
SOURCES_LINE = (1 / 4, 1 / 2, 1 / 4)  # smoothing along one axis
SOBEL = (-1 / 8, 0, 1 / 8, -2 / 8, 0, 2 / 8, -1 / 8, 0, 1 / 8)
ACROSS = ((0, 1), (1, 1), (1, 0), (1, -1))  # (down, right) for gradients at 0°, 45°, 90° and 135°
SOURCES_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))  # P2 … P9 of Zhang and Suen


def outline(x: Tensor) -> Tensor:
    """Return the thin edges of garments (B, 1, 28, 28) in [0, 1]: zeros and ones of that shape.

    The square root of the grey levels is smoothed, so that dark garments have edges too. An edge is a pixel with a
    steep gradient which is at least as large as that of both neighbours across the edge.
    """
    around = windows(smooth(x.float().sqrt()))
    across, down = weighted_sum(around, SOBEL), weighted_sum(around, [SOBEL[3 * (i % 3) + i // 3] for i in range(9)])
    size = torch.hypot(across, down)
    direction = (torch.atan2(down, across) / (math.pi / 4)).round().long() % 4
    near = windows(size)
    ahead, behind = (
        torch.cat([near[:, [place(sign * dy, sign * dx)]] for dy, dx in ACROSS], 1).gather(1, direction)
        for sign in (1, -1)
    )
    return ((size > STEEP) & (size >= ahead) & (size > behind)).float()


def silhouette(x: Tensor) -> Tensor:
    """Return the outline of a garment without its interior edges, (B, 1, 28, 28): the edges of its filled shape."""
    return outline((x > CLOTH).float())


def windows(x: Tensor) -> Tensor:
    """Return the 3×3 window of each pixel, row by row, with zeros beyond the border: (B, 9, 28, 28).

    Shapes: `x` (B, 1, 28, 28).
    """
    return F.unfold(x, 3, padding=1).view(len(x), 9, *x.shape[-2:])


def place(down: int, right: int) -> int:
    """Return the place of a neighbour in a window."""
    return 3 * (1 + down) + 1 + right


def weighted_sum(around: Tensor, weights: Sequence[float]) -> Tensor:
    """Return the weighted sum of each window (B, 9, H, W): (B, 1, H, W); no convolution, so that devices agree."""
    return (around * torch.tensor(weights, device=around.device).view(1, 9, 1, 1)).sum(1, keepdim=True)


def skeleton(x: Tensor) -> Tensor:
    """Return the skeleton of strokes (B, 1, 28, 28) by Zhang and Suen's thinning: zeros and ones of that shape.

    Both passes of a round delete pixels of the border, all at the same time. The rounds end when none is deleted.
    """
    ink = (x.float() >= INK).float()
    bits = {place(*each): bit for bit, each in enumerate(SOURCES_AROUND)}
    weights = [2.0 ** bits[index] if index in bits else 0.0 for index in range(9)]
    tables = deletable().to(x.device)
    while True:
        before = ink
        for table in tables:
            ink = ink * ~table[weighted_sum(windows(ink), weights).long()]
        if torch.equal(ink, before):
            return ink


@cache
def deletable() -> Tensor:
    """Return if a pass deletes a pixel whose eight neighbours make up this number: (2 passes, 256)."""
    return torch.tensor([[is_deleted([n >> bit & 1 for bit in range(8)], late) for n in range(256)] for late in (0, 1)])


def is_deleted(p: list[int], late: int) -> bool:
    """Decide by the rule of Zhang and Suen; `p` holds the neighbours P2 … P9, clockwise from the one above."""
    north, east, south, west = p[::2]
    rises = sum(before < after for before, after in zip(p, p[1:] + p[:1]))
    first, second = (north * east * west, north * south * west) if late else (north * east * south, east * south * west)
    return 2 <= sum(p) <= 6 and rises == 1 and not first and not second


def thin(x: Tensor) -> Tensor:
    """Return digits (B, 1, 28, 28) written with a thin pen: their skeleton, softened."""
    return (2 * smooth(skeleton(x))).clamp(max=1)


def smooth(x: Tensor) -> Tensor:
    """Smooth images (B, 1, H, W) by the weights 1, 2, 1 in both directions."""
    return weighted_sum(windows(x), [down * right for down in SOURCES_LINE for right in SOURCES_LINE])


def bold(x: Tensor) -> Tensor:
    """Return digits (B, 1, 28, 28) written with a broad pen: the largest of each pixel and its four neighbours."""
    return torch.maximum(F.max_pool2d(x, (3, 1), 1, (1, 0)), F.max_pool2d(x, (1, 3), 1, (0, 1)))


def upright(x: Tensor) -> Tensor:
    """Shear digits (B, 1, 28, 28) so that their ink has no slant: the covariance of column and row becomes 0."""
    return shear(x, slant_of(x))


def slant(x: Tensor) -> Tensor:
    """Shear digits (B, 1, 28, 28) so that their ink leans to the right by `SOURCES_SLANT`."""
    return shear(x, slant_of(x) - SOURCES_SLANT)


def slant_of(x: Tensor) -> Tensor:
    """Return the regression slope of column on row, over the ink, in pixels to the left for each pixel down: (B,).

    Shapes: `x` (B, 1, 28, 28).
    """
    rows, columns, weight = centred_coordinates(x)
    return -(weight * rows * columns).sum((-1, -2)) / (weight * rows * rows).sum((-1, -2)).clamp(min=1e-6)


def centred_coordinates(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return each pixel's row and column from the centre of the ink, and its share of the ink: (B, 28, 28) each.

    Shapes: `x` (B, 1, 28, 28).
    """
    ink = x[:, 0].float()
    weight = ink / ink.sum((-1, -2), keepdim=True).clamp(min=1e-6)
    lines = torch.arange(x.shape[-1], device=x.device, dtype=torch.float32)
    rows, columns = lines[:, None].expand_as(weight), lines.expand_as(weight)
    middle = [(weight * each).sum((-1, -2), keepdim=True) for each in (rows, columns)]
    return rows - middle[0], columns - middle[1], weight


def shear(x: Tensor, slope: Tensor) -> Tensor:
    """Move the rows of images by `slope` (B,) pixels to the right for each pixel below the centre of the ink.

    Shapes: `x` (B, 1, 28, 28), as the result.
    """
    rows, columns, _ = centred_coordinates(x)
    lines = torch.arange(x.shape[-1], device=x.device, dtype=torch.float32).expand_as(rows)
    grid = torch.stack([lines - slope.view(-1, 1, 1) * rows, lines.mT], dim=-1)
    half = (x.shape[-1] - 1) / 2
    return F.grid_sample(x.float(), grid / half - 1, align_corners=True).clamp(0, 1)
