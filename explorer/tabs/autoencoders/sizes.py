"""Autoencoders with codes of several sizes: decoded midpoints of two codes, and decoded draws."""

from typing import Any

import torch

from explorer import data
from explorer.measures.autoencoder import draw_codes, top_class
from explorer.measures.autoencoder_sizes import to_nearest
from explorer.models.autoencoder import Autoencoder, AutoencoderSizes
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.networks.card import Card
from explorer.running.device import device_of
from explorer.spaces import LEVELS
from explorer.tabs.autoencoders import answers
from explorer.tabs.autoencoders.fields import SIZES, SIZES_NET, Latents
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import Seed
from explorer.tabs.kit.numbers.answer import Answer

DATASET = "mnist"
PAIRS = 8
ROWS = ("Test images, rebuilt", "Others, rebuilt", "Midway between their codes", "Draws from a fitted Gaussian")
TITLE = "Autoencoders by the size of the code · MNIST"


@light
@torch.no_grad()
def midway(latents: Latents, seed: Seed) -> Answer:
    """Decode the codes of pairs of test images, their midpoints, and draws from a Gaussian fitted to all codes.

    Each row comes with the mean of the classifier's largest class probability.
    """
    model: Autoencoder = checkpoints.load(SIZES_NET).sizes[latents]
    z = model.encode(data.bundled_images(DATASET).pixels().to(device_of(model)))
    one, other = z[torch.randperm(len(z), generator=rng(seed))[: 2 * PAIRS]].chunk(2)
    drawn = draw_codes("fitted", PAIRS, z, rng(seed))
    images = model.decode(torch.cat([one, other, (one + other) / 2, drawn]))
    judge = checkpoints.load(f"classifier-{DATASET}")
    sure = top_class(judge, images)[0]
    strips = [
        {
            "name": f"{name}: here {part.mean():.0%} confident".replace("%", " %"),
            "images": LEVELS.encode(images),
            "says": name,
        }
        for name, images, part in zip(ROWS, images.split(PAIRS), sure.split(PAIRS), strict=True)
    ]
    pictures = {"out": LEVELS.encode(images[2 * PAIRS :][:1])}
    return Answer(strips=strips, pictures=pictures) | answers.by_size(cards.of(SIZES_NET), SIZES, latents)


def sizes_value(card: Card, error: str | None) -> dict[str, Any]:
    """Return the stage's data about the autoencoders of several sizes."""
    return {"error": error}


MODES = {"sizes": "Size of the code"}
FUNCTIONS = [midway]
CODE = {"Size of the code": [midway.plain, AutoencoderSizes.training_loss, to_nearest]}
TRIES = {
    "sizes": [
        ("Eight numbers", {"latents": "8", "seed": 7}),
        ("784–256–32, as in lectures", {"latents": "32", "seed": 7}),
        ("64 numbers", {"latents": "64", "seed": 7}),
    ]
}
