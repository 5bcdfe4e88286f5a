"""Checks of images and labels, shared by the families."""

import torch
from torch import Tensor

from explorer.spaces import LEVELS


def check_images(x: Tensor, dtype: torch.dtype = torch.float32) -> None:
    """Raise ValueError unless `x` is (B, 1, 28, 28), of that type, and in [0, 1]."""
    if x.ndim != 4 or x.shape[1:] != LEVELS.shape or x.dtype != dtype:
        raise ValueError(f"images must be {dtype} (B, 1, 28, 28), not {x.dtype} {tuple(x.shape)}")
    if not bool(((x >= 0) & (x <= 1)).all()):
        raise ValueError(f"pixels must lie in [0, 1], not in [{x.min():.3g}, {x.max():.3g}]")


def check_label(label: Tensor, n: int, classes: int) -> Tensor:
    """Return the label; raise ValueError unless it is (n,) integers up to `classes`, which stands for any."""
    whole = isinstance(label, Tensor) and label.dtype == torch.long and label.shape == (n,)
    if not whole or not bool(((label >= 0) & (label <= classes)).all()):
        raise ValueError(f"label must be whole numbers ({n},) from 0 to {classes} ({classes}: any)")
    return label
