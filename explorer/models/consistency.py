r"""A consistency model: one jump from any $x_t$ to the end of the path that goes through it, learned from a diffusion.

Every path of the probability flow ends in one image. A network that says for each point which image that is gives the
same answer all along a path, and is one evaluation away from it; that is learned from neighbours on a path, which the
teacher finds by one step of DDIM:

$$ L = \mathbb{E}\, d\big(f_\theta(x_t, t), f_{\theta^-}(\hat x_s, s)\big), \quad
   \hat x_s = \mathrm{DDIM}(x_t, t \to s), \quad d(a, b) = \sqrt{\|a - b\|^2 + c^2} - c $$

$\theta^-$ is θ without a gradient. What holds all of it to images is the boundary condition $f_\theta(x, 0) = x$, which
skip scalings give by construction:

$$ f_\theta(x_t, t) = c_{skip}(t)\, x_t + c_{out}(t)\, F_\theta(x_t, t), \quad
   c_{skip} = \sqrt{\bar\alpha_t}, \quad c_{out} = -\sqrt{1 - \bar\alpha_t} $$

These are the scalings of v: with the teacher's weights $f$ is its guess $\hat x_0$, the mean of all images that $x_t$
may come from. That is where distillation begins, and it ends where the mean has become one of them.

References:
    Song et al., Consistency Models, 2023, https://arxiv.org/abs/2303.01469
    Song & Dhariwal, Improved Techniques for Training Consistency Models, 2023, https://arxiv.org/abs/2310.14189 (θ⁻, d)
    Salimans & Ho, Progressive Distillation for Fast Sampling of Diffusion Models, 2022,
    https://arxiv.org/abs/2202.00512 (v)
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from explorer.models.diffusion import Diffusion
from explorer.models.images import checked_label
from explorer.models.samplers import rms
from explorer.models.schedule import Schedule
from explorer.models.unet import UNet
from explorer.models.velocity import spread
from explorer.spaces import LEVELS
from explorer.steps import Number, Step, last

SLACK = 0.00054  # c over the square root of how many numbers an x has: Song & Dhariwal 2023, section 3.3
MOST = 100  # evaluations of a walk


class Consistency(nn.Module):
    """Creates a class-conditional consistency model of 28×28 grey images.

    Arguments:
        channels: The widths of the U-Net, finest first.
        classes: How many labels it may be given.
        embedding: How many numbers stand for time and label inside.
        schedule: "linear" or "cosine".
        times: T.
    """

    title = "Consistency"
    family = "consistency"
    space = LEVELS
    numbers = {
        "t": Number("time that the step left"),
        "moved": Number("change of the guess", curve=True),
    }
    cannot = {
        "log_prob": "a consistency model maps noise to images, and several noises may end in one: it has no density",
        "complete": "it jumps to whole images and was never shown a part of one",
        "odd": "it has no density, and jumps from any noise to some image",
        "interpolate": "it knows the way from noise to an image, and none back from an image to its noise",
    }

    def __init__(
        self,
        channels: Sequence[int] = (32, 64, 96),
        classes: int = 10,
        embedding: int = 128,
        schedule: str = "linear",
        times: int = 1000,
    ):
        super().__init__()
        self.classes = classes
        self.schedule = Schedule(schedule, times)
        self.network = UNet(channels, classes, embedding)
        self.teacher: tuple[Diffusion, ...] = ()  # no part of the network: a tuple keeps it out of its parameters

    def learn_from(self, teacher: Diffusion) -> None:
        """Begin with the weights of a diffusion, whose paths are learned."""
        self.network.load_state_dict(teacher.network.state_dict())
        self.teacher = (teacher.requires_grad_(False),)

    def jump(self, x_t: Tensor, t: Tensor | int, label: Tensor | None = None) -> Tensor:
        r"""$f_\theta(x_t, t, y)$: (B, 1, 28, 28); `t` one time or (B,); `label` (B,) or None for any."""
        t = torch.as_tensor(t, device=x_t.device).expand(len(x_t))
        label = torch.full_like(t, self.classes) if label is None else label.to(t)
        alpha = self.schedule.alpha(t, x_t)
        return alpha.sqrt() * x_t - (1 - alpha).sqrt() * self.network(x_t, t, label)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """The mean distance between the jumps from two neighbours, with the label left out for a share.

        They are T / `hops` times apart; the recipe says how many hops, for each epoch.

        Shapes: `x` (B, 1, 28, 28) in [0, 1], `label` (B,).
        """
        b, total, hops = len(x), self.schedule.total, recipe["hops"]
        hop = total // hops[min(int(recipe["epoch"]), len(hops) - 1)]
        t = spread(b, 1, total, generator)
        eps = torch.randn(x.shape, generator=generator).to(x)
        dropped = torch.rand(b, generator=generator).to(x.device) < recipe["label_dropout"]
        label = label.where(~dropped, self.classes)
        x_t, s = self.schedule.add_noise(2 * x - 1, eps, t), (t - hop).clamp(min=0)
        with torch.no_grad():
            target = self.jump(self.taught(x_t, t, s, label), s, label)
        gap = (self.jump(x_t, t, label) - target).float().flatten(1).square().sum(-1)
        slack = SLACK * math.sqrt(self.space.dim)
        return ((gap + slack**2).sqrt() - slack).mean()

    def taught(self, x_t: Tensor, t: Tensor, s: Tensor, label: Tensor) -> Tensor:
        r"""The teacher's step of DDIM from times t to times s, (B,) each, its guess held to [−1, 1]."""
        (teacher,) = self.teacher
        x0 = self.schedule.predict_x0(x_t, teacher.predict_noise(x_t, t, label), t)
        alpha = self.schedule.alpha(t, x_t)
        eps = (x_t - alpha.sqrt() * x0) / (1 - alpha).sqrt()
        return self.schedule.add_noise(x0, eps, s)

    @torch.no_grad()
    def sample_steps(
        self,
        n: int,
        *,
        generator: torch.Generator,
        label: Tensor | None = None,
        steps: int = 4,
        x_t: Tensor | None = None,
    ) -> Iterator[Step]:
        """A jump to an image, some noise on it, and a jump again (Song et al. 2023, algorithm 1): one evaluation each.

        Every step's `time` is the one it reached, the guess `x0` is its picture, and its numbers are those of
        `Denoiser`, but for the predicted noise.

        Raises:
            ValueError: if an argument is not what is wanted; the message says what is.
        """
        label = None if label is None else checked_label(label, n, self.classes)
        if not 1 <= steps <= MOST:
            raise ValueError(f"steps must be a whole number from 1 to {MOST}, not {steps!r}")
        x, before = self.noise(n, generator) if x_t is None else x_t, None
        for index, (t, s) in enumerate(pairwise(self.schedule.times(steps))):
            x0 = self.jump(x, t, label).clamp(-1, 1)
            x = self.schedule.add_noise(x0, self.noise(n, generator), s) if s else x0
            numbers = {"t": torch.tensor(t)} | ({} if before is None else {"moved": rms(x0 - before)})
            yield Step(self.shown(x), index, steps, s, {"x0": self.shown(x0)}, numbers)
            before = x0

    def sample(self, n: int, *, generator: torch.Generator, **how) -> Tensor:
        """What the last of `sample_steps` shows: (n, 1, 28, 28)."""
        return last(self.sample_steps(n, generator=generator, **how)).x

    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        """Standard Gaussian noise from the CPU, the same that a diffusion starts from: (n, 1, 28, 28)."""
        return torch.randn(n, *self.space.shape, generator=generator).to(next(self.parameters()))

    def shown(self, x: Tensor) -> Tensor:
        """From [−1, 1] to pixels in [0, 1]; what lies outside is cut off."""
        return ((x + 1) / 2).clamp(0, 1)
