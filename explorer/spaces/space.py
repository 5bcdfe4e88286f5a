"""Interface of every space."""

import math
from abc import ABC, abstractmethod

import torch
from torch import Tensor

from explorer.spaces.packing import unpack_bits


class Space(ABC):
    """A space of x: its encoding for the browser and back, and the parsing of a visitor's own x.

    Spaces of the same class with the same arguments are equal. Shapes: x is (B, *shape) everywhere.
    """

    name: str
    title: str
    """Name on the page, in a word."""
    shape: tuple[int, ...]

    together: int
    """Number of x displayed together."""
    ways: int
    """Number of completions displayed for one x."""

    @property
    def dim(self) -> int:
        """Number of values in one x."""
        return math.prod(self.shape)

    @abstractmethod
    def encode(self, x: Tensor) -> str:
        """Encode all x in order as base64 of a typed array; (B, *shape)."""

    @abstractmethod
    def decode(self, payload: str) -> Tensor:
        """Decode the output of `encode`: (B, *shape)."""

    @abstractmethod
    def read(self, kind: str, value: object = None) -> Tensor:
        """Read one x that a visitor drew, typed or chose: (1, *shape).

        Raises:
            ValueError: if the space has no such kind of x, or the value is not in the space; the message says why.
        """

    def flags(self, raw: bytes) -> Tensor:
        """Return the mask of kept parts from one bit for each, most significant first: booleans (*shape).

        Raises:
            ValueError: if the number of bytes is wrong.
        """
        if len(raw) != math.ceil(self.dim / 8):
            raise ValueError(f"what is kept must be {self.dim} bits, one for each part")
        return unpack_bits(raw)[: self.dim].view(self.shape).bool()

    @abstractmethod
    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw x without any structure, uniform over all values: (n, *shape)."""

    @abstractmethod
    def check(self, x: Tensor) -> None:
        """Raise ValueError unless every x (B, *shape) lies in the space; the message says what is wanted."""

    def noise_of(self, seed: object) -> Tensor:
        """Draw the noise of a seed: (1, *shape).

        Raises:
            ValueError: if the seed is not a whole number.
        """
        if not isinstance(seed, int):
            raise ValueError("noise is drawn from a seed, a whole number")
        return self.noise(1, torch.Generator().manual_seed(seed))

    def comparable(self, other: "Space") -> bool:
        """True if log-probabilities of x in this space and in the other can be compared."""
        return self == other


class Discrete(Space):
    """A space whose x are sequences of symbols, so that a file can hold one."""

    @property
    @abstractmethod
    def lengths(self) -> range:
        """Numbers of symbols that a visitor's x may have."""

    @abstractmethod
    def symbols(self, x: Tensor) -> list[int]:
        """Return the symbols of one x (1, *shape).

        Raises:
            ValueError: if `x` is not in the space.
        """

    @abstractmethod
    def of_symbols(self, symbols: list[int]) -> Tensor:
        """Return the x of these symbols: (1, *shape)."""
