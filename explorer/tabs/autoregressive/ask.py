"""*One pixel*: what the network expects of each pixel, given those before it."""

from typing import Annotated

import torch
from torch import Tensor

from explorer.fields import Field, OneOf
from explorer.models.made import MADE
from explorer.models.masks import earlier_pixels, receptive_field
from explorer.models.raster import SIDE, RasterModel
from explorer.numbers.answer import FINDING, Answer
from explorer.spaces.packing import pack, pack_bits
from explorer.tabs.autoregressive.shared import (
    OF_IMAGE,
    PIXEL,
    Label,
    Order,
    Picture,
    RasterNet,
    _traced,
    gradient,
    heat,
    image_of,
    load,
)
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

ABOUT = Field("about", OneOf(("generated", "chosen")), "generated", "whose pixels are asked about")
Pixel = Annotated[int, PIXEL]
ASK = {
    "none": "Choose a test image, or draw one of your own: then every pixel of it can be asked about.",
    "nothing": "no image is chosen",
    "generated": "the image that the network drew",
    "title": "Predicted for {place}",
    "board": "{place} is asked about: {bits} bits of surprise",
    "hovered": "{place}: {level}, {bits} bits of surprise.",
    "cost": "In {whose}, the pixel at {place} is {level} and cost {bits} bits.",
    "expected": "In {whose}, the pixel at {place} is {level} and cost {bits} bits: the network predicted it.",
}
ASK_ROWS = [
    FINDING.of("{finding}"),
    ("pixel", "{place}", ""),
    ("it is", "{level}", ""),
    ("p of that", "{p}", ""),
    ("surprise", "{bits:3}", "bits"),
    ("entropy", "{entropy:3}", "bits"),
    ("−log p(x)", "{cost}", "nats"),
]
MOST_OF_IT = 0.9
WHOSE = {"generated": "The image it draws", "chosen": "Another image"}
DRAWN = {"about": ["generated"]}


def reach(model: RasterModel, pixel: int) -> Tensor:
    """Return the pixels that a prediction can depend on, by the masks and kernels: bool (28, 28)."""
    if isinstance(model, MADE):
        return earlier_pixels(pixel, model.order)
    return receptive_field(pixel, model.dilations)


def most_of(gradient: Tensor) -> tuple[int, Tensor]:
    """Return how many pixels hold nine tenths of gradients (28, 28), and which they are."""
    strongest = gradient.flatten().sort(descending=True)
    count = int((strongest.values.cumsum(0) < MOST_OF_IT * gradient.sum()).sum()) + 1
    return count, strongest.indices[:count]


def leaning(gradient: Tensor, reached: int, pixel: int, before: int) -> str:
    """Return the sentence about what one prediction depends on: gradients (28, 28), and how many pixels reach it."""
    if not reached:
        return "It is the first pixel: its prediction depends on no other."
    count, others = most_of(gradient)
    rows, columns = (others // SIDE - pixel // SIDE).abs(), (others % SIDE - pixel % SIDE).abs()
    far = int(torch.maximum(rows, columns).max())
    return (
        f"Of the {before} pixels before it the outlined {reached} can reach its prediction; nine tenths of the "
        f"gradient (blue) lie on {count} of them, none further than {far} pixel{'s' * (far != 1)} away."
    )


@light
def trace(net: RasterNet, picture: Picture, label: Label, order: Order) -> Answer:
    """Return the prediction of each pixel of an image from the pixels before it, and the exact log p."""
    model = load(net, order)
    return _traced(model, image_of(model, picture), label)


@light
def receptive(net: RasterNet, picture: Picture, label: Label, order: Order, pixel: Pixel) -> Answer:
    """Return the gradient of one prediction with respect to each pixel, and the field that the kernels allow."""
    model = load(net, order)
    found, field = gradient(model, image_of(model, picture), label, pixel), reach(model, pixel)
    before = model.order.tolist().index(pixel)
    words = leaning(found.cpu(), int(field.sum()), pixel, before)
    finding = f"It depends mostly on {most_of(found.cpu())[0]} earlier pixels." if before else "It depends on no pixel."
    return Answer(
        words=words, view={"finding": finding, "gradient": pack(found, torch.float32), "reach": pack_bits(field)}
    )


MODE = Mode(
    "ask",
    "One pixel",
    "test",
    fields=[ABOUT],
    functions=[trace, receptive],
    panel=Panel(
        trace,
        controls=[
            [
                Control(
                    ABOUT,
                    "segments",
                    "Whose pixels",
                    options=WHOSE,
                    also=dict.fromkeys(WHOSE, {"pixel": None}),
                )
            ],
            [Control(SEED, "seed", when=DRAWN)],
            OF_IMAGE,
            heat(when=DRAWN),
        ],
        shows=Shows("Tap a pixel to see what its prediction depends on"),
        says=ASK,
        rows=ASK_ROWS,
    ),
)
