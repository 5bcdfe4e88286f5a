"""Measures of a diffusion given an outline: those of a paired translation, on fewer test images."""

from pathlib import Path

import torch

from explorer import data
from explorer.measures import pix2pix
from explorer.measures.common import Load
from explorer.measures.quality import Judge
from explorer.models.outline_diffusion import OutlineDiffusion
from explorer.models.sources import outline
from explorer.networks.card import Card
from explorer.running.device import device_of

OUTLINE_ROUNDING_IMAGES = 500
OUTLINE_IMAGES = 1_000  # each answer takes many evaluations
PRECISION = "bfloat16"
headline = pix2pix.headline


@torch.no_grad()
def objectives(model: OutlineDiffusion, held_out: data.Split, training: dict) -> list[float]:
    """Return the training loss on held-out images; it is not in nats."""
    generator, split = torch.Generator().manual_seed(0), held_out[:OUTLINE_ROUNDING_IMAGES]
    x = split.pixels().to(device_of(model))
    return [float(model.training_loss(x, training, generator=generator, label=split.labels))]


def figures(model: OutlineDiffusion, dataset: str, folder: Path, load: Load, seed: int, earlier: Card) -> dict:
    """Measure all figures on the card, on the first `OUTLINE_IMAGES` test images."""
    judge = Judge(dataset, load, binary=False)
    return {
        "rows": pix2pix.measure_translations(
            pix2pix.translating(model, getattr(torch, PRECISION)), outline, judge, seed, OUTLINE_IMAGES
        )
    }
