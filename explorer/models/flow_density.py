r"""Density of a diffusion's probability flow, and the resulting bound on the probability of grey levels.

The flow transports noise to data deterministically, so densities change only by its divergence. With
$\bar x = x / \alpha_t$, $\bar\sigma = \sigma_t / \alpha_t$ the flow is $d\bar x / d\bar\sigma = \epsilon_\theta$, and

$$ \log p_1(x_1) = \log \mathcal{N}(x_T; 0, I) + D \log \frac{\alpha_T}{\alpha_1} + \int_{\bar\sigma_1}^{\bar\sigma_T}
   \operatorname{tr} \frac{\partial \epsilon_\theta}{\partial \bar x}\, d\bar\sigma $$

The trace is computed from the Jacobian, or by Hutchinson's estimate $z^\top J z$ with random signs z, which is unbiased
and costs one backward pass. Heun's method solves the path over $\bar\sigma$, because it is straight there at both ends.
The integral is computed over $\log \bar\sigma$, because its integrand is even there.

References:
    Song et al., Score-Based Generative Modeling through Stochastic Differential Equations, 2021, appendix D.2,
    https://arxiv.org/abs/2011.13456
"""

import math
from itertools import pairwise

import torch
from torch import Tensor

from explorer.models.diffusion import Diffusion, discretised_log_prob
from explorer.models.divergence import Divergence, hutchinson, signs
from explorer.models.samplers import Denoiser
from explorer.models.solvers import signal_and_noise

FLOW_DENSITY_STEPS = 50


def log_density(
    model: Denoiser, x: Tensor, divergence: Divergence, steps: int = FLOW_DENSITY_STEPS, label: Tensor | None = None
) -> Tensor:
    r"""Log-density $\log p_1(x)$ of the probability flow in nats, in the network's own scale: (B, …) to (B,)."""
    schedule, dim = model.schedule, x[0].numel()
    places = [(t, *signal_and_noise(schedule, t)) for t in level_times(schedule.alphas_cumprod, steps)]
    change = torch.zeros(len(x), dtype=torch.float64)

    def slope(bar: Tensor, t: int, alpha: float, sigma: float) -> tuple[Tensor, Tensor]:
        """Compute the derivatives of x̄ over σ̄, (B, …), and of the integral over log σ̄, (B,)."""
        with torch.enable_grad():
            bar = bar.detach().requires_grad_()
            eps = model.predict_noise(alpha * bar, t, label)
            found = divergence(bar, eps)
        return eps.detach(), (sigma / alpha * found).detach().double().cpu()

    bar = x / places[0][1]
    for here, there in pairwise(places):
        begin, end = here[2] / here[1], there[2] / there[1]
        first, grown = slope(bar, *here)
        second, grown_there = slope(bar + (end - begin) * first, *there)
        bar = bar + (end - begin) * (first + second) / 2
        change = change + math.log(end / begin) * (grown + grown_there) / 2
    noise = places[-1][1] * bar
    normal = -noise.double().flatten(1).square().sum(-1).cpu() / 2 - dim / 2 * math.log(2 * math.pi)
    return normal + dim * math.log(places[-1][1] / places[0][1]) + change


def level_times(alphas_cumprod: Tensor, steps: int) -> list[int]:
    r"""Return times from 1 to T, roughly evenly spaced over $\log \bar\sigma$, without duplicates.

    Shapes: `alphas_cumprod` (T + 1,); at most `steps` + 1 times.
    """
    levels = ((1 - alphas_cumprod[1:]) / alphas_cumprod[1:]).log() / 2
    wanted = torch.linspace(float(levels[0]), float(levels[-1]), steps + 1, dtype=torch.float64)
    return (1 + (levels - wanted.unsqueeze(-1)).abs().argmin(-1)).unique().tolist()


def flow_elbo(model: Diffusion, x: Tensor, *, generator: torch.Generator, steps: int = FLOW_DENSITY_STEPS) -> Tensor:
    r"""Lower bound on log P(x) of 256 grey levels in nats, from one draw: (B,).

    $\log P(x_0) \geq \mathbb{E}_q \left[\log p_1(x_1) - \log q(x_1 \mid x_0) + \log P(x_0 \mid x_1)\right]$ uses the
    last step of the chain, and the flow's own density in place of all its other steps. So this bound and
    `Diffusion.elbo` differ only in those steps.

    Shapes: `x` (B, 1, 28, 28), multiples of 1/255.
    """
    x0, eps = model.from_space(x), model.noise(len(x), generator)
    x1 = model.schedule.add_noise(x0, eps, 1)
    density = log_density(model, x1, hutchinson(signs(x, generator)), steps)
    sigma = signal_and_noise(model.schedule, 1)[1]
    given = -eps.double().flatten(1).square().sum(-1) / 2 - x[0].numel() * math.log(sigma * math.sqrt(2 * math.pi))
    with torch.no_grad():
        guess = model.schedule.predict_x0(x1, model.predict_noise(x1, 1), 1)
    deviation = math.sqrt(model.schedule.posterior(x0[:1], x0[:1], 2, 1)[1])
    ends = discretised_log_prob(x0, guess, deviation).double().flatten(1).sum(-1)
    return density + (ends - given).cpu()
