"""Interpolate: the way from one x to another through what lies behind them: codes, or the noise that leads to them."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from explorer.models.spherical import straight_path
from explorer.questions import Cannot, because
from explorer.steps import Step

PLACES = 9  # along the way, both ends among them


def can(model: nn.Module) -> bool:
    """Whether the model has a way between two x."""
    return hasattr(model, "interpolate_steps") or (hasattr(model, "encode") and hasattr(model, "decode"))


def evaluations(model: nn.Module) -> int:
    """How often a step evaluates the network for one x: once, unless the model says so."""
    return getattr(model, "interpolating_evaluations", 1)


def steps(model: nn.Module, a: Tensor, b: Tensor, places: int = PLACES) -> Iterator[Step]:
    """The steps to the places along the way from a to b, both ends among them, as the model makes them.

    A model that says no way of its own goes straight from the code of one to that of the other.

    Shapes: `a` and `b` (1, *shape); every step's x (places, *shape).

    Raises:
        Cannot: if the model has no way between two x.
    """
    if not can(model):
        raise Cannot(because(model, "interpolate"))
    if hasattr(model, "interpolate_steps"):
        return model.interpolate_steps(a, b, places)
    return _straight(model, a, b, places)


@torch.no_grad()
def _straight(model: nn.Module, a: Tensor, b: Tensor, places: int) -> Iterator[Step]:
    start, end = model.encode(torch.cat([a, b]))
    yield Step(model.decode(straight_path(start, end, places)), 0, 1)
