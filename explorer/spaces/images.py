"""Images of 28×28 pixels with a fixed number of levels from 0, black, to 1, white."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from explorer.spaces.packing import of_bytes, to_bytes, unpack_bits
from explorer.spaces.space import Discrete

SIDE = 28
PIXELS = SIDE * SIDE
BITS = PIXELS // 8


@dataclass(frozen=True)
class Images(Discrete):
    """Images with a fixed number of levels. The browser receives each pixel as a byte, from 0 to 255.

    A sampler's image may lie between two levels; it is rounded to the nearest byte.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    levels: ClassVar[int]
    shape: ClassVar[tuple[int, ...]] = (1, SIDE, SIDE)
    together: ClassVar[int] = 4
    ways: ClassVar[int] = 4

    def encode(self, x: Tensor) -> str:
        """Encode images (B, 1, 28, 28) in [0, 1] as base64 of unsigned bytes, row by row."""
        return to_bytes(x)

    def decode(self, payload: str) -> Tensor:
        """Decode images (B, 1, 28, 28), multiples of 1/255."""
        return of_bytes(payload, self.shape)

    def read(self, kind: str, value: object = None) -> Tensor:
        """Read an image: "bits", "pixels", a "blank" page, or seeded "noise".

        "bits" are those of a drawing (98 bytes) or the grey levels of an opened picture (784 bytes, rounded to the
        levels of the space). "pixels" are 784 levels of the space.

        Shapes: the result (1, 1, 28, 28).
        """
        match kind, value:
            case "bits", bytes(raw):
                return self._of_grey(raw) if len(raw) == PIXELS else unpack_bits(raw).view(1, *self.shape)
            case "pixels", bytes(raw):
                return self.from_levels(raw).view(1, *self.shape)
            case "blank", _:
                return torch.zeros(1, *self.shape)
            case "noise", _:
                return self.noise_of(value)
        raise ValueError(f"an image is drawn, blank or noise, not “{kind}”")

    def _of_grey(self, raw: bytes) -> Tensor:
        """Convert grey bytes to the nearest levels of the space: (1, 1, 28, 28)."""
        grey = torch.frombuffer(bytearray(raw), dtype=torch.uint8).float() / 255
        return ((grey * (self.levels - 1)).round() / (self.levels - 1)).view(1, *self.shape)

    @property
    def lengths(self) -> range:
        """Numbers of symbols that an x may have."""
        return range(PIXELS, PIXELS + 1)

    def symbols(self, x: Tensor) -> list[int]:
        """Return the levels of the pixels of one image (1, 1, 28, 28), row by row.

        Raises:
            ValueError: if `x` is not in the space.
        """
        self.check(x)
        return (x.flatten() * (self.levels - 1)).round().long().tolist()

    def of_symbols(self, symbols: list[int]) -> Tensor:
        """Return the image whose pixels have these levels, row by row: (1, 1, 28, 28)."""
        return (torch.tensor(symbols) / (self.levels - 1)).view(1, *self.shape)

    def from_levels(self, raw: bytes) -> Tensor:
        """Convert bytes of levels to values, (1, pixels).

        Raises:
            ValueError: if there are levels that the space does not have.
        """
        level = torch.frombuffer(bytearray(raw), dtype=torch.uint8).unsqueeze(0)
        if int(level.max()) >= self.levels:
            raise ValueError(f"this network's pixels are levels from 0 to {self.levels - 1}, not {int(level.max())}")
        return level.float() / (self.levels - 1)

    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw images whose pixels are independent and uniform over the levels: (n, 1, 28, 28)."""
        return torch.randint(self.levels, (n, *self.shape), generator=generator) / (self.levels - 1)

    def check(self, x: Tensor) -> None:
        """Raise ValueError unless images are (B, 1, 28, 28) and contain only levels of this space."""
        if x.ndim != 4 or x.shape[1:] != self.shape or not x.is_floating_point():
            raise ValueError(f"images must be floating-point (B, 1, {SIDE}, {SIDE}), not {x.dtype} {tuple(x.shape)}")
        self.check_levels(x, "pixels")

    def check_levels(self, x: Tensor, what: str) -> None:
        """Raise ValueError unless values of any shape are levels of this space; `what` names them."""
        level = x * (self.levels - 1)
        inside = (x >= 0) & (x <= 1) & ((level - level.round()).abs() < 1e-3)
        if not bool(inside.all()):
            wanted = "0 or 1" if self.levels == 2 else f"multiples of 1/{self.levels - 1} from 0 to 1"
            raise ValueError(f"{what} must be {wanted}; found {x[~inside][0].item():.4g}")


@dataclass(frozen=True)
class Binary(Images):
    """Black or white pixels."""

    name, title, levels = "binary", "binary", 2


@dataclass(frozen=True)
class Levels(Images):
    """Pixels of 256 grey levels."""

    name, title, levels = "levels", "grey", 256
