"""Interpolate: a path between two x in latent space: through codes, or through the noise that generates them.

A model that draws from words has a path from words and a noise to others.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from explorer.models.model import Model
from explorer.models.spherical import straight_path
from explorer.questions import Cannot, because
from explorer.steps import Step

PLACES = 9  # on the path, both ends included
End = tuple[Tensor, int]
"""Ids of words (L,), and a seed of noise."""


def can(model: Model) -> bool:
    """True if the model can interpolate between two x, or between the words and the noises that lead to them."""
    if hasattr(model, "interpolate_steps") or by_words(model):
        return True
    return hasattr(model, "encode") and hasattr(model, "decode") and "interpolate" not in getattr(model, "cannot", {})


def by_words(model: Model) -> bool:
    """True if an end is not an x but words and a seed of noise."""
    return hasattr(model, "between_words_steps")


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


def words_steps(model: Model, first: End, second: End, places: int = PLACES) -> Iterator[Step]:
    """Return the steps to the places between two ends, each the ids of words (L,) and a seed of noise.

    Raises:
        Cannot: if the model has no path between words.
    """
    if not by_words(model):
        raise Cannot(because(model, "interpolate"))
    return model.between_words_steps(first, second, places)


@torch.no_grad()
def _straight(model: Model, a: Tensor, b: Tensor, places: int) -> Iterator[Step]:
    start, end = model.encode(torch.cat([a, b]))
    yield Step(model.decode(straight_path(start, end, places)), 0, 1)
