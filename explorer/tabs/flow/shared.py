"""Shared by several modes of the flow: its networks of images, and the curves that the visitor bends."""

import math
from collections.abc import Mapping
from typing import Annotated, Any

from explorer import data
from explorer.fields import Field, Reals
from explorer.numbers.words import with_article
from explorer.tabs.kit.ask.nets import Nets, with_further
from explorer.tabs.kit.layout.fields import POINTS, Image, own_name
from explorer.tabs.kit.layout.panel import Control

FLOW_PLACES = 7  # control points of a curve
# Modes of images.
IMAGE_NETS = with_further("flow-mnist", "flow-fashion-mnist")
CUTS = (0, 16, 8, 4, 2, 1)  # stride of the rows and columns whose z come from the other image; 0 is none
ImageNet = Annotated[str, Field("net", Nets(IMAGE_NETS), title="the network of images")]
Shot = Mapping[str, Any]
PIXELS, LEVELS = 784, 256
DIGIT = {"net": "flow-mnist", "draw": None, "source": None}
FLOW_NO_PLANE = "A flow of images has no plane to look at, so the two moons are shown."
CHOICE = [Control(POINTS, "points", FLOW_NO_PLANE)]
MOONS = {"net": "flow-moons", "way": "back", "place": 0, "heat": "density"}


def _curve(name: str, bound: float) -> Reals:
    """Return a field type for a curve's values at evenly spaced points."""
    return Reals(tuple((f"{name} at place {place}", -bound, bound) for place in range(1, FLOW_PLACES + 1)))


def of_levels(log_prob: float, unit: float = 1) -> float:
    """Return the bound on log P of levels: the density in a unit, times the volume of a cell."""
    return log_prob + PIXELS * math.log(unit / LEVELS)


def bits_per_dim(nats: float) -> float:
    """Return −log₂ P per pixel."""
    return -nats / (PIXELS * math.log(2))


def name_of(picture: Image) -> str:
    """Return what a sentence calls a picture: the class of a test image, or the visitor's drawing."""
    if picture[0] != "test":
        return own_name(picture)
    _, index, dataset = picture
    return with_article(data.classes_of(dataset)[int(data.display_split(dataset).labels[index])])
