"""Images of 28×28 pixels as coarse ones of 8×8, and back to the size of the page."""

import torch.nn.functional as F
from torch import Tensor

from explorer.spaces.coarse import COARSE_LEVELS

COARSE_BORDER, COARSE_BLOCK = 2, 3  # 28 = 2 + 3 · 8 + 2


def to_coarse(x: Tensor) -> Tensor:
    """Cut off two pixels at each edge, average blocks of 3×3, and round to 16 levels: (B, 1, 28, 28) to (B, 1, 8, 8).

    Values are in [0, 1], and those of the result multiples of 1/15.
    """
    inner = x[..., COARSE_BORDER:-COARSE_BORDER, COARSE_BORDER:-COARSE_BORDER]
    return (F.avg_pool2d(inner, COARSE_BLOCK) * (COARSE_LEVELS - 1)).round() / (COARSE_LEVELS - 1)


def enlarged(x: Tensor, edge: float = 0.0) -> Tensor:
    """Show each pixel as a block of 3×3, inside an edge of two pixels: (B, 1, 8, 8) to (B, 1, 28, 28)."""
    blocks = x.repeat_interleave(COARSE_BLOCK, -1).repeat_interleave(COARSE_BLOCK, -2)
    return F.pad(blocks, (COARSE_BORDER,) * 4, value=edge)
