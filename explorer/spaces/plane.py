"""Points in the plane."""

import base64
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from explorer.spaces.packing import pack
from explorer.spaces.space import Space

PLANE_WHOLE = 32_767


@dataclass(frozen=True)
class Plane(Space):
    """Points (x₁, x₂). The browser receives each coordinate as an integer of 16 bits.

    Arguments:
        reach: Largest coordinate; `encode` clamps values beyond it.
    """

    reach: float = 4.0
    name: ClassVar[str] = "plane"
    title: ClassVar[str] = "points"
    shape: ClassVar[tuple[int, ...]] = (2,)
    together: ClassVar[int] = 500
    ways: ClassVar[int] = 200

    def encode(self, x: Tensor) -> str:
        """Encode points (B, 2) as base64 of pairs of 16-bit integers, in units of `reach` / 32,767."""
        return pack((x / self.reach).clamp(-1, 1) * PLANE_WHOLE, torch.int16)

    def decode(self, payload: str) -> Tensor:
        """Decode points (B, 2), with 16 bits of precision a coordinate."""
        raw = torch.frombuffer(bytearray(base64.b64decode(payload)), dtype=torch.int16)
        return raw.view(-1, 2) * (self.reach / PLANE_WHOLE)

    def read(self, kind: str, value: object = None) -> Tensor:
        """Read a "point" of two numbers, or "noise" of a seed: (1, 2)."""
        if kind == "noise":
            return self.noise_of(value)
        if kind != "point":
            raise ValueError(f"what is asked about in the plane is a point or noise, not “{kind}”")
        x = torch.tensor([value], dtype=torch.float32)
        self.check(x)
        return x

    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw points uniformly from the square [−`reach`, `reach`]²: (n, 2)."""
        return self.reach * (2 * torch.rand(n, 2, generator=generator) - 1)

    def check(self, x: Tensor) -> None:
        """Raise ValueError unless points are (B, 2) and finite."""
        if x.ndim != 2 or x.shape[1] != 2 or not x.is_floating_point() or not bool(x.isfinite().all()):
            raise ValueError(f"points must be finite floating-point (B, 2), not {x.dtype} {tuple(x.shape)}")
