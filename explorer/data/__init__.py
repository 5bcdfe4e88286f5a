"""The data sets, one a file, each with its space; and the conversion of a visitor's choice to an x of a space."""

from functools import cache
from pathlib import Path
from random import Random
from typing import Annotated

import torch
import typer
from torch import Tensor

from explorer.data import own, toys
from explorer.data.captions import parse
from explorer.data.coarse import to_coarse
from explorer.data.emoji import EMOJI
from explorer.data.fashion_mnist import FASHION_MNIST
from explorer.data.images import (
    APART,
    BUNDLED,
    HELD_OUT,
    SHEET_COLUMNS,
    DataError,
    ImageSet,
    Split,
    binarise,
    bundled_binary_images,
    bundled_images,
    write_sheet,
)
from explorer.data.mnist import MNIST
from explorer.data.scenes import SCENES, Scenes, lay_out
from explorer.data.shakespeare import SHAKESPEARE, Texts, TextSet
from explorer.data.spoken_digits import SPOKEN_DIGITS, Recordings, RecordingSet
from explorer.data.toys import TOYS, Points, PointSet
from explorer.spaces import BINARY, COARSE, COLOUR, PLANE, Space

__all__ = [
    "APART",
    "BUNDLED",
    "CLASSES",
    "DATASETS",
    "HELD_OUT",
    "SHEET_COLUMNS",
    "DataError",
    "EMOJI",
    "Folder",
    "ImageSet",
    "Picture",
    "PointSet",
    "Points",
    "RecordingSet",
    "Recordings",
    "OWN",
    "SAMPLE",
    "SCENES",
    "SOUNDS",
    "Scenes",
    "Split",
    "TEXTS",
    "TITLES",
    "TextSet",
    "Texts",
    "binarise",
    "binary_display_images",
    "bundled_binary_images",
    "bundled_images",
    "classes_of",
    "display_split",
    "load",
    "read",
    "write_sheet",
]

DATASETS: dict[str, ImageSet | PointSet] = {
    **{images.name: images for images in (MNIST, FASHION_MNIST)},
    **{name: PointSet(name, toys.TITLES[name], mixture) for name, mixture in TOYS.items()},
}
SAMPLE = 2_000  # test images of a set that the page shows
_TAKEN = {*DATASETS, SHAKESPEARE.name, SPOKEN_DIGITS.name, SCENES.name, EMOJI.name, "fsdd"}
OWN = own.find_sets(_TAKEN)
"""Further sets of images in the folder of `EXPLORER_DATA`, by name."""
DATASETS |= OWN
TEXTS = {SHAKESPEARE.name: SHAKESPEARE}
SOUNDS = {SPOKEN_DIGITS.name: SPOKEN_DIGITS}
IMAGES = {name: each for name, each in DATASETS.items() if isinstance(each, ImageSet) and name not in OWN}
"""The sets of images that ship with the app."""
CLASSES = {name: list(each.classes) for name, each in IMAGES.items()}
TITLES = {name: each.title for name, each in IMAGES.items()}
Folder = Annotated[str | None, typer.Option("--data", help="The folder that holds mnist/, fashion-mnist/ and fsdd/.")]
Picture = tuple[str | int | bytes, ...]
"""("test", index, data set), or a kind of x that the space reads and its value."""


def load(dataset: str, split: str, folder: str | Path | None = None) -> Split | Points | Texts | Recordings | Scenes:
    """Read a whole split of a data set by its name; the `load` of each set lists its splits.

    Raises:
        DataError: if there is no such data set, or its files are missing or damaged.
    """
    known = DATASETS | TEXTS | SOUNDS | {SCENES.name: SCENES, EMOJI.name: EMOJI}
    if dataset not in known:
        raise DataError(f"unknown data set “{dataset}”: choose one of {', '.join(known)}")
    return known[dataset].load(split, folder)


def read(picture: Picture, space: Space) -> Tensor:
    """Read a visitor's choice as an x of a space: a test image of a data set, or their own x: (1, *shape).

    A choice of "words" and a seed is a scene that is drawn of a caption, as the data set draws it.

    Raises:
        ValueError: if it is not in that space; the message says why.
    """
    kind, *values = picture
    if kind == "words" or kind == "test" and values[1] == SCENES.name:
        return _scene(picture, space)
    if kind == "test" and space == COLOUR:
        raise ValueError("this network is asked about a scene, not about a small image")
    if kind != "test":
        return space.read(kind, *values)
    if space == PLANE:
        raise ValueError("this network is asked about a point of the plane, not about an image")
    index, dataset = values
    one = slice(index, index + 1)
    if space == BINARY:
        return binary_display_images(dataset)[one]
    pixels = display_split(dataset)[one].pixels()
    return to_coarse(pixels) if space == COARSE else pixels


def _scene(picture: Picture, space: Space) -> Tensor:
    if space != COLOUR:
        raise ValueError("this network does not know scenes: choose an x that it knows")
    kind, what, more = picture
    if kind == "test":
        return SCENES.load("test")[int(what) : int(what) + 1].pixels()
    drawn = lay_out(parse(str(what)), Random(int(more))).draw()
    return torch.from_numpy(drawn).unsqueeze(0).float() / 255


def display_split(dataset: str) -> Split:
    """Return the 2,000 test images of a set that the page shows."""
    return own.display_split(OWN[dataset], SAMPLE) if dataset in OWN else bundled_images(dataset)


def binary_display_images(dataset: str) -> Tensor:
    """Return the same images after seeded binarisation, as input of binary models: (2000, 1, 28, 28)."""
    return _own_binary(dataset) if dataset in OWN else bundled_binary_images(dataset)


@cache
def _own_binary(dataset: str) -> Tensor:
    return binarise(display_split(dataset).pixels(), seed=0)


def classes_of(dataset: str) -> list[str]:
    """Return the names of the classes of a set of images; none for points."""
    return list(getattr(DATASETS[dataset], "classes", ()))
