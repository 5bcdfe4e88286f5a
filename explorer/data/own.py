"""Further sets of 28×28 images in the folder of `EXPLORER_DATA`, such as KMNIST, EMNIST, or images of one's own.

A set is a folder of the name that it has in recipes and addresses. It holds one of these, gzip'd or not:

- IDX files, as MNIST has them: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and `t10k-…`. A name may begin
  with more, and `test` may stand for `t10k`, as in `emnist-letters-test-images-idx3-ubyte.gz`. The files of EMNIST,
  whose names begin so, hold rows and columns exchanged. A file `classes.txt` may name the classes, one a line.
- Images by class: `train/<class>/*.png` and `test/<class>/*.png`, or another ending of `folders`, as `pictures` reads
  them. Images of another size are scaled to 28×28, and what was done to the first ones is reported.

A file `ink.txt` says “light” or “dark”. Sets with dark ink on a light ground are inverted; without the file, a set that
seems to be of that kind is not used.
"""

import gzip
import logging
import os
import re
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice, zip_longest
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from explorer.data import folders, ink
from explorer.data.images import HELD_OUT, DataError, ImageSet, Split, read_idx
from explorer.data.pictures import grey, squared
from explorer.networks import installed
from explorer.running.pauses import pausing

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
OWN_LONGEST, MOST_CLASSES, MOST_SETS = 24, 100, 8
SAMPLED = 40  # images of which the ink is guessed
MOST_DONE = 6  # kinds of preparation that are listed
PARTS = {"train": ("train",), "test": ("t10k", "test")}
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OwnImages(ImageSet):
    """A set of images in a folder; `labels` are the labels in its files, in the order of `classes`."""

    folder: Path = Path()
    labels: tuple[int, ...] = ()
    ink: str = ink.INK_LIGHT

    def load(self, split: str, folder: str | Path | None = None) -> Split:
        """Read a whole split: "train", "held-out" (5,000 of the training images, at most a tenth) or "test".

        Arguments:
            folder: Another folder that holds a folder of this set's name.

        Raises:
            DataError: if a file is missing or damaged, or an image is of a kind that is not read.
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
            _report_passed_over(folder)
            _report_prepared(sets[folder.name])
        except (DataError, OSError) as error:
            log.error("%s cannot be used: %s", folder, error)
            why = str(error).replace(f"{Path(root)}{os.sep}", "")  # visitors need not know where the folder is
            installed.problems.append(f"The data set “{folder.name:.40}” of EXPLORER_DATA cannot be used: {why:.300}.")
    return sets


def _report_passed_over(folder: Path) -> None:
    """Report the files that are not read; those of operating systems only in the log."""
    counts = [folders.passed_over(folder / part) for part in ("train", "test") if (folder / part).is_dir()]
    files, systems = (sum(each, folders.Counter()) for each in zip(*counts)) if counts else ({}, {})
    if not files and not systems:
        return
    listed = ", ".join(f"{count:,} × {kind}" for kind, count in sorted((files + systems).items()))
    words = f"The data set “{folder.name}” of EXPLORER_DATA passes over {(files + systems).total():,} files: {listed}."
    log.warning("%s", words)
    if files:
        installed.problems.append(f"{words} It reads {' '.join(folders.ENDINGS)}.")


def _report_prepared(known: OwnImages) -> None:
    """Report what is done to the first images, as lines of “3 × scaled from 32 × 32”."""
    if _idx(known.folder, "train", "images"):
        return
    paths = [*_first_files(known.folder)]
    counted = Counter(each for path in paths for each in squared(path, ink.GROUNDS[known.ink])[1])
    if not counted:
        return
    listed = ", ".join(f"{count} × {done}" for done, count in counted.most_common(MOST_DONE))
    words = f"The data set “{known.name}” of EXPLORER_DATA is prepared. Of its first {len(paths)} images: {listed}."
    log.info("%s", words)
    installed.problems.append(words)


def describe(folder: Path) -> OwnImages:
    """Return the set of a folder, after reading its classes and some of its images.

    Raises:
        DataError: if its name, its classes or these images cannot be used, or the set may be of dark ink.
    """
    name = folder.name
    if not NAME.fullmatch(name) or len(name) > OWN_LONGEST:
        raise DataError(f"its name must be lower-case words with hyphens, at most {OWN_LONGEST} characters")
    path = _idx(folder, "train", "labels")
    labels = tuple(read_idx(path, 1).unique().tolist()) if path else ()
    classes = _classes(folder, labels) if path else tuple(each.name for each in folders.classes(folder / "train"))
    if not 1 <= len(classes) <= MOST_CLASSES:
        raise DataError(f"it has {len(classes)} classes, and may have 1 to {MOST_CLASSES}")
    labels = labels or tuple(range(len(classes)))
    told = ink.read(folder)
    sample = [*_sample(folder, ink.GROUNDS[told or ink.INK_LIGHT])]
    if told is None:
        ink.ask(sample)
    used = told or ink.INK_LIGHT
    return OwnImages(name, name, "", classes, others="mnist", folder=folder, labels=labels, ink=used)


def _classes(folder: Path, labels: tuple[int, ...]) -> tuple[str, ...]:
    """Return the names of the labels in IDX files: those of `classes.txt`, or the labels themselves."""
    listed = folder / "classes.txt"
    if not listed.exists():
        return tuple(map(str, labels))
    try:
        lines = listed.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise DataError("its classes.txt is not UTF-8: save it as UTF-8") from None
    classes = tuple(filter(None, map(str.strip, lines)))
    if len(classes) != len(labels):
        raise DataError(f"classes.txt names {len(classes)} classes, and the labels have {len(labels)}")
    return classes


def _sample(folder: Path, ground: int) -> Iterable[np.ndarray]:
    """Return the first training images, from every class in turn."""
    if path := _idx(folder, "train", "images"):
        return _first_of_idx(path)
    return (grey(path, ground) for path in _first_files(folder))


def _first_files(folder: Path) -> Iterable[Path]:
    """Return the first training files, from every class in turn.

    Raises:
        DataError: if a class has none.
    """
    by_class = {each.name: folders.images(each) for each in folders.classes(folder / "train")}
    if empty := [name for name, images in by_class.items() if not images]:
        raise DataError(f"its class “{empty[0]:.40}” has no training image; {' '.join(folders.ENDINGS)} are read")
    turns = chain.from_iterable(zip_longest(*by_class.values()))
    return islice(filter(None, turns), SAMPLED)


def _first_of_idx(path: Path) -> np.ndarray:
    """Return the first images of an IDX file without reading the rest; none of one that is damaged."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            raw = file.read(16 + 784 * SAMPLED)[16:]
    except (OSError, EOFError, zlib.error):
        raw = b""
    return np.frombuffer(raw[: len(raw) // 784 * 784], np.uint8).reshape(-1, 28, 28)


def read(folder: Path, part: str, known: OwnImages) -> Split:
    """Read the part "train" or "test" of a set.

    Raises:
        DataError: if the part is missing, or is not images with one label each.
    """
    path = _idx(folder, part, "images")
    if path is None and not (folder / part).is_dir():
        raise DataError(f"{folder} has neither {PARTS[part][-1]}-images-idx3-ubyte nor a folder {part}/")
    images, labels = _from_idx(folder, part, path, known) if path else _from_folders(folder / part, known)
    if len(images) != len(labels) or not len(images) or images.shape[1:] != (28, 28):
        raise DataError(f"{folder} does not hold 28×28 images with one label each in its part “{part}”")
    return Split((255 - images if known.ink == ink.DARK else images).unsqueeze(1), labels)


def _from_idx(folder: Path, part: str, path: Path, known: OwnImages) -> tuple[Tensor, Tensor]:
    images, labels = read_idx(path, 3), _idx(folder, part, "labels")
    if labels is None:
        raise DataError(f"{folder} has images without labels")
    raw, wanted = read_idx(labels, 1).long(), torch.tensor(known.labels)
    if strange := sorted(set(raw.unique().tolist()) - set(known.labels)):
        raise DataError(f"{labels} has the label {strange[0]}, which no training image has")
    exchanged = images.transpose(1, 2).contiguous() if path.name.startswith("emnist-") else images
    return exchanged, torch.searchsorted(wanted, raw)


def _from_folders(folder: Path, known: OwnImages) -> tuple[Tensor, Tensor]:
    if strange := sorted({each.name for each in folders.classes(folder)} - {*known.classes}):
        raise DataError(f"{folder} has the class “{strange[0]}”, which no training image has")
    places = [folder / name for name in known.classes]
    found = [(path, label) for label, place in enumerate(places) if place.is_dir() for path in folders.images(place)]
    images = [grey(path, ink.GROUNDS[known.ink]) for path, _ in pausing(found)]
    return torch.from_numpy(np.stack(images)) if images else torch.empty(0), torch.tensor([each for _, each in found])


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
