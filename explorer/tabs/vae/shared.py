"""Shared by several modes of the VAE: its networks by β and data set, and the picture that is asked about."""

import functools
from dataclasses import dataclass, replace
from typing import Annotated, Any

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field, Kind, Real, Reals
from explorer.models.beta_vae import BetaVAE
from explorer.models.posterior import PosteriorGrid, posterior_grid
from explorer.networks import checkpoints
from explorer.running.device import device_of
from explorer.spaces import BINARY
from explorer.tabs.kit.ask.answers import THREADS, heavy
from explorer.tabs.kit.ask.nets import Nets, dataset_of, further
from explorer.tabs.kit.layout.fields import DATA, DRAW, IMG, OF_PICTURE

# Centre of the view, and width of its shorter side in latent units.
VIEW = Reals((("x", -1000, 1000), ("y", -1000, 1000), ("the width", 0.02, 400)))
BETA = Field("beta", Real(0.01, 100, zero=True), 1, "β")
OWN = [dataset for dataset in data.OWN if checkpoints.exists(f"beta-vae-{dataset}")]
CHOICES = (*DATA.kind.choices, *OWN, *further("beta-vae"))
WHICH = replace(DATA, kind=Nets(CHOICES, like=(f"beta-vae-{DATA.default}",)))
"""The data set, which names our network for it; or a further network by its own name."""
Which = Annotated[str, WHICH]
Beta = Annotated[float, BETA]


@dataclass(frozen=True)
class DrawnOrTest(Kind):
    """Bundled test image of the selected data set, or a drawing."""

    def check(self, value: Any, title: str) -> int | bytes:
        if isinstance(value, dict) and "test" in value:
            return IMG.check(value["test"])
        if isinstance(value, dict) and "bits" in value:
            return DRAW.check(value["bits"])
        raise ValueError("choose a test image or draw one first")


Image = Annotated[int | bytes, Field("image", DrawnOrTest(), parts=OF_PICTURE)]
EARLIER = {"earlier": "Dimmed: these belong to β = {beta}. They follow when β comes to rest."}
Found = dict[str, Any]
slow = functools.partial(heavy, threads=THREADS)
PLAIN = "β = 0 is a plain autoencoder: it has no posterior and defines no density, so there is no rate and no bound."


def net_of(which: str) -> str:
    """Return the network of a choice of `WHICH`."""
    return f"beta-vae-{which}" if which in data.DATASETS else which


def set_of(which: str) -> str:
    """Return the data set of a choice of `WHICH`."""
    return dataset_of(net_of(which))


def _model(dataset: str) -> BetaVAE:
    return checkpoints.load(net_of(dataset))


def _image(dataset: str, image: int | bytes) -> Tensor:
    """Return the network's input, binary pixels (1, 28, 28)."""
    picture = ("test", image, set_of(dataset)) if isinstance(image, int) else ("bits", image)
    return data.read(picture, BINARY)[0]


def _rounded(x: Tensor, digits: int = 6) -> list[Any]:
    return [round(float(value), digits) for value in x.flatten()]


@torch.no_grad()
def _codes(model: BetaVAE, images: Tensor, beta: float) -> Tensor:
    parts = (part.to(device_of(model)).float() for part in images.split(1_000))
    return torch.cat([model.encode(part, beta).mean for part in parts])


def _integrated(dataset: str, beta: float, image: int | bytes) -> tuple[BetaVAE, Tensor, PosteriorGrid]:
    """Return the network, an image (1, 28, 28), and the integral of its posterior."""
    model = _model(dataset)
    x = _image(dataset, image).to(device_of(model))
    return model, x, posterior_grid(model, x, beta)
