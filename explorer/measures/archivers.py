"""Size of one x by tools without a network, on the very same data: zlib, xz, and those for images and for sound.

A tool gets the data in their most compact usual form: the characters of a text, the bits of a binary image, one byte
for a grey pixel or a sample of sound. A file also has a container: names, lengths and checksums around the code. It is
counted apart, because for so little data it may be longer than the code. FLAC itself is not installed: its method is
counted by `sound_rivals`, without a container.
"""

import io
import lzma
import zlib
from dataclasses import dataclass

import numpy as np
from PIL import Image
from torch import Tensor

from explorer.measures import sound_rivals
from explorer.spaces import Colour, Space, Tokens, Wave
from explorer.spaces.images import SIDE, Images

ARCHIVERS_BEST = 9
XZ = [{"id": lzma.FILTER_LZMA2, "preset": ARCHIVERS_BEST | lzma.PRESET_EXTREME}]
ZLIB_CONTAINER = 6  # bytes: two before the code and a checksum of four after it
PNG_CONTAINER = 57 + ZLIB_CONTAINER  # signature, the chunks IHDR and IEND, and what surrounds the data in IDAT
WEBP_CONTAINER = 20  # the header of RIFF, and that of its only chunk


@dataclass(frozen=True)
class Size:
    """Bytes of a file, and how many of them are its container."""

    title: str
    file: int
    container: int

    @property
    def code(self) -> int:
        """Bytes of the code, without its container."""
        return self.file - self.container


def plain(space: Space, x: Tensor) -> bytes:
    """Return the uncompressed bytes of one x (1, *shape)."""
    if isinstance(space, Colour):
        return levels_of(x).tobytes()
    symbols = space.symbols(x)
    if isinstance(space, Tokens):
        return space.text(x[0]).encode("ascii")
    if isinstance(space, Images) and space.levels == 2:
        return np.packbits(np.array(symbols, np.uint8)).tobytes()
    return bytes(symbols)


def sizes(space: Space, x: Tensor) -> list[Size]:
    """Return the sizes of one x (1, *shape), uncompressed and by each tool."""
    raw = plain(space, x)
    found = [
        Size("uncompressed", len(raw), 0),
        Size("zlib", len(zlib.compress(raw, ARCHIVERS_BEST)), ZLIB_CONTAINER),
        xz_size(raw),
    ]
    if isinstance(space, Wave):
        found.append(Size("FLAC’s method", -(-sound_rivals.flac_bits(x[0].numpy()) // 8), 0))
    if isinstance(space, Colour):
        return found + as_files(Image.fromarray(levels_of(x)))
    return found + (pictures(space, x) if isinstance(space, Images) else [])


def levels_of(x: Tensor) -> np.ndarray:
    """Return a colour image (1, 3, H, W) in [0, 1] as bytes (H, W, 3)."""
    return (255 * x[0]).round().byte().permute(1, 2, 0).contiguous().numpy()


def as_files(image: Image.Image) -> list[Size]:
    """Return the sizes of a colour image as PNG and as lossless WebP."""
    return [
        Size("PNG", saved_size(image, "PNG", optimize=True), PNG_CONTAINER),
        Size("WebP", saved_size(image, "WEBP", lossless=True, quality=100, method=6), WEBP_CONTAINER),
    ]


def xz_size(raw: bytes) -> Size:
    """Return the size of bytes by xz."""
    file = len(lzma.compress(raw, filters=XZ))
    return Size("xz", file, file - len(lzma.compress(raw, lzma.FORMAT_RAW, filters=XZ)))


def pictures(space: Images, x: Tensor) -> list[Size]:
    """Return the sizes of an image (1, 1, 28, 28) as PNG and as lossless WebP."""
    grey = np.array(space.symbols(x), np.uint8).reshape(SIDE, SIDE) * (255 // (space.levels - 1))
    image = Image.fromarray(grey)
    small = image.convert("1", dither=Image.Dither.NONE) if space.levels == 2 else image
    return [
        Size("PNG", saved_size(small, "PNG", optimize=True), PNG_CONTAINER),
        Size("WebP", saved_size(image.convert("RGB"), "WEBP", lossless=True, quality=100, method=6), WEBP_CONTAINER),
    ]


def saved_size(image: Image.Image, kind: str, **how: object) -> int:
    """Return the size of an image as a file of this kind."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **how)
    return buffer.tell()
