"""Sequences of symbols, each a number below the number of symbols; texts and sounds are sequences."""

import base64
from abc import abstractmethod

import torch
from torch import Tensor

from explorer.spaces.packing import pack
from explorer.spaces.space import Discrete


class Sequences(Discrete):
    """Sequences (B, T) of integers from 0 to V − 1. The browser receives a byte for each.

    Drawn sequences have length `length`. One that is read, encoded or checked may have any length T from 1.
    """

    length: int
    together = 1

    @property
    @abstractmethod
    def size(self) -> int:
        """V, the number of symbols, at most 256."""

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.length,)

    def encode(self, x: Tensor) -> str:
        """Encode sequences (B, T) as base64 of unsigned bytes, one a symbol."""
        return pack(x, torch.uint8)

    def decode(self, payload: str) -> Tensor:
        """Decode sequences of `length` symbols: (B, length)."""
        return torch.frombuffer(bytearray(base64.b64decode(payload)), dtype=torch.uint8).view(-1, self.length).long()

    def symbols(self, x: Tensor) -> list[int]:
        """Return the symbols of one sequence (1, T).

        Raises:
            ValueError: if `x` is not in the space.
        """
        self.check(x)
        return x[0].tolist()

    def of_symbols(self, symbols: list[int]) -> Tensor:
        """Return the sequence of these symbols: (1, T)."""
        return torch.tensor([symbols])

    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw sequences whose symbols are independent and uniform: (n, length)."""
        return torch.randint(self.size, (n, self.length), generator=generator)

    def check(self, x: Tensor) -> None:
        """Raise ValueError unless sequences are integers (B, T), T at least 1, from 0 to V − 1."""
        if x.ndim != 2 or x.shape[1] < 1 or x.dtype != torch.long:
            raise ValueError(f"{self.title}s must be 64-bit integers (B, T), not {x.dtype} {tuple(x.shape)}")
        if x.numel() and not (int(x.min()) >= 0 and int(x.max()) < self.size):
            raise ValueError(f"numbers of a {self.title} must be from 0 to {self.size - 1}")
