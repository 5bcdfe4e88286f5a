r"""Distilled diffusion: one jump from any $x_t$ to the end of the teacher's path through it, learned by regression.

Every path of the probability flow ends in one image. The network predicts that image from any point of the path, in one
evaluation. The teacher's paths are computed before training begins. The jump from a point of a path is regressed onto
the path's end:

$$ L = \mathbb{E}\, d\big(f_\theta(x_t, t), x_0\big), \quad x_T \sim \mathcal{N}(0, I), \quad
   x_t, x_0 \text{ on the path from } x_T, \quad d(a, b) = \sqrt{\|a - b\|^2 + c^2} - c $$

This is knowledge distillation (Luhman & Luhman 2021), but from every time and not only from pure noise. A consistency
model (Song et al. 2023) has another loss: it brings the jumps from two neighbouring points of a path together, without
whole paths. Both share the boundary condition $f_\theta(x, 0) = x$, which skip scalings satisfy by construction, and
the sampler of several jumps. The family and its checkpoints are called `consistency` in files and addresses.

$$ f_\theta(x_t, t) = c_{skip}(t)\, x_t + c_{out}(t)\, F_\theta(x_t, t), \quad
   c_{skip} = \sqrt{\bar\alpha_t}, \quad c_{out} = -\sqrt{1 - \bar\alpha_t} $$

These are the scalings of v. With the teacher's weights, $f$ is its prediction $\hat x_0$, the mean of all images that
may have led to $x_t$. Distillation begins with this mean, and ends with one of these images.

References:
    Luhman & Luhman, Knowledge Distillation in Iterative Generative Models for Improved Sampling Speed, 2021,
    https://arxiv.org/abs/2101.02388 (the ends of the teacher's paths as targets, there from pure noise alone)
    Song et al., Consistency Models, 2023, https://arxiv.org/abs/2303.01469 (the boundary condition and the sampler)
    Song & Dhariwal, Improved Techniques for Training Consistency Models, 2023, https://arxiv.org/abs/2310.14189 (d)
    Salimans & Ho, Progressive Distillation for Fast Sampling of Diffusion Models, 2022,
    https://arxiv.org/abs/2202.00512 (v)
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from explorer.models.diffusion import Diffusion
from explorer.models.images import check_label
from explorer.models.sampled import Sampled
from explorer.models.samplers import rms
from explorer.models.schedule import Schedule
from explorer.models.unet import UNet
from explorer.models.velocity import spread_steps
from explorer.models.whole import check_count
from explorer.spaces import LEVELS
from explorer.steps import Number, Step

SLACK = 0.00054  # c over the square root of the dimension of x: Song & Dhariwal 2023, section 3.3
MOST_SAMPLER_STEPS = 100  # largest number of steps of the sampler


@dataclass(frozen=True)
class Paths:
    """Paths of a diffusion, each from noise to the image at its end.

    Attributes:
        x: Points of the paths at the times, in the network's scale: (N, K + 1, 1, 28, 28), the last one the image.
        label: Class of each path: (N,).
        times: K + 1 times from T down to 0.
        schedule: Schedule of the teacher.
    """

    x: Tensor
    label: Tensor
    times: tuple[int, ...]
    schedule: Schedule

    def __deepcopy__(self, memo: dict) -> "Paths":
        """Return the same object: paths never change, so the averaged model shares them."""
        return self

    def at(self, which: Tensor, t: Tensor) -> Tensor:
        """Return points of some paths at times t, interpolated between stored points along a DDIM step.

        Shapes: `which` and `t` (B,), integers; the result (B, 1, 28, 28) in the network's scale.
        """
        noise = (1 / self.schedule.alphas_cumprod - 1).sqrt().float()
        times = torch.tensor(self.times)
        after = (times[None] >= t[:, None]).sum(1).clamp(max=len(times) - 1)
        high, low = times[after - 1], times[after]
        share = ((noise[t] - noise[low]) / (noise[high] - noise[low]))[:, None, None, None]
        alpha = [self.schedule.alpha(each, share).sqrt() for each in (high, low, t)]
        ends = [self.x[which, place].float() for place in (after - 1, after)]
        return alpha[2] * (share * ends[0] / alpha[0] + (1 - share) * ends[1] / alpha[1])


class Consistency(Sampled):
    """Class-conditional distilled diffusion of 28×28 grey images.

    Arguments:
        channels: Widths of the U-Net, finest first.
        classes: Number of labels.
        embedding: Width of the embedding of time and label.
        schedule: "linear" or "cosine".
        times: T.
    """

    title = "Distilled diffusion"
    loss_unit = "distance of jumps from the ends of their paths"
    space = LEVELS
    numbers = {
        "t": Number("time that the step left"),
        "moved": Number("change of the guess", curve=True),
    }
    cannot = {
        "log_prob": "it maps noise to images, and several noises may end in one: it has no density",
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
        self.paths: Paths | None = None

    def learn_from(self, teacher: Diffusion, paths: Paths) -> None:
        """Start from the weights of a diffusion, the teacher, whose paths are learned."""
        self.network.load_state_dict(teacher.network.state_dict())
        self.paths = paths

    def jump(self, x_t: Tensor, t: Tensor | int, label: Tensor | None = None) -> Tensor:
        r"""Jump $f_\theta(x_t, t, y)$: (B, 1, 28, 28); `t` one time or (B,); `label` (B,) or None for any."""
        t = torch.as_tensor(t, device=x_t.device).expand(len(x_t))
        label = torch.full_like(t, self.classes) if label is None else label.to(t)
        alpha = self.schedule.alpha(t, x_t)
        return alpha.sqrt() * x_t - (1 - alpha).sqrt() * self.network(x_t, t, label)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean distance of jumps to the ends of their paths; each x stands for a random point of a random path.

        The images and their labels are ignored: the network learns only from the teacher.

        Shapes: `x` (B, 1, 28, 28), of which only B counts.
        """
        paths = self.paths
        assert paths is not None, "`learn_from` gives the paths"
        t = spread_steps(len(x), 1, self.schedule.total, generator)
        which = torch.randint(len(paths.label), t.shape, generator=generator)
        x_t, end = paths.at(which, t).to(x), paths.x[which, -1].to(x)
        jumps = self.jump(x_t, t.to(x.device), paths.label[which].to(x.device))
        gap = (jumps - end).float().flatten(1).square().sum(-1)
        slack = SLACK * math.sqrt(self.space.dim)
        return ((gap + slack**2).sqrt() - slack).mean()

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
        """Alternate jumps to an image and added noise (Song et al. 2023, algorithm 1): one evaluation each.

        Every step's `time` is the time it reached, and its picture is the prediction `x0`. Its numbers are those of
        `Denoiser`, without the predicted noise.

        Shapes: `label` (n,) or None for any; `x_t`, a start instead of noise, and every x (n, 1, 28, 28).

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        label = None if label is None else check_label(label, n, self.classes)
        x, before = self.noise(n, generator) if x_t is None else x_t, None
        for index, (t, s) in enumerate(pairwise(self.schedule.times(check_count(steps, "steps", MOST_SAMPLER_STEPS)))):
            x0 = self.jump(x, t, label).clamp(-1, 1)
            x = self.schedule.add_noise(x0, self.noise(n, generator), s) if s else x0
            numbers = {"t": torch.tensor(t)} | ({} if before is None else {"moved": rms(x0 - before)})
            yield Step(self.to_space(x), index, steps, s, {"x0": self.to_space(x0)}, numbers)
            before = x0

    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw standard Gaussian noise on the CPU, the same as the start of a diffusion: (n, 1, 28, 28)."""
        return torch.randn(n, *self.space.shape, generator=generator).to(next(self.parameters()))

    def to_space(self, x: Tensor) -> Tensor:
        """Map [−1, 1] to pixels in [0, 1], both (B, 1, 28, 28); values outside are clipped."""
        return ((x + 1) / 2).clamp(0, 1)
