"""What every space says of its x."""

import math
from abc import ABC, abstractmethod

import torch
from torch import Tensor

from explorer.spaces.packing import unpack_bits


class Space(ABC):
    """What an x is, its way to the browser and back, and how a visitor's own x is read.

    Spaces are equal where they are of one kind and have the same arguments. Shapes: x is (B, *shape) everywhere.
    """

    name: str
    title: str
    """The name as it stands on the page, in a word."""
    shape: tuple[int, ...]

    together: int
    """How many x are shown together."""
    ways: int
    """How many ways to fill in an x are shown."""

    @property
    def dim(self) -> int:
        """How many numbers one x is."""
        return math.prod(self.shape)

    @abstractmethod
    def encode(self, x: Tensor) -> str:
        """Every x, one after the other, as base64 of a typed array; (B, *shape)."""

    @abstractmethod
    def decode(self, payload: str) -> Tensor:
        """What `encode` wrote: (B, *shape)."""

    @abstractmethod
    def read(self, kind: str, value: object = None) -> Tensor:
        """One x that a visitor drew, typed or chose: (1, *shape).

        Raises:
            ValueError: if the space has no such kind of x, or the value is not in the space; the message says why.
        """

    def flags(self, raw: bytes) -> Tensor:
        """Which parts of an x are kept, from a bit for each, most significant first: booleans (*shape).

        Raises:
            ValueError: if there are not so many.
        """
        if len(raw) != math.ceil(self.dim / 8):
            raise ValueError(f"what is kept must be {self.dim} bits, one for each part")
        return unpack_bits(raw)[: self.dim].view(self.shape).bool()

    @abstractmethod
    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        """An x without any structure, every value alike: (n, *shape)."""

    @abstractmethod
    def check(self, x: Tensor) -> None:
        """Raises ValueError unless every x lies in the space; the message says what is wanted."""

    def comparable(self, other: "Space") -> bool:
        """Whether a log-probability of an x here may stand beside one of an x there."""
        return self == other
