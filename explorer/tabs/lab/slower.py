"""Metrics of a set that take seconds: −log p by two networks, and the accuracy of a classifier trained on the set."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from explorer import data
from explorer.measures.common import in_chunks
from explorer.measures.lab import Metric, judgements, spread
from explorer.measures.use import right, train_classifier
from explorer.networks import checkpoints
from explorer.questions import likelihood
from explorer.running.device import device_of
from explorer.running.pauses import pause, pausing
from explorer.spaces import BINARY
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.lab.fields import IMAGES
from explorer.tabs.lab.sets import images_of

SLOWER = {
    "pixelcnn": Metric("−log p by PixelCNN", "PixelCNN", "low"),
    "flow": Metric("−log p by a flow", "Flow", "low"),
    "use": Metric("Classifier trained on the set", "Use", "high"),
}
READ, CHUNK = 100, 25  # images of a set whose log p is computed, and those computed together
STEPS, BATCH = 60, 50  # of the training of the classifier
PAIRS = 3  # pairs of real sets, which the floor of the classifier is measured by


@dataclass(frozen=True)
class Labelled:
    """Images (N, 1, 28, 28) with their classes (N,)."""

    x: Tensor
    labels: Tensor


def log_probs(name: str, dataset: str, x: Tensor) -> Tensor:
    """Compute log p(x), or one draw of its bound, of the first `READ` images, in nats: (n,).

    Shapes: `x` (N, 1, 28, 28) in [0, 1].
    """
    model = checkpoints.load(f"{name}-{dataset}")
    x = x[:READ]
    x = data.binarise(x, seed=0) if model.space == BINARY else (x * 255).round() / 255
    generator = rng(0)

    @torch.no_grad()
    def look(part: Tensor) -> Tensor:
        pause()
        return likelihood.log_prob(model, part.to(device_of(model)), generator=generator)

    return in_chunks(x, look, CHUNK)[0].double()


@lru_cache(maxsize=8)
def floor_of(name: str, dataset: str, binary: bool) -> tuple[float, float]:
    """Return the mean of a metric for real images, and the standard deviation of its difference between two sets.

    That of an accuracy has the spread of a few trainings, and that of a share of images.
    """
    x = images_of(dataset, binary)
    if name != "use":
        each = log_probs(name, dataset, x)
        return -float(each.mean()), float(each.std()) * math.sqrt(2 / len(each))
    labels, found = data.bundled_images(dataset).labels, []
    for seed in pausing(range(PAIRS)):
        order = torch.randperm(len(x), generator=rng(seed))
        made, real = (Labelled(x[part], labels[part]) for part in order[: 2 * IMAGES].split(IMAGES))
        found.append(usefulness(made, real))
    mean, deviation = spread(torch.tensor(found, dtype=torch.double))
    return mean, math.sqrt(deviation**2 + mean * (1 - mean) / IMAGES)


def usefulness(made: Labelled, real: Labelled) -> float:
    """Train a small classifier on random batches of a set, and return its accuracy on real images."""
    generator = rng(0)

    def batches() -> Iterator[tuple[Tensor, Tensor]]:
        for _ in pausing(range(STEPS)):
            chosen = torch.randint(len(made.x), (BATCH,), generator=generator)
            yield made.x[chosen], made.labels[chosen]

    return right(train_classifier(batches(), STEPS), real.x, real.labels)


def slow_judgements(dataset: str, binary: bool, made: Labelled, real: Labelled) -> list[dict[str, Any]]:
    """Return the figures of a set by each of `SLOWER`, with floors and verdicts as for the other metrics."""
    values = {name: -float(log_probs(name, dataset, made.x).mean()) for name in SLOWER if name != "use"}
    values["use"] = usefulness(made, real)
    return judgements(values, {name: floor_of(name, dataset, binary) for name in values}, SLOWER)
