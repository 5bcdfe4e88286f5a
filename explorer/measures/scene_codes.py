"""Measures of the autoencoders of scenes: the error of reconstructions, and the use of the codes."""

from pathlib import Path

import torch
from torch import Tensor

from explorer.data import SCENES, Scenes
from explorer.measures.common import Load, mean_row
from explorer.models.scene_autoencoder import SceneAutoencoder
from explorer.models.scene_vqvae import SceneVQVAE
from explorer.networks.card import Card, find, row
from explorer.running.device import device_of

CODED_AT_ONCE = 200


@torch.no_grad()
def errors(model: SceneAutoencoder | SceneVQVAE, x: Tensor) -> Tensor:
    """Mean absolute error of the reconstruction of each scene (N, 3, 48, 48) in [0, 1]: (N,) on the CPU."""
    parts = (part.to(device_of(model)) for part in x.split(CODED_AT_ONCE))
    return torch.cat([(model.reconstruct(part) - part).abs().mean((1, 2, 3)).cpu() for part in parts])


@torch.no_grad()
def perplexity(model: SceneVQVAE, x: Tensor) -> float:
    """Perplexity of the codes over scenes (N, 3, 48, 48): the number of codes with the same entropy if used alike."""
    tokens = torch.cat([model.encode(part.to(device_of(model))).cpu() for part in x.split(CODED_AT_ONCE)])
    share = tokens.flatten().bincount(minlength=len(model.codebook.entries)).double() / tokens.numel()
    return float(torch.special.entr(share).sum().exp())


def objectives(model: SceneAutoencoder | SceneVQVAE, held_out: Scenes, training: dict) -> list[float]:
    """Return the mean absolute error on held-out scenes, in 1/255; it is not in nats."""
    return [255 * float(errors(model, held_out[:CODED_AT_ONCE].pixels()).mean())]


def figures(
    model: SceneAutoencoder | SceneVQVAE, dataset: str, folder: Path, load: Load, seed: int, earlier: Card
) -> dict:
    """Measure the error on test scenes and on scenes of three phrases, and the perplexity of the codes."""
    test, three = load(dataset, "test")[:].pixels(), SCENES.graded("f", 1_000, 3)[:].pixels()
    found = [mean_row("absolute_error", errors(model, x), captions=kind) for kind, x in (("seen", test), ("f", three))]
    if isinstance(model, SceneVQVAE):
        found.append(row("perplexity", perplexity(model, test), "estimate", n=len(test)))
    return {"rows": found}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    return f"mean absolute error {find(card, 'absolute_error', captions='seen')['value']:.4f}"
