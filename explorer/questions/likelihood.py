"""Likelihood: log p(x) of x in the model's own space, exactly, as a bound, or as an estimate."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.models.model import Model
from explorer.models.ode import extrapolate
from explorer.questions import Cannot, because
from explorer.questions.make import words_argument

LIKELIHOOD_DRAWS = 8  # estimates of a bound, unless the model says otherwise
LIKELIHOOD_FAR = "cannot, because this x lies so far from all that it learnt that"
UNSETTLED = 0.1  # share of log p(x) that the error of an ODE's solver may have, beyond one nat


def kind(model: Model | type[Model]) -> str | None:
    """Return the kind of log p(x) that the model provides: its "exact" value, a lower "bound", an "estimate", or None.

    A model with both methods has an exact density of continuous x, and a bound on the probability of x in its space. A
    model with an unnormalised p(x) gives an estimate once its normalising constant has been measured. An ODE solver
    gives an estimate: its error may have either sign.
    """
    if getattr(model, "log_z", None) or is_solved(model):
        return "estimate"
    return "bound" if hasattr(model, "elbo") else "exact" if hasattr(model, "log_prob") else None


def is_solved(model: Model | type[Model]) -> bool:
    """True if the model's log p(x) is the solution of an ODE, by fixed or by adaptive steps."""
    return hasattr(model, "log_prob_by_ode") or hasattr(model, "log_prob_adaptive")


def kind_of_codes(model: Model | type[Model]) -> str | None:
    """Return the kind of log p that a model gives of the codes of x, "exact" or a "bound"; None without either.

    Such a model decodes x without a likelihood. So its figure compares with those of the same codes alone.
    """
    return "exact" if hasattr(model, "code_log_prob") else "bound" if hasattr(model, "code_elbo") else None


@torch.no_grad()
def ask_codes(model: Model, x: Tensor, words: Tensor | None) -> "Likelihood":
    """Compute the model's log p of the codes of one x (1, *shape), given the ids of words (L,), or without any.

    Raises:
        Cannot: if it gives none.
    """
    found = kind_of_codes(model)
    if found is None:
        raise Cannot(because(model, "log_prob"))
    draws = 1 if found == "exact" else model.bound_draws
    many, tokens = x.expand(draws, *x.shape[1:]), words_argument(model, words, draws)["tokens"].to(x.device)
    generator = torch.Generator().manual_seed(0)
    each = model.code_log_prob(many, tokens) if draws == 1 else model.code_elbo(many, tokens, generator=generator)
    se = None if draws == 1 else float(each.std() / math.sqrt(draws))
    return Likelihood(found, float(each.mean()), se, draws, model.tokens)


def has_ratios(model: Model) -> bool:
    """True if the model knows p(x) only up to an unknown normalising constant."""
    return kind(model) is None and hasattr(model, "energy")


@torch.no_grad()
def log_ratio(model: Model, x: Tensor) -> float:
    """Compute log p(x) − log p(0) of one x (1, *shape) in nats, exactly: log Z cancels between the energies."""
    found, nothing = model.energy(torch.cat([x, torch.zeros_like(x)])).double()
    return float(nothing - found)


@torch.no_grad()
def log_prob(model: Model, x: Tensor, *, generator: torch.Generator) -> Tensor:
    """Compute log p(x) in nats, an estimate of it, or one unbiased estimate of its lower bound: (B, *shape) to (B,)."""
    if hasattr(model, "log_prob_by_ode"):
        return model.log_prob_by_ode(x, generator=generator)
    if getattr(model, "log_z", None):
        return model.estimate(x)[0]
    return model.elbo(x, generator=generator) if hasattr(model, "elbo") else model.log_prob(x)


@dataclass(frozen=True)
class Likelihood:
    """log p(x) of one x in nats: exact, an estimate, or the mean of `draws` estimates of its bound.

    `se` is the standard error; None if the value needs no random draws. `solver` is the error of an ODE solver in nats,
    which the standard error does not include; None without a solver.
    """

    kind: str
    nats: float
    se: float | None
    draws: int
    dim: int
    solver: float | None = None

    @property
    def bits_per_dim(self) -> float:
        """−log₂ p(x) divided by the number of values of x."""
        return -self.nats / (self.dim * math.log(2))


def ask(model: Model, x: Tensor) -> Likelihood:
    """Compute the model's log p(x) of one x (1, *shape).

    Raises:
        Cannot: if it has neither a density nor a bound, nor an estimate; or if the value is not finite, or an ODE is
            not solved well, as far from the data.
    """
    found = _compute(model, x)
    if not math.isfinite(found.nats):
        raise Cannot(f"{LIKELIHOOD_FAR} its log p(x) is no finite number")
    if found.solver is not None and found.solver > 1 + UNSETTLED * abs(found.nats):
        raise Cannot(f"{LIKELIHOOD_FAR} its ODE is not solved: with a smaller tolerance log p(x) is another number")
    return found


def _compute(model: Model, x: Tensor) -> Likelihood:
    found = kind(model)
    if found is None:
        raise Cannot(because(model, "log_prob"))
    if hasattr(model, "log_prob_adaptive"):
        try:
            nats, error = model.log_prob_adaptive(x)
        except ValueError as why:
            raise Cannot(f"{LIKELIHOOD_FAR} its ODE is not solved: {why}") from None
        return Likelihood(found, float(nats), None, 1, model.space.dim, float(error))
    if hasattr(model, "log_prob_by_ode"):
        nats, solver = by_ode(model, x.expand(model.estimate_draws, *x.shape[1:]), seed=0)
        error = float(nats.std() / math.sqrt(len(nats)))
        return Likelihood(found, float(nats.mean()), error, len(nats), model.space.dim, float(solver.mean()))
    if found == "estimate":
        nats, se = model.estimate(x)
        return Likelihood(found, float(nats), se, 1, model.space.dim)
    draws = 1 if found == "exact" else getattr(model, "bound_draws", LIKELIHOOD_DRAWS)
    generator = torch.Generator().manual_seed(0)
    each = log_prob(model, x.expand(draws, *x.shape[1:]), generator=generator).double()
    se = None if draws == 1 else float(each.std() / math.sqrt(draws))
    return Likelihood(found, float(each.mean()), se, draws, model.space.dim)


def by_ode(model: Model, x: Tensor, seed: int) -> tuple[Tensor, Tensor]:
    """Compute log p(x) by an ODE in nats, and the solver's error: (B, *shape) to (B,) each.

    The values are extrapolated from two step sizes.

    Both step sizes use the same noise and the same probes, drawn from the seed.
    """
    fine, coarse = (
        model.log_prob_by_ode(x, generator=torch.Generator().manual_seed(seed), steps=steps).double()
        for steps in (model.solved, model.solved // 2)
    )
    return extrapolate(fine, coarse, model.solver_order)
