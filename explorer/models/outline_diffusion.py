r"""Conditional diffusion from an outline to garments: the U-Net receives the outline as a second channel.

$$ L = \mathbb{E}_{x_0, \epsilon, t} \left\| v - v_\theta(x_t, s, t) \right\|^2, \quad
   x_t = \sqrt{\bar\alpha_t}\, x_0 + \sqrt{1 - \bar\alpha_t}\, \epsilon, \quad
   v = \sqrt{\bar\alpha_t}\, \epsilon - \sqrt{1 - \bar\alpha_t}\, x_0 $$

References:
    Saharia et al., Palette: Image-to-Image Diffusion Models, 2022, https://arxiv.org/abs/2111.05826
    Salimans & Ho, Progressive Distillation for Fast Sampling of Diffusion Models, 2022,
    https://arxiv.org/abs/2202.00512
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.models.images import check_images
from explorer.models.sampled import Sampled
from explorer.models.schedule import Schedule
from explorer.models.sources import outline, silhouette
from explorer.models.unet import UNet
from explorer.models.velocity import spread_steps
from explorer.spaces import LEVELS
from explorer.steps import Step


class OutlineDiffusion(Sampled):
    """Diffusion of 28×28 grey images, given an outline; it receives no label.

    Arguments:
        channels: Widths of the U-Net, finest first.
        embedding: Width of the embedding of time.
        schedule: "linear" or "cosine".
        times: T.
    """

    title = "Diffusion given an outline"
    loss_unit = "mean squared error of v̂"
    space = LEVELS
    cannot = {"log_prob": "a diffusion trained on predicting noise gives a lower bound on log p(x), not its value"}

    def __init__(
        self,
        channels: Sequence[int] = (32, 64, 96),
        embedding: int = 128,
        schedule: str = "linear",
        times: int = 1000,
    ):
        super().__init__()
        self.schedule = Schedule(schedule, times)
        self.network = UNet(channels, classes=0, embedding=embedding, inputs=2)

    def predict_v(self, x_t: Tensor, source: Tensor, t: Tensor) -> Tensor:
        """Predict v: noisy images (B, 1, 28, 28), their sources in [0, 1] and times (B,) to the shape of `x_t`."""
        return self.network(torch.cat([x_t, 2 * source - 1], 1), t, torch.zeros_like(t)).float()

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean squared error of v, at times spread evenly over 1…T and, for half of a batch, over `middle`.

        A share `silhouettes` of the outlines has no inner edges. Shapes: `x` (B, 1, 28, 28) in [0, 1], `label` (B,),
        which is not used.
        """
        half, (first, last) = len(x) // 2, recipe["middle"]
        times = [
            spread_steps(len(x) - half, 1, self.schedule.total, generator),
            spread_steps(half, first, last, generator),
        ]
        bare = torch.rand(len(x), generator=generator) < recipe["silhouettes"]
        eps = torch.randn(x.shape, generator=generator).to(x)
        source = torch.where(bare.to(x.device).view(-1, 1, 1, 1), silhouette(x), outline(x))
        t, x0 = torch.cat(times), 2 * x - 1
        alpha = self.schedule.alpha(t, x0)
        v = alpha.sqrt() * eps - (1 - alpha).sqrt() * x0
        found = self.predict_v(alpha.sqrt() * x0 + (1 - alpha).sqrt() * eps, source, t.to(x.device))
        return F.mse_loss(found, v)

    @torch.no_grad()
    def sample_steps(self, n: int, *, generator: torch.Generator, source: Tensor, steps: int = 20) -> Iterator[Step]:
        """Draw images for sources (n, 1, 28, 28) by DDIM without noise (Song et al. 2021, equation 12).

        Every step's `time` is the time it reached, and its picture is the prediction `x0`.

        Raises:
            ValueError: if the sources are no images, or there are too many steps.
        """
        check_images(source)
        x = torch.randn(n, *self.space.shape, generator=generator).to(source)
        for index, (t, s) in enumerate(pairwise(self.schedule.times(steps))):
            alpha = self.schedule.alpha(t, x)
            v = self.predict_v(x, source, torch.full((n,), t, device=x.device))
            eps = alpha.sqrt() * v + (1 - alpha).sqrt() * x
            x0 = self.schedule.predict_x0(x, eps, t)
            x = self.schedule.ddim_step(x, eps, t, s, torch.zeros_like(x))
            yield Step(self.to_space(x), index, steps, s, {"x0": self.to_space(x0)})

    def to_space(self, x: Tensor) -> Tensor:
        """Map [−1, 1] to pixels in [0, 1], both (B, 1, 28, 28); values outside are clipped."""
        return ((x + 1) / 2).clamp(0, 1)
