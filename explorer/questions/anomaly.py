"""Anomaly: a score of how unusual x is for a model: −log p(x), minus its bound, or a score of the model's own.

If log p(x) requires an ODE, the model has a cheaper score, which is comparable only with scores of the same kind.
"""

import torch
from torch import Tensor

from explorer.models.model import Model
from explorer.questions import Cannot, because, likelihood


def can_score(model: Model) -> bool:
    """True if the model can compute an anomaly score."""
    return likelihood.kind(model) is not None or hasattr(model, "anomaly_score")


@torch.no_grad()
def score(model: Model, x: Tensor, *, generator: torch.Generator) -> Tensor:
    """Compute the anomaly score of x (B, *shape), higher for more unusual x: (B,).

    The score is −log p(x), minus the bound, or the model's own.
    """
    if by_likelihood(model):
        return -likelihood.log_prob(model, x, generator=generator)
    return model.anomaly_score(x, generator=generator)


def ask(model: Model, x: Tensor) -> float:
    """Compute the anomaly score of one x (1, *shape); a bound is the mean of several estimates.

    Raises:
        Cannot: if the model has no anomaly score.
    """
    if not can_score(model):
        raise Cannot(because(model, "odd"))
    if by_likelihood(model):
        return -likelihood.ask(model, x).nats
    draws = getattr(model, "estimate_draws", 1)
    return float(score(model, x.expand(draws, *x.shape[1:]), generator=torch.Generator().manual_seed(0)).mean())


def by_likelihood(model: Model) -> bool:
    """True if the score is −log p(x), as the likelihood question computes it."""
    return likelihood.kind(model) is not None and not hasattr(model, "log_prob_by_ode")
