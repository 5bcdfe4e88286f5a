"""Nearest training image to any image, from a compact index of all 55,000."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor

from explorer import data
from explorer.data.packed import decompress, shipped
from explorer.running.pauses import pausing

NEIGHBOURS_CHUNK = 2_000  # images per chunk, so that it fits into the processor's cache


@dataclass(frozen=True)
class Neighbour:
    """A training image (1, 28, 28) in [0, 1], its position in the index, and its distance (L2, grey levels)."""

    image: Tensor
    index: int
    label: int
    distance: float


class TrainingIndex:
    """All training images of a data set at a few grey levels.

    Arguments:
        levels: Grey levels (N, 784) as unsigned bytes 0 … `count` − 1.
        labels: (N,).
        count: Number of grey levels.
    """

    def __init__(self, levels: Tensor, labels: Tensor, count: int):
        self.levels, self.labels, self.count = levels, labels, count
        self.squares = self._by_chunk(lambda images: images.square().sum(-1)) / (count - 1)

    def __len__(self) -> int:
        return len(self.levels)

    def images(self, indices: Tensor | slice) -> Tensor:
        """Return images (n, 1, 28, 28) in [0, 1]."""
        return (self.levels[indices].float() / (self.count - 1)).view(-1, 1, 28, 28)

    def nearest(self, x: Tensor) -> Neighbour:
        """Return the training image a with the smallest L2 distance to `x` (1, 28, 28) in [0, 1].

        In |a − x|² = |a|² − 2 a·x + |x|² the first term is precomputed and the last is the same for all a. The index
        stores a as grey levels, so the first term is divided by `count` − 1 once, to match the unscaled products.
        """
        products = self._by_chunk(lambda images: images @ x.flatten())
        best = int((self.squares - 2 * products).argmin())
        image = self.images(slice(best, best + 1))[0]
        return Neighbour(image, best, int(self.labels[best]), float(torch.dist(image, x)))

    def _by_chunk(self, of: Callable[[Tensor], Tensor]) -> Tensor:
        """Apply a function to all images (N, 784) in grey levels, chunk by chunk: (N,)."""
        return torch.cat([of(levels.float()) for levels in pausing(self.levels.split(NEIGHBOURS_CHUNK))])


@cache
def training_index(dataset: str) -> TrainingIndex:
    """Load the index that ships with the app (43 MB in memory), or make that of a further set, once per process."""
    if dataset in data.OWN:
        train = data.OWN[dataset].load("train")
        return TrainingIndex(train.images.flatten(1), train.labels, 256)
    count = json.loads((data.BUNDLED / f"{dataset}.json").read_text(encoding="utf-8"))["train_levels"]
    raw = np.frombuffer(decompress(shipped(f"{dataset}-train.xz")), np.uint8)
    size = len(raw) // (28 * 28 + 1)
    labels, levels = raw[:size].copy(), raw[size:].reshape(size, 28 * 28).copy()
    return TrainingIndex(torch.from_numpy(levels), torch.from_numpy(labels).long(), count)
