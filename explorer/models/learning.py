r"""Four objectives for an energy of points, trained side by side, with the positive and negative phase of each.

Each objective is a sum of two terms. The gradient of one is the positive phase, which lowers the energy of data. The
gradient of the other is the negative phase, which raises the energy elsewhere. At the optimum they cancel.

| objective | positive | negative |
| --- | --- | --- |
| contrastive divergence, k steps | $E(x)$ | $-E(x^-)$, where $x^-$ is k steps of a chain away from x |
| persistent CD | $E(x)$ | $-E(x^-)$, where the chains persist between batches |
| score matching | $-\Delta E(x)$ | $\tfrac{1}{2} \|\nabla E(x)\|^2$ |
| denoising SM | $-\sigma \epsilon^\top \nabla E(\tilde x)$ | $\tfrac{1}{2} \sigma^2 \|\nabla E(\tilde x)\|^2$ |

Each is a mean over a batch, and $\tilde x = x + \sigma \epsilon$ are noised data. In the lower two rows, the second
term also counts as the negative phase: it keeps the energy from growing steep at the data.

Reference: Hinton, Training Products of Experts by Minimizing Contrastive Divergence, 2002, section 3
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from explorer.data.toys import Mixture
from explorer.models.plane_energy import OBJECTIVES, STEP, Energy, run_jumps, run_mala, slope

WIDTH, BATCH = 64, 128
LEARNING_RATE, LEARNING_BETAS = 5e-3, (0.9, 0.99)
LEARNING_SIGMA = 0.04  # noise of denoising score matching
JUMPS = 2
ARROWS_SHOWN = 40  # points of a batch with an arrow
Parts = tuple[Tensor, Tensor]


@dataclass(frozen=True)
class Rules:
    """Training settings: the steps k of a chain, and whether persistent chains also propose jumps."""

    k: int = 1
    jumps: bool = True


@dataclass
class Phases:
    """Norms of the gradients of both terms of an objective, and of their sum."""

    positive: float
    negative: float
    both: float


@dataclass
class Objective:
    """One objective: its energy, its optimiser, the phases of its last step, and the ends of its arrows (n, 2)."""

    energy: Energy
    adam: torch.optim.Optimizer
    phases: Phases | None = None
    arrows: Parts | None = field(default=None)


class Learning:
    """Four energies with the same initial weights and the same batches.

    Arguments:
        data: Distribution of the data.
        rules: Training settings.
        seed: Seed of the initial weights, the batches and the chains.
    """

    def __init__(self, data: Mixture, rules: Rules, seed: int):
        self.data, self.rules, self.steps = data, rules, 0
        weights, self._batches, self._chains = (torch.Generator().manual_seed(seed + i) for i in range(3))
        first = initialise(Energy(WIDTH), weights)
        self.ways: dict[str, Objective] = {}
        for way in OBJECTIVES:
            energy = Energy(WIDTH)
            energy.load_state_dict(first.state_dict())
            self.ways[way] = Objective(energy, torch.optim.Adam(energy.parameters(), LEARNING_RATE, LEARNING_BETAS))
        self.chains = torch.randn(BATCH, 2, generator=self._chains)

    def step(self) -> None:
        """Make one step of all four objectives, on the same batch."""
        x = self.data.sample(BATCH, self._batches)
        for name, way in self.ways.items():
            positive, negative = PARTS[name](self, way, x)
            pulls = [gradient(part, way.energy) for part in (positive, negative)]
            both = [up + down for up, down in zip(*pulls)]
            way.phases = Phases(*(norm(each) for each in (*pulls, both)))
            for weight, each in zip(way.energy.parameters(), both):
                weight.grad = each
            way.adam.step()
        self.steps += 1

    def contrast(self, way: Objective, x: Tensor) -> Parts:
        """Terms of CD: the negative samples are k steps of MALA away from the data x (B, 2)."""
        made = run_mala(way.energy, x, self.rules.k, self._chains)
        way.arrows = x[:ARROWS_SHOWN], made[:ARROWS_SHOWN]
        return way.energy(x).mean(), -way.energy(made).mean()

    def persist(self, way: Objective, x: Tensor) -> Parts:
        """Terms of persistent CD for the data x (B, 2): the chains continue from their states after the last step."""
        made = run_mala(way.energy, self.chains, self.rules.k, self._chains)
        if self.rules.jumps:
            made = run_jumps(way.energy, made, JUMPS, self._chains)
        way.arrows = self.chains[:ARROWS_SHOWN], made[:ARROWS_SHOWN]
        self.chains = made
        return way.energy(x).mean(), -way.energy(made).mean()

    def match(self, way: Objective, x: Tensor) -> Parts:
        r"""Terms of score matching at the data: $-\Delta E$ with the exact trace, and $\tfrac{1}{2} \|\nabla E\|^2$.

        Shapes: `x` (B, 2).
        """
        x = x.detach().requires_grad_()
        grad_x = slope(way.energy, x)
        first, second = (torch.autograd.grad(grad_x[:, i].sum(), x, create_graph=True)[0][:, i] for i in range(2))
        way.arrows = downhill(x, grad_x, STEP**2 / 2)
        return -(first + second).mean(), grad_x.square().sum(-1).mean() / 2

    def denoise(self, way: Objective, x: Tensor) -> Parts:
        r"""Terms of denoising score matching: $-\sigma \epsilon^\top \nabla E$ and $\sigma^2 \|\nabla E\|^2 / 2$.

        Shapes: `x` (B, 2), the data before the noise.
        """
        eps = torch.randn(x.shape, generator=self._batches)
        noised = (x + LEARNING_SIGMA * eps).requires_grad_()
        grad_x = slope(way.energy, noised)
        way.arrows = downhill(noised, grad_x, LEARNING_SIGMA**2)
        return -LEARNING_SIGMA * (eps * grad_x).sum(-1).mean(), LEARNING_SIGMA**2 * grad_x.square().sum(-1).mean() / 2


PARTS: dict[str, Callable[[Learning, Objective, Tensor], Parts]] = {
    "cd": Learning.contrast,
    "pcd": Learning.persist,
    "sm": Learning.match,
    "dsm": Learning.denoise,
}


def initialise(energy: Energy, generator: torch.Generator) -> Energy:
    r"""Initialise weights uniformly in $\pm 1/\sqrt{inputs}$; those of the coordinates are four times as large."""
    with torch.no_grad():
        for index, layer in enumerate(each for each in energy.net if isinstance(each, nn.Linear)):
            bound = 1 / math.sqrt(layer.in_features)
            for weight in (layer.weight, layer.bias):
                weight.uniform_(-bound, bound, generator=generator)
            layer.weight *= 1 if index else 4
    return energy


def gradient(part: Tensor, energy: Energy) -> list[Tensor]:
    """Gradient of a term () with respect to each weight, in the weight's shape; 0 if the term does not depend on it."""
    weights = [*energy.parameters()]
    found = torch.autograd.grad(part, weights, retain_graph=True, allow_unused=True)
    return [torch.zeros_like(weight) if each is None else each for weight, each in zip(weights, found)]


def norm(tensors: list[Tensor]) -> float:
    """Norm of a gradient, a list of tensors of any shape."""
    return float(torch.stack([each.square().sum() for each in tensors]).sum().sqrt())


def downhill(x: Tensor, grad_x: Tensor, length: float) -> Parts:
    """Return arrows down the energy from some of x (B, 2), `length` times its gradient `grad_x` (B, 2)."""
    return x[:ARROWS_SHOWN].detach(), (x - length * grad_x)[:ARROWS_SHOWN].detach()
