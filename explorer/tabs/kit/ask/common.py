"""Helpers shared by the server functions of several families: image paths, seeds, labels and a clock."""

import time
from collections.abc import Iterator

import torch
from torch import Tensor

from explorer import data
from explorer.steps import Step

SHEETS = {dataset: f"explorer/bundled/{dataset}" for dataset in data.CLASSES}
SHEETS |= {dataset: f"explorer/own/{dataset}" for dataset in data.OWN}
"""Path of the shown test images of each data set in the browser."""


def rng(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def labels(label: int | None, n: int) -> Tensor | None:
    """Return a class for each of n x: (n,), or None for any."""
    return None if label is None else torch.full((n,), label)


def next_step(steps: Iterator[Step]) -> tuple[Step, float]:
    """Return the next step of a sampler, and the milliseconds of processor time that it took in this thread."""
    start = time.thread_time()
    step = next(steps)
    return step, 1000 * (time.thread_time() - start)
