"""What every space says of its x."""

import math
from abc import ABC, abstractmethod

import torch
from torch import Tensor


class Space(ABC):
    """What an x is, its way to the browser and back, and how a visitor's own x is read.

    Spaces are equal where they are of one kind and have the same arguments. Shapes: x is (B, *shape) everywhere.
    """

    name: str
    title: str
    """The name as it stands on the page, in a word."""
    shape: tuple[int, ...]

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

    @abstractmethod
    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        """An x without any structure, every value alike: (n, *shape)."""

    @abstractmethod
    def check(self, x: Tensor) -> None:
        """Raises ValueError unless every x lies in the space; the message says what is wanted."""

    def comparable(self, other: "Space") -> bool:
        """Whether a log-probability of an x here may stand beside one of an x there."""
        return self == other
