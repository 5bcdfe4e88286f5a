"""Interpolate: a path between two x in latent space: through codes, or through the noise that generates them."""

from collections.abc import Iterator

import torch
from torch import Tensor

from explorer.models.model import Model
from explorer.models.spherical import straight_path
from explorer.questions import Cannot, because
from explorer.steps import Step

PLACES = 9  # on the path, both ends included


def can(model: Model) -> bool:
    """True if the model can interpolate between two x."""
    return hasattr(model, "interpolate_steps") or (hasattr(model, "encode") and hasattr(model, "decode"))


def evaluations(model: Model) -> int:
    """Return the number of network evaluations for one x in each step; 1 unless the model says otherwise."""
    return getattr(model, "interpolating_evaluations", 1)


def steps(model: Model, a: Tensor, b: Tensor, places: int = PLACES) -> Iterator[Step]:
    """Return the steps to the places on the path from a to b, both ends included.

    A model without its own path uses a straight line between the two codes.

    Shapes: `a` and `b` (1, *shape); every step's x (places, *shape).

    Raises:
        Cannot: if the model cannot interpolate between two x.
    """
    if not can(model):
        raise Cannot(because(model, "interpolate"))
    if hasattr(model, "interpolate_steps"):
        return model.interpolate_steps(a, b, places)
    return _straight(model, a, b, places)


@torch.no_grad()
def _straight(model: Model, a: Tensor, b: Tensor, places: int) -> Iterator[Step]:
    start, end = model.encode(torch.cat([a, b]))
    yield Step(model.decode(straight_path(start, end, places)), 0, 1)
