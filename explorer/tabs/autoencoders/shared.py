"""Shared by several modes of the autoencoders: their networks, and the map of two numbers."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field
from explorer.networks.card import Card
from explorer.spaces.packing import pack
from explorer.steps import round_numbers
from explorer.tabs.kit.ask.nets import Nets, dataset_of, takes, with_further
from explorer.tabs.kit.layout.fields import POINTS
from explorer.tabs.kit.layout.panel import Control

OF_TWO = ("autoencoder", "denoising-autoencoder", "contractive-autoencoder")
SPARSE = "sparse-autoencoder"
KINDS = dict(zip((*OF_TWO, SPARSE), ("plain", "denoising", "contractive", "sparse")))
MAP_NETS = with_further(*(f"{family}-{dataset}" for dataset in data.CLASSES for family in OF_TWO))
SPARSE_NETS = with_further(*(f"{SPARSE}-{dataset}" for dataset in data.CLASSES))
PLANE_NETS = with_further(*(f"denoising-autoencoder-{points}" for points in ("moons", "rings", "eight-gaussians")))
IMAGE_NETS = (*MAP_NETS, *SPARSE_NETS)
MapNet = Annotated[str, Field("net", Nets(MAP_NETS), title="the network with two numbers")]
Found = Mapping[str, Any]
BESIDE = 3  # the class whose colour a curve has beside one in ink
Codes = dict[str, Any]
NEARLY_ALL = 0.995  # of the codes along an axis, which the map shows
AE_ROOM = 1.08  # of the view, beyond these
NETS = [*IMAGE_NETS, *PLANE_NETS]
PLAIN = {"net": "autoencoder-mnist"}
CLOTHES = {"net": "autoencoder-fashion-mnist"}
PICTURE = {"img": 8, "draw": None, "source": None}
MAPS = "autoencoders/maps"  # module
SETS = {"mnist": "MNIST", "fashion-mnist": "Fashion"}
OF = [Control(POINTS, "dataset", "Images of", options=SETS)]
KIND = [Control(POINTS, "family", "Autoencoder", options={family: KINDS[family] for family in OF_TWO})]


def family_of(net: str) -> str:
    """Return the family of an autoencoder, which is the start of its name."""
    return net.split(f"-{dataset_of(net)}")[0]


def map_of(z: Tensor, labels: Sequence[int], *others: Tensor) -> Codes:
    """Describe a map of codes (N, 2): the codes with their labels, and the square that holds nearly all points.

    Shapes: `others` (M, 2), further points of the map.
    """
    places = torch.cat([z, *others]).float()
    low, high = (torch.quantile(places, share, dim=0) for share in (1 - NEARLY_ALL, NEARLY_ALL))
    return {
        "codes": pack(z, torch.float32),
        "labels": [*labels],
        "middle": round_numbers((low + high) / 2),
        "half": AE_ROOM * float((high - low).max()) / 2,
    }


def facts(net: str, card: Card) -> dict[str, Any]:
    """Return the address of the weights of an autoencoder whose codes are two numbers."""
    if not takes(MAP_NETS, net) or "sha256" not in card:
        return {}
    return {"weights": f"pretrained/{net}/model.safetensors?v={card['sha256'][:12]}"}


def nets_of(*families: str) -> list[str]:
    """Return the networks of some families on each data set of images."""
    return [f"{family}-{dataset}" for family in families for dataset in SETS]
