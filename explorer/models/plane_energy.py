r"""Energies of points in the plane, learned with four objectives.

$$ p(x) = \frac{e^{-E(x)}}{Z}, \qquad E(x) = f(x) + \tfrac{1}{2} \|x\|^2, \qquad Z = \int e^{-E(x)}\,dx $$

f is a small network that grows at most linearly, so the quadratic term confines the density and Z exists. The model is
a standard Gaussian multiplied by $e^{-f}$. Without a known Z, each objective has its own gradient:

| objective | minimised function |
| --- | --- |
| contrastive divergence | $E(x) - E(x^-)$, where $x^-$ is k steps of a chain away from data |
| persistent CD | the same, where the chains continue from the last training step |
| score matching | $\tfrac{1}{2} \|\nabla E(x)\|^2 - \Delta E(x)$: no Z, and no chain |
| denoising score matching | $\|\sigma \nabla E(x + \sigma\epsilon) - \epsilon\|^2$: no second derivative either |

References:
    Hinton, Training Products of Experts by Minimizing Contrastive Divergence, 2002
    Tieleman, Training Restricted Boltzmann Machines Using Approximations to the Likelihood Gradient, 2008
    Hyvärinen, Estimation of Non-Normalized Statistical Models by Score Matching, 2005
    Vincent, A Connection Between Score Matching and Denoising Autoencoders, 2011
    E, Ren & Vanden-Eijnden, Simplified and Improved String Method, 2007
"""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.chains import check, clamp, independent, ladder, mala, start, temper
from explorer.models.layers import NamedLayers, linear
from explorer.models.quadrature import grid, log_integral
from explorer.models.sampled import Sampled
from explorer.spaces import PLANE
from explorer.steps import Number, Step

OBJECTIVES = {
    "cd": "contrastive divergence",
    "pcd": "persistent CD",
    "sm": "score matching",
    "dsm": "denoising score matching",
}
BEST = "pcd"
STEP = 0.1  # of the chains: the standard deviation of the data's Gaussians
HOTTEST = 20.0
PLANE_EBM_STEPS = 150
BENDS = 60


class Energy(nn.Module):
    """One energy of points: a network of hidden layers, plus half the squared distance from the origin.

    Arguments:
        width: Units in each layer.
        hidden: Number of hidden layers.
    """

    def __init__(self, width: int, hidden: int = 3):
        super().__init__()
        layers = [each for inputs in [2] + [width] * (hidden - 1) for each in (nn.Linear(inputs, width), nn.SiLU())]
        self.net = nn.Sequential(*layers, nn.Linear(width, 1))
        with torch.no_grad():  # start with features that vary quickly over the plane: thin rings are learned sooner
            linear(self.net, 0).weight *= 4

    def forward(self, x: Tensor) -> Tensor:
        """Energy E(x): (B, 2) to (B,)."""
        return self.net(x).squeeze(-1) + x.square().sum(-1) / 2

    def target(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Compute E(x) and its gradient in the form that chains need: (B, 2) to (B,) and (B, 2)."""
        with torch.enable_grad():
            x = x.detach().requires_grad_()
            energy = self(x)
            (gradient,) = torch.autograd.grad(energy.sum(), x)
        return energy.detach(), gradient


def slope(energy: Energy, x: Tensor) -> Tensor:
    """Gradient of E at x (B, 2), itself differentiable: (B, 2)."""
    return torch.autograd.grad(energy(x).sum(), x, create_graph=True)[0]


def score_matching(energy: Energy, x: Tensor) -> Tensor:
    r"""Compute the mean over x (B, 2) of $\tfrac{1}{2} \|\nabla E\|^2 - \Delta E$ with the exact trace of the Hessian.

    Reference: Hyvärinen 2005, equation 4, with the score $-\nabla E$.
    """
    x = x.detach().requires_grad_()
    gradient = slope(energy, x)
    trace = sum(torch.autograd.grad(gradient[:, i].sum(), x, create_graph=True)[0][:, i] for i in range(x.shape[1]))
    return (gradient.square().sum(-1) / 2 - trace).mean()


def denoising(energy: Energy, x: Tensor, eps: Tensor, sigma: float) -> Tensor:
    r"""Compute the mean of $\|\sigma \nabla E(x + \sigma \epsilon) - \epsilon\|^2 / 2$ over x and noise (B, 2).

    Reference: Vincent 2011, section 4.2, times $\sigma^2$; its minimum is the score of the noised data.
    """
    noised = (x + sigma * eps).detach().requires_grad_()
    return (sigma * slope(energy, noised) - eps).square().sum(-1).mean() / 2


class PlaneEnergy(Sampled):
    """Four energies with the same initial weights, one for each objective.

    Methods use the energy trained with persistent CD unless `way` names another.

    Arguments:
        width: Units in each hidden layer.
        chains: Number of negative samples of the contrastive objectives: the size of a batch.
    """

    title = "Energy"
    loss_unit = "of all four objectives, added"
    objective = BEST
    """Objective of the energy that answers."""
    space = PLANE
    numbers = {"energy": Number("energy", "nats", curve=True), "barrier": Number("barrier", "nats")}
    completes = "clamped chains: what is known stays, and the rest walks over the energy while it cools"
    cannot = {"label": "the points have no classes"}

    negatives: Tensor

    def __init__(self, width: int = 64, chains: int = 250):
        super().__init__()
        self.ways = NamedLayers({way: Energy(width) for way in OBJECTIVES})
        for energy in self.ways.values():
            energy.load_state_dict(self.ways[BEST].state_dict())
        self.register_buffer("negatives", torch.randn(2, chains, 2))
        """Latest negative samples of contrastive divergence, and the persistent chains."""

    def energy(self, x: Tensor, way: str = BEST) -> Tensor:
        """Energy E(x) in nats, up to a constant: (B, 2) to (B,)."""
        return self.ways[way](x)

    def score(self, x: Tensor, way: str = BEST) -> Tensor:
        r"""Score $\nabla \log p(x) = -\nabla E(x)$: (B, 2)."""
        return -self.ways[way].target(x)[1]

    @torch.no_grad()
    def log_normaliser(self, way: str = BEST) -> Tensor:
        """Compute log Z in nats, by integration on a grid: ()."""
        points = grid()[0].to(self.negatives)
        return log_integral(-torch.cat([self.energy(part, way) for part in points.split(20_000)]))

    def log_prob(self, x: Tensor, way: str = BEST) -> Tensor:
        """Log-density of points (B, 2) in nats, exact up to the quadrature of Z: (B,)."""
        return -self.energy(x, way) - self.log_normaliser(way).to(x)

    @torch.no_grad()
    def annealing_steps(
        self, x: Tensor, generator: torch.Generator, way: str = BEST, known: Tensor | None = None
    ) -> Iterator[Step]:
        """Run MALA from x (B, 2) while the temperature falls from `HOTTEST` to 1, and then equally long at 1.

        Shapes: `known` booleans (B, 2), or None.

        Raises:
            Diverged: if a chain leaves the plane, or its energy is not finite.
        """
        target, free = self.ways[way].target, 1
        if known is not None:
            target, free = clamp(target, x, known)
        temperatures = ladder(HOTTEST, PLANE_EBM_STEPS // 2) + [1.0] * (PLANE_EBM_STEPS - PLANE_EBM_STEPS // 2)
        for index, temperature in enumerate(temperatures):
            hot = temper(target, temperature)
            state = mala(hot, start(hot, x), STEP * temperature**0.5, generator, free).state
            check(state, index)
            x = state.x
            yield Step(x, index, PLANE_EBM_STEPS, PLANE_EBM_STEPS - 1 - index, numbers={"energy": self.energy(x, way)})

    def sample_steps(self, n: int, *, generator: torch.Generator, way: str = BEST) -> Iterator[Step]:
        """Return n chains from a standard Gaussian that cool down: see `annealing_steps`."""
        return self.annealing_steps(torch.randn(n, 2, generator=generator).to(self.negatives), generator, way)

    def complete_steps(
        self, x: Tensor, known: Tensor, *, generator: torch.Generator, way: str = BEST
    ) -> Iterator[Step]:
        """Run chains over the unknown coordinates of x and clamp the `known` ones; both (B, 2)."""
        noise = torch.randn(x.shape, generator=generator).to(x)
        return self.annealing_steps(torch.where(known, x, noise), generator, way, known)

    @torch.no_grad()
    def interpolate_steps(self, a: Tensor, b: Tensor, places: int, way: str = BEST) -> Iterator[Step]:
        """Find a path of low energy: a string from a to b, both (1, 2), that moves into the valleys between them.

        Each step moves every point down the energy, and then spaces the points evenly along the string again; the ends
        stay fixed. The numbers are the energies along the string, and the barrier: the largest energy minus that of a.
        The final string is a minimum energy path, as accurate as the spacing of its points.
        """
        target = self.ways[way].target
        x = torch.lerp(a, b, torch.linspace(0, 1, places).to(a)[:, None])
        for index in range(BENDS):
            energy, gradient = target(x)
            barrier = energy.max() - energy[0]
            yield Step(x, index, BENDS, BENDS - 1 - index, numbers={"energy": energy, "barrier": barrier})
            size = gradient.norm(dim=-1, keepdim=True)
            down = x - STEP**2 * gradient / (1 + STEP * size)  # no point moves further than a step
            x = evenly(torch.cat([a, down[1:-1], b]))

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Sum of the four objectives, which share no weights; `x` is (B, 2).

        The recipe sets the number of steps of a negative sample (`negative_steps`) and the noise of denoising
        (`sigma`).
        """
        cd, pcd = self.ways["cd"], self.ways["pcd"]
        self.negatives[0] = run_mala(cd, x, recipe["negative_steps"], generator)
        self.negatives[1] = run_jumps(
            pcd, run_mala(pcd, self.negatives[1], recipe["negative_steps"], generator), recipe["jumps"], generator
        )
        eps = torch.randn(x.shape, generator=generator).to(x)
        losses = [way(x).mean() - way(negative).mean() for way, negative in zip((cd, pcd), self.negatives.clone())]
        losses += [score_matching(self.ways["sm"], x), denoising(self.ways["dsm"], x, eps, recipe["sigma"])]
        return torch.stack(losses).sum()


@torch.no_grad()
def run_mala(energy: Energy, x: Tensor, steps: int, generator: torch.Generator) -> Tensor:
    """Return x (B, 2) after `steps` steps of MALA."""
    state = start(energy.target, x)
    for _ in range(steps):
        state = mala(energy.target, state, STEP, generator).state
    return state.x


@torch.no_grad()
def run_jumps(energy: Energy, x: Tensor, jumps: int, generator: torch.Generator) -> Tensor:
    """Return x (B, 2) after `jumps` proposals from the standard Gaussian, by which persistent chains cross barriers."""
    state = start(energy.target, x)
    for _ in range(jumps):
        state = independent(energy.target, state, generator).state
    return state.x


def evenly(path: Tensor) -> Tensor:
    """Space the points of a path (N, 2) evenly along it; the ends stay fixed."""
    lengths = F.pad((path[1:] - path[:-1]).norm(dim=-1).cumsum(0), (1, 0))
    wanted = torch.linspace(0, 1, len(path)).to(path) * lengths[-1]
    after = torch.searchsorted(lengths, wanted).clamp(1, len(path) - 1)
    share = (wanted - lengths[after - 1]) / (lengths[after] - lengths[after - 1]).clamp(min=1e-12)
    return torch.lerp(path[after - 1], path[after], share.clamp(0, 1)[:, None])
