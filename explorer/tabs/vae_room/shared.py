"""Shared by several modes of the VAE with 32 latents: networks, small runs, and how a latent is moved."""

import base64
import os
from typing import Annotated

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field
from explorer.models.vae import VAE
from explorer.networks import checkpoints
from explorer.networks.card import Card, Row, find, rows
from explorer.numbers.answer import Answer, Figure
from explorer.numbers.words import num
from explorer.running.device import device_of
from explorer.spaces import BINARY
from explorer.spaces.packing import unpack_bits
from explorer.tabs.kit.ask.nets import Nets, with_further
from explorer.tabs.kit.layout.fields import Picture

NETS = with_further("vae-mnist", "vae-fashion-mnist")
RUNS, SHAPES = "vae-runs", "vae-shapes"
LATENTS, SHAPE_LATENTS = 32, 10
REACH = 3.0  # largest value of a moved latent, in standard deviations of the prior
VaeNet = Annotated[str, Field("net", Nets(NETS), title="the network")]
BESIDE = 3  # the class whose colour a curve has beside one in ink
RATE = Figure("KL: information in z", unit="nats", digits=1)
ELBO = Figure("−ELBO", unit="nats", digits=1)
USED = Figure("used latents", digits=0)
RECORDED = " Small networks on MNIST, one seed each, recorded as they were trained."
DIGIT = {"net": "vae-mnist", "img": 8, "draw": None, "source": None}
RUN_ROWS = [*[(6, 110)] * 4, *[(5, 110)] * 2]
VAE_ROOM_FEW, VAE_ROOM_MANY = 7, 31  # values of a latent in a row of images, and as it is moved


def measured(value: float, digits: int = 2, se: float | None = None) -> str:
    """Return a number with its standard error."""
    return num(value, digits) + (f" ± {num(se, digits)}" if se else "")


def one(card: Card, name: str, **setting: float | str) -> Row | None:
    """Return a row of a card; None if it was not measured."""
    try:
        return find(card, name, **setting)
    except KeyError:
        return None


def run_figures(card: Card, run: str) -> dict[str, Row]:
    """Return the figures of a run by their names."""
    return {row["name"]: row for row in rows(card, run=run)}


def encode(net: str, picture: Picture) -> tuple[VAE, Tensor, Tensor, Tensor]:
    """Return the network, its input (1, 1, 28, 28), and the mean and width of the code (J,)."""
    model: VAE = checkpoints.load(net)
    x = data.read(picture, model.space).to(device_of(model))
    q = model.encode(x)
    return model, x, q.mean[0], q.stddev[0]


def traverse(mu: Tensor, latent: int, places: int) -> Tensor:
    """Return copies of a code (J,) with one latent at evenly spaced values: (places, J)."""
    z = mu.repeat(places, 1)
    z[:, latent] = torch.linspace(-REACH, REACH, places).to(mu)
    return z


def run_images(run: str) -> Answer:
    """Return the images of a recorded run.

    The `strips` are test images with draws from their codes, and draws of the prior; of the `pictures`, `out` is a draw
    from the code of `x`.

    Raises:
        ValueError: if the run was not recorded.
    """
    path = checkpoints.pretrained_folder() / RUNS / "runs" / f"{run}.json"
    if not os.path.exists(path):
        raise ValueError(f"the run “{run}” was not recorded here")
    kept = checkpoints.read_json(path, {"pictures": dict})["pictures"]
    x, drawn, free = (
        unpack_bits(base64.b64decode(kept[name])).view(-1, *BINARY.shape) for name in ("x", "drawn", "free")
    )
    rows = [torch.cat([one, codes]) for one, codes in zip(x.split(1), drawn.split(len(drawn) // len(x)), strict=True)]
    names = {0: "A test image, then five draws from its code", len(rows): "Ten draws from the prior"}
    strips = [
        {"name": names.get(k, ""), "images": BINARY.encode(images), "says": f"row {k + 1}"}
        for k, images in enumerate([*rows, *free.split(len(free) // 2)])
    ]
    return Answer(strips=strips, pictures={"x": BINARY.encode(x[:1]), "out": BINARY.encode(drawn[:1])})
