"""Shared by several modes of pixels: networks, orders, and how a picture is read and traced."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field, Kind, OneOf, Real, Reals, Whole
from explorer.models import levels
from explorer.models.made import MADE
from explorer.models.raster import PIXELS, SIDE, RasterModel
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer
from explorer.running.device import device_of
from explorer.spaces.packing import pack
from explorer.tabs.kit.ask.common import labels
from explorer.tabs.kit.ask.nets import Nets, with_further
from explorer.tabs.kit.layout import fields as shared_fields
from explorer.tabs.kit.layout.fields import OF_PICTURE, PICTURE, SEED, Image
from explorer.tabs.kit.layout.panel import Control

RASTER_GRID = 16  # images
RASTER_PARTS = ("map", "histograms", "bayes", "kernel", "layers", "blind", "made")
NETS = with_further("pixelcnn-mnist", "pixelcnn-fashion-mnist", "made-mnist")
NET = Field("net", Nets(NETS), NETS[0], "the network")
LABEL = replace(shared_fields.LABEL, title="the label")
CHANCES = Field("p", Reals(15 * (("a conditional", 0, 1),)), None, "the conditionals", optional=True)
TEMPERATURE = Field("T", Real(0.1, 3), 1, "the temperature", "Divides the logits: below 1 likely values are likelier")
PIXEL = Field("pixel", Whole(0, PIXELS - 1), None, "the pixel")
PART = Field("part", OneOf(RASTER_PARTS), None, "what is shown", optional=True)
ORDER = Field("order", Whole(0, 3), 0, "the pixel order", optional=True)
RasterNet = Annotated[str, NET]
Label = Annotated[int | None, LABEL]
Temperature = Annotated[float, TEMPERATURE]
Order = Annotated[int, ORDER]


@dataclass(frozen=True)
class AnyImage(Kind):
    """Bundled test image of a data set, a drawing, the levels of an image, a blank page, or noise of a seed."""

    def check(self, value: Any, title: str) -> Image:
        asked = value if isinstance(value, dict) else {}
        if "test" in asked or "bits" in asked:
            return shared_fields.DrawnOrTest().check(asked, title)
        if "pixels" in asked:
            return "pixels", PICTURE.check(asked["pixels"])
        if asked.get("kind") == "blank":
            return ("blank",)
        if asked.get("kind") == "noise":
            return "noise", SEED.check(asked.get("seed"))
        raise ValueError(f"{title} must be a test image, a drawing, 784 levels, a blank page or noise")


Picture = Annotated[Image, Field("picture", AnyImage(), title="a picture", parts=("kind", "seed", *OF_PICTURE))]
Part = Annotated[str | None, PART]
TEST = {"kind": "test", "source": None, "draw": None}
SHORT_ORDERS = ("rows", "columns", "rows, back", "columns, back")
OF_MADE_NETS = {"family": ["made"]}
OF_IMAGE = [
    Control(LABEL, "class"),
    Control(ORDER, "list", "Order", options=dict(enumerate(SHORT_ORDERS)), when=OF_MADE_NETS),
]


def heat(**how: Any) -> list[Control]:
    """Return the row of the temperature."""
    return [Control(TEMPERATURE, "slider", "Temperature T", step=0.05, digits=2, **how)]


def load(net: str, order: int = 0) -> RasterModel:
    """Load the network; a MADE in the requested pixel order.

    Raises:
        ValueError: if the network supports raster order only.
    """
    model = checkpoints.load(net)
    if isinstance(model, MADE):
        return model.in_order(order)
    if order:
        raise ValueError("this network predicts from row to row only: pixel orders 1 to 3 are MADE's")
    return model


def image_of(model: RasterModel, picture: Image) -> Tensor:
    """Return a picture as the network's input: (1, 1, 28, 28).

    Raises:
        ValueError: if its levels are not those of the network.
    """
    return data.read(picture, model.space).to(device_of(model))


def _order_of(model: RasterModel) -> str | None:
    raster = not getattr(model, "which", 0)
    return None if raster else pack(model.order, torch.uint16)


def _described(model: RasterModel, image: Tensor, log_prob: Tensor, entropy: Tensor, parameters: Tensor) -> Answer:
    view = {
        "values": pack(image * (model.levels - 1), torch.uint8),
        "log_prob": pack(log_prob, torch.float32),
        "entropy": pack(entropy, torch.float16),
        "parameters": pack(parameters, torch.float32),
        "order": _order_of(model),
    }
    return Answer(view=view)


@torch.no_grad()
def _predicted(model: RasterModel, x: Tensor, label: int | None) -> tuple[Tensor, Tensor, Tensor]:
    """Return log p and entropy of every pixel of a known image, and the predictions' parameters, in one pass.

    Shapes: `x` (1, 1, 28, 28).
    """
    parameters = model.parameters_of(x, labels(label, 1))
    predicted = model.distribution(parameters)
    return predicted.log_prob(x.flatten(1)), levels.entropy(predicted.log_probs), parameters


def _traced(model: RasterModel, x: Tensor, label: int | None) -> Answer:
    """Return the predictions of every pixel of a known image, and their sum."""
    log_prob, *rest = _predicted(model, x, label)
    return _described(model, x, log_prob, *rest) | Answer(view={"total": float(log_prob.cpu().double().sum())})


def place_row(pixel: int) -> dict[str, int]:
    """Return the columns of a table that name a pixel, from one."""
    return {"row": pixel // SIDE + 1, "column": pixel % SIDE + 1}


def gradient(model: RasterModel, x: Tensor, label: int | None, pixel: int) -> Tensor:
    r"""Return $|\partial f / \partial x_j|$ of one pixel's logit, or with 256 levels of its expected value: (28, 28).

    Shapes: `x` (1, 1, 28, 28).
    """
    x = x.clone().requires_grad_()
    parameters = model.parameters_of(x, labels(label, 1))[0, pixel]
    if model.levels == 2:
        predicted = parameters[0]
    else:
        values = torch.linspace(0, 1, model.levels).to(x)
        predicted = (model.distribution(parameters).log_probs.exp() * values).sum()
    (found,) = torch.autograd.grad(predicted, x)
    return found[0, 0].abs()
