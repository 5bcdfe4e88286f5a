"""Helpers shared by the server functions of several families: image paths, seeds and labels."""

import hashlib

import torch
from torch import Tensor

from explorer import data


def _version(dataset: str) -> str:
    files = sorted(data.BUNDLED.glob(f"{dataset}[-.]*[!z]"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


SHEETS = {dataset: f"explorer/bundled/{dataset}?v={_version(dataset)}" for dataset in data.CLASSES}
"""Path of the bundled images of each data set in the browser, with their version, without an ending."""


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def labels(label: int | None, n: int) -> Tensor | None:
    return None if label is None else torch.full((n,), label)
