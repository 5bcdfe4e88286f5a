"""Pictures and numbers on their way to the browser and back: base64 of typed arrays, and of bits."""

import base64

import torch
from torch import Tensor


def pack(x: Tensor, dtype: torch.dtype) -> str:
    """Numbers as base64 of a typed array, row by row; what becomes whole is rounded."""
    x = x.detach().cpu()
    if x.is_floating_point() and not dtype.is_floating_point:
        x = x.round()
    return base64.b64encode(x.to(dtype).contiguous().numpy().tobytes()).decode("ascii")


def pack_bits(x: Tensor) -> str:
    """Images of zeros and ones (…, 28, 28) as base64 of bits, most significant first."""
    powers = 2 ** torch.arange(7, -1, -1)
    return pack((x.cpu().reshape(-1, 8).float().round().long() * powers).sum(-1), torch.uint8)


def unpack_bits(raw: bytes) -> Tensor:
    """98 bytes, most significant bit first, as an image (1, 28, 28) of zeros and ones."""
    packed = torch.frombuffer(bytearray(raw), dtype=torch.uint8)
    return packed.unsqueeze(1).bitwise_right_shift(torch.arange(7, -1, -1)).bitwise_and(1).float().view(1, 28, 28)
