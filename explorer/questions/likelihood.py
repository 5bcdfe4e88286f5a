"""Likelihood: log p(x), exactly, by a bound or by an estimate, of x in the model's own space."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from explorer.questions import Cannot, because

DRAWS = 8  # of a bound, unless the model says so


def kind(model: nn.Module) -> str | None:
    """What the model can say of log p(x): its "exact" value, a "bound" below it, an "estimate" of it, or None.

    A model with both has an exact density of continuous x, and a bound on the probability of those of its space. One
    that knows p(x) but for a factor that all x share says an estimate once this factor has been measured.
    """
    if getattr(model, "log_z", None):
        return "estimate"
    return "bound" if hasattr(model, "elbo") else "exact" if hasattr(model, "log_prob") else None


def has_ratios(model: nn.Module) -> bool:
    """Whether the model knows p(x) but for a factor that all x share, and nothing of that factor."""
    return kind(model) is None and hasattr(model, "energy")


@torch.no_grad()
def log_ratio(model: nn.Module, x: Tensor) -> float:
    """log p(x) − log p(0) in nats of one x (1, *shape), exactly: a difference of energies, which the factor leaves."""
    found, nothing = model.energy(torch.cat([x, torch.zeros_like(x)])).double()
    return float(nothing - found)


@torch.no_grad()
def log_prob(model: nn.Module, x: Tensor, *, generator: torch.Generator) -> Tensor:
    """log p(x) in nats, an estimate of it, or one unbiased estimate of the bound below it: (B, *shape) to (B,)."""
    if kind(model) == "estimate":
        return model.estimate(x)[0]
    return model.elbo(x, generator=generator) if hasattr(model, "elbo") else model.log_prob(x)


@dataclass(frozen=True)
class Likelihood:
    """log p(x) of one x in nats, or an estimate of it, or the mean of so many of its bound, with the standard error.

    Where nothing is drawn for it, there is no error.
    """

    kind: str
    nats: float
    se: float | None
    draws: int
    dim: int

    @property
    def bits_per_dim(self) -> float:
        """−log₂ p(x) for each number of x."""
        return -self.nats / (self.dim * math.log(2))


def ask(model: nn.Module, x: Tensor) -> Likelihood:
    """What a model says of the probability of one x (1, *shape).

    Raises:
        Cannot: if it has neither a density nor a bound, nor an estimate.
    """
    found = kind(model)
    if found is None:
        raise Cannot(because(model, "log_prob"))
    if found == "estimate":
        nats, se = model.estimate(x)
        return Likelihood(found, float(nats), se, 1, model.space.dim)
    draws = 1 if found == "exact" else getattr(model, "bound_draws", DRAWS)
    generator = torch.Generator().manual_seed(0)
    each = log_prob(model, x.expand(draws, *x.shape[1:]), generator=generator).double()
    se = None if draws == 1 else float(each.std() / math.sqrt(draws))
    return Likelihood(found, float(each.mean()), se, draws, model.space.dim)
