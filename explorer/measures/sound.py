"""Measures of the models of sound."""

import torch
from torch import Tensor

from explorer.data import Recordings
from explorer.device import device_of
from explorer.models.wavenet import WaveNet


@torch.no_grad()
def costs(model: WaveNet, recordings: Recordings) -> list[Tensor]:
    """Compute −log p of every sample of each recording, given its digit and speaker, in nats: a list of (T,)."""
    device = device_of(model)
    pairs = zip(recordings.sounds, recordings.labels.split(1))
    return [-model.conditionals(x.long()[None].to(device), label.to(device))[0].double().cpu() for x, label in pairs]


def objectives(model: WaveNet, held_out: Recordings, training: dict) -> list[float]:
    """Return −log p of the held-out recordings in nats a sample."""
    return [float(torch.cat(costs(model, held_out)).mean())]
