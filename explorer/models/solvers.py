r"""Further samplers for a network that predicts noise: solvers of its two differential equations, and MCMC.

A network that predicts noise gives the score at every noise level, $\nabla \log p_t(x) = -\epsilon_\theta / \sigma_t$
with $\sigma_t = \sqrt{1 - \bar\alpha_t}$, $\alpha_t = \sqrt{\bar\alpha_t}$. With $d\bar\beta = -d \log \bar\alpha_t$ as
the length of a step, a stochastic and an ordinary equation with the same $p_t$ transform noise into data:

$$ dx = -\left[\tfrac{1}{2} x + \nabla \log p_t(x)\right] d\bar\beta + d\bar w, \qquad
   \frac{d (x / \alpha_t)}{d (\sigma_t / \alpha_t)} = \epsilon_\theta(x, t) $$

An Euler step of the second equation, in these variables, is DDIM's (Song et al. 2021 a, equation 14). Every solver is a
generator over the same times as DDIM, so that only the step differs. The last step, to time 0, ends at the prediction
$\hat x_0$ itself, which is the posterior mean (Tweedie).

References:
    Song et al., Denoising Diffusion Implicit Models, 2021 a, https://arxiv.org/abs/2010.02502
    Song et al., Score-Based Generative Modeling through Stochastic Differential Equations, 2021 b,
    https://arxiv.org/abs/2011.13456
    Song & Ermon, Generative Modeling by Estimating Gradients of the Data Distribution, 2019,
    https://arxiv.org/abs/1907.05600
    Karras et al., Elucidating the Design Space of Diffusion-Based Generative Models, 2022 (EDM),
    https://arxiv.org/abs/2206.00364
    Lu et al., DPM-Solver++: Fast Solver for Guided Sampling of Diffusion Probabilistic Models, 2022,
    https://arxiv.org/abs/2211.01095
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from explorer.models.samplers import Denoiser, check_number
from explorer.models.schedule import Schedule
from explorer.steps import Step

Guess = Callable[[Tensor, int], tuple[Tensor, Tensor]]  # from x_t and t to the prediction of x₀ and the matching noise
Noise = Callable[[], Tensor]
Move = tuple[Tensor, Tensor, Tensor]  # x_s, and the prediction and the noise that led to it
SNR = 0.16  # of the corrector: Song et al. 2021 b, appendix G, for images
ROUNDS, SOLVERS_STEP = 4, 0.3  # Langevin steps at a level, and the length of one over the variance of the noise


def heun(schedule: Schedule, guess: Guess, x: Tensor, times: Sequence[int], noise: Noise) -> Iterator[Move]:
    r"""Solve the ODE with Heun's method: the mean of the slopes at both ends (Karras et al. 2022, algorithm 1).

    Shapes: `x` (n, …) in the network's scale, and so each part of a move.
    """
    for t, s in pairwise(times):
        x0, eps = guess(x, t)
        slope, (alpha, sigma) = eps, signal_and_noise(schedule, t)
        to_alpha, to_sigma = signal_and_noise(schedule, s)
        length = to_sigma / to_alpha - sigma / alpha
        if s:
            euler = to_alpha * (x / alpha + length * slope)
            slope = (slope + guess(euler, s)[1]) / 2
        x = to_alpha * (x / alpha + length * slope)
        yield x, x0, eps


def dpm_solver(schedule: Schedule, guess: Guess, x: Tensor, times: Sequence[int], noise: Noise) -> Iterator[Move]:
    r"""Solve the ODE with $\hat x_0$ as a line through two predictions over $\lambda = \log(\alpha / \sigma)$.

    Shapes: `x` (n, …), as for `heun`.

    Reference: DPM-Solver++ (2M), Lu et al. 2022, algorithm 2.
    """
    before = None
    for t, s in pairwise(times):
        x0, eps = guess(x, t)
        (alpha, sigma), (to_alpha, to_sigma) = signal_and_noise(schedule, t), signal_and_noise(schedule, s)
        now, line = math.log(alpha / sigma), x0
        if s:
            h = math.log(to_alpha / to_sigma) - now
            if before:
                earlier, last = before
                line = x0 + (x0 - last) * h / (now - earlier) / 2
            x = to_sigma / sigma * x - to_alpha * math.expm1(-h) * line
        else:
            x = x0
        before = now, x0
        yield x, x0, eps


def reverse_sde(schedule: Schedule, guess: Guess, x: Tensor, times: Sequence[int], noise: Noise) -> Iterator[Move]:
    """Solve the SDE with the Euler–Maruyama method (Song et al. 2021 b, equation 6, in reverse time).

    Shapes: `x` (n, …), as for `heun`.
    """
    for t, s in pairwise(times):
        x0, eps = guess(x, t)
        score = -eps / signal_and_noise(schedule, t)[1]
        length = -math.log(schedule.alphas_cumprod[t] / schedule.alphas_cumprod[s])
        x = x + length * (x / 2 + score) + math.sqrt(length) * noise() if s else x0
        yield x, x0, eps


def predictor_corrector(
    schedule: Schedule, guess: Guess, x: Tensor, times: Sequence[int], noise: Noise
) -> Iterator[Move]:
    """Alternate ancestral steps with Langevin steps that correct the sample (Song et al. 2021 b, algorithm 3).

    Shapes: `x` (n, …), as for `heun`.
    """
    for t, s in pairwise(times):
        x0, eps = guess(x, t)
        x = schedule.ddpm_step(x, eps, t, s, noise() if s else torch.zeros_like(x), clip=False)
        if s:
            score, z = -guess(x, s)[1] / signal_and_noise(schedule, s)[1], noise()
            norm = z.flatten(1).norm(dim=1).mean() / score.flatten(1).norm(dim=1).mean()
            size = 2 * schedule.alphas_cumprod[s] / schedule.alphas_cumprod[s - 1] * (SNR * norm) ** 2
            x = x + size * score + (2 * size).sqrt() * z
        yield x, x0, eps


def annealed_langevin(
    schedule: Schedule, guess: Guess, x: Tensor, times: Sequence[int], noise: Noise
) -> Iterator[Move]:
    r"""Run Langevin dynamics at one noise level after another, nothing else (Song & Ermon 2019, algorithm 1).

    $x / \alpha_t$, the variable of that paper, is unchanged between two levels.

    Shapes: `x` (n, …), as for `heun`.
    """
    for t, s in pairwise(times):
        for _ in range(ROUNDS):
            x0, eps = guess(x, t)
            alpha, sigma = signal_and_noise(schedule, t)
            x = x - SOLVERS_STEP * sigma * eps + math.sqrt(2 * SOLVERS_STEP) * sigma * noise()
        x = signal_and_noise(schedule, s)[0] / alpha * x if s else guess(x, t)[0]
        yield x, x0, eps


def signal_and_noise(schedule: Schedule, t: int) -> tuple[float, float]:
    r"""Return $\alpha_t = \sqrt{\bar\alpha_t}$ and $\sigma_t = \sqrt{1 - \bar\alpha_t}$."""
    alpha = float(schedule.alphas_cumprod[t])
    return math.sqrt(alpha), math.sqrt(1 - alpha)


@dataclass(frozen=True)
class Sampler:
    """A sampler: its title, its solver, and its number of network evaluations.

    Arguments:
        title: Title on the page.
        solver: Generator of its steps; None for those of `Denoiser` itself.
        each: Evaluations of a step.
        last: Evaluations of the last step.
        noisy: True if it adds noise in its steps.
    """

    title: str
    solver: Callable[..., Iterator[Move]] | None = None
    each: int = 1
    last: int = 1
    noisy: bool = False

    def evaluations(self, steps: int) -> list[int]:
        """Return the number of network evaluations in each of the steps."""
        return [self.each] * (steps - 1) + [self.last]

    def steps(self, evaluations: int) -> int:
        """Return the largest number of steps within a budget of evaluations; at least one."""
        return max(0, (evaluations - self.last) // self.each) + 1


SAMPLERS = {
    "ddim": Sampler("DDIM"),
    "ddpm": Sampler("DDPM", noisy=True),
    "heun": Sampler("Heun", heun, each=2),
    "dpm": Sampler("DPM-Solver++", dpm_solver),
    "sde": Sampler("Reverse SDE", reverse_sde, noisy=True),
    "pc": Sampler("Predictor–corrector", predictor_corrector, each=2, noisy=True),
    "langevin": Sampler("Annealed Langevin", annealed_langevin, each=ROUNDS, last=ROUNDS + 1, noisy=True),
}


def sample_steps(
    model: Denoiser, sampler: str, n: int, *, generator: torch.Generator, steps: int, eta: float = 0.0, **how
) -> Iterator[Step]:
    """Return the steps of any of `SAMPLERS`; `eta` is DDIM's, and `Denoiser.walk` lists further arguments."""
    match sampler:
        case "ddim":
            return model.ddim_steps(n, generator=generator, steps=steps, eta=eta, **how)
        case "ddpm":
            return model.ddpm_steps(n, generator=generator, steps=steps, **how)
    solver = SAMPLERS[sampler].solver
    assert solver is not None, "those of `Denoiser` are above"
    return solver_steps(model, solver, n, generator=generator, steps=steps, **how)


@torch.no_grad()
def solver_steps(
    model: Denoiser,
    solver: Callable[..., Iterator[Move]],
    n: int,
    *,
    generator: torch.Generator,
    steps: int,
    label: Tensor | None = None,
    guidance_scale: float = 1.0,
    clip: bool | None = None,
    x_t: Tensor | None = None,
) -> Iterator[Step]:
    r"""Yield the steps of a solver from noise to data, in the form of `Denoiser.denoise_steps`.

    If the prediction is clipped, the noise is recomputed from it and $x_t$, as in DDIM.

    Shapes: `label` (n,) or None for any; `x_t`, a start in the network's scale instead of noise, (n, …).

    Raises:
        ValueError: if an argument is invalid; the message says what is wanted.
    """
    label, x = model.check_label(label, n), model.check_start(x_t, n, generator)
    check_number(guidance_scale, "guidance_scale", 0, 20)
    clip, times, before = model.clips if clip is None else clip, model.schedule.times(steps), None

    def guess(x: Tensor, t: int) -> tuple[Tensor, Tensor]:
        eps = model.guided_noise(x, t, label, guidance_scale)
        x0 = model.schedule.predict_x0(x, eps, t, clip=clip)
        alpha, sigma = signal_and_noise(model.schedule, t)
        return x0, (x - alpha * x0) / sigma if clip else eps

    moves = solver(model.schedule, guess, x, times, lambda: model.noise(n, generator))
    for index, (places, (x, x0, eps)) in enumerate(zip(pairwise(times), moves)):
        yield model.step(model.to_space(x), index, steps, places, x, x0, before, eps)
        before = x0
