"""Sets of 28×28 images with class labels: reading the full sets, and the small test sample that ships with the app.

The full sets come from a folder of gzip'd IDX files (`--data DIR` or `EXPLORER_DATA`) or, without one, from the Hub.
Images are (N, 1, 28, 28) float32 in [0, 1]. Of the 60,000 training images 5,000 are held out for development. Only
`explorer.evaluate` reads the test split.
"""

import gzip
import io
import json
import os
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from explorer.running.pauses import pausing
from explorer.running.received import IS_POINTER, is_pointer
from explorer.spaces import LEVELS, Space

BUNDLED = Path(__file__).parents[1] / "bundled"
HELD_OUT = 5_000
APART = 1_000_003
SHEET_COLUMNS = 50
IMAGES_AT_ONCE = 1_000  # images binarised at a time


class DataError(RuntimeError):
    """The data could not be read; the message says what to do."""


@dataclass(frozen=True)
class Split:
    """Images (N, 1, 28, 28) as unsigned bytes, and their labels (N,)."""

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: Tensor | slice) -> "Split":
        return Split(self.images[index], self.labels[index])

    def pixels(self) -> Tensor:
        """Return the images as float32 in [0, 1]: (N, 1, 28, 28)."""
        return self.images.float() / 255


@dataclass(frozen=True)
class ImageSet:
    """A data set of images.

    Arguments:
        name: Name in recipes and addresses.
        title: Name on the page.
        hub: Repository on the Hub.
        classes: Name of each label.
        others: Data set of the out-of-distribution images for the anomaly scores.
    """

    name: str
    title: str
    hub: str
    classes: tuple[str, ...]
    others: str
    space: Space = LEVELS

    def load(self, split: str, folder: str | Path | None = None) -> Split:
        """Read a whole split: "train" (55,000), "held-out" (5,000 of the training images) or "test" (10,000).

        Arguments:
            folder: The folder that holds a folder of this set's name; by default `EXPLORER_DATA`, else the Hub.

        Raises:
            DataError: if the files are missing or damaged.
        """
        folder = folder or os.environ.get("EXPLORER_DATA")
        part = "test" if split == "test" else "train"
        whole = _from_folder(Path(folder) / self.name, part) if folder else _from_hub(self.hub, part)
        if part == "test":
            return whole
        order = torch.randperm(len(whole), generator=torch.Generator().manual_seed(0))
        return whole[order[:HELD_OUT] if split == "held-out" else order[HELD_OUT:]]


def _from_folder(folder: Path, part: str) -> Split:
    stem = "t10k" if part == "test" else "train"
    images = read_idx(folder / f"{stem}-images-idx3-ubyte.gz", dimensions=3)
    labels = read_idx(folder / f"{stem}-labels-idx1-ubyte.gz", dimensions=1)
    if len(images) != len(labels) or images.shape[1:] != (28, 28):
        raise DataError(f"{folder} does not hold 28×28 images with one label each: download the files again")
    return Split(images.unsqueeze(1), labels.long())


def read_idx(path: Path, dimensions: int) -> Tensor:
    """Read an IDX file of unsigned bytes with so many dimensions, gzip'd or not; the file gives the shape.

    Raises:
        DataError: if it is missing, damaged or of another kind.
    """
    if not path.exists():
        raise DataError(f"{path} is missing: give the folder that holds it with --data or EXPLORER_DATA")
    try:
        raw = path.read_bytes()
        if is_pointer(raw):
            raise DataError(f"{path} {IS_POINTER}")
        raw = gzip.decompress(raw) if path.suffix == ".gz" else raw
        magic, *shape = struct.unpack_from(f">{dimensions + 1}I", raw)
        body = np.frombuffer(raw, np.uint8, offset=4 * (dimensions + 1))
    except (OSError, EOFError, struct.error, zlib.error) as error:
        raise DataError(f"{path} is damaged or cut short ({error}): download it again") from error
    if magic != 0x0800 + dimensions or body.size != np.prod(shape):
        raise DataError(f"{path} is not the IDX file it should be, or is cut short: download it again")
    return torch.from_numpy(body.reshape(shape).copy())


def _from_hub(repo: str, part: str) -> Split:
    from huggingface_hub import HfApi, hf_hub_download

    try:
        names = HfApi().list_repo_files(repo, repo_type="dataset")
        name = next(n for n in names if n.endswith(".parquet") and Path(n).name.startswith(part))
        return _read_parquet(hf_hub_download(repo, name, repo_type="dataset"))
    except Exception as error:
        raise DataError(
            f"{repo} could not be read from the Hub ({type(error).__name__}): "
            "give a folder of IDX files with --data or EXPLORER_DATA"
        ) from error


def _read_parquet(path: str) -> Split:
    import pyarrow.parquet

    rows = pyarrow.parquet.read_table(path).to_pylist()
    images = np.stack([np.asarray(Image.open(io.BytesIO(row["image"]["bytes"])).convert("L")) for row in rows])
    return Split(torch.from_numpy(images).unsqueeze(1), torch.tensor([row["label"] for row in rows]))


def binarise(x: Tensor, seed: int) -> Tensor:
    """Draw binary pixels with probability equal to the grey level: dynamic binarisation, the only method used here.

    Shapes: `x` is (…, 28, 28) in [0, 1]; the result has its shape and holds zeros and ones. Images generated from a
    seed are binarised with another seed, `APART` from it, because one seed gives the same random numbers twice.

    Reference: Salakhutdinov & Murray, On the Quantitative Analysis of Deep Belief Networks, 2008.

    Raises:
        ValueError: if `x` is not floating-point, or leaves [0, 1].
    """
    parts = x.split(IMAGES_AT_ONCE)
    if not x.is_floating_point() or not all(0 <= end <= 1 for part in pausing(parts) for end in part.aminmax()):
        raise ValueError("binarise wants floating-point pixels in [0, 1]")
    generator = torch.Generator().manual_seed(seed)
    noise = (torch.rand(part.shape, generator=generator).to(x.device) for part in parts)
    return torch.cat([(u < part).to(x.dtype) for u, part in pausing(zip(noise, parts))])


@cache
def bundled_images(dataset: str) -> Split:
    """Load the 2,000 test images (2000, 1, 28, 28) that ship with the app, in the order of their sprite sheet."""
    facts = json.loads((BUNDLED / f"{dataset}.json").read_text(encoding="utf-8"))
    return Split(_read_sheet(BUNDLED / f"{dataset}.png"), torch.tensor([int(digit) for digit in facts["labels"]]))


@cache
def bundled_binary_images(dataset: str) -> Tensor:
    """Load the same images after seeded binarisation, as input of binary models: (2000, 1, 28, 28)."""
    return (_read_sheet(BUNDLED / f"{dataset}-binary.png") > 0).float()


def _read_sheet(path: Path) -> Tensor:
    sheet = np.asarray(Image.open(path).convert("L"))
    rows, columns = sheet.shape[0] // 28, sheet.shape[1] // 28
    cells = sheet.reshape(rows, 28, columns, 28).transpose(0, 2, 1, 3).reshape(-1, 1, 28, 28)
    return torch.from_numpy(cells.copy())


def write_sheet(images: Tensor, path: Path, *, one_bit: bool = False) -> None:
    """Write bytes (N, 28, 28), or (N, 1, 28, 28), as a sheet of `SHEET_COLUMNS` columns; its last row ends in black."""
    blank = torch.zeros(-len(images) % SHEET_COLUMNS, *images.shape[1:], dtype=images.dtype)
    cells = torch.cat([images, blank]).numpy().reshape(-1, SHEET_COLUMNS, 28, 28).transpose(0, 2, 1, 3)
    sheet = Image.fromarray(cells.reshape(-1, SHEET_COLUMNS * 28))
    (sheet.point(lambda level: 255 * (level > 0)).convert("1") if one_bit else sheet).save(path, optimize=True)
