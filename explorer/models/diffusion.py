r"""Denoising diffusion of images: the training objective, the variational bound, and image completion.

The network is in `unet.py`, its prediction in `velocity.py`, the noise schedule in `schedule.py`, and the samplers in
`samplers.py`.

$$ L = \mathbb{E}_{x_0, \epsilon, t} \left\| v - v_\theta(x_t, t, y) \right\|^2, \quad
x_t = \sqrt{\bar\alpha_t}\, x_0 + \sqrt{1 - \bar\alpha_t}\, \epsilon, \quad
v = \sqrt{\bar\alpha_t}\, \epsilon - \sqrt{1 - \bar\alpha_t}\, x_0 $$

$v$ and $x_t$ give both the noise and the image: $\epsilon = \sqrt{\bar\alpha_t}\, v + \sqrt{1 - \bar\alpha_t}\, x_t$.
Near T, $x_t$ is almost pure noise. A network that predicts the noise must then copy its input almost exactly: the
predicted image is the small difference, divided by $\sqrt{\bar\alpha_t}$. A network that predicts v need not.

References:
    Ho et al., Denoising Diffusion Probabilistic Models, 2020, https://arxiv.org/abs/2006.11239
    Lugmayr et al., RePaint: Inpainting using Denoising Diffusion Probabilistic Models, 2022,
    https://arxiv.org/abs/2201.09865
    Kingma et al., Variational Diffusion Models, 2021, https://arxiv.org/abs/2107.00630
    Salimans & Ho, Progressive Distillation for Fast Sampling of Diffusion Models, 2022,
    https://arxiv.org/abs/2202.00512
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import torch
from torch import Tensor

from explorer.models.samplers import check_number
from explorer.models.schedule import Schedule
from explorer.models.unet import UNet
from explorer.models.velocity import VDenoiser, spread_steps
from explorer.models.whole import check_count
from explorer.spaces import LEVELS
from explorer.steps import Step

SEEN_AT = 100  # time t at which `features` reads the network


class Diffusion(VDenoiser):
    """Class-conditional diffusion of 28×28 grey images.

    Arguments:
        channels: Widths of the U-Net, finest first.
        classes: Number of labels.
        embedding: Width of the embedding of time and label.
        schedule: "linear" or "cosine".
        times: T.
    """

    title = "Diffusion"
    loss_unit = "mean squared error of v̂"
    space = LEVELS
    represents = "the middle of the U-Net at t = 100, the mean over all places"
    clips = True
    completes = "denoised from noise, with what is known put back at every step (RePaint)"
    completing_evaluations = 5  # of the network for each step: one for each resampling
    cannot = {
        "log_prob": "a diffusion trained on predicting noise gives a lower bound on log p(x), not its value",
        "encode": "a diffusion has no small code: the noise it starts from is as large as the image",
    }

    network: UNet

    def __init__(
        self,
        channels: Sequence[int] = (32, 64, 96),
        classes: int = 10,
        embedding: int = 128,
        schedule: str = "linear",
        times: int = 1000,
    ):
        super().__init__(Schedule(schedule, times))
        self.classes = classes
        self.network = UNet(channels, classes, embedding)

    def features(self, x: Tensor) -> Tensor:
        """Features of the U-Net's coarsest level at t = `SEEN_AT`, with one fixed noise.

        Shapes: `x` (B, 1, 28, 28) in [0, 1]; the result (B, channels[-1]).

        Reference: Baranchuk et al., Label-Efficient Semantic Segmentation with Diffusion Models, 2022,
        https://arxiv.org/abs/2112.03126
        """
        t = torch.full((len(x),), SEEN_AT, device=x.device)
        eps = self.noise(1, torch.Generator().manual_seed(0)).expand_as(x)
        x_t = self.schedule.add_noise(self.from_space(x), eps, SEEN_AT)
        embedding = self.network.embed(t, torch.full_like(t, self.classes), x_t)
        return self.network.middle(x_t, embedding)[0].mean((-2, -1))

    def to_space(self, x: Tensor) -> Tensor:
        """Map [−1, 1] to pixels in [0, 1], both (B, 1, 28, 28); values outside are clipped."""
        return ((x + 1) / 2).clamp(0, 1)

    def from_space(self, x: Tensor) -> Tensor:
        """Map pixels in [0, 1] to [−1, 1], both (B, 1, 28, 28)."""
        return 2 * x - 1

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean squared error of v, with the label dropped with probability `label_dropout`.

        Half of a batch's times are spread evenly over 1…T, which reduces the variance of the gradient (Kingma et al.
        2021, I.1). The other half is spread over `middle`, [first, last], where most remains to be learned.

        Shapes: `x` (B, 1, 28, 28) in [0, 1], `label` (B,).
        """
        b, (first, last) = len(x), recipe["middle"]
        everywhere = spread_steps(b - b // 2, 1, self.schedule.total, generator)
        t = torch.cat([everywhere, spread_steps(b // 2, first, last, generator)])
        eps = torch.randn(x.shape, generator=generator).to(x)
        return self.v_error(self.from_space(x), eps, t, label, recipe["label_dropout"], generator)

    @torch.no_grad()
    def inpaint_steps(
        self,
        x: Tensor,
        known: Tensor,
        *,
        generator: torch.Generator,
        label: Tensor | None = None,
        steps: int = 50,
        resamples: int = 5,
        guidance_scale: float = 1.0,
    ) -> Iterator[Step]:
        """Complete the unknown part of images (Lugmayr et al. 2022, algorithm 1, with jumps of one step).

        At every step the known part is noised to the time of the rest. Then both are noised one step up and denoised
        again, `resamples` times in all, so that they become consistent; here this includes the last step. Every step's
        `numbers` are those of `denoise_steps`, from its last resampling.

        Shapes: `x` (n, 1, 28, 28) in [0, 1]; `known` booleans of that shape, True for pixels to keep.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        n, times = len(x), self.schedule.times(steps)
        label, given = self.check_label(label, n), self.check_start(self.from_space(x), n, generator)
        check_number(guidance_scale, "guidance_scale", 0, 20)
        check_inpainting(x, known, resamples)
        x_t, before = self.noise(n, generator), None
        for index, (t, s) in enumerate(pairwise(times)):
            for again in range(resamples):
                if again:
                    x_t = self._up(x_t, s, t, self.noise(n, generator))
                eps = self.guided_noise(x_t, t, label, guidance_scale)
                x0 = self.schedule.predict_x0(x_t, eps, t)
                x_t = self.schedule.ddpm_step(x_t, eps, t, s, self.noise(n, generator))
                x_t = torch.where(known, self.schedule.add_noise(given, self.noise(n, generator), s), x_t)
            image = self.to_space(x_t) if s else torch.where(known, x, self.to_space(x_t))
            yield self.step(image, index, steps, (t, s), x_t, x0, before, eps)
            before = x0

    complete_steps = inpaint_steps

    def _up(self, x_s: Tensor, s: int, t: int, noise: Tensor) -> Tensor:
        r"""Draw $x_t$ from $q(x_t \mid x_s)$."""
        alpha = float(self.schedule.alphas_cumprod[t] / self.schedule.alphas_cumprod[s])
        return math.sqrt(alpha) * x_s + math.sqrt(1 - alpha) * noise

    @torch.no_grad()
    def bound_at(self, x: Tensor, t: Tensor, *, generator: torch.Generator, label: Tensor | None = None):
        r"""Compute one term of the bound on −log p(x), in nats, and the mean squared error of the noise: (B,) each.

        For t > 1 the term is $D_{KL}(q(x_{t-1} \mid x_t, x_0) \| p(x_{t-1} \mid x_t))$. For t = 1 it is
        $-\log p(x_0 \mid x_1)$ of the 256 grey levels (Ho et al. 2020, equations 5 and 13). The variances are the small
        ones and, at t = 1, that of t = 2.

        Shapes: `x` (B, 1, 28, 28), multiples of 1/255; `t` (B,) integers from 1 to T.
        """
        x0, eps = self.from_space(x), self.noise(len(x), generator)
        x_t = self.schedule.add_noise(x0, eps, t)
        found = self.predict_noise(x_t, t, label)
        guess = self.schedule.predict_x0(x_t, found, t)
        alphas = self.schedule.alphas_cumprod
        before, now = alphas[t - 1], alphas[t]
        # coefficient² / (2 variance) of the two posteriors, which differ only in x₀
        weight = (before / (1 - before) - now / (1 - now)) / 2
        gaps = weight.to(x0) * (x0 - guess).flatten(1).square().sum(-1)
        deviation = math.sqrt(self.schedule.posterior(x0[:1], x0[:1], 2, 1)[1])
        ends = discretised_log_prob(x0, guess, deviation).flatten(1).sum(-1)
        return torch.where(t.to(x0.device) == 1, -ends, gaps), (found - eps).flatten(1).square().mean(-1)

    def prior_bound(self, x: Tensor) -> Tensor:
        r"""Prior term $D_{KL}(q(x_T \mid x_0) \| \mathcal{N}(0, I))$ in nats: (B, 1, 28, 28) in [0, 1] to (B,)."""
        alpha = float(self.schedule.alphas_cumprod[-1])
        squared = alpha * self.from_space(x).flatten(1).square()
        return 0.5 * (squared - alpha - math.log1p(-alpha)).sum(-1)

    def elbo(self, x: Tensor, *, generator: torch.Generator, draws: int = 20, label: Tensor | None = None) -> Tensor:
        r"""Unbiased estimate of the lower bound on log p(x) of 256 grey levels, in nats: (B,).

        Time 1 is always evaluated. The others are covered by one draw from each of `draws` − 1 intervals, which grow
        with t. Shapes: `x` (B, 1, 28, 28), multiples of 1/255.
        """
        total = self.prior_bound(x)
        for low, high in self.intervals(draws):
            t = torch.randint(low, high, (len(x),), generator=generator)
            total = total + (high - low) * self.bound_at(x, t, generator=generator, label=label)[0]
        return -total

    def intervals(self, count: int) -> list[tuple[int, int]]:
        """Split 1…T into `count` intervals [low, high): the first is 1 alone, the others grow geometrically."""
        edges = torch.logspace(math.log10(2), math.log10(self.schedule.total + 1), count).round().long()
        for index in range(1, count):
            edges[index] = edges[index].clamp(min=int(edges[index - 1]) + 1)
        return list(pairwise([1, *edges.tolist()]))


def check_inpainting(x: Tensor, known: Tensor, resamples: int) -> None:
    """Raise ValueError unless `known` is booleans in the shape of `x`, and `resamples` an integer from 1 to 20."""
    if known.shape != x.shape or known.dtype != torch.bool:
        raise ValueError(f"known must be booleans {tuple(x.shape)}, not {known.dtype} {tuple(known.shape)}")
    check_count(resamples, "resamples", 20)


def discretised_log_prob(x: Tensor, mean: Tensor, deviation: float) -> Tensor:
    r"""Compute $\log \int \mathcal{N}(u; \mu, \sigma^2) du$ over the bin of each grey level; the outer bins are open.

    Shapes: `x` and `mean` alike, in [−1, 1]; the result has their shape, in nats.

    Reference: Ho et al. 2020, equation 13.
    """
    half = 1 / (LEVELS.levels - 1)
    upper = torch.special.ndtr(((x + half - mean) / deviation).double())
    lower = torch.special.ndtr(((x - half - mean) / deviation).double())
    upper = upper.where(x < 1 - half, 1.0)
    lower = lower.where(x > -1 + half, 0.0)
    return (upper - lower).clamp(min=1e-12).log().to(x)
