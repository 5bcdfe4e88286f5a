"""Live formulas of the Energy tab: the blind spot of a score, and the bias of Langevin without rejection."""

import math

import torch
from torch import Tensor

from explorer.lessons.live import InputError, align, finite, live, tex

ENERGY_WIDTH, ENERGY_POINTS = 12.0, 8_001


def two_modes(share: float, apart: float, x: Tensor) -> tuple[Tensor, Tensor]:
    """Return log p and the score of two Gaussians of width 1 on a line; the left one has weight `share`.

    Shapes: `x` (n,), as both results. log p is in nats.
    """
    logs = torch.stack(
        [math.log(each) - (x - at).square() / 2 for each, at in ((share, -apart / 2), (1 - share, apart / 2))]
    )
    log_p = logs.logsumexp(0) - math.log(2 * math.pi) / 2
    weights = logs.softmax(0)
    return log_p, weights[0] * (-apart / 2 - x) + weights[1] * (apart / 2 - x)


def blind(true: float, model: float, apart: float) -> tuple[float, float]:
    r"""Return KL(p ‖ q) and Fisher divergence $\tfrac{1}{2} \mathbb{E}_p (\partial_x \log p - \partial_x \log q)^2$.

    Both are integrated numerically; the mixtures p and q differ only in the share of the left mode.
    """
    x = torch.linspace(-ENERGY_WIDTH - apart / 2, ENERGY_WIDTH + apart / 2, ENERGY_POINTS, dtype=torch.float64)
    (log_p, score), (log_q, other) = (two_modes(each, apart, x) for each in (true, model))
    kl = torch.trapezoid(log_p.exp() * (log_p - log_q), x)
    fisher = torch.trapezoid(log_p.exp() * (score - other).square(), x) / 2
    return float(kl), float(fisher)


def stationary(eps: float) -> float:
    r"""Return the stationary variance of unadjusted Langevin on a standard Gaussian: $1 / (1 - \varepsilon^2 / 4)$."""
    return 1 / (1 - eps**2 / 4)


@live("What a score cannot see", ("true share", 0.8), ("the model's share", 0.5), ("modes apart, in σ", 8.0, 1))
def show_blind(true: float | None, model: float | None, apart: float | None) -> str:
    """Return a formula of two divergences for a wrong share of two modes."""
    true, model = finite("the true share", true, 0.01, 0.99), finite("the model's share", model, 0.01, 0.99)
    apart = finite("the distance", apart, 0, 40)
    kl, fisher = blind(true, model, apart)
    formula = align(
        rf"\mathrm{{KL}}(p \,\|\, q) &= {tex(kl, 4)}\ \text{{nats}}",
        r"\tfrac{1}{2}\, \mathbb{E}_p \left(\partial_x \log p - \partial_x \log q\right)^2 "
        rf"&= {tex(max(fisher, 0.0), 4)}",
    )
    return f"{formula}\n\n{_reading(kl, fisher)}"


def _reading(kl: float, fisher: float) -> str:
    if kl < 1e-6:
        return "The two agree, so both divergences are zero."
    if fisher < 0.01 * kl:
        return "The score is the same wherever there are points: the loss of score matching is almost 0."
    return "The modes overlap, so points between them depend on the shares: both divergences show the difference."


@live("The error of a step without rejection", ("ε", 0.5))
def show_step(eps: float | None) -> str:
    """Return a formula of the stationary variance of unadjusted Langevin on a standard Gaussian."""
    eps = finite("ε", eps, 0, 10)
    if eps >= 2:
        raise InputError(f"ε is {eps:g}: from 2 on each step overshoots farther, and no variance is reached.")
    return align(rf"\frac{{1}}{{1 - \varepsilon^2 / 4}} &= {tex(stationary(eps), 4)}")
