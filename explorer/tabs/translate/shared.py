"""Shared by several modes of translations: the source of a picture, the classifier, and recorded figures."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field, OneOf
from explorer.models.sources import skeleton
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.networks.card import NORMAL, rows
from explorer.numbers.answer import Figure
from explorer.numbers.words import percent
from explorer.spaces import LEVELS
from explorer.tabs.kit.layout.fields import BITS, Image
from explorer.tabs.kit.layout.panel import Control, Grid
from explorer.tabs.translate.networks import GARMENTS, PAIRED, UNPAIRED

PENS = {"fashion-mnist": {"box": 28, "pen": 14}, "mnist": {"box": 20, "pen": 24}}
"""Side of the box that a drawing fills, and width of the pen: garments reach the border of their images."""
NET = Field("net", OneOf((*PAIRED, *UNPAIRED)), GARMENTS, "the translation")
DIRECTION = Field("way", OneOf(("there", "back")), "there", "the direction")
UnpairedNet = Annotated[str, Field("net", OneOf(tuple(UNPAIRED)), title="the unpaired translation")]
Direction = Annotated[str, DIRECTION]
Found = dict[str, Any]
"""Content of an answer: images, predicted classes, and recorded figures."""
Measured = Mapping[str, Any]
DIFFERENCE = Figure("mean difference from the real image", unit="of white")
KEPT = Figure("class kept, on all test images")
ERROR = Figure("mean difference, on all test images", unit="of white")
KIND = [Control(NET, "segments", "Digits", options=UNPAIRED)]
THERE_OR_BACK = [Control(DIRECTION, "segments", "Direction", options={"there": "there →", "back": "← back"})]
GIVEN = Grid("What is given and its real image", 1, rows=1, place="side")
TEST = {"draw": None, "source": None, "set": None}


def grey(figure: Figure, value: float | None, digits: int = 1) -> Figure:
    """Return a figure with a mean difference of pixels, as a share of white."""
    return figure.unknown if value is None else figure.of(percent(value, digits))


def recorded_difference(figure: Figure, found: Measured, name: str, digits: int = 1) -> Figure:
    """Return a figure with a recorded difference of pixels."""
    return grey(figure, found[name]["value"] if name in found else None, digits)


def kept_share(figure: Figure, found: Measured) -> Figure:
    """Return a figure with the recorded share of translations that keep their class, and its 95 % interval."""
    if not (row := found.get("kept")):
        return figure.unknown
    away = f"± {100 * NORMAL * row['se']:.1f} %" if row.get("se") else ""
    return figure.of(f"{100 * row['value']:.1f} %", away)


def predicted_class(found: Mapping[str, Any]) -> str:
    """Return the class that the classifier predicts, and its probability."""
    return f"{found['name']}, {percent(found['share'])}"


def grid(images: Sequence[tuple[str, str] | None], given: int = 0, **how: Any) -> dict[str, Any]:
    """Return images with their captions, of which the first ones are given and no results; None is left out."""
    there = [each for each in images if each]
    return {"images": [image for image, _ in there], "captions": [text for _, text in there], "given": given} | how


def outline_grid(answer: Found) -> dict[str, Any]:
    """Return the grid of an outline and of the real image, if there is one."""
    return grid([(answer["source"], "outline"), answer["real"] and (answer["real"], "real image")], given=1)


def source_of(picture: Image, kind: Any) -> tuple[Tensor, Tensor | None]:
    """Return the source of a picture, and the picture itself if it is a test image: (1, 1, 28, 28) each.

    A drawing is thinned, and stands for an outline or a skeleton as it is.
    """
    x = data.read(picture, LEVELS)
    return (skeleton(x), None) if picture[0] == "bits" and len(picture[1]) == BITS.size else (kind(x), x)


@torch.no_grad()
def classify(dataset: str, x: Tensor) -> list[dict[str, Any]]:
    """Return for each image (n, 1, 28, 28) the class that the classifier predicts, its name, and its probability."""
    shares = checkpoints.load(f"classifier-{dataset}")(x).softmax(-1)
    names = data.CLASSES[dataset]
    return [
        {"label": label, "name": names[label], "share": round(share, 4)}
        for share, label in zip(*(each.tolist() for each in shares.max(-1)))
    ]


def figures(net: str, *wanted: str, **setting: str) -> Mapping[str, Any]:
    """Return recorded figures of a network by their names, without those that are not measured."""
    try:
        card = cards.of(net)
    except checkpoints.CheckpointError:
        return {}
    found = {name: [row for row in rows(card, name, **setting) if not {"label", "of"} & row.keys()] for name in wanted}
    return {name: {key: each[0].get(key) for key in ("value", "se", "n")} for name, each in found.items() if each}
