"""The nearest training image to any picture, from a compact index of all 55,000."""

import json
import lzma
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor

from explorer import data

CHUNK = 5_000


@dataclass(frozen=True)
class Neighbour:
    """A training image (1, 28, 28) in [0, 1], where it lies in the index, and how far away it is (L2, grey levels)."""

    image: Tensor
    index: int
    label: int
    distance: float


class TrainingIndex:
    """All training images of a data set at a few grey levels.

    Arguments:
        levels: Grey levels (N, 784) as unsigned bytes 0 … `count` − 1.
        labels: (N,).
        count: How many grey levels there are.
    """

    def __init__(self, levels: Tensor, labels: Tensor, count: int):
        self.levels, self.labels, self.count = levels, labels, count

    def __len__(self) -> int:
        return len(self.levels)

    def images(self, indices: Tensor | slice) -> Tensor:
        """Images (n, 1, 28, 28) in [0, 1]."""
        return (self.levels[indices].float() / (self.count - 1)).view(-1, 1, 28, 28)

    def nearest(self, x: Tensor) -> Neighbour:
        """The training image with the smallest L2 distance to `x` (1, 28, 28) in [0, 1]."""
        flat = x.flatten()
        squares = torch.cat(
            [
                (self.levels[start : start + CHUNK].float() / (self.count - 1) - flat).square().sum(-1)
                for start in range(0, len(self), CHUNK)
            ]
        )
        best = int(squares.argmin())
        return Neighbour(
            self.images(slice(best, best + 1))[0], best, int(self.labels[best]), float(squares[best].sqrt())
        )


@cache
def training_index(dataset: str) -> TrainingIndex:
    """Unpack the index that travels with the app (43 MB in memory), once a process."""
    count = json.loads((data.BUNDLED / f"{dataset}.json").read_text(encoding="utf-8"))["train_levels"]
    raw = np.frombuffer(lzma.decompress((data.BUNDLED / f"{dataset}-train.xz").read_bytes()), np.uint8)
    size = len(raw) // (28 * 28 + 1)
    labels, levels = raw[:size].copy(), raw[size:].reshape(size, 28 * 28).copy()
    return TrainingIndex(torch.from_numpy(levels), torch.from_numpy(labels).long(), count)
