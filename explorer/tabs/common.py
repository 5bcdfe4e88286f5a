"""What the server functions of several families do alike: seeds, pictures, labels and rounded numbers."""

import torch
from torch import Tensor

from explorer import data
from explorer.tabs.packing import unpack_bits
from explorer.tabs.shared_fields import Image


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def image_of(picture: Image) -> Tensor:
    """A test image in its grey levels, or a drawing: (1, 1, 28, 28) in [0, 1]."""
    match picture:
        case "test", index, dataset:
            x = data.bundled(dataset).images[index].float() / 255
        case _:
            x = unpack_bits(picture[1])
    return x.view(1, 1, 28, 28)


def labels(label: int | None, n: int) -> Tensor | None:
    return None if label is None else torch.full((n,), label)


def rounded(x: Tensor) -> list[float]:
    return [round(float(value), 5) for value in x]


def spherical_weights(angle: float, places: Tensor) -> Tensor:
    r"""$\frac{\sin((1 - s) \theta)}{\sin \theta}$ and $\frac{\sin(s \theta)}{\sin \theta}$ at places s: (n, 2).

    With these weights two points of one sphere, an angle θ apart, give the shortest way between them.

    Reference: Shoemake, Animating Rotation with Quaternion Curves, 1985, https://doi.org/10.1145/325334.325242
    """
    theta = torch.tensor(angle, dtype=torch.float64)
    if theta.sin() < 1e-6:
        return torch.stack([1 - places, places], dim=-1)
    return torch.stack([((1 - places) * theta).sin(), (places * theta).sin()], dim=-1) / theta.sin()
