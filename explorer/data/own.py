"""Further sets of 28×28 images in the folder of `EXPLORER_DATA`, such as KMNIST, EMNIST, or images of one's own.

A set is a folder of the name that it has in recipes and addresses. It holds one of these, gzip'd or not:

- IDX files, as MNIST has them: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and `t10k-…`. A name may begin
  with more, and `test` may stand for `t10k`, as in `emnist-letters-test-images-idx3-ubyte.gz`. The files of EMNIST,
  whose names begin so, hold rows and columns exchanged. A file `classes.txt` may name the classes, one a line.
- Images by class: `train/<class>/*.png` and `test/<class>/*.png`, or files of other formats that Pillow reads.
"""

import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from explorer import installed
from explorer.data.images import HELD_OUT, DataError, ImageSet, Split, read_idx
from explorer.pauses import pausing

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST, MOST_CLASSES, MOST_SETS = 24, 100, 8
ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff")
PARTS = {"train": ("train",), "test": ("t10k", "test")}
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OwnImages(ImageSet):
    """A set of images in a folder; `labels` are the labels in its files, in the order of `classes`."""

    folder: Path = Path()
    labels: tuple[int, ...] = ()

    def load(self, split: str, folder: str | Path | None = None) -> Split:
        """Read a whole split: "train", "held-out" (5,000 of the training images, at most a tenth) or "test".

        Arguments:
            folder: Another folder that holds a folder of this set's name.

        Raises:
            DataError: if a file is missing or damaged, or an image has another size.
        """
        place = Path(folder) / self.name if folder else self.folder
        whole = read(place, "test" if split == "test" else "train", self)
        if split == "test":
            return whole
        held_out = min(HELD_OUT, max(1, len(whole) // 10))
        order = torch.randperm(len(whole), generator=torch.Generator().manual_seed(0))
        return whole[order[:held_out] if split == "held-out" else order[held_out:]]


def find_sets(taken: set[str]) -> dict[str, OwnImages]:
    """Return the sets in the folder of `EXPLORER_DATA` whose names are not taken, and report those that are broken."""
    root = os.environ.get("EXPLORER_DATA")
    sets = {}
    for folder in sorted(Path(root).iterdir()) if root and Path(root).is_dir() else ():
        if folder.name in taken or not (_idx(folder, "train", "labels") or (folder / "train").is_dir()):
            continue
        try:
            sets[folder.name] = describe(folder)
            if len(sets) > MOST_SETS:
                del sets[folder.name]
                raise DataError(f"at most {MOST_SETS} further sets are read")
        except (DataError, OSError) as error:
            log.error("%s cannot be used: %s", folder, error)
            installed.problems.append(
                f"The data set “{folder.name:.40}” of EXPLORER_DATA cannot be used: {error!s:.300}."
            )
    return sets


def describe(folder: Path) -> OwnImages:
    """Return the set of a folder, after reading only what its classes are.

    Raises:
        DataError: if its name or its classes cannot be used.
    """
    name = folder.name
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        raise DataError(f"its name must be lower-case words with hyphens, at most {LONGEST} characters")
    path = _idx(folder, "train", "labels")
    labels = tuple(read_idx(path, 1).unique().tolist()) if path else ()
    classes = tuple(map(str, labels)) if path else tuple(sorted(each.name for each in _folders(folder / "train")))
    listed = folder / "classes.txt"
    if path and listed.exists():
        classes = tuple(filter(None, map(str.strip, listed.read_text(encoding="utf-8").splitlines())))
    if path and len(classes) != len(labels):
        raise DataError(f"classes.txt names {len(classes)} classes, and the labels have {len(labels)}")
    if not 1 <= len(classes) <= MOST_CLASSES:
        raise DataError(f"it has {len(classes)} classes, and may have 1 to {MOST_CLASSES}")
    labels = labels or tuple(range(len(classes)))
    return OwnImages(name, name, "", classes, others="mnist", folder=folder, labels=labels)


def read(folder: Path, part: str, known: OwnImages) -> Split:
    """Read the part "train" or "test" of a set.

    Raises:
        DataError: if the part is missing, or is not images with one label each.
    """
    path = _idx(folder, part, "images")
    if path is None and not (folder / part).is_dir():
        raise DataError(f"{folder} has neither {PARTS[part][-1]}-images-idx3-ubyte nor a folder {part}/")
    images, labels = _from_idx(folder, part, path, known) if path else _from_folders(folder / part, known.classes)
    if len(images) != len(labels) or not len(images) or images.shape[1:] != (28, 28):
        raise DataError(f"{folder} does not hold 28×28 images with one label each in its part “{part}”")
    return Split(images.unsqueeze(1), labels)


def _from_idx(folder: Path, part: str, path: Path, known: OwnImages) -> tuple[Tensor, Tensor]:
    images, labels = read_idx(path, 3), _idx(folder, part, "labels")
    if labels is None:
        raise DataError(f"{folder} has images without labels")
    raw, wanted = read_idx(labels, 1).long(), torch.tensor(known.labels)
    if strange := sorted(set(raw.unique().tolist()) - set(known.labels)):
        raise DataError(f"{labels} has the label {strange[0]}, which no training image has")
    exchanged = images.transpose(1, 2).contiguous() if path.name.startswith("emnist-") else images
    return exchanged, torch.searchsorted(wanted, raw)


def _from_folders(folder: Path, classes: tuple[str, ...]) -> tuple[Tensor, Tensor]:
    if strange := sorted({each.name for each in _folders(folder)} - {*classes}):
        raise DataError(f"{folder} has the class “{strange[0]}”, which no training image has")
    found = [(_grey(path), label) for label, name in enumerate(classes) for path in pausing(_files(folder / name))]
    images = [image for image, _ in found]
    return torch.from_numpy(np.stack(images)) if images else torch.empty(0), torch.tensor([each for _, each in found])


def _grey(path: Path) -> np.ndarray:
    try:
        with Image.open(path) as image:
            pixels = np.asarray(image.convert("L"))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise DataError(f"{path} is no image that could be read") from error
    if pixels.shape != (28, 28):
        raise DataError(f"{path} has {pixels.shape[1]}×{pixels.shape[0]} pixels, and 28×28 are wanted")
    return pixels


def _folders(folder: Path) -> Iterator[Path]:
    return (each for each in folder.iterdir() if each.is_dir() and not each.name.startswith("."))


def _files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.glob("*") if each.suffix.lower() in ENDINGS)


def _idx(folder: Path, part: str, what: str) -> Path | None:
    """Return the IDX file of the images or the labels of a part, or None."""
    ends = [f"{stem}-{what}-idx{3 if what == 'images' else 1}-ubyte" for stem in PARTS[part]]
    found = (path for end in ends for ending in ("", ".gz") for path in folder.glob(f"*{end}{ending}"))
    return next(found, None) if folder.is_dir() else None


@cache
def display_split(known: OwnImages, count: int) -> Split:
    """Return the test images that stand beside the networks, in the order of their sheet.

    A set with fewer than `count` test images repeats them.
    """
    test = known.load("test")
    order = torch.randperm(len(test), generator=torch.Generator().manual_seed(0))[:count].sort().values
    return test[order.repeat(-(-count // len(order)))[:count]]
