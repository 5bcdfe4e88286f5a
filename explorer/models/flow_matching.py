r"""Flow matching of images: a network learns the velocity of straight lines from noise to data.

$$ x_t = (1 - t)\, x_0 + t\, x_1, \quad x_0 \sim \mathcal{N}(0, I), \quad x_1 \sim p_{\text{data}}, \qquad
L = \mathbb{E}_{x_0, x_1, t} \left\| v_\theta(x_t, t, y) - (x_1 - x_0) \right\|^2 $$

Time runs as in the papers: noise at t = 0, data at t = 1. The network is the diffusion's (`unet.py`). The methods that
use a velocity are in `velocity_field.py`, the solvers in `ode.py`.

Levels $l \in \{0 \dots 255\}$ become continuous by uniform noise, $x_1 = 2 (l + u) / 256 - 1$, so that there is a
density. As for any flow, it bounds the probability of levels:

$$ \log P(l) \ge \mathbb{E}_u \left[ \log p(x_1) \right] - 784 \log 128 $$

An ODE solver and Hutchinson's probes only estimate the right-hand side; their result is not a bound.

References:
    Lipman et al., Flow Matching for Generative Modeling, 2023, https://arxiv.org/abs/2210.02747
    Liu et al., Flow Straight and Fast: Learning to Generate and Transfer Data with Rectified Flow, 2023,
    https://arxiv.org/abs/2209.03003
    Kingma et al., Variational Diffusion Models, 2021, https://arxiv.org/abs/2107.00630 (times spread evenly)
    Lugmayr et al., RePaint: Inpainting using Denoising Diffusion Probabilistic Models, 2022,
    https://arxiv.org/abs/2201.09865
    Theis et al., A Note on the Evaluation of Generative Models, 2016, https://arxiv.org/abs/1511.01844 (the bound)
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.models.diffusion import check_inpainting
from explorer.models.divergence import hutchinson, signs
from explorer.models.ode import SOLVERS, Moved, Solver, euler, heun, heun_to_data, logarithmic, logarithmic_times
from explorer.models.samplers import check_number
from explorer.models.unet import UNet
from explorer.models.velocity_field import VelocityField, times
from explorer.spaces import LEVELS
from explorer.steps import Step

FM_CLOCK = 1_000  # scale of t for the U-Net, whose time features are made for a thousand steps
FM_SOLVED, FM_ORDER = 20, 4  # steps from an image to its noise, for its likelihood; and the order of their method
FM_SCORED = 40  # steps of Heun's method for the anomaly score


class FlowMatching(VelocityField):
    """Class-conditional velocity field of 28×28 grey images.

    Arguments:
        channels: Widths of the U-Net, finest first.
        classes: Number of labels.
        embedding: Width of the embedding of time and label.
    """

    title, family, space = "Flow matching", "flow matching", LEVELS
    loss_unit = "mean squared error of v̂"
    completes = "integrated from noise, with what is known put back on its straight line at every step (RePaint)"
    steps, solver = 20, "euler"  # defaults of the sampler
    to_data = SOLVERS | {"heun": heun_to_data}
    completing_evaluations = 5  # of the network for each step: one for each resampling
    solved, solver_order = FM_SOLVED, FM_ORDER
    estimate_draws = 3  # of noise and probes; each takes as long as sampling ten images
    cannot = {"encode": "flow matching has no small code: the noise it starts from is as large as the image"}

    def __init__(self, channels: Sequence[int] = (32, 64, 96), classes: int = 10, embedding: int = 128):
        super().__init__()
        self.classes = classes
        self.network = UNet(channels, classes, embedding)

    def velocity(self, x: Tensor, t: Tensor | float, label: Tensor | None = None) -> Tensor:
        r"""Velocity $v_\theta(x_t, t, y)$: (B, 1, 28, 28); `t` one time or (B,); `label` (B,) or None for any."""
        t = torch.as_tensor(t, device=x.device, dtype=torch.float32).expand(len(x))
        label = torch.full((len(x),), self.classes, device=x.device) if label is None else label.to(x.device)
        return self.network(x, FM_CLOCK * t, label)

    def to_space(self, x: Tensor) -> Tensor:
        """Map [−1, 1] to levels in [0, 1], multiples of 1/255, both (B, 1, 28, 28); values outside are clipped."""
        return ((x + 1) * 128).floor().clamp(0, 255) / 255

    def from_space(self, x: Tensor) -> Tensor:
        """Map levels in [0, 1] to the middle of each level's interval in [−1, 1], both (B, 1, 28, 28)."""
        return ((x * 255).round() + 0.5) / 128 - 1

    def dequantise(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """Dequantise levels, multiples of 1/255, to continuous values, $2 (l + u) / 256 - 1$; both (B, 1, 28, 28)."""
        u = torch.rand(x.shape, generator=generator).to(x)
        return ((x * 255).round() + u) / 128 - 1

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean squared error of the velocity, with the label dropped with probability `label_dropout`.

        Half of a batch's times are spread evenly over 0…1, which reduces the variance of the gradient (Kingma et al.
        2021, I.1). The other half is spread over `middle`, [first, last], where most remains to be learned.

        Shapes: `x` (B, 1, 28, 28), multiples of 1/255; `label` (B,).
        """
        b, (low, high) = len(x), recipe["middle"]
        t = torch.cat([spread_times(b - b // 2, 0, 1, generator), spread_times(b // 2, low, high, generator)]).to(x)
        x0 = torch.randn(x.shape, generator=generator).to(x)
        x1 = self.dequantise(x, generator)
        dropped = torch.rand(b, generator=generator).to(x.device) < recipe["label_dropout"]
        x_t = torch.lerp(x0, x1, t.view(-1, 1, 1, 1))
        return F.mse_loss(self.velocity(x_t, t, label.where(~dropped, self.classes)).float(), x1 - x0)

    def log_prob_by_ode(
        self, x: Tensor, *, generator: torch.Generator, label: Tensor | None = None, steps: int = FM_SOLVED
    ) -> Tensor:
        """Estimate the bound on log P of images of levels, in nats: (B,), by one draw of u and of signs each.

        The estimate is unbiased up to the solver's error.

        Shapes: `x` (B, 1, 28, 28), multiples of 1/255; `label` (B,).
        """
        return self._solved(x, generator, label, logarithmic_times(steps), logarithmic)

    @torch.no_grad()
    def anomaly_score(self, x: Tensor, *, generator: torch.Generator) -> Tensor:
        """Estimate −log P of images (B, 1, 28, 28) in nats, too low, by few steps of Heun's method: (B,)."""
        return -self._solved(x, generator, None, finer_near_data(FM_SCORED), heun)

    def _solved(
        self, x: Tensor, generator: torch.Generator, label: Tensor | None, times: Sequence[float], solver: Solver
    ) -> Tensor:
        at = self.dequantise(x, generator)
        divergence = hutchinson(signs(at, generator))
        found = self.log_density(at, divergence, label=label, steps=times, solver=solver)
        return found - self.space.dim * math.log(128)

    @torch.no_grad()
    def complete_steps(
        self,
        x: Tensor,
        known: Tensor,
        *,
        generator: torch.Generator,
        label: Tensor | None = None,
        steps: int = 40,
        resamples: int = 5,
        guidance_scale: float = 1.0,
    ) -> Iterator[Step]:
        r"""Complete the unknown part of images with RePaint (Lugmayr et al. 2022, algorithm 1) on straight lines.

        After every Euler step from t to s the known pixels move to the points of their own lines,
        $(1 - s)\, \epsilon + s\, x$. Then all pixels are noised back to t and moved to s again, `resamples` times in
        all, so that both parts become consistent. The noising is exact in distribution; the agreement of the parts is
        not.

        Shapes: `x` (n, 1, 28, 28) in [0, 1]; `known` booleans of that shape, True for pixels to keep.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        n = len(x)
        label, given = self.check_label(label, n), self.check_start(self.from_space(x), n, None)
        check_number(guidance_scale, "guidance_scale", 0, 20)
        check_inpainting(x, known, resamples)
        field, state = self.guided_field(label, guidance_scale), self.noise(n, generator)
        for index, (t, s) in enumerate(pairwise(times(steps))):
            for again in range(resamples):
                if again:
                    state = renoise(state, s, t, self.noise(n, generator))
                (moved,) = euler(field, state, (t, s))
                line = torch.lerp(self.noise(n, generator), given, s)
                state = torch.where(known, line, moved.x)
            step = self.step(Moved(s, state, t, moved.start, moved.v, resamples * (index + 1)), index, steps)
            yield (
                step if s < 1 else Step(torch.where(known, x, step.x), *(index, steps, s), step.pictures, step.numbers)
            )


def renoise(x: Tensor, s: float, t: float, noise: Tensor) -> Tensor:
    r"""Draw $x_t$ given $x_s$, t < s, with the same data end and the noise level of t.

    $x_t = \tfrac{t}{s} x_s + \sqrt{(1 - t)^2 - \tfrac{t^2}{s^2} (1 - s)^2}\, \epsilon$, since $x_s / s$ is the data
    plus $\tfrac{1 - s}{s}$ times noise.

    Shapes: `x`, `noise` and the result (B, …).
    """
    return t / s * x + math.sqrt((1 - t) ** 2 - (t / s * (1 - s)) ** 2) * noise


def finer_near_data(steps: int) -> list[float]:
    """Return times from data at 1 to noise at 0 whose distance from the data grows quadratically."""
    return [1 - (index / steps) ** 2 for index in range(steps + 1)]


def spread_times(n: int, low: float, high: float, generator: torch.Generator) -> Tensor:
    """Spread times evenly over [low, high) from one random start: (n,)."""
    share = (torch.rand(1, generator=generator) + torch.arange(n) / max(n, 1)) % 1
    return low + (high - low) * share
