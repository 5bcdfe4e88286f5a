r"""An energy of points in the plane, trained with persistent contrastive divergence.

$$ p(x) = \frac{e^{-E(x)}}{Z}, \qquad L = \mathbb{E}\, E(x) - \mathbb{E}\, E(x^-) $$

The negative samples $x^-$ are chains that continue from their last state: steps of MALA, and independent proposals by
which they cross barriers.

Reference: Tieleman, Training Restricted Boltzmann Machines Using Approximations to the Likelihood Gradient, 2008
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from explorer.models.chains import State, independent, ladder, mala, start, tempered
from explorer.models.learning import begun
from explorer.models.live_nets import Live
from explorer.models.plane_energy import STEP, Energy
from explorer.steps import Step

CHAINS, WALK = 128, 1
HOTTEST, STEPS = 10.0, 32  # of the chains that draw samples


class LiveEnergy(Live):
    """Energy of three hidden layers with `width` units each."""

    title = "Energy"
    betas = (0.9, 0.99)  # of Adam

    def __init__(self, width: int, generator: torch.Generator):
        super().__init__()
        self.net = begun(Energy(width), generator)
        self.register_buffer("chains", torch.randn(CHAINS, 2, generator=generator))

    def energy(self, x: Tensor) -> Tensor:
        """Energy E(x) in nats, up to a constant: (B, 2) to (B,)."""
        return self.net(x)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean energy of the data minus that of the persistent chains, which make their steps first."""
        state = start(self.net.target, self.chains)
        for _ in range(WALK):
            state = mala(self.net.target, state, STEP, generator).state
        self.chains = independent(self.net.target, state, generator).state.x
        return self.energy(x).mean() - self.energy(self.chains).mean()

    @torch.no_grad()
    def sample_steps(self, n: int, *, generator: torch.Generator) -> Iterator[Step]:
        """Run MALA from Gaussian noise while the temperature falls to 1, and then equally long at 1."""
        state = start(self.net.target, torch.randn(n, 2, generator=generator))
        for index, t in enumerate(ladder(HOTTEST, STEPS // 2) + [1.0] * (STEPS // 2)):
            state = scaled(mala(tempered(self.net.target, t), scaled(state, 1 / t), STEP * t**0.5, generator).state, t)
            yield Step(state.x, index, STEPS, STEPS - 1 - index)


def scaled(state: State, factor: float) -> State:
    """Return a state of chains with its energies and gradients multiplied by a factor."""
    return State(state.x, factor * state.energy, factor * state.gradient)
