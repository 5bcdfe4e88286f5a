r"""Energy-based model of grey images: a network assigns each image an energy, and Langevin dynamics samples from it.

$$ p(x) = \frac{e^{-E(x)}}{Z}, \qquad x_{k+1} = x_k - \frac{\varepsilon^2}{2} \nabla E(x_k) + \varepsilon\, \xi_k,
\quad \xi_k \sim \mathcal{N}(0, I) $$

Pixels lie in [0, 1] and are reflected at its ends, so p is a density on the cube. The gradient of −log p(x) is the
gradient of E(x) minus its mean over the model's own samples. Persistent chains, which continue from batch to batch,
draw these samples.

References:
    LeCun et al., A Tutorial on Energy-Based Learning, 2006
    Du & Mordatch, Implicit Generation and Modeling with Energy-Based Models, 2019, https://arxiv.org/abs/1903.08689
    Nijkamp et al., On the Anatomy of MCMC-Based Maximum Likelihood Learning of Energy-Based Models, 2019,
        https://arxiv.org/abs/1903.12370
"""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.layers import channels_last
from explorer.models.sampled import Sampled
from explorer.spaces import LEVELS
from explorer.steps import Number, Step

SCALE = 60_000.0
"""Nats for each unit of the network's output; a steep energy then needs no large weights."""
FARTHEST = 10  # largest move of a pixel by the gradient in one step, in ranges; training reflects larger moves too
WARMING = 8  # batches' worth of steps that chains take before the first batch


class Diverged(ValueError):
    """A chain cannot continue; the message says at which step, and why."""


class EBM(Sampled):
    """Energy of 28×28 grey images.

    Arguments:
        channels: Widths at 14×14, 7×7, 4×4 and 1×1.
        step: Size ε of a Langevin step, as a share of a pixel's range.
        steps: Number of steps from noise to an image.
    """

    title, family, space = "EBM", "ebm", LEVELS
    loss_unit = "energy of images less that of chains"
    represents = "what the energy is linear in"
    completes = "Langevin steps on the missing pixels alone, while what is known is held"
    numbers = {
        "energy": Number("energy", "nats", curve=True),
        "slope": Number("length of the energy's gradient", "nats", curve=True),
    }
    cannot = {
        "label": "this energy was trained without labels, so it cannot be asked for a class",
        "log_prob": "log Z, an integral over all images, is unknown: only differences of its energies are exact",
        "interpolate": "an energy has no code behind an image, and no way from one image to another",
    }

    def __init__(self, channels: tuple[int, int, int, int] = (32, 64, 128, 256), step: float = 0.01, steps: int = 500):
        super().__init__()
        fine, middle, coarse, whole = channels
        layers = [nn.Conv2d(1, fine, 5, stride=2, padding=2), nn.Conv2d(fine, middle, 4, stride=2, padding=1)]
        layers += [nn.Conv2d(middle, coarse, 3, stride=2, padding=1), nn.Conv2d(coarse, whole, 4)]
        self.convs, self.head = nn.ModuleList(layers), nn.Linear(whole, 1)
        channels_last(self)
        self.step, self.steps = step, steps
        self.chains: Tensor | None = None

    def energy(self, x: Tensor) -> Tensor:
        """Energy E(x) in nats, −log p(x) up to log Z: (B, 1, 28, 28) in [0, 1] to (B,)."""
        return SCALE * self.head(self.features(x)).squeeze(-1).float()

    def features(self, x: Tensor) -> Tensor:
        """Features in which the energy is linear: (B, 1, 28, 28) to (B, channels[-1])."""
        h = (2 * x - 1).contiguous(memory_format=torch.channels_last)
        for conv in self.convs:
            h = F.silu(conv(h))
        return h.flatten(1)

    def slope(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Compute E and its gradient with respect to x (B, 1, 28, 28): (B,) and (B, 1, 28, 28)."""
        with torch.enable_grad():
            x = x.detach().requires_grad_()
            energy = self.energy(x)
            (gradient,) = torch.autograd.grad(energy.sum(), x)
        return energy.detach(), gradient

    def langevin_step(self, x: Tensor, gradient: Tensor, generator: torch.Generator, step: float) -> Tensor:
        """Make one Langevin step of images (B, 1, 28, 28), with a `gradient` of that shape, on the cube."""
        noise = torch.randn(x.shape, generator=generator).to(x)
        return reflect(x - step**2 / 2 * gradient + step * noise)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean energy of images minus that of the chains' samples, in units of the network's output.

        The images (B, 1, 28, 28) get the noise of one step, because the chains' samples contain it. For each batch, B
        of the recipe's `chains` take `langevin_steps` steps; a share `restarted` of them restarts from noise.
        `regularised` times the mean square of the network's outputs keeps these near 0. `gradient_penalty` times the
        mean square of their gradient's length keeps the energy smooth enough for a step.
        """
        if self.chains is None:
            self.chains = self.warm_up(x, recipe, generator)
        which = torch.randperm(len(self.chains), generator=generator)[: len(x)]
        start = self.chains[which].to(x)
        anew = (torch.rand(len(x), generator=generator) < recipe["restarted"]).view(-1, 1, 1, 1).to(x.device)
        start = torch.where(anew, torch.rand(x.shape, generator=generator).to(x), start)
        made = self.run_langevin(start, recipe["langevin_steps"], generator)
        self.chains[which] = made.cpu()
        real = reflect(x + self.step * torch.randn(x.shape, generator=generator).to(x))
        both = torch.cat([real, made]).requires_grad_()
        energies = self.energy(both) / SCALE
        (gradient,) = torch.autograd.grad(energies.sum(), both, create_graph=True)
        low, high = energies.chunk(2)
        outputs, slopes = energies.square().mean(), gradient.flatten(1).square().sum(-1).mean()
        return low.mean() - high.mean() + recipe["regularised"] * outputs + recipe["gradient_penalty"] * slopes

    def warm_up(self, x: Tensor, recipe: dict, generator: torch.Generator) -> Tensor:
        """Return chains for the start of training, or for its resumption: noise after some Langevin steps.

        Shapes: `x` (B, 1, 28, 28), a batch; the result (C, 1, 28, 28) on the CPU, with C the recipe's `chains`.
        """
        chains = torch.rand(recipe["chains"], *x.shape[1:], generator=generator)
        parts = [
            self.run_langevin(part.to(x), WARMING * recipe["langevin_steps"], generator)
            for part in chains.split(len(x))
        ]
        return torch.cat(parts).cpu()

    def run_langevin(self, x: Tensor, steps: int, generator: torch.Generator) -> Tensor:
        """Return images (B, 1, 28, 28) after `steps` Langevin steps."""
        for _ in range(steps):
            x = self.langevin_step(x, self.slope(x)[1], generator, self.step)
        return x

    @torch.no_grad()
    def langevin_steps(
        self,
        x: Tensor,
        *,
        generator: torch.Generator,
        steps: int | None = None,
        step: float | None = None,
        known: Tensor | None = None,
    ) -> Iterator[Step]:
        """Yield Langevin steps from images (B, 1, 28, 28); the first step is the start.

        A step's `numbers` hold the `energy` (B,) in nats and the length `slope` (B,) of its gradient, in nats per range
        of a pixel. `known` pixels, booleans of the shape of x, stay as they are.

        Raises:
            Diverged: if a step would move a pixel by far more than its range, or the energy is not finite.
        """
        total, size = self.steps if steps is None else steps, step or self.step
        for index in range(total + 1):
            energy, gradient = self.slope(x)
            numbers = {"energy": energy, "slope": gradient.flatten(1).norm(dim=-1)}
            yield Step(x, index, total + 1, index, numbers=numbers)
            if index == total:
                return
            check_step(energy, size**2 / 2 * gradient, index)
            moved = self.langevin_step(x, gradient, generator, size)
            x = moved if known is None else torch.where(known, x, moved)

    def sample_steps(self, n: int, *, generator: torch.Generator, steps: int | None = None) -> Iterator[Step]:
        """Return Langevin steps from noise, uniform in every pixel: (n, 1, 28, 28)."""
        noise = torch.rand(n, *self.space.shape, generator=generator).to(next(self.parameters()))
        return self.langevin_steps(noise, generator=generator, steps=steps)

    def complete_steps(self, x: Tensor, known: Tensor, *, generator: torch.Generator) -> Iterator[Step]:
        """Return Langevin steps on the unknown pixels, which start as noise; `x` and `known` (B, 1, 28, 28)."""
        noise = torch.rand(x.shape, generator=generator).to(x)
        return self.langevin_steps(torch.where(known, x, noise), generator=generator, known=known)

    @torch.no_grad()
    def anomaly_score(self, x: Tensor, *, generator: torch.Generator) -> Tensor:
        """Energy (B,) of images (B, 1, 28, 28) in nats: an anomaly score up to a constant, without random draws."""
        return self.energy(x)


def reflect(x: Tensor) -> Tensor:
    """Reflect values, in a tensor of any shape, at 0 and at 1, as often as necessary."""
    return 1 - (1 - x.remainder(2)).abs()


def check_step(energy: Tensor, move: Tensor, index: int) -> None:
    """Raise Diverged if an energy is not finite, or a gradient moves a pixel by far more than its range.

    Shapes: `energy` (B,); `move`, the gradient's part of the step numbered `index`, (B, 1, 28, 28).
    """
    if not bool(energy.isfinite().all()):
        raise Diverged(f"stopped at step {index}: the energy is no longer a number")
    farthest = float(move.abs().max())
    if farthest > FARTHEST:
        raise Diverged(
            f"stopped at step {index}: the energy is so steep there that one step would move a pixel by "
            f"{farthest:.3g} times its whole range; smaller steps do not leap so"
        )
