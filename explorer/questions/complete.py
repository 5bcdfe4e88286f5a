"""Complete: keep the known parts of an x, and let the model predict the rest."""

from collections.abc import Iterator

import torch
from torch import Tensor

from explorer.models.model import Model
from explorer.questions import Cannot, because
from explorer.questions.make import label_argument, words_argument
from explorer.steps import Step


def answers(model: Model) -> int:
    """Return the number of completions of an x that the model draws at once."""
    return getattr(model, "completions", model.space.ways)


def evaluations(model: Model) -> int:
    """Return the network evaluations for an x in each step of a completion; 1 unless the model says otherwise.

    The draws that start a search are not counted.
    """
    return getattr(model, "completing_evaluations", 1)


def how(model: Model) -> str | None:
    """Return a description of the model's completion method; None if it has none."""
    return getattr(model, "completes", "in its own way") if hasattr(model, "complete_steps") else None


def is_exact(model: Model, known: Tensor) -> bool | None:
    """Return whether completions are exact draws from the model, given these known parts (*shape).

    None if that does not depend on them: then `how` says it.
    """
    return bool(model.completes_exactly(known)) if hasattr(model, "completes_exactly") else None


def steps(
    model: Model,
    x: Tensor,
    known: Tensor,
    n: int,
    seed: int,
    label: int | None = None,
    words: Tensor | None = None,
) -> Iterator[Step]:
    """Return the steps to n completions of the unknown parts of one x.

    Shapes: `x` (1, *shape); `known` booleans of that shape, True for parts to keep; `words` (L,) or None.

    Raises:
        Cannot: if the model has no completion, or a class is requested and it knows none.
        ValueError: if everything is known, or the model cannot keep exactly these parts; the message says what is
            wanted.
    """
    if not hasattr(model, "complete_steps"):
        raise Cannot(because(model, "complete"))
    if bool(known.all()):
        raise ValueError("every pixel is kept: leave some to be filled in")
    given = label_argument(model, label, n) | words_argument(model, words, n)
    pictures = x.expand(n, *x.shape[1:])
    generator = torch.Generator().manual_seed(seed)
    return model.complete_steps(pictures, known.expand_as(pictures), generator=generator, **given)
