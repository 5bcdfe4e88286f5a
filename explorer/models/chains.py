r"""Markov chains with the limit $p(x) \propto e^{-E(x) / T}$: four kernels, and two remedies for slow mixing.

Notation: $\xi$ is standard Gaussian noise, $\varepsilon$ the step size, a length. A proposal x′ is accepted with
probability $\min(1, e^{a})$; otherwise x stays. This makes the limit exact (Metropolis & Hastings).

| kernel | proposal | $a$ |
| --- | --- | --- |
| Langevin | $x' = x - \frac{\varepsilon^2}{2} \nabla E + \varepsilon \xi$ | always accepted, so the limit is biased |
| MALA | the same | $E(x) - E(x') + \log q(x \mid x') - \log q(x' \mid x)$ |
| HMC | L leapfrog steps with a momentum $\xi$ | $H(x, \xi) - H(x', \xi')$, $H = E + \|\xi\|^2 / 2$ |
| random walk | $x' = x + \varepsilon \xi$ | $E(x) - E(x')$ |

References:
    Roberts & Tweedie, Exponential Convergence of Langevin Distributions and Their Discrete Approximations, 1996
    Neal, MCMC Using Hamiltonian Dynamics, 2011, https://arxiv.org/abs/1206.1901
    Geyer, Practical Markov Chain Monte Carlo, 1992
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

Target = Callable[[Tensor], tuple[Tensor, Tensor]]
"""Function from x (B, D) to the energy (B,) and its gradient (B, D)."""
Size = float | Tensor
"""Step size ε: one number, or one for each chain, (B, 1)."""
FAR = 1e3  # a chain beyond this coordinate has left the plane


class Diverged(ValueError):
    """A chain left the plane, or its energy is not a finite number; the message says at which step and why."""


@dataclass(frozen=True)
class State:
    """State of the chains: `x` (B, D), with the `energy` (B,) and its `gradient` (B, D) there."""

    x: Tensor
    energy: Tensor
    gradient: Tensor


@dataclass(frozen=True)
class Move:
    """One step of chains: the new `state`, the `proposed` x (B, D), and whether each was `accepted` (B,)."""

    state: State
    proposed: Tensor
    accepted: Tensor


def start(target: Target, x: Tensor) -> State:
    """Start chains at x (B, D)."""
    return State(x, *target(x))


def temper(target: Target, temperature: float | Tensor) -> Target:
    """Replace E by E / T; one temperature, or one for each chain (B,)."""

    def scale(x: Tensor) -> tuple[Tensor, Tensor]:
        energy, gradient = target(x)
        t = torch.as_tensor(temperature, dtype=x.dtype, device=x.device).expand(len(x))
        return energy / t, gradient / t[:, None]

    return scale


def clamp(target: Target, x: Tensor, known: Tensor) -> tuple[Target, Tensor]:
    """Return the target over the free parts of x (B, D), and their mask as 0 and 1; `known` (B, D) parts stay fixed."""
    free = (~known).to(x)

    def hold(moved: Tensor) -> tuple[Tensor, Tensor]:
        energy, gradient = target(torch.where(known, x, moved))
        return energy, gradient * free

    return hold, free


def noise(x: Tensor, generator: torch.Generator) -> Tensor:
    """Draw standard Gaussian noise of the shape of x, on the CPU."""
    return torch.randn(x.shape, generator=generator, dtype=x.dtype).to(x.device)


def langevin(target: Target, state: State, step: Size, generator: torch.Generator, free: Tensor | float = 1) -> Move:
    """Make a step of the unadjusted Langevin algorithm: a gradient step down the energy, plus noise.

    Every chain counts as accepted.

    Shapes: `free` (B, D), the mask of `clamp`: no noise is added where it is 0.
    """
    x = drift(state, step) + step * noise(state.x, generator) * free
    return Move(State(x, *target(x)), x, torch.ones(len(x), dtype=torch.bool, device=x.device))


def mala(target: Target, state: State, step: Size, generator: torch.Generator, free: Tensor | float = 1) -> Move:
    """Make a Langevin proposal, and accept or reject it so that the limit is exact.

    Shapes: `free` (B, D), as for `langevin`.
    """
    x = drift(state, step) + step * noise(state.x, generator) * free
    after = State(x, *target(x))
    back, forth = ((here.x - drift(there, step)).square().sum(-1) for here, there in ((state, after), (after, state)))
    size = step.squeeze(-1) if isinstance(step, Tensor) else step
    return decide(state, after, state.energy - after.energy + (forth - back) / (2 * size**2), generator)


def hmc(target: Target, state: State, step: Size, generator: torch.Generator, leaps: int = 10) -> Move:
    """Make a step of Hamiltonian Monte Carlo: a new momentum, `leaps` leapfrog steps, and a Metropolis decision."""
    momentum = noise(state.x, generator)
    after, end = leapfrog(target, state, momentum, step, leaps)
    kinetic = (momentum.square() - end.square()).sum(-1) / 2
    return decide(state, after, state.energy - after.energy + kinetic, generator)


def random_walk(target: Target, state: State, step: Size, generator: torch.Generator) -> Move:
    """Make a random-walk Metropolis step: a Gaussian proposal around x, accepted or rejected by the energy."""
    after = start(target, state.x + step * noise(state.x, generator))
    return decide(state, after, state.energy - after.energy, generator)


def independent(target: Target, state: State, generator: torch.Generator) -> Move:
    """Propose a draw of the standard Gaussian, independent of the state: an accepted proposal can cross any barrier."""
    return decide_jump(state, start(target, noise(state.x, generator)), generator)


def decide_jump(state: State, after: State, generator: torch.Generator) -> Move:
    """Accept or reject `after`, a draw of the standard Gaussian with its energy, independent of the state."""
    back, forth = (each.x.square().sum(-1) / 2 for each in (state, after))
    return decide(state, after, state.energy - after.energy + forth - back, generator)


KERNELS: dict[str, Callable[..., Move]] = {"langevin": langevin, "mala": mala, "hmc": hmc, "walk": random_walk}


def drift(state: State, step: Size) -> Tensor:
    """Mean of a Langevin proposal: (B, D)."""
    return state.x - step**2 / 2 * state.gradient


def leapfrog(target: Target, state: State, momentum: Tensor, step: Size, leaps: int) -> tuple[State, Tensor]:
    """Integrate the Hamiltonian dynamics; return the final state and momentum. A negated momentum runs it backwards.

    Shapes: `momentum` (B, D), as the returned one; `leaps` is the number of steps.
    """
    momentum = momentum - step / 2 * state.gradient
    for index in range(leaps):
        state = start(target, state.x + step * momentum)
        momentum = momentum - (step if index + 1 < leaps else step / 2) * state.gradient
    return state, momentum


def decide(before: State, after: State, log_ratio: Tensor, generator: torch.Generator) -> Move:
    """Accept each proposal with probability min(1, exp(log_ratio)); reject it if the ratio is NaN.

    Shapes: `log_ratio` (B,).
    """
    u = torch.rand(len(log_ratio), generator=generator, dtype=log_ratio.dtype).to(log_ratio.device)
    accepted = u.log() < log_ratio
    chosen = (
        torch.where(accepted.view(-1, *[1] * (new.ndim - 1)), new, old)
        for new, old in ((after.x, before.x), (after.energy, before.energy), (after.gradient, before.gradient))
    )
    return Move(State(*chosen), after.x, accepted)


def check(state: State, index: int) -> None:
    """Raise Diverged unless every chain is still in the plane, with a finite energy."""
    gone = ~(state.x.abs().amax(-1) < FAR)
    if bool(gone.any()):
        raise Diverged(f"chain {int(gone.nonzero()[0])} left the plane at step {index}: take smaller steps")
    if not bool(state.energy.isfinite().all()):
        raise Diverged(f"an energy was no number at step {index}: take smaller steps")


def ladder(hottest: float, rungs: int) -> list[float]:
    """Return geometrically spaced temperatures from the hottest down to 1."""
    return [hottest ** (1 - rung / max(rungs - 1, 1)) for rung in range(rungs)]


def swap(x: Tensor, energy: Tensor, temperatures: Sequence[float], first: int, generator: torch.Generator) -> Tensor:
    r"""Exchange replicas of neighbouring temperatures: the swap of parallel tempering, between steps of its kernels.

    The acceptance probability is $\min(1, e^{(1/T_i - 1/T_j)(E_i - E_j)})$. `first` is 0 or 1, the index of the first
    pair.

    Shapes: `x` (K, B, D) and `energy` (K, B), E itself and not E / T, one row a temperature; both are changed in place.
    The result marks accepted swaps, booleans (K − 1, B).
    """
    taken = torch.zeros(len(temperatures) - 1, x.shape[1], dtype=torch.bool, device=x.device)
    for i in range(first, len(temperatures) - 1, 2):
        gap = 1 / temperatures[i] - 1 / temperatures[i + 1]
        u = torch.rand(x.shape[1], generator=generator, dtype=energy.dtype).to(energy.device)
        taken[i] = u.log() < gap * (energy[i] - energy[i + 1])
        both = [i, i + 1]
        x[both] = torch.where(taken[i][None, :, None], x[both].flip(0), x[both])
        energy[both] = torch.where(taken[i][None], energy[both].flip(0), energy[both])
    return taken


def autocorrelation(trace: Tensor) -> Tensor:
    """Compute the mean autocorrelation of series (B, N) around their common mean: (N,), 1 at lag 0."""
    n = trace.shape[-1]
    spectrum = torch.fft.rfft(trace.double() - trace.double().mean(), 2 * n).abs().square()
    found = torch.fft.irfft(spectrum, 2 * n)[..., :n].mean(0) / n
    return found / found[0] if found[0] > 0 else torch.ones_like(found)


def effective_size(trace: Tensor) -> float:
    r"""Effective sample size of series (B, N): $BN / (1 + 2 \sum_l \rho_l)$.

    The sum ends at the first pair of neighbouring lags with a negative sum (Geyer 1992).
    """
    rho = autocorrelation(trace)
    pairs = rho[: len(rho) // 2 * 2].view(-1, 2).sum(-1)
    below = (pairs < 0).nonzero()
    kept = pairs[: int(below[0])] if len(below) else pairs
    return trace.numel() / max(float(2 * kept.sum() - 1), 1 / math.sqrt(trace.numel()))
