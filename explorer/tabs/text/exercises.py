"""Exercises on models of text, and what a text costs the transformer, with all of its heads and without one."""

import functools
import math
from pathlib import Path

import torch

from explorer.lessons.written import read
from explorer.networks import checkpoints
from explorer.running.device import device_of
from explorer.spaces import TEXT

TRANSFORMER = "transformer-shakespeare"
BITS = math.log(2)  # nats
LINE = "To be, or not to be, that is the question."
SPEECH = "ROMEO:\nBut soft! what light through yonder window breaks?\nIt is the east, and Juliet is the sun."
TEXT_KNOWN = "KING RICHARD III:\nWhat is the matter, my lord?\n\nKING RICHARD III:\n"


@functools.lru_cache(maxsize=256)
def bits_of(text: str) -> float:
    """Return the bits per character of a text by the transformer."""
    model = checkpoints.load(TRANSFORMER)
    with torch.no_grad():
        return float(-model.log_prob(TEXT.codes(text).unsqueeze(0).to(device_of(model)))) / len(text) / BITS


@functools.lru_cache(maxsize=64)
def costs_of(text: str) -> torch.Tensor:
    """Return the bits per character that each head saves on a text: (layers, heads)."""
    model = checkpoints.load(TRANSFORMER)
    return model.head_costs(TEXT.codes(text).unsqueeze(0).to(device_of(model)))[0].cpu() / BITS


def head_cost(text: str, layer: int, head: int) -> float:
    """Return the bits per character that a head saves on a text; layers and heads are counted from 1."""
    return float(costs_of(text)[layer - 1, head - 1])


GIVEN = {"KNOWN": TEXT_KNOWN, "SPEECH": SPEECH, "bits_of": bits_of, "head_cost": head_cost}
EXERCISES = read(Path(__file__).with_suffix(".md"), GIVEN)
