"""Generate: draw x from a seed, of a class if one is requested."""

from collections.abc import Iterator

import torch
from torch import Tensor

from explorer.models.model import Model
from explorer.questions import Cannot, because
from explorer.steps import Step


def label_argument(model: Model, label: int | None, n: int) -> dict[str, Tensor]:
    """Return the requested classes as a sampler's arguments, a `label` (n,); empty for any class.

    Raises:
        Cannot: if the model knows no classes.
    """
    if label is None:
        return {}
    if not getattr(model, "classes", 0):
        raise Cannot(because(model, "label"))
    return {"label": torch.full((n,), label)}


def words_argument(model: Model, words: Tensor | None, n: int) -> dict[str, Tensor]:
    """Return the given words as a sampler's arguments, `tokens` (n, L); empty if the model reads none.

    Shapes: `words` (L,), the ids of the words; None for any, as for the model's `no_words`.
    """
    if not getattr(model, "reads_words", False):
        return {}
    return {"tokens": (model.no_words if words is None else words).expand(n, -1)}


def steps(model: Model, n: int, seed: int, label: int | None = None, words: Tensor | None = None) -> Iterator[Step]:
    """Return the steps of the sampler to n x, determined by a seed.

    A model that reads no words draws the same with and without `words` (L,).

    Raises:
        Cannot: if the model has no sampler, or if a class is requested and it knows none.
    """
    if not hasattr(model, "sample_steps"):
        raise Cannot(because(model, "sample"))
    given = label_argument(model, label, n) | words_argument(model, words, n)
    return model.sample_steps(n, generator=torch.Generator().manual_seed(seed), **given)


def together(model: Model) -> int:
    """Return the number of x drawn at once from a seed; the space's number unless the model says otherwise."""
    return getattr(model, "together", model.space.together)


def evaluations(model: Model) -> int:
    """Return the number of network evaluations for an x in each step; 1 unless the model says otherwise."""
    return getattr(model, "evaluations", 1)
