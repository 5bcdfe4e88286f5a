"""Numbers on their way to the browser: base64 of typed arrays."""

import base64

import torch
from torch import Tensor


def pack(x: Tensor, dtype: torch.dtype) -> str:
    """Numbers as base64 of a typed array, row by row; what becomes whole is rounded."""
    x = x.detach().cpu()
    if x.is_floating_point() and not dtype.is_floating_point:
        x = x.round()
    return base64.b64encode(x.to(dtype).contiguous().numpy().tobytes()).decode("ascii")
