"""Other ways to the numbers of exercises about blocks of a network."""

import itertools
import math
from collections.abc import Mapping

import numpy as np
import torch
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode


def solved_block(g: Mapping[str, float]) -> float:
    """The second pixel of a causal block, whose map is linear here: z = L x with a triangular L."""
    first, second = (math.exp(-g[name]) for name in ("alpha1", "alpha2"))
    lower = torch.tensor([[first, 0.0], [-second, second]], dtype=torch.float64)
    z = torch.tensor([[g["z1"]], [g["z2"]]], dtype=torch.float64)
    return float(torch.linalg.solve_triangular(lower, z, upper=False)[1])


def multiplications(positions: int, width: int) -> int:
    """Multiplications of a block that torch counts: products with 14 matrices, and attention to all positions."""
    h = torch.empty(positions, width, device="meta")
    with FlopCounterMode(display=False) as counter:
        F.linear(h, torch.empty(14 * width, width, device="meta"))
        torch.mm(torch.mm(h, h.T), h)
    return counter.get_total_flops() // 2


def permanent(sizes: list) -> int:
    """The number of permutations that exchange only equal sizes, by Ryser's formula."""
    fits, n = np.equal.outer(sizes, sizes), len(sizes)
    some = [s for k in range(1, n + 1) for s in itertools.combinations(range(n), k)]
    return int(sum((-1) ** (n - len(s)) * fits[:, list(s)].sum(1).prod() for s in some))


def pooled_snr(g: Mapping[str, int]) -> float:
    """By the weights of a pooling: the square of their sum for the signal, the sum of their squares for the noise."""
    k = g["k"]
    weights = F.avg_pool2d(torch.eye(k * k, dtype=torch.float64).view(-1, 1, k, k), k).flatten()
    return g["snr"] + float((weights.sum() ** 2 / weights.square().sum()).log())
