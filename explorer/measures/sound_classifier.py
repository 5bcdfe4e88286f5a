"""Measures of a classifier of spoken digits: its accuracy."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.data import Recordings
from explorer.data.spoken_digits import DIGITS
from explorer.measures.common import Load, in_chunks, mean_row
from explorer.models.sound_classifier import SoundClassifier
from explorer.networks.card import Card, find
from explorer.running.device import device_of

CHUNK = 50


@torch.no_grad()
def logits(model: SoundClassifier, recordings: Recordings) -> Tensor:
    """Return the logits of recordings: (N, 10)."""
    return in_chunks(recordings.pixels().to(device_of(model)), model, CHUNK)[0]


def objectives(model: SoundClassifier, held_out: Recordings, training: dict) -> list[float]:
    """Return the mean cross-entropy on the held-out recordings, in nats."""
    return [float(F.cross_entropy(logits(model, held_out), held_out.labels % DIGITS))]


def figures(model: SoundClassifier, dataset: str, folder: Path, load: Load, seed: int, earlier: Card) -> dict:
    """Measure the accuracy on the test and on the held-out recordings."""
    measured = []
    for name, split in (("accuracy", "test"), ("held_out_accuracy", "held-out")):
        recordings = load(dataset, split)
        measured.append(mean_row(name, logits(model, recordings).argmax(-1) == recordings.labels % DIGITS))
    return {"rows": measured}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    return f"accuracy {find(card, 'accuracy')['value']:.2%}"
