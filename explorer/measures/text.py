"""Measures of the autoregressive models over characters."""

import torch
from torch import Tensor

from explorer.data import Texts
from explorer.device import device_of
from explorer.models.text import TextModel


@torch.no_grad()
def costs(model: TextModel, codes: Tensor) -> Tensor:
    """Compute −log p of every character of one long text, given those before it, in nats: (N,) to (N,)."""
    return -model.conditionals(codes.unsqueeze(0).to(device_of(model)))[0].double().cpu()


def objectives(model: TextModel, held_out: Texts, training: dict) -> list[float]:
    """Return −log p of the held-out text in nats a character."""
    return [float(costs(model, held_out.codes).mean())]
