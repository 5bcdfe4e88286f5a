"""What is measured of a classifier: its accuracy."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer import data
from explorer.device import device_of
from explorer.measures.common import Load, in_chunks, measured_mean
from explorer.models.classifier import Classifier

CHUNK = 100


@torch.no_grad()
def logits(model: Classifier, split: data.Split) -> Tensor:
    """(N, classes), for a whole split."""
    return in_chunks(split.pixels().to(device_of(model)), model, CHUNK)[0]


def objectives(model: Classifier, held_out: data.Split, training: dict) -> list[float]:
    """The mean cross-entropy on the held-out images, in nats."""
    return [float(F.cross_entropy(logits(model, held_out), held_out.labels))]


def figures(model: Classifier, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """The share of images that get their own label, on the held-out and on the test images."""
    shares = {}
    for split in ("held-out", "test"):
        images = load(dataset, split)
        shares[split] = measured_mean(logits(model, images).argmax(-1) == images.labels)
    return {"figures": {"accuracy": shares["test"], "held_out_accuracy": shares["held-out"]}}


def headline(card: dict) -> str:
    """What the command line says when the measuring is done."""
    return f"accuracy {card['figures']['accuracy']['value']:.2%}"
