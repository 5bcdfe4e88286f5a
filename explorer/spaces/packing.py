"""Numbers in the format for the browser: base64 of typed arrays, and of bits."""

import base64

import numpy as np
import torch
from torch import Tensor


def pack(x: Tensor, dtype: torch.dtype) -> str:
    """Encode numbers, of any shape, as base64 of a typed array, row by row; conversion to integers rounds."""
    x = x.detach().cpu()
    if x.is_floating_point() and not dtype.is_floating_point:
        x = x.round()
    return base64.b64encode(x.to(dtype).contiguous().numpy().tobytes()).decode("ascii")


def to_bytes(x: Tensor) -> str:
    """Encode values in [0, 1], of any shape, as base64 of unsigned bytes."""
    return pack(x.mul(255).clamp(0, 255), torch.uint8)


def of_bytes(payload: str, shape: tuple[int, ...]) -> Tensor:
    """Decode x of this shape, multiples of 1/255, from base64 of unsigned bytes: (B, *shape)."""
    return torch.frombuffer(bytearray(base64.b64decode(payload)), dtype=torch.uint8).view(-1, *shape) / 255


def pack_bits(x: Tensor) -> str:
    """Encode zeros and ones, or flags, of any shape, as base64 of bits, most significant first."""
    bits = np.packbits(x.detach().cpu().float().round().bool().numpy().reshape(-1))
    return base64.b64encode(bits.tobytes()).decode("ascii")


def unpack_bits(raw: bytes) -> Tensor:
    """Unpack the bits of `pack_bits`, most significant first, as zeros and ones (8 · bytes,)."""
    return torch.from_numpy(np.unpackbits(np.frombuffer(raw, np.uint8))).float()
