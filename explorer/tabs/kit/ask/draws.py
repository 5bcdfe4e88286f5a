"""Random numbers of a seed, as the browser draws them (`stages/kit/plane/random.js`)."""

import math

import numpy as np
import torch
from torch import Tensor

NEXT, BITS = 0x6D2B79F5, 2**32


def uniforms(seed: int, count: int) -> Tensor:
    """Return the first uniform numbers in [0, 1) of a seed, by mulberry32: (count,)."""
    state = ((seed + NEXT * np.arange(1, count + 1, dtype=np.int64)) % BITS).astype(np.uint32)
    t = (state ^ (state >> 15)) * (state | 1)
    t = (t + (t ^ (t >> 7)) * (t | 61)) ^ t
    return torch.from_numpy((t ^ (t >> 14)) / BITS)


def gaussians(seed: int, count: int) -> Tensor:
    """Return the first standard Gaussian numbers of a seed, by Box and Muller: (count,)."""
    u = uniforms(seed, count + count % 2).view(-1, 2)
    radius, angle = (-2 * (1 - u[:, 0]).log()).sqrt(), 2 * math.pi * u[:, 1]
    return torch.stack([radius * angle.cos(), radius * angle.sin()], 1).flatten()[:count]


def permutation(count: int, seed: int) -> list[int]:
    """Return the numbers below `count` in an order drawn with a seed, by Fisher and Yates."""
    order = [*range(count)]
    for i, u in zip(range(count - 1, 0, -1), uniforms(seed, count).tolist()):
        j = int(u * (i + 1))
        order[i], order[j] = order[j], order[i]
    return order
