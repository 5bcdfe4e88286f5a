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
