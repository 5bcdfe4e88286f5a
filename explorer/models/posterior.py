r"""Exact $\log p(x)$ and the true posterior $p(z \mid x)$ by integration over two latent dimensions.

$$ \log p(x) = \log \int p(x \mid z)\, p(z)\, dz, \qquad
   p(z \mid x) = \frac{p(x \mid z)\, p(z)}{p(x)}, \qquad
   \log p(x) = \mathrm{ELBO}(q) + \mathrm{KL}(q(z) \,\|\, p(z \mid x)). $$

The plane is divided into squares. Squares that hold mass are divided again until they are small relative to the
posterior (a quadtree), and the density at the centre represents each. The plane is enlarged until its border holds
almost no mass. Expectations under a Gaussian q are sums over a grid too, so no number here has Monte Carlo noise. All
in nats.

References:
    Cremer et al., Inference Suboptimality in Variational Autoencoders, 2018, https://arxiv.org/abs/1801.03558
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.models.beta_vae import BetaVAE
from explorer.models.latent import ROWS, kl_to_prior, standard_normal

POSTERIOR_COARSE = 96
POSTERIOR_REACH, WIDER = 6.0, 1.5  # initial half side of the plane, and the factor of each enlargement
AT_BORDER = 1e-6  # of the mass
REFINE_AT_MOST = 3_000
KEEP_WITHIN = 14.0  # nats
DEEPEST = 14
AT_REST = 1e-3  # nats


@dataclass(frozen=True)
class PosteriorGrid:
    r"""Squares that tile the plane, each with the log of the joint density at its centre.

    Arguments:
        centres: (M, 2).
        log_joint: $\log p(x \mid z) + \log p(z)$ at each centre, (M,).
        side: Side of each square, (M,).
    """

    centres: Tensor
    log_joint: Tensor
    side: Tensor

    @property
    def log_mass(self) -> Tensor:
        """Log of the joint mass of each square, in nats: (M,)."""
        return self.log_joint + 2 * self.side.log()

    @property
    def log_px(self) -> float:
        r"""Value of the integral: $\log p(x)$."""
        return float(torch.logsumexp(self.log_mass, dim=0))

    @property
    def weights(self) -> Tensor:
        """Posterior mass of each square of the grid, shaped as `log_mass`; the sum is one."""
        return torch.softmax(self.log_mass, dim=0)

    @property
    def at_border(self) -> float:
        """Share of the posterior mass in the squares that touch the border of the plane."""
        outermost = self.centres.abs().amax(-1) + self.side / 2
        return float(self.weights[outermost > 0.999 * outermost.max()].sum())

    def window(self) -> tuple[float, float, float, float]:
        """Return a square window (x0, x1, y0, y1) around the mass."""
        mean = self.weights @ self.centres
        spread = (self.weights @ (self.centres - mean) ** 2).sqrt().max()
        half = max(float(5 * spread), float(self.side.min()) * 8)
        return float(mean[0]) - half, float(mean[0]) + half, float(mean[1]) - half, float(mean[1]) + half


@torch.no_grad()
def log_joint(model: BetaVAE, x: Tensor, z: Tensor, beta: float) -> Tensor:
    r"""Compute $\log p(x \mid z) + \log p(z)$ for one image (1, 28, 28) at many points (M, 2), in nats: (M,)."""
    image = x.unsqueeze(0)
    parts = [model.decode(part, beta).log_prob(image) + log_prior(part) for part in z.split(ROWS)]
    return torch.cat(parts)


@torch.no_grad()
def posterior_grid(
    model: BetaVAE, x: Tensor, beta: float, *, finer: int = 0, coarse: int = POSTERIOR_COARSE
) -> PosteriorGrid:
    """Integrate over the plane for one binary image.

    The plane is enlarged until its border holds less than a millionth of the mass.

    Arguments:
        x: (1, 28, 28).
        finer: Number of additional divisions of the squares.
        coarse: Number of initial squares along one side.

    Raises:
        ValueError: at β = 0, where there is no prior to integrate against.
    """
    if beta == 0:
        raise ValueError("β = 0 is a plain autoencoder: it defines no density of x")
    q = model.encode(x.unsqueeze(0), beta)
    reach, narrow = max(POSTERIOR_REACH, 1.25 * float(q.mean.abs().max())), float(q.stddev.min()) / 3
    while (grid := _refine(model, x, beta, _even(model, x, beta, reach, coarse), narrow)).at_border > AT_BORDER:
        reach *= WIDER
    for _ in range(finer):
        grid = _cut(model, x, beta, grid)
    return grid


def _even(model: BetaVAE, x: Tensor, beta: float, reach: float, coarse: int) -> PosteriorGrid:
    """Return equal squares from −reach to reach."""
    axis = reach * ((torch.arange(coarse, device=x.device) + 0.5) / coarse * 2 - 1)
    centres = torch.cartesian_prod(axis, axis)
    side = torch.full_like(centres[:, 0], 2 * reach / coarse)
    return PosteriorGrid(centres, log_joint(model, x, centres, beta), side)


def _refine(model: BetaVAE, x: Tensor, beta: float, grid: PosteriorGrid, narrow: float) -> PosteriorGrid:
    """Divide squares until the smallest are no wider than `narrow` and the integral has converged."""
    for _ in range(DEEPEST):
        before, grid = grid, _cut(model, x, beta, grid)
        if float(grid.side.min()) <= narrow and abs(grid.log_px - before.log_px) < AT_REST:
            break
    return grid


def _cut(model: BetaVAE, x: Tensor, beta: float, grid: PosteriorGrid) -> PosteriorGrid:
    """Divide the smallest squares with enough mass into four."""
    cut = _worth_cutting(grid)
    half = grid.side[cut] / 2
    corners = torch.tensor([[-1, -1], [-1, 1], [1, -1], [1, 1]], device=half.device) / 2
    centres = (grid.centres[cut].unsqueeze(1) + corners * half.view(-1, 1, 1)).flatten(0, 1)
    joint = log_joint(model, x, centres, beta)
    pairs = zip((grid.centres, grid.log_joint, grid.side), (centres, joint, half.repeat_interleave(4)))
    return PosteriorGrid(*(torch.cat([old[~cut], new]) for old, new in pairs))


def _worth_cutting(grid: PosteriorGrid) -> Tensor:
    """Select the smallest squares near the highest one; more while they are large, since those may hide a peak."""
    smallest = grid.side.min()
    within = KEEP_WITHIN + 300 * float(smallest)
    high = (grid.side == smallest) & (grid.log_joint > grid.log_joint.max() - within)
    height = grid.log_joint.where(high, -torch.inf)
    cut = torch.zeros_like(high)
    cut[height.argsort(descending=True)[:REFINE_AT_MOST]] = True
    return cut & high


def gauss_hermite(order: int, like: Tensor) -> tuple[Tensor, Tensor]:
    r"""Return nodes (order², 2) and weights (order²,) for expectations under $\mathcal{N}(0, I)$ in the plane."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(order)
    nodes = torch.as_tensor(nodes, dtype=like.dtype, device=like.device)
    weights = torch.as_tensor(weights / weights.sum(), dtype=like.dtype, device=like.device)
    return torch.cartesian_prod(nodes, nodes), torch.outer(weights, weights).flatten()


def elbo_of(model: BetaVAE, x: Tensor, mu: Tensor, sigma: Tensor, beta: float, *, order: int = 8) -> Tensor:
    """ELBO of one image (1, 28, 28) under *any* Gaussian q (μ, σ of shape (2,)), in nats: (); differentiable.

    It is computed by few nodes.
    """
    nodes, weights = gauss_hermite(order, mu)
    log_likelihood = model.decode(mu + sigma * nodes, beta).log_prob(x.unsqueeze(0))
    return weights @ log_likelihood - kl_to_prior(mu, sigma)


@torch.no_grad()
def exact_elbo(model: BetaVAE, x: Tensor, mu: Tensor, sigma: Tensor, beta: float, *, cells: int = 64) -> float:
    r"""Compute the same ELBO by a sum over a grid of squares that covers q to six σ each way.

    Its gap to $\log p(x)$ is $\mathrm{KL}(q \,\|\, p(z \mid x))$; both are in nats.

    Shapes: `x` (1, 28, 28); `mu` and `sigma` (2,).
    """
    axis = (torch.arange(cells, device=mu.device) + 0.5) / cells * 12 - 6
    units = torch.cartesian_prod(axis, axis)
    log_q = standard_normal(units).log_prob(units) - sigma.log().sum()
    mass = torch.softmax(log_q, dim=0)
    return float(mass @ (log_joint(model, x, mu + sigma * units, beta) - log_q))


def pathwise_gradients(model: BetaVAE, x: Tensor, beta: float, eps: Tensor) -> dict[str, dict[str, Tensor]]:
    r"""Compute the gradients of $D + \beta R$ for one ε, by autograd and by formulas.

    Autograd differentiates through $z = \mu + \sigma \odot \epsilon$. The formulas are
    $\partial D / \partial z + \beta \mu$ and $(\partial D / \partial z) \odot \epsilon + \beta (\sigma - 1 / \sigma)$.

    Shapes: `x` (1, 28, 28), `eps` (2,); every gradient (2,), by name: `mu` and `sigma` under `autograd`, also `z` under
    `formula`.
    """
    q = model.encode(x.unsqueeze(0), beta)
    mu, sigma = (part[0].detach().requires_grad_() for part in (q.mean, q.stddev))
    z = mu + sigma * eps
    distortion = -model.decode(z.unsqueeze(0), beta).log_prob(x.unsqueeze(0)).sum()
    d_mu, d_sigma = torch.autograd.grad(distortion + beta * kl_to_prior(mu, sigma), (mu, sigma))
    leaf = z.detach().requires_grad_()
    (slope,) = torch.autograd.grad(-model.decode(leaf.unsqueeze(0), beta).log_prob(x.unsqueeze(0)).sum(), leaf)
    mu, sigma = mu.detach(), sigma.detach()
    formula = {"mu": slope + beta * mu, "sigma": slope * eps + beta * (sigma - 1 / sigma), "z": slope}
    return {"autograd": {"mu": d_mu, "sigma": d_sigma}, "formula": formula}


def fit_steps(
    model: BetaVAE, x: Tensor, beta: float, *, steps: int = 30, inner: int = 3, learning_rate: float = 0.12
) -> Iterator[tuple[Tensor, Tensor, float]]:
    """Fit q to one image alone: Adam on μ (in units of σ) and log σ, starting from the encoder's output.

    Yields μ (2,), σ (2,) and the ELBO in nats: first those of the encoder, then after every `inner` gradient steps.

    Shapes: `x` (1, 28, 28).
    """
    with torch.no_grad():
        q = model.encode(x.unsqueeze(0), beta)
    start, scale = q.mean[0].clone(), q.stddev[0].clone()
    shift, log_scale = torch.zeros_like(start).requires_grad_(), torch.zeros_like(start).requires_grad_()
    optimiser = torch.optim.Adam([shift, log_scale], lr=learning_rate)
    for step in range(steps + 1):
        mu, sigma = start + scale * shift, scale * log_scale.exp()
        yield mu.detach(), sigma.detach(), exact_elbo(model, x, mu.detach(), sigma.detach(), beta, cells=32)
        if step == steps:
            return
        for _ in range(inner):
            mu, sigma = start + scale * shift, scale * log_scale.exp()
            optimiser.zero_grad()
            (-elbo_of(model, x, mu, sigma, beta)).backward()
            torch.nn.utils.clip_grad_norm_([shift, log_scale], 10.0)
            optimiser.step()


def heat_map(model: BetaVAE, x: Tensor, grid: PosteriorGrid, beta: float, *, size: int = 96) -> tuple[Tensor, tuple]:
    """Posterior density on a regular grid, (size, size) in [0, 1], row 0 at the smallest z₂; and its window.

    Shapes: `x` (1, 28, 28).
    """
    window = grid.window()
    joint = tabulate(model, x, beta, window, size)
    return torch.exp(joint - joint.max()), window


def tabulate(model: BetaVAE, x: Tensor, beta: float, window: tuple[float, float, float, float], size: int) -> Tensor:
    """Compute `log_joint` in a window (x0, x1, y0, y1) on a regular grid: (size, size), row 0 at the smallest z₂.

    Shapes: `x` (1, 28, 28). The values are in nats.
    """
    x0, x1, y0, y1 = window
    across = torch.linspace(x0, x1, 2 * size + 1, device=x.device)[1::2]
    up = torch.linspace(y0, y1, 2 * size + 1, device=x.device)[1::2]
    z = torch.stack(torch.meshgrid(across, up, indexing="xy"), dim=-1).reshape(-1, 2)
    return log_joint(model, x, z, beta).view(size, size)


def log_prior(z: Tensor) -> Tensor:
    r"""Log-density of the prior $\log p(z) = -\tfrac{1}{2} \lVert z \rVert^2 - \log 2\pi$ in nats: (…, 2) to (…)."""
    return -0.5 * z.square().sum(-1) - math.log(2 * math.pi)
