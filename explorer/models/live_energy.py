r"""An energy of points in the plane, trained by contrastive divergence or by denoising score matching.

$$ p(x) = \frac{e^{-E(x)}}{Z}, \qquad L = \mathbb{E}\, E(x) - \mathbb{E}\, E(x^-) $$

The negative samples $x^-$ are persistent chains that continue from their last state: steps of MALA, and independent
proposals by which they cross barriers. Or they are one step of MALA away from data (CD). Denoising score matching
needs no chain (`explorer/models/plane_energy.py`).

References:
    Hinton, Training Products of Experts by Minimizing Contrastive Divergence, 2002
    Tieleman, Training Restricted Boltzmann Machines Using Approximations to the Likelihood Gradient, 2008
    Vincent, A Connection Between Score Matching and Denoising Autoencoders, 2011
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from explorer.models.chains import State, decide_jump, independent, ladder, mala, start, temper
from explorer.models.learning import initialise
from explorer.models.live_density import log_normaliser
from explorer.models.live_nets import Live, hidden_widths
from explorer.models.plane_energy import STEP, Energy, denoising, run_mala
from explorer.steps import Step

LIVE_EBM_CHAINS, WALK = 128, 1
LIVE_EBM_SIGMA = 0.08  # noise of denoising score matching
LIVE_EBM_HOTTEST, LIVE_EBM_STEPS = 10.0, 32  # of the chains that draw samples


class LiveEnergy(Live):
    """Energy of three hidden layers with `width` units each; its objective is "pcd", "cd" or "dsm"."""

    title = "Energy"
    betas = (0.9, 0.99)  # of Adam

    def __init__(self, width: int, deeper: int, generator: torch.Generator, objective: str = "pcd"):
        super().__init__()
        self.objective = objective
        self.net = initialise(Energy(width, len(hidden_widths(width, 3, deeper))), generator)
        self.register_buffer("chains", torch.randn(LIVE_EBM_CHAINS, 2, generator=generator))

    def energy(self, x: Tensor) -> Tensor:
        """Energy E(x) in nats, up to a constant: (B, 2) to (B,)."""
        return self.net(x)

    def solver_error(self, x: Tensor) -> float:
        """Difference that cells moved by half of their side make to log Z, in nats."""
        return abs(log_normaliser(self) - log_normaliser(self, 0.5))

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean energy of the data x (B, 2) minus that of the negative samples, or the loss of denoising."""
        if self.objective == "dsm":
            return denoising(self.net, x, torch.randn(x.shape, generator=generator), LIVE_EBM_SIGMA)
        made = self.advance_chains(generator) if self.objective == "pcd" else run_mala(self.net, x, WALK, generator)
        energy = self.energy(torch.cat([x, made]))
        return energy[: len(x)].mean() - energy[len(x) :].mean()

    def advance_chains(self, generator: torch.Generator) -> Tensor:
        """Make the steps of the persistent chains, and return their states (`LIVE_EBM_CHAINS`, 2)."""
        proposed = torch.randn(self.chains.shape, generator=generator)
        state, jump = halves(start(self.net.target, torch.cat([self.chains, proposed])))
        for _ in range(WALK):
            state = mala(self.net.target, state, STEP, generator).state
        self.chains = decide_jump(state, jump, generator).state.x
        return self.chains

    @torch.no_grad()
    def sample_steps(self, n: int, *, generator: torch.Generator) -> Iterator[Step]:
        """Run MALA from Gaussian noise while the temperature falls to 1, and then equally long at 1, with proposals of
        new places in between."""
        state = start(self.net.target, torch.randn(n, 2, generator=generator))
        for index, t in enumerate(ladder(LIVE_EBM_HOTTEST, LIVE_EBM_STEPS // 2) + [1.0] * (LIVE_EBM_STEPS // 2)):
            state = scale(mala(temper(self.net.target, t), scale(state, 1 / t), STEP * t**0.5, generator).state, t)
            if t == 1:
                state = independent(self.net.target, state, generator).state
            yield Step(state.x, index, LIVE_EBM_STEPS, LIVE_EBM_STEPS - 1 - index)


def halves(state: State) -> tuple[State, State]:
    """Split chains into the first half of them and the second."""
    parts = zip(*(each.chunk(2) for each in (state.x, state.energy, state.gradient)))
    first, second = (State(*part) for part in parts)
    return first, second


def scale(state: State, factor: float) -> State:
    """Return a state of chains with its energies and gradients multiplied by a factor."""
    return State(state.x, factor * state.energy, factor * state.gradient)
