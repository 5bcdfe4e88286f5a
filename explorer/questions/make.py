"""Make: draw x from a seed, of a class if one is asked for."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from explorer.questions import Cannot, because
from explorer.steps import Step


def conditioned(model: nn.Module, label: int | None, n: int) -> dict[str, Tensor]:
    """The classes that are asked for, as a sampler takes them; empty for any.

    Raises:
        Cannot: if the model knows no classes.
    """
    if label is None:
        return {}
    if not getattr(model, "classes", 0):
        raise Cannot(because(model, "label"))
    return {"label": torch.full((n,), label)}


def steps(model: nn.Module, n: int, seed: int, label: int | None = None) -> Iterator[Step]:
    """The steps from nothing to n x, which a seed decides.

    Raises:
        Cannot: if the model draws nothing, or if a class is asked for and it knows none.
    """
    if not hasattr(model, "sample_steps"):
        raise Cannot(because(model, "sample"))
    given = conditioned(model, label, n)
    return model.sample_steps(n, generator=torch.Generator().manual_seed(seed), **given)


def together(model: nn.Module) -> int:
    """How many x of a seed are drawn at once: as many as the space shows, unless the model says so."""
    return getattr(model, "together", model.space.together)


def evaluations(model: nn.Module) -> int:
    """How often a step evaluates the network for an x: once, unless the model says so."""
    return getattr(model, "evaluations", 1)
