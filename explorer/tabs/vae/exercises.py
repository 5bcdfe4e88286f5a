"""Exercises on the VAE, and the rate of its codes at any β."""

import functools
from pathlib import Path

import torch

from explorer import data
from explorer.lessons.written import read
from explorer.models.latent import kl_to_prior
from explorer.networks import checkpoints
from explorer.running.device import device_of
from explorer.tabs.foundations.maths import kl as kl_of_gaussians
from explorer.tabs.vae.maths import kl, reparameterise


@functools.cache
def _images(dataset: str) -> torch.Tensor:
    return data.bundled_binary_images(dataset)


@functools.lru_cache(maxsize=256)
def rate(dataset: str, beta: float) -> float:
    """Return the mean KL to the prior over the test images on the map, in nats."""
    model = checkpoints.load(f"beta-vae-{dataset}")
    with torch.no_grad():
        q = model.encode(_images(dataset).to(device_of(model)), beta)
    return float(kl_to_prior(q.mean, q.stddev).mean())


GIVEN = {"kl": kl, "kl_of_gaussians": kl_of_gaussians, "rate": rate, "reparameterise": reparameterise}
EXERCISES = read(Path(__file__).with_suffix(".md"), GIVEN)
