"""Likelihood: log p(x), exactly, by a bound or by an estimate, of x in the model's own space."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from explorer.models.ode import extrapolated
from explorer.questions import Cannot, because

DRAWS = 8  # of a bound, unless the model says so


def kind(model: nn.Module) -> str | None:
    """What the model can say of log p(x): its "exact" value, a "bound" below it, an "estimate" of it, or None.

    A model with both has an exact density of continuous x, and a bound on the probability of those of its space. One
    that knows p(x) but for a factor that all x share says an estimate once this factor has been measured. A solver of
    an ODE estimates: its error may have either sign.
    """
    if getattr(model, "log_z", None) or hasattr(model, "log_prob_by_ode"):
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
    if hasattr(model, "log_prob_by_ode"):
        return model.log_prob_by_ode(x, generator=generator)
    if kind(model) == "estimate":
        return model.estimate(x)[0]
    return model.elbo(x, generator=generator) if hasattr(model, "elbo") else model.log_prob(x)


@dataclass(frozen=True)
class Likelihood:
    """log p(x) of one x in nats, or an estimate of it, or the mean of so many of its bound, with the standard error.

    Where nothing is drawn for it, there is no standard error; `solver` is the error of an ODE's solver in nats, which
    is in no standard error, where there is a solver.
    """

    kind: str
    nats: float
    se: float | None
    draws: int
    dim: int
    solver: float | None = None

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
    if hasattr(model, "log_prob_by_ode"):
        nats, solver = by_ode(model, x.expand(model.estimate_draws, *x.shape[1:]), seed=0)
        error = float(nats.std() / math.sqrt(len(nats)))
        return Likelihood(found, float(nats.mean()), error, len(nats), model.space.dim, float(solver.mean()))
    if found == "estimate":
        nats, se = model.estimate(x)
        return Likelihood(found, float(nats), se, 1, model.space.dim)
    draws = 1 if found == "exact" else getattr(model, "bound_draws", DRAWS)
    generator = torch.Generator().manual_seed(0)
    each = log_prob(model, x.expand(draws, *x.shape[1:]), generator=generator).double()
    se = None if draws == 1 else float(each.std() / math.sqrt(draws))
    return Likelihood(found, float(each.mean()), se, draws, model.space.dim)


def by_ode(model: nn.Module, x: Tensor, seed: int) -> tuple[Tensor, Tensor]:
    """log p(x) by an ODE in nats, extrapolated from two lengths of step, and the solver's error: (B, *shape) to (B,).

    Both lengths have the same noise and the same probes, which the seed draws.
    """
    fine, coarse = (
        model.log_prob_by_ode(x, generator=torch.Generator().manual_seed(seed), steps=steps).double()
        for steps in (model.solved, model.solved // 2)
    )
    return extrapolated(fine, coarse, model.solver_order)
