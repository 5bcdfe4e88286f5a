"""Coarse images: 8×8 pixels with 16 grey levels, from 0, black, to 1, white."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from explorer.spaces.packing import of_bytes, to_bytes
from explorer.spaces.space import Space

COARSE_SIDE, COARSE_LEVELS = 8, 16


@dataclass(frozen=True)
class Coarse(Space):
    """Images of 8×8 pixels. The browser receives each pixel as a byte, from 0 to 255."""

    name: ClassVar[str] = "coarse"
    title: ClassVar[str] = "coarse grey"
    shape: ClassVar[tuple[int, ...]] = (1, COARSE_SIDE, COARSE_SIDE)
    together: ClassVar[int] = 4
    ways: ClassVar[int] = 4

    def encode(self, x: Tensor) -> str:
        """Encode images (B, 1, 8, 8) in [0, 1] as base64 of unsigned bytes, row by row."""
        return to_bytes(x)

    def decode(self, payload: str) -> Tensor:
        """Decode images (B, 1, 8, 8), multiples of 1/255."""
        return of_bytes(payload, self.shape)

    def read(self, kind: str, value: object = None) -> Tensor:
        """Read a "blank" page or seeded "noise": (1, 1, 8, 8)."""
        match kind:
            case "blank":
                return torch.zeros(1, *self.shape)
            case "noise":
                return self.noise_of(value)
        raise ValueError(f"a coarse image is a test image, blank or noise, not “{kind}”")

    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw images whose pixels are independent and uniform over the levels: (n, 1, 8, 8)."""
        return torch.randint(COARSE_LEVELS, (n, *self.shape), generator=generator) / (COARSE_LEVELS - 1)

    def check(self, x: Tensor) -> None:
        """Raise ValueError unless images are (B, 1, 8, 8) and contain only the 16 levels."""
        if x.ndim != 4 or x.shape[1:] != self.shape or not x.is_floating_point():
            raise ValueError(f"images must be floating-point (B, 1, 8, 8), not {x.dtype} {tuple(x.shape)}")
        level = x * (COARSE_LEVELS - 1)
        if not bool(((x >= 0) & (x <= 1) & ((level - level.round()).abs() < 1e-3)).all()):
            raise ValueError("pixels must be multiples of 1/15 from 0 to 1")
