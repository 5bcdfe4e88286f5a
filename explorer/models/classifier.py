"""A small convolutional classifier; its features measure the distance between generated and real images.

It is not a generative family: `explorer.measures.metrics` uses it, and no tab displays it.
"""

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.layers import channels_last
from explorer.models.model import Model
from explorer.spaces import LEVELS


class Classifier(Model):
    r"""Classifier $p(y \mid x)$ of 28×28 grey images.

    Arguments:
        channels: Width at each resolution, finest first; two convolutions each.
        classes: Number of labels.
        dropout: Dropout rate of the features during training.
    """

    space = LEVELS

    def __init__(self, channels: Sequence[int] = (32, 64, 128), classes: int = 10, dropout: float = 0.3):
        super().__init__()
        layers, before = [], 1
        for width in channels:
            layers += [_block(before, width), _block(width, width), nn.MaxPool2d(2)]
            before = width
        self.body = nn.Sequential(*layers[:-1])
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(before, classes)
        channels_last(self)

    def features(self, x: Tensor) -> Tensor:
        """Compute the mean features over all positions: (B, 1, 28, 28) in [0, 1] to (B, channels[-1])."""
        x = (2 * x - 1).contiguous(memory_format=torch.channels_last)
        return self.body(x).mean((-2, -1))

    def forward(self, x: Tensor) -> Tensor:
        """Logits (B, classes) of images (B, 1, 28, 28) in [0, 1]."""
        return self.head(self.dropout(self.features(x)))

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Cross-entropy in nats on randomly rotated, scaled and shifted images.

        Shapes: `x` (B, 1, 28, 28), `label` (B,).
        """
        turned = augment(x, recipe["augment"], generator)
        return F.cross_entropy(self.head(self.dropout(self.features(turned))).float(), label)


def _block(channels: int, out: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(channels, out, 3, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU())


def augment(x: Tensor, limits: dict, generator: torch.Generator) -> Tensor:
    """Rotate images by up to `degrees`, scale by up to 1 ± `scale`, shift by up to `shift` pixels, and mirror if asked.

    Shapes: `x` (B, 1, 28, 28), as the result.
    """
    angle, scale, right, down, mirror = (2 * torch.rand(5, len(x), generator=generator) - 1).to(x)
    angle, scale = angle * math.radians(limits["degrees"]), 1 + scale * limits["scale"]
    sign = torch.where(mirror < 0, -1.0, 1.0) if limits["mirror"] else torch.ones_like(mirror)
    shift = 2 * limits["shift"] / x.shape[-1]
    rows = torch.stack(
        [sign * scale * angle.cos(), -scale * angle.sin(), shift * right]
        + [sign * scale * angle.sin(), scale * angle.cos(), shift * down],
        dim=-1,
    )
    grid = F.affine_grid(rows.view(-1, 2, 3), list(x.shape), align_corners=False)
    return F.grid_sample(x, grid, align_corners=False)
