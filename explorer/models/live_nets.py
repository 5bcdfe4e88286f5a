"""Networks of the small families that train while a visitor watches: their weights are drawn from a given generator.

The global random state is shared by all threads of the server. So a layer that draws its own weights would make a
training depend on what other visitors do at the same time.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

import torch
from torch import Tensor, nn

from explorer.models.layers import linear
from explorer.models.sampled import Sampled
from explorer.spaces import PLANE
from explorer.steps import Step

QUICK = 4.0  # factor on the weights of the coordinates, so that features vary quickly over the plane
FREQUENCIES = math.pi * 2.0 ** torch.arange(4)  # of the waves of a time
Net = TypeVar("Net", bound=nn.Module)
EDGE = 0.03  # keeps the logarithms of both ends of the time finite


class Live(Sampled):
    """Base class of the small families of points in the plane: `Family(width, deeper, generator)` is untrained."""

    space = PLANE


def hidden_widths(width: int, usual: int, deeper: int) -> list[int]:
    """Return the units of each hidden layer: `deeper` layers more than usual, but at least one."""
    return [width] * max(1, usual + deeper)


@torch.no_grad()
def draw_weights(module: Net, generator: torch.Generator) -> Net:
    r"""Draw the weights of all linear layers again, uniformly in $\pm 1/\sqrt{inputs}$."""
    for layer in module.modules():
        if isinstance(layer, nn.Linear):
            bound = 1 / math.sqrt(layer.in_features)
            for weight in (layer.weight, layer.bias):
                weight.uniform_(-bound, bound, generator=generator)
    return module


def network(sizes: Sequence[int], generator: torch.Generator, quick: float = QUICK) -> nn.Sequential:
    """Return linear layers of these sizes with SiLU between them; the first weights of coordinates are `quick` times
    as large."""
    layers = [layer for pair in pairwise(sizes) for layer in (nn.Linear(*pair), nn.SiLU())]
    net = draw_weights(nn.Sequential(*layers[:-1]), generator)
    with torch.no_grad():
        linear(net, 0).weight[:, :2] *= quick
    return net


def time_features(t: Tensor) -> Tensor:
    r"""Compute features of times in [0, 1]: t, the logarithms of both ends, and four waves: (B,) to (B, 11)."""
    angles = t.unsqueeze(-1) * FREQUENCIES
    ends = torch.stack([t, (t + EDGE).log(), (1 - t + EDGE).log()], dim=-1)
    return torch.cat([ends, angles.sin(), angles.cos()], dim=-1)


TIME_INPUTS = 3 + 2 * len(FREQUENCIES)
"""Features of a time."""
TIMED = 2 + TIME_INPUTS
"""Inputs of a network of a point and a time."""


def one_step(x: Tensor) -> Iterator[Step]:
    """Yield the only step of a family that draws x (n, 2) at once."""
    yield Step(x, 0, 1)
