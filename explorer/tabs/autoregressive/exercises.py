"""Exercises on autoregressive models, and the log-probability of a test image by one of the networks."""

import functools
from pathlib import Path

import torch

from explorer import data
from explorer.lessons.written import read
from explorer.networks import checkpoints
from explorer.running.device import device_of
from explorer.tabs.autoregressive.maths import gaussian_nll, temper

MNIST = "pixelcnn-mnist"


@functools.lru_cache(maxsize=512)
def log_prob(net: str, dataset: str, image: int) -> float:
    """Return log p(x) of a bundled test image, in nats."""
    model = checkpoints.load(net)
    with torch.no_grad():
        return float(model.log_prob(data.read(("test", image, dataset), model.space).to(device_of(model))))


GIVEN = {"MNIST": MNIST, "gaussian_nll": gaussian_nll, "log_prob": log_prob, "temper": temper}
EXERCISES = read(Path(__file__).with_suffix(".md"), GIVEN)
