"""Measures of a classifier: its accuracy."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer import data
from explorer.measures.common import Load, in_chunks, mean_row
from explorer.models.classifier import Classifier
from explorer.networks.card import Card, find
from explorer.running.device import device_of

CLASSIFIER_CHUNK = 100


@torch.no_grad()
def logits(model: Classifier, split: data.Split) -> Tensor:
    """Return the logits of a whole split: (N, classes)."""
    return in_chunks(split.pixels().to(device_of(model)), model, CLASSIFIER_CHUNK)[0]


def objectives(model: Classifier, held_out: data.Split, training: dict) -> list[float]:
    """Return the mean cross-entropy on the held-out images, in nats."""
    return [float(F.cross_entropy(logits(model, held_out), held_out.labels))]


def figures(model: Classifier, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure the accuracy on the held-out and on the test images."""
    measured = []
    for name, split in (("accuracy", "test"), ("held_out_accuracy", "held-out")):
        images = load(dataset, split)
        measured.append(mean_row(name, logits(model, images).argmax(-1) == images.labels))
    return {"rows": measured}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    return f"accuracy {find(card, 'accuracy')['value']:.2%}"
