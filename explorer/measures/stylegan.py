"""Measures of a StyleGAN: the losses of both players, and samples."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer import data
from explorer.card import Card, find
from explorer.device import device_of
from explorer.measures.common import Load, in_chunks, mean_row
from explorer.measures.quality import CHUNK, Draw, in_parts
from explorer.models.stylegan import GROUP, StyleGAN

ROUNDING_IMAGES = 1_000
SCORED = 2_000


@torch.no_grad()
def objectives(model: StyleGAN, held_out: data.Split, training: dict) -> list[float]:
    """Return both players' losses on the first held-out images, without the penalty."""
    real, made = scores(model, held_out[:ROUNDING_IMAGES], torch.Generator().manual_seed(0))
    discriminator = F.softplus(-real) + F.softplus(made)
    return [float(discriminator.double().mean()), float(F.softplus(-made).double().mean())]


@torch.no_grad()
def scores(model: StyleGAN, split: data.Split, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return the scores of a split's images and of as many samples, in whole groups: (N,) and (N,)."""
    device, index = device_of(model), torch.arange(len(split) // GROUP * GROUP)

    def look(part: Tensor) -> tuple[Tensor, Tensor]:
        made = model.sample(len(part), generator=generator)
        return model.score(split[part].pixels().to(device)), model.score(made)

    real, made = in_chunks(index, look, CHUNK // GROUP * GROUP)
    return real, made


def figures(model: StyleGAN, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure the scores of test images and of samples."""
    real, made = scores(model, load(dataset, "test")[:SCORED], torch.Generator().manual_seed(seed))
    return {"rows": [mean_row("score_real", real, seed=seed), mean_row("score_made", made, seed=seed)]}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    real, made = (find(card, name)["value"] for name in ("score_real", "score_made"))
    return f"score of real images {real:.2f}, of samples {made:.2f}"


def ways(model: StyleGAN) -> dict[str, Draw]:
    """Return the samplers whose samples are evaluated, by name."""

    def draw(n: int, generator: torch.Generator, label: Tensor | None) -> Tensor:
        return model.sample(n, generator=generator)

    return {"one pass": in_parts(draw, CHUNK, "one pass")}
