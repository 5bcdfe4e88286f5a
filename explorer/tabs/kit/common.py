"""Helpers shared by the server functions of several families: image paths, seeds and labels."""

import torch
from torch import Tensor

from explorer import data

SHEETS = {dataset: f"explorer/bundled/{dataset}" for dataset in data.CLASSES}
"""Path of the bundled images of each data set in the browser."""


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def labels(label: int | None, n: int) -> Tensor | None:
    return None if label is None else torch.full((n,), label)
