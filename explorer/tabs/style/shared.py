"""Shared by several modes of the style tab: its networks, its classifier, and how a grid of images is shown."""

from typing import Annotated, Any

from torch import Tensor

from explorer.fields import Field
from explorer.models.classifier import Classifier
from explorer.models.stylegan import StyleGAN
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer
from explorer.numbers.rows import format_value
from explorer.spaces.packing import to_bytes
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.ask.nets import Nets, dataset_of, with_further
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.panel import Control

NETS = with_further("stylegan-mnist", "stylegan-fashion-mnist")
StyleNet = Annotated[str, Field("net", Nets(NETS), title="the network")]
SEEDS = [Control(SEED, "seed")]
CLOTHES = {"net": "stylegan-fashion-mnist"}


def judge_of(net: str) -> Classifier:
    """Return the classifier of a network's data set."""
    return checkpoints.load(f"classifier-{dataset_of(net)}")


def figure_of(net: str, name: str, form: str, **setting: float | str) -> str:
    """Return a figure of a network's card in one of the formats of `rows`; a dash if it was not measured."""
    try:
        return format_value(cards.find(cards.of(net), name, **setting), form)
    except KeyError:
        return "–"


def still(model: StyleGAN, n: int, seed: int) -> list[Tensor]:
    """Return noise of one draw for n images: (n, 1, H, W) for every layer."""
    return [each.expand(n, -1, -1, -1) for each in model.noise(1, rng(seed))]


def grid(x: Tensor, **how: Any) -> Answer:
    """Return the part of an answer that shows a grid of images, the last of them in the diagram.

    Shapes: `x` (n, 1, 28, 28).
    """
    shown = to_bytes(x)
    return Answer(grids=[{"images": shown, "given": len(x)} | how], pictures={"out": to_bytes(x[-1:])})
