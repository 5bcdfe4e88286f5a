"""What the server functions of several families do alike: seeds, pictures, labels and rounded numbers."""

import torch
from torch import Tensor

from explorer import data

SHEETS = {dataset: f"explorer/bundled/{dataset}" for dataset in data.CLASSES}
"""Where the browser finds the bundled images of a data set."""


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def labels(label: int | None, n: int) -> Tensor | None:
    return None if label is None else torch.full((n,), label)


def spherical_weights(angle: float, places: Tensor) -> Tensor:
    r"""$\frac{\sin((1 - s) \theta)}{\sin \theta}$ and $\frac{\sin(s \theta)}{\sin \theta}$ at places s: (n, 2).

    With these weights two points of one sphere, an angle θ apart, give the shortest way between them.

    Reference: Shoemake, Animating Rotation with Quaternion Curves, 1985, https://doi.org/10.1145/325334.325242
    """
    theta = torch.tensor(angle, dtype=torch.float64)
    if theta.sin() < 1e-6:
        return torch.stack([1 - places, places], dim=-1)
    return torch.stack([((1 - places) * theta).sin(), (places * theta).sin()], dim=-1) / theta.sin()
