"""Texts: sequences of characters from a fixed alphabet, each stored as its number in the alphabet."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from explorer.spaces.sequences import Sequences
from explorer.spaces.space import Space

LONGEST = 500  # characters of a visitor's text
BLANK = "_"  # shown for a character that is not drawn yet
UNKNOWN_LISTED = 5  # unknown characters that an error lists


@dataclass(frozen=True)
class Tokens(Sequences):
    """Texts (B, T) of integers from 0 to V − 1, for an alphabet of V characters. The browser receives a byte for each.

    Drawn texts have `length` characters. A text that is read, encoded or checked may have any length T from 1. While a
    sampler runs, a character that is not drawn yet is V, one beyond the alphabet.

    Arguments:
        alphabet: The V characters, at most 255; a character's number is its place.
        length: Number of characters of a drawn text.
    """

    alphabet: str
    length: int
    name: ClassVar[str] = "text"
    title: ClassVar[str] = "text"
    ways: ClassVar[int] = 4
    largest: ClassVar[int] = 255

    def __post_init__(self):
        if not 0 < len(set(self.alphabet)) == len(self.alphabet) <= self.largest:
            raise ValueError(f"an alphabet has from 1 to {self.largest} characters, each of them once")

    @property
    def size(self) -> int:
        """V, the number of characters in the alphabet; also the number of a character that is not drawn yet."""
        return len(self.alphabet)

    @property
    def lengths(self) -> range:
        """Numbers of symbols that a visitor's x may have."""
        return range(1, LONGEST + 1)

    def read(self, kind: str, value: object = None) -> Tensor:
        """Read a "text" of 1 to 500 characters, (1, T), or "noise" of a seed, (1, length)."""
        if kind == "noise":
            return self.noise_of(value)
        if kind != "text" or not isinstance(value, str):
            raise ValueError(f"what is asked about is a text or noise, not “{kind}”")
        if not 1 <= len(value) <= LONGEST:
            raise ValueError(f"a text has from 1 to {LONGEST} characters, this one has {len(value):,}")
        return self.codes(value).unsqueeze(0)

    def codes(self, text: str) -> Tensor:
        """Convert a text to the numbers of its characters: (T,).

        Raises:
            ValueError: if the alphabet lacks a character; the message lists up to five of them.
        """
        if unknown := [each for each in dict.fromkeys(text) if each not in self.alphabet]:
            listed = ", ".join(
                f"“{each}”" if each.isprintable() else f"U+{ord(each):04X}" for each in unknown[:UNKNOWN_LISTED]
            )
            more = ", …" if len(unknown) > UNKNOWN_LISTED else ""
            raise ValueError(f"the network does not know {listed}{more}: its alphabet has {self.list_alphabet()}")
        alphabet = _points(self.alphabet)
        numbers = np.zeros(alphabet.max() + 1, np.int64)
        numbers[alphabet] = range(self.size)
        return torch.from_numpy(numbers[_points(text)])

    def list_alphabet(self) -> str:
        """List the alphabet for a message, with names for the space and the line break."""
        names = {" ": "the space", "\n": "the line break"}
        visible = "".join(each for each in self.alphabet if each not in names)
        return ", ".join([*(name for each, name in names.items() if each in self.alphabet), visible])

    def text(self, x: Tensor) -> str:
        """Convert the numbers (T,) of one text back to its characters; one that is not drawn yet becomes “_”."""
        return "".join((self.alphabet + BLANK)[code] for code in x.tolist())

    def comparable(self, other: Space) -> bool:
        """True for texts in the same alphabet: the log-probability of a text does not depend on `length`."""
        return isinstance(other, Tokens) and self.alphabet == other.alphabet


def _points(text: str) -> np.ndarray:
    """Return the code points of a text: (T,)."""
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)
