"""Measures of autoencoders with codes of several sizes: distance to the nearest code, and classifier confidence.

Every size is measured on the same pairs of test images; no image is in two pairs. The distance of a midpoint or a draw
is the one to the nearest code of a training image. Its unit is the mean distance of the code of a test image.
"""

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from explorer.measures.autoencoder import PRIORS, draw_codes, errors, top_class
from explorer.measures.common import MEASURES_CHUNK, Load, in_chunks, mean_row
from explorer.models.autoencoder import Autoencoder, AutoencoderSizes, half_square
from explorer.networks import checkpoints
from explorer.networks.card import Card, find

AMONG = 20_000  # training images whose codes are searched for the nearest


@torch.no_grad()
def objectives(model: AutoencoderSizes, held_out: object, training: dict) -> list[float]:
    """Return half the mean squared error of held-out images by each size, in nats of a Gaussian of unit variance."""
    x = held_out.pixels()
    return [float(half_square(each.reconstruct(x), x).double().mean()) for each in model.sizes.values()]


@torch.no_grad()
def figures(model: AutoencoderSizes, dataset: str, folder: Path, load: Load, seed: int, earlier: Card) -> dict:
    """Measure every size, and the classifier's confidence in the images and in the pixel means of pairs."""
    x, train = load(dataset, "test").pixels(), load(dataset, "train").pixels()[:AMONG]
    pairs = x[torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))].view(2, -1, *x.shape[1:])
    judge = checkpoints.load(f"classifier-{dataset}", "cpu")

    def confidence(images: Tensor, **setting: float | str) -> dict:
        return mean_row("confidence", top_class(judge, images)[0].double(), seed=seed, **setting)

    found = [confidence(pairs[0], of="images"), confidence(pairs.mean(0), of="means of pixels")]
    for latents, each in model.sizes.items():
        found += of_size(each, pairs, train, confidence, seed, latents=int(latents))
        found.append(mean_row("error", errors(each, x), latents=int(latents)))
    return {"rows": found}


def of_size(
    model: Autoencoder, pairs: Tensor, train: Tensor, confidence: Callable[..., dict], seed: int, **setting: int
) -> list[dict]:
    """Measure confidence and distance to the nearest code for codes, for midpoints of two codes, and for draws.

    Arguments:
        model: The autoencoder of one size.
        pairs: Test images, (2, N, 1, 28, 28).
        train: Training images, (M, 1, 28, 28).
        confidence: Function that returns the row of decoded images, given its setting.
        seed: Seed of the draws.
        **setting: Setting of the rows.
    """
    known = in_chunks(train, model.encode)[0]
    codes = in_chunks(pairs.flatten(0, 1), model.encode)[0].unflatten(0, pairs.shape[:2])
    draws = {prior: draw_codes(prior, len(codes[0]), known, torch.Generator().manual_seed(seed)) for prior in PRIORS}
    places = {"codes": codes[0], "midpoints": codes.mean(0)} | draws
    unit = to_nearest(codes[0], known).mean()
    return [
        each
        for of, z in places.items()
        for each in (
            confidence(in_chunks(z, model.decode)[0], of=of, **setting),
            mean_row("distance", to_nearest(z, known) / unit, seed=seed, of=of, **setting),
        )
    ]


def to_nearest(z: Tensor, known: Tensor) -> Tensor:
    """Return the distance of points (N, J) to the nearest of codes (M, J): (N,)."""
    return torch.cat([torch.cdist(part, known).amin(1) for part in z.split(MEASURES_CHUNK)]).double()


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    sizes = sorted({each["latents"] for each in card["rows"] if "latents" in each})
    phrases = [f"{find(card, 'confidence', of='midpoints', latents=each)['value']:.2f} of {each}" for each in sizes]
    return f"Confidence in what decodes midway between two codes, by numbers in a code: {', '.join(phrases)}"
