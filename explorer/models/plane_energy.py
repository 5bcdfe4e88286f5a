r"""Energies of points in the plane, learned in four ways.

$$ p(x) = \frac{e^{-E(x)}}{Z}, \qquad E(x) = f(x) + \tfrac{1}{2} \|x\|^2, \qquad Z = \int e^{-E(x)}\,dx $$

f is a small network, and the square confines: whatever f is, it grows no faster than a line, so Z exists. A model tilts
the standard Gaussian. Without labels or a known Z, each way finds its own gradient:

| way | what it makes small |
| --- | --- |
| contrastive divergence | $E(x) - E(x^-)$, where $x^-$ is k steps of a chain away from data |
| persistent CD | the same, where the chains go on from where the last step left them |
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

from explorer.models.chains import check, clamped, independent, ladder, mala, start, tempered
from explorer.models.quadrature import grid, log_integral
from explorer.models.sampled import Sampled
from explorer.spaces import PLANE
from explorer.steps import Number, Step

WAYS = {
    "cd": "contrastive divergence",
    "pcd": "persistent CD",
    "sm": "score matching",
    "dsm": "denoising score matching",
}
BEST = "pcd"
STEP = 0.1  # of the chains: as wide as the data's Gaussians
HOTTEST = 20.0
STEPS = 150
BENDS = 60


class Energy(nn.Module):
    """One energy of points: three hidden layers, and half the square of the distance from the middle.

    Arguments:
        width: How many units a layer has.
    """

    def __init__(self, width: int):
        super().__init__()
        self.net = nn.Sequential(
            *(nn.Linear(2, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU()),
            *(nn.Linear(width, width), nn.SiLU(), nn.Linear(width, 1)),
        )
        with torch.no_grad():  # start with what changes quickly over the plane: thin rings are learned sooner
            self.net[0].weight *= 4

    def forward(self, x: Tensor) -> Tensor:
        """E(x): (B, 2) to (B,)."""
        return self.net(x).squeeze(-1) + x.square().sum(-1) / 2

    def target(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """E(x) and its gradient, as chains ask for them: (B, 2) to (B,) and (B, 2)."""
        with torch.enable_grad():
            x = x.detach().requires_grad_()
            energy = self(x)
            (gradient,) = torch.autograd.grad(energy.sum(), x)
        return energy.detach(), gradient


def slope(energy: Energy, x: Tensor) -> Tensor:
    """The gradient of E at x (B, 2), which can itself be differentiated: (B, 2)."""
    return torch.autograd.grad(energy(x).sum(), x, create_graph=True)[0]


def score_matching(energy: Energy, x: Tensor) -> Tensor:
    r"""$\tfrac{1}{2} \|\nabla E\|^2 - \Delta E$ with the exact trace of the Hessian: the mean over x (B, 2).

    Reference: Hyvärinen 2005, equation 4, with the score $-\nabla E$.
    """
    x = x.detach().requires_grad_()
    gradient = slope(energy, x)
    trace = sum(torch.autograd.grad(gradient[:, i].sum(), x, create_graph=True)[0][:, i] for i in range(x.shape[1]))
    return (gradient.square().sum(-1) / 2 - trace).mean()


def denoising(energy: Energy, x: Tensor, eps: Tensor, sigma: float) -> Tensor:
    r"""$\|\sigma \nabla E(x + \sigma \epsilon) - \epsilon\|^2 / 2$, the mean over x and noise (B, 2).

    Reference: Vincent 2011, equation 11, times $\sigma^2$; its minimum is the score of the noised data.
    """
    noised = (x + sigma * eps).detach().requires_grad_()
    return (sigma * slope(energy, noised) - eps).square().sum(-1).mean() / 2


class PlaneEnergy(Sampled):
    """Creates four energies that begin alike, one for each way of learning.

    What is asked of it goes to the one that learned by persistent chains, unless `way` says otherwise.

    Arguments:
        width: How many units each hidden layer has.
        chains: How many negative samples the contrastive ways have at once: the size of a batch.
    """

    title = "Energy"
    loss_unit = "of all four ways, added"
    space = PLANE
    numbers = {"energy": Number("energy", "nats", curve=True), "barrier": Number("barrier", "nats")}
    completes = "clamped chains: what is known stays, and the rest walks over the energy while it cools"
    cannot = {"label": "the points have no classes"}

    def __init__(self, width: int = 64, chains: int = 250):
        super().__init__()
        self.ways = nn.ModuleDict({way: Energy(width) for way in WAYS})
        for energy in self.ways.values():
            energy.load_state_dict(self.ways[BEST].state_dict())
        self.register_buffer("negatives", torch.randn(2, chains, 2))
        """The latest negative samples of contrastive divergence, and the persistent chains."""

    def energy(self, x: Tensor, way: str = BEST) -> Tensor:
        """E(x) in nats, up to a constant: (B, 2) to (B,)."""
        return self.ways[way](x)

    def score(self, x: Tensor, way: str = BEST) -> Tensor:
        r"""$\nabla \log p(x) = -\nabla E(x)$: (B, 2)."""
        return -self.ways[way].target(x)[1]

    @torch.no_grad()
    def log_normaliser(self, way: str = BEST) -> Tensor:
        """log Z in nats, by integration on a grid."""
        points = grid()[0].to(self.negatives)
        return log_integral(-torch.cat([self.energy(part, way) for part in points.split(20_000)]))

    def log_prob(self, x: Tensor, way: str = BEST) -> Tensor:
        """The log-density of points (B, 2) in nats, exact up to the quadrature of Z: (B,)."""
        return -self.energy(x, way) - self.log_normaliser(way).to(x)

    @torch.no_grad()
    def annealed(
        self, x: Tensor, generator: torch.Generator, way: str = BEST, known: Tensor | None = None
    ) -> Iterator[Step]:
        """MALA from x (B, 2) while the temperature falls from `HOTTEST` to 1, and as long again at 1."""
        target, free = self.ways[way].target, 1
        if known is not None:
            target, free = clamped(target, x, known)
        temperatures = ladder(HOTTEST, STEPS // 2) + [1.0] * (STEPS - STEPS // 2)
        for index, temperature in enumerate(temperatures):
            hot = tempered(target, temperature)
            state = mala(hot, start(hot, x), STEP * temperature**0.5, generator, free).state
            check(state, index)
            x = state.x
            yield Step(x, index, STEPS, STEPS - 1 - index, numbers={"energy": self.energy(x, way)})

    def sample_steps(self, n: int, *, generator: torch.Generator, way: str = BEST) -> Iterator[Step]:
        """n chains from a standard Gaussian, which cool: see `annealed`."""
        return self.annealed(torch.randn(n, 2, generator=generator).to(self.negatives), generator, way)

    def complete_steps(
        self, x: Tensor, known: Tensor, *, generator: torch.Generator, way: str = BEST
    ) -> Iterator[Step]:
        """Chains over the coordinates that are not `known` of x, both (B, 2); the others are clamped."""
        noise = torch.randn(x.shape, generator=generator).to(x)
        return self.annealed(torch.where(known, x, noise), generator, way, known)

    @torch.no_grad()
    def interpolate_steps(self, a: Tensor, b: Tensor, places: int, way: str = BEST) -> Iterator[Step]:
        """A path over the landscape: a string from a to b, both (1, 2), that sinks into the valleys between them.

        Every point of it goes down the energy, and then all are spaced evenly along the string again; the ends stay.
        Its numbers are the energies along it, and the barrier, the greatest of them above that of a. After the last
        step the path is one of least energy, as far as the points lie close enough.
        """
        target = self.ways[way].target
        x = torch.lerp(a, b, torch.linspace(0, 1, places).to(a)[:, None])
        for index in range(BENDS):
            energy, gradient = target(x)
            barrier = energy.max() - energy[0]
            yield Step(x, index, BENDS, BENDS - 1 - index, numbers={"energy": energy, "barrier": barrier})
            size = gradient.norm(dim=-1, keepdim=True)
            down = x - STEP**2 * gradient / (1 + STEP * size)  # no point goes further than a step
            x = evenly(torch.cat([a, down[1:-1], b]))

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """The sum of what the four ways make small, which share no weight; `x` is (B, 2).

        The recipe says how many steps a negative sample takes (`negative_steps`) and the noise of denoising (`sigma`).
        """
        cd, pcd = self.ways["cd"], self.ways["pcd"]
        self.negatives[0] = walked(cd, x, recipe["negative_steps"], generator)
        self.negatives[1] = jumped(
            pcd, walked(pcd, self.negatives[1], recipe["negative_steps"], generator), recipe["jumps"], generator
        )
        eps = torch.randn(x.shape, generator=generator).to(x)
        losses = [way(x).mean() - way(negative).mean() for way, negative in zip((cd, pcd), self.negatives.clone())]
        losses += [score_matching(self.ways["sm"], x), denoising(self.ways["dsm"], x, eps, recipe["sigma"])]
        return torch.stack(losses).sum()


@torch.no_grad()
def walked(energy: Energy, x: Tensor, steps: int, generator: torch.Generator) -> Tensor:
    """Where so many steps of MALA lead from x (B, 2)."""
    state = start(energy.target, x)
    for _ in range(steps):
        state = mala(energy.target, state, STEP, generator).state
    return state.x


@torch.no_grad()
def jumped(energy: Energy, x: Tensor, jumps: int, generator: torch.Generator) -> Tensor:
    """x (B, 2) after so many proposals of the Gaussian that the energy tilts: so persistent chains cross barriers."""
    state = start(energy.target, x)
    for _ in range(jumps):
        state = independent(energy.target, state, generator).state
    return state.x


def evenly(path: Tensor) -> Tensor:
    """Points of a path (N, 2), at even distances along it; the ends stay."""
    lengths = F.pad((path[1:] - path[:-1]).norm(dim=-1).cumsum(0), (1, 0))
    wanted = torch.linspace(0, 1, len(path)).to(path) * lengths[-1]
    after = torch.searchsorted(lengths, wanted).clamp(1, len(path) - 1)
    share = (wanted - lengths[after - 1]) / (lengths[after] - lengths[after - 1]).clamp(min=1e-12)
    return torch.lerp(path[after - 1], path[after], share.clamp(0, 1)[:, None])
