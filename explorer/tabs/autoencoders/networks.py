"""Autoencoders of images: repeated reconstruction, active units, and what their tab declares."""

from typing import Any

import torch

from explorer import data
from explorer.measures.autoencoder import draw_codes, from_equal
from explorer.models.autoencoder import (
    Autoencoder,
    ContractiveAutoencoder,
    DenoisingAutoencoder,
    SparseAutoencoder,
)
from explorer.models.plane_denoiser import PlaneDenoiser
from explorer.networks import checkpoints
from explorer.networks.card import Card
from explorer.spaces import LEVELS
from explorer.steps import round_numbers
from explorer.tabs.autoencoders import answers, maps, plane
from explorer.tabs.autoencoders.fields import (
    ACTIVE,
    IMAGE_NETS,
    MAP_NETS,
    MOST,
    PLANE_NETS,
    SPARSE_NETS,
    Gains,
    MapNet,
    Noise,
    SparseNet,
    Unit,
)
from explorer.tabs.autoencoders.maths import denoise
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.ask.nets import dataset_of, takes
from explorer.tabs.kit.layout.fields import Picture, Seed
from explorer.tabs.kit.numbers.answer import Answer

AGAIN = 8  # reconstructions of an image in a row
FACTORS = [k / 10 for k in range(10 * MOST + 1)]  # of the chosen unit's activation
RETURNING = ("denoising-autoencoder", "autoencoder")
ROW_NAMES = {
    "denoising-autoencoder": "Denoising: the noisy image, then rebuilt 1, 2, … 8 times",
    "autoencoder": "Plain: the same",
}


def facts(net: str, card: Card) -> dict[str, Any]:
    """Return the address of the weights of an autoencoder whose codes are two numbers."""
    if not takes(MAP_NETS, net) or "sha256" not in card:
        return {}
    return {"weights": f"pretrained/{net}/model.safetensors?v={card['sha256'][:12]}"}


@light
@torch.no_grad()
def returning(net: MapNet, picture: Picture, noise: Noise, seed: Seed) -> Answer:
    """Reconstruct a noisy picture repeatedly by two autoencoders; return its distance from the picture each time."""
    x = data.read(picture, LEVELS)
    noised = x + noise * torch.randn(x.shape, generator=rng(seed))
    rows, dataset = {}, dataset_of(net)
    for family in RETURNING:
        steps = list(checkpoints.load(f"{family}-{dataset}").return_steps(noised, AGAIN))
        images = torch.cat([step.x for step in steps])
        rows[family] = {
            "images": LEVELS.encode(images.clamp(0, 1)),
            "errors": round_numbers((images - x).square().flatten(1).sum(-1)),
            "moved": round_numbers(torch.cat([step.numbers["moved"] for step in steps])),
        }
    strips = [{"name": ROW_NAMES[family], "images": each["images"]} for family, each in rows.items()]
    out = LEVELS.encode(images[-1:].clamp(0, 1))
    shown = Answer(strips=strips, pictures={"x": LEVELS.encode(x), "out": out}, view={"rows": rows})
    return shown | answers.pull_answer(rows, noise)


@light
@torch.no_grad()
def units(net: SparseNet, picture: Picture, unit: Unit, gains: Gains) -> Answer:
    """Return the active units for a picture, the largest first, each with its atom, and the sum of the scaled atoms.

    The sum is there for every factor of the chosen unit, because the browser has no atoms to add.
    """
    model: SparseAutoencoder = checkpoints.load(net)
    x = data.read(picture, LEVELS)
    values, which = model.encode(x)[0].topk(model.active)
    atoms = model.decoder.weight.T[which]
    factors = torch.tensor(FACTORS)
    others = torch.tensor(gains).index_fill(0, torch.tensor(unit), 0) * values
    linear = model.decoder.bias + others @ atoms + factors[:, None] * values[unit] * atoms[unit]
    whole = (model.decoder.bias + values @ atoms).clamp(0, 1)
    images = linear.clamp(0, 1)
    errors = (images - x.flatten()).square().sum(-1).tolist()
    reach = atoms.abs().amax(-1, keepdim=True).clamp(min=1e-9)
    levels = LEVELS.encode((0.5 + atoms / (2 * reach)).view(-1, *LEVELS.shape))
    return answers.dictionary_answer(
        {"units": which.tolist(), "values": round_numbers(values), "of": model.latent, "factors": FACTORS},
        (unit, gains),
        (LEVELS.encode(x), [LEVELS.encode(image.view(1, *LEVELS.shape)) for image in images], levels),
        (float((whole - x.flatten()).square().sum()), errors),
    )


NETS = [*IMAGE_NETS, *PLANE_NETS]
MODES = {
    "map": "One map",
    "hole": "Random codes",
    "pull": "Denoising",
    "contractive": "Contractive",
    "dictionary": "Sparse",
}
FUNCTIONS = [maps.map_codes, maps.hole, maps.contraction, plane.residual_field, returning, units]
CODE = {
    "Four autoencoders, as trained": [
        Autoencoder.training_loss,
        DenoisingAutoencoder.training_loss,
        ContractiveAutoencoder.training_loss,
        SparseAutoencoder.encode,
    ],
    "One map": [maps.map_codes.plain, Autoencoder.encode, Autoencoder.decode],
    "Random codes": [maps.hole.plain, draw_codes, from_equal],
    "Denoising": [plane.residual_field.plain, PlaneDenoiser.residual, returning.plain, Autoencoder.return_steps],
    "Contractive": [maps.contraction.plain, Autoencoder.jacobian],
    "Sparse": [units.plain],
    "This page": [denoise],
}
PLAIN = {"net": "autoencoder-mnist"}
CLOTHES = {"net": "autoencoder-fashion-mnist"}
PICTURE = {"img": 8, "draw": None, "source": None}
DICTIONARY = PICTURE | {"net": SPARSE_NETS[0]}
TRIES = {
    "map": [
        ("The same place, contractive", {"net": "contractive-autoencoder-mnist", "z": [0, 0]}),
        ("A strange 2, by all networks", PLAIN | {"img": 29, "draw": None, "source": None}),
        ("Clothes", CLOTHES | {"z": [0, 0]}),
    ],
    "hole": [
        ("From a fitted Gaussian", PLAIN | {"prior": "fitted", "seed": 7}),
        ("The contractive one, fitted", {"net": "contractive-autoencoder-mnist", "prior": "fitted", "seed": 7}),
        ("Clothes, fitted", CLOTHES | {"prior": "fitted", "seed": 7}),
    ],
    "pull": [
        (
            "Six points, denoised",
            {"where": "plane", "net": "denoising-autoencoder-moons", "sigma": 2, "exact": "noised"}
            | {"drops": [-2, 1.5, -1, -1.6, 0, 2, 1.2, -2, 2.2, 0.6, 0, 0]},
        ),
        (
            "σ too large for the data's own score",
            {"where": "plane", "net": "denoising-autoencoder-moons", "sigma": 4, "exact": "clean", "drops": []},
        ),
        (
            "A noisy image, denoised",
            PICTURE | {"net": "denoising-autoencoder-mnist", "where": "images", "noise": 0.6, "seed": 7},
        ),
    ],
    "contractive": [
        ("A 4", PLAIN | {"mark": 2}),
        ("A slanted 1", PLAIN | {"mark": 8}),
        ("An ankle boot", CLOTHES | {"mark": 1}),
    ],
    "dictionary": [
        ("Largest activation removed", DICTIONARY | {"unit": 0, "gains": [0, *[1] * (ACTIVE - 1)]}),
        ("Only five atoms", DICTIONARY | {"unit": 0, "gains": [1] * 5 + [0] * (ACTIVE - 5)}),
        ("One activation × 3", DICTIONARY | {"unit": 1, "gains": [1, 3, *[1] * (ACTIVE - 2)]}),
    ],
}
