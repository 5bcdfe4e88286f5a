"""Complete: keep what is known of an x, and let the model fill in the rest."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from explorer.questions import Cannot, because
from explorer.questions.make import conditioned
from explorer.steps import Step


def answers(model: nn.Module) -> int:
    """How many ways to fill in an x the model finds at once."""
    return getattr(model, "completions", model.space.ways)


def evaluations(model: nn.Module) -> int:
    """How often a step of filling in evaluates the network for an x: once, unless the model says so.

    The draws that a search starts from are not counted.
    """
    return getattr(model, "completing_evaluations", 1)


def how(model: nn.Module) -> str | None:
    """In what way the model fills in what is missing, in words; None where it cannot."""
    return getattr(model, "completes", "in its own way") if hasattr(model, "complete_steps") else None


def steps(model: nn.Module, x: Tensor, known: Tensor, n: int, seed: int, label: int | None = None) -> Iterator[Step]:
    """The steps to n ways to fill in what is not known of one x.

    Shapes: `x` (1, *shape); `known` booleans of that shape, True where a part is to be kept.

    Raises:
        Cannot: if the model has no way to fill in, or knows no classes where one is asked for.
        ValueError: if everything is known, or the model cannot keep just these parts; the message says what is wanted.
    """
    if not hasattr(model, "complete_steps"):
        raise Cannot(because(model, "complete"))
    if bool(known.all()):
        raise ValueError("every pixel is kept: leave some to be filled in")
    given = conditioned(model, label, n)
    pictures = x.expand(n, *x.shape[1:])
    generator = torch.Generator().manual_seed(seed)
    return model.complete_steps(pictures, known.expand_as(pictures), generator=generator, **given)
