"""Tiny Shakespeare: 1,115,394 characters from the plays of William Shakespeare, in an alphabet of 65.

The whole text ships with the app, compressed. It is in the public domain. The last tenth is the test split, which only
`explorer.evaluate` reads. Of the first nine tenths, the last 5 % are held out for development. A finished network is
trained on all nine tenths: the test begins inside a play, whose beginning and names are in the held-out part.

Reference: Karpathy, The Unreasonable Effectiveness of Recurrent Neural Networks, 2015 (the selection of the plays)
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from explorer.data.images import BUNDLED, DataError
from explorer.data.packed import decompress
from explorer.spaces import TEXT, Tokens

TEST, SHAKESPEARE_HELD_OUT = 0.1, 0.05  # shares of the text, and of what is not test
SOURCE, LICENCE = "Tiny Shakespeare: plays of William Shakespeare, selected by Andrej Karpathy, 2015", "public domain"


@dataclass(frozen=True)
class Texts:
    """A text (N,) as numbers of characters, cut into items for training, with the interface of a `Split`.

    Item i starts at character i · `length` and has 2 · `length` characters, so the items overlap by half. A model
    trains on a random excerpt of each item; so every place in the text can begin an excerpt.
    """

    codes: Tensor
    items: Tensor
    length: int = TEXT.length

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: Tensor | slice) -> "Texts":
        return Texts(self.codes, self.items[index], self.length)

    @property
    def labels(self) -> Tensor:
        """Labels (N,), all 0."""
        return torch.zeros(len(self), dtype=torch.long)

    def pixels(self) -> Tensor:
        """Return the items (N, 2 · length); the name matches that of a `Split` of images."""
        return self.codes[self.length * self.items.unsqueeze(-1) + torch.arange(2 * self.length)]


@dataclass(frozen=True)
class TextSet:
    """A data set that is one long text."""

    name: str
    title: str
    space: Tokens = TEXT

    def load(self, split: str, folder: str | None = None) -> Texts:
        """Read a split: "train" (953,662 characters), "held-out" (50,193), "train+held-out" or "test" (111,539).

        The folder is not needed.

        Raises:
            DataError: if the bundled file is missing or damaged.
        """
        codes = self.space.codes(read(BUNDLED / f"{self.name}.xz"))
        others = round((1 - TEST) * len(codes))
        train = round((1 - SHAKESPEARE_HELD_OUT) * others)
        ends = {
            "train": (0, train),
            "held-out": (train, others),
            "train+held-out": (0, others),
            "test": (others, len(codes)),
        }
        start, end = ends[split]
        return Texts(codes[start:end], torch.arange((end - start) // self.space.length - 1), self.space.length)


@cache
def read(path: Path) -> str:
    """Read the compressed text.

    Raises:
        DataError: if the file is missing or damaged.
    """
    try:
        return decompress(path).decode("ascii")
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name} is damaged ({error}): restore it") from error


SHAKESPEARE = TextSet("shakespeare", "Shakespeare")
