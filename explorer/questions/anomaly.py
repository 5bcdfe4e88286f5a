"""Anomaly: how odd x are to a model: −log p(x), minus its bound, or a score of the model's own.

Where log p(x) takes an ODE, the model has a cheaper score: it is compared with scores of the same kind alone.
"""

import torch
from torch import Tensor, nn

from explorer.questions import Cannot, because, likelihood


def can_score(model: nn.Module) -> bool:
    """Whether the model can say how odd an x is."""
    return likelihood.kind(model) is not None or hasattr(model, "anomaly_score")


@torch.no_grad()
def score(model: nn.Module, x: Tensor, *, generator: torch.Generator) -> Tensor:
    """How odd x (B, *shape) are to the model, higher for odder: −log p(x), minus the bound, or its own score: (B,)."""
    if _by_likelihood(model):
        return -likelihood.log_prob(model, x, generator=generator)
    return model.anomaly_score(x, generator=generator)


def ask(model: nn.Module, x: Tensor) -> float:
    """How odd one x (1, *shape) is to a model; where that is a bound, the mean of several estimates.

    Raises:
        Cannot: if it cannot say.
    """
    if not can_score(model):
        raise Cannot(because(model, "odd"))
    if _by_likelihood(model):
        return -likelihood.ask(model, x).nats
    draws = getattr(model, "estimate_draws", 1)
    return float(score(model, x.expand(draws, *x.shape[1:]), generator=torch.Generator().manual_seed(0)).mean())


def _by_likelihood(model: nn.Module) -> bool:
    """Say that the score is −log p(x), as the likelihood question computes it."""
    return likelihood.kind(model) is not None and not hasattr(model, "log_prob_by_ode")
