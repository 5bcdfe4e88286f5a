"""Colour images of 48×48 pixels, or of 24×24, each with 256 levels of red, green and blue."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from explorer.spaces.packing import of_bytes, to_bytes, unpack_bits
from explorer.spaces.space import Space

COLOUR_SIDE, GLYPH_SIDE, COLOUR_LEVELS = 48, 24, 256


@dataclass(frozen=True)
class Colour(Space):
    """Colour images. The browser receives a byte for each value: all of red, then green, then blue.

    A sampler's image may lie between two levels; it is rounded to the nearest byte.
    """

    name: ClassVar[str] = "colour"
    title: ClassVar[str] = "colour"
    shape: ClassVar[tuple[int, ...]] = (3, COLOUR_SIDE, COLOUR_SIDE)
    together: ClassVar[int] = 4
    ways: ClassVar[int] = 4

    def encode(self, x: Tensor) -> str:
        """Encode images (B, 3, 48, 48) in [0, 1] as base64 of unsigned bytes, row by row."""
        return to_bytes(x)

    def decode(self, payload: str) -> Tensor:
        """Decode images (B, 3, 48, 48), multiples of 1/255."""
        return of_bytes(payload, self.shape)

    def read(self, kind: str, value: object = None) -> Tensor:
        """Read the "pixels" of an image (6,912 bytes), a "blank" black page, or seeded "noise": (1, 3, 48, 48)."""
        match kind, value:
            case "pixels", bytes(raw) if len(raw) == self.dim:
                return torch.frombuffer(bytearray(raw), dtype=torch.uint8).view(1, *self.shape) / 255
            case "pixels", _:
                raise ValueError(f"a colour image has {self.dim:,} values, one byte each")
            case "blank", _:
                return torch.zeros(1, *self.shape)
            case "noise", _:
                return self.noise_of(value)
        raise ValueError(f"a colour image is given by its pixels, blank or noise, not “{kind}”")

    def flags(self, raw: bytes) -> Tensor:
        """Return the mask of kept pixels from one bit for each, most significant first: booleans (3, 48, 48).

        Raises:
            ValueError: if the number of bytes is wrong.
        """
        if len(raw) != COLOUR_SIDE**2 // 8:
            raise ValueError(f"what is kept must be {COLOUR_SIDE**2} bits, one for each pixel")
        return unpack_bits(raw).view(1, COLOUR_SIDE, COLOUR_SIDE).bool().expand(self.shape)

    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw images whose values are independent and uniform over the levels: (n, 3, 48, 48)."""
        return torch.randint(COLOUR_LEVELS, (n, *self.shape), generator=generator) / (COLOUR_LEVELS - 1)

    def check(self, x: Tensor) -> None:
        """Raise ValueError unless images are (B, 3, 48, 48) and contain only the 256 levels."""
        side = self.shape[-1]
        if x.ndim != 4 or x.shape[1:] != self.shape or not x.is_floating_point():
            raise ValueError(f"images must be floating-point (B, 3, {side}, {side}), not {x.dtype} {tuple(x.shape)}")
        level = x * (COLOUR_LEVELS - 1)
        if not bool(((x >= 0) & (x <= 1) & ((level - level.round()).abs() < 1e-3)).all()):
            raise ValueError("values must be multiples of 1/255 from 0 to 1")


@dataclass(frozen=True)
class Glyph(Colour):
    """Colour images of 24×24 pixels: emoji on white."""

    name: ClassVar[str] = "glyph"
    shape: ClassVar[tuple[int, ...]] = (3, GLYPH_SIDE, GLYPH_SIDE)
