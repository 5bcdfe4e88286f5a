"""Measures of a VQ-VAE: its bound with rate and distortion, perplexity of the codebook, and samples."""

import math
from pathlib import Path

import torch
from torch import Tensor

from explorer import data
from explorer.measures.common import Load, in_chunks, mean_row
from explorer.measures.quality import Draw, in_parts
from explorer.models.vqvae import VQVAE
from explorer.networks.card import Card, find, row
from explorer.running.device import device_of
from explorer.spaces import BINARY

VQVAE_CHUNK = 250
ROUNDING_IMAGES = 1_000
VQVAE_AT_ONCE = 250


def images_of(split: data.Split, model: VQVAE, seed: int) -> Tensor:
    """Return a split as the model expects it: binarised with the seed, or grey: (N, 1, 28, 28)."""
    x = data.binarise(split.pixels(), seed=seed) if model.space == BINARY else split.pixels()
    return x.to(device_of(model))


@torch.no_grad()
def halves(model: VQVAE, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return −log p(z(x)) and −log p(x | z(x)) of images, in nats, each (N,), and their tokens (N, 49).

    Shapes: `x` (N, 1, 28, 28).
    """

    def score(part: Tensor) -> tuple[Tensor, ...]:
        tokens = model.encode(part)
        return model.rate(tokens), model.distortion(part, tokens), tokens

    return in_chunks(x, score, VQVAE_CHUNK)


def objectives(model: VQVAE, held_out: data.Split, training: dict) -> list[float]:
    """Return the bound on −log p(x) of the first held-out images, in nats, without a label."""
    rate, distortion, _ = halves(model, images_of(held_out[:ROUNDING_IMAGES], model, seed=0))
    return [float((rate + distortion).double().mean())]


@torch.no_grad()
def figures(model: VQVAE, dataset: str, folder: Path, load: Load, seed: int, earlier: Card) -> dict:
    """Measure all figures on the card of a VQ-VAE."""
    test = load(dataset, "test")
    x = images_of(test, model, seed)
    rate, distortion, tokens = halves(model, x)
    labels = test.labels.split(VQVAE_CHUNK)
    result = torch.cat([model.rate(part, label) for part, label in zip(tokens.split(VQVAE_CHUNK), labels)])
    of = {"unit": "nats", "seed": seed}
    bound = rate + distortion
    use = shares(tokens, len(model.codebook.entries))
    perplexity = float(torch.special.entr(use).sum().exp())
    return {
        "rows": [
            mean_row("nll", bound, "bound", **of),
            mean_row("bits_per_dim", bound / (model.space.dim * math.log(2)), "bound", unit="bits/dim", seed=seed),
            mean_row("nll_label", result + distortion, "bound", **of),
            mean_row("rate", rate, "exact", **of),
            mean_row("distortion", distortion, "exact", **of),
            row("perplexity", perplexity, "exact", n=len(test)),
            row("perplexity_share", perplexity / len(use), "exact", n=len(test)),
        ],
        "use": [round(float(each), 5) for each in use],
    }


def shares(tokens: Tensor, codes: int) -> Tensor:
    """Return the frequency of each code, (codes,), in tokens of any shape."""
    return tokens.flatten().bincount(minlength=codes).double() / tokens.numel()


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    nll, used = find(card, "nll"), find(card, "perplexity_share")
    halves = " + ".join(f"{find(card, name)['value']:.2f}" for name in ("rate", "distortion"))
    return f"−log p(x) ≤ {nll['value']:.2f} ± {nll['se']:.2f} nats = {halves}, perplexity ÷ codes {used['value']:.2f}"


def samplers(model: VQVAE) -> dict[str, Draw]:
    """Return the samplers whose samples are evaluated, by name."""

    def draw(n: int, generator: torch.Generator, label: Tensor | None) -> Tensor:
        return model.sample(n, generator=generator, label=label)

    return {"token by token": in_parts(draw, VQVAE_AT_ONCE, "token by token")}
