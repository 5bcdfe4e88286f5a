"""Measures of the two flows of coarse digits: bits/dim of the same images with the same noise, and their difference."""

import math
from pathlib import Path

import torch
from torch import Tensor

from explorer import data
from explorer.data.coarse import to_coarse
from explorer.measures.common import Load, mean_row
from explorer.models.tarflow import PatchFlow
from explorer.networks import checkpoints
from explorer.networks.card import Card, find, row
from explorer.running.device import device_of
from explorer.spaces import COARSE

PATCH_CHUNK = 500
COARSE_BITS = COARSE.dim * math.log(2)  # nats of one bit/dim
OTHER = {"TarFlow": "coupling-digits", "Coupling flow": "tarflow-digits"}
"""The network with which a flow is compared, by its title."""


@torch.no_grad()
def coarse_bounds(model: PatchFlow, split: data.Split, seed: int) -> Tensor:
    """Draw the bound on log P of each coarse image once, in nats: (N,). The noise depends on the seed alone."""
    generator = torch.Generator().manual_seed(seed)
    parts = (to_coarse(part).to(device_of(model)) for part in split.pixels().split(PATCH_CHUNK))
    return torch.cat([model.elbo(part, generator=generator) for part in parts]).double().cpu()


def objectives(model: PatchFlow, held_out: data.Split, training: dict) -> list[float]:
    """Return minus the bound on log P of the held-out images, in nats."""
    return [-float(coarse_bounds(model, held_out, seed=0).mean())]


@torch.no_grad()
def figures(model: PatchFlow, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure bits/dim of the whole test split, and the largest error of decode(encode(x)), x and z in float32."""
    test, generator = load(dataset, "test"), torch.Generator().manual_seed(seed)
    x = model.dequantise(to_coarse(test.pixels()), generator)
    worst = max(float((model.decode(model.encode(part)) - part).abs().max()) for part in x.split(PATCH_CHUNK))
    bits = -coarse_bounds(model, test, seed) / COARSE_BITS
    return {
        "rows": [
            mean_row("bits_per_dim", bits, "bound", unit="bits/dim", seed=seed),
            row("round_trip", worst, "exact", seed=seed),
        ]
    }


def pair(model: PatchFlow, dataset: str, load: Load, seed: int) -> dict:
    """Measure the bits/dim of the other flow minus those of this one, image by image with the same noise."""
    other, test = OTHER[model.title], load(dataset, "test")
    more = coarse_bounds(model, test, seed) - coarse_bounds(checkpoints.load(other), test, seed)
    return {"rows": [mean_row("bits_per_dim_more", more / COARSE_BITS, unit="bits/dim", seed=seed, of=other)]}


PARTS = {"pair": pair}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    found = find(card, "bits_per_dim")
    return f"{found['value']:.4f} ± {found['se']:.4f} bits/dim"
