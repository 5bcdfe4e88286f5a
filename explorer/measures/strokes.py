"""Simple measures of the strokes of an image: their thickness, the slant, the width and the height.

Each is computed from the grey levels alone, without a network. Widths and lengths are in pixels.
"""

import torch
from torch import Tensor


def moments(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the variances of the ink along columns and rows, and their covariance: (B, 1, H, W) to three (B,).

    All are in pixels².
    """
    ink = x[:, 0] / x.flatten(1).sum(-1).clamp(min=1e-6)[:, None, None]
    rows, columns = (torch.arange(size, dtype=x.dtype, device=x.device) for size in x.shape[2:])
    across, down = ink.sum(1), ink.sum(2)
    middle = (across @ columns)[:, None], (down @ rows)[:, None]
    wide, high = columns - middle[0], rows - middle[1]
    both = torch.einsum("byx,by,bx->b", ink, high, wide)
    return (across * wide.square()).sum(-1), (down * high.square()).sum(-1), both


def slant(x: Tensor) -> Tensor:
    """Return how far the strokes lean to the right, in degrees from the vertical: (B, 1, H, W) to (B,)."""
    _, high, both = moments(x)
    return torch.rad2deg(torch.atan(-both / high.clamp(min=1e-6)))


def width(x: Tensor) -> Tensor:
    """Return twice the standard deviation of the ink across the image, without the slant: (B, 1, H, W) to (B,).

    It is in pixels.
    """
    wide, high, both = moments(x)
    return 2 * (wide - both.square() / high.clamp(min=1e-6)).clamp(min=0).sqrt()


def height(x: Tensor) -> Tensor:
    """Return twice the standard deviation of the ink down the image, in pixels: (B, 1, H, W) to (B,)."""
    return 2 * moments(x)[1].sqrt()


def thickness(x: Tensor) -> Tensor:
    """Return the thickness of the strokes: twice their area over their outline, in pixels: (B, 1, H, W) to (B,).

    The outline is the total variation of the grey levels.
    """
    padded = torch.nn.functional.pad(x[:, 0], (0, 1, 0, 1))
    down, across = padded[:, 1:, :-1] - x[:, 0], padded[:, :-1, 1:] - x[:, 0]
    outline = (down.square() + across.square()).sqrt().sum((1, 2))
    return 2 * x.flatten(1).sum(-1) / outline.clamp(min=1e-6)


TRAITS = {"thickness": thickness, "slant": slant, "width": width, "height": height}
"""Measures by name."""
UNITS = {"thickness": "pixels", "slant": "degrees", "width": "pixels", "height": "pixels"}
