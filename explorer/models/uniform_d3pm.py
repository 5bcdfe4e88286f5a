r"""Discrete diffusion of binary images with uniform noise: nothing is masked, and any pixel may be wrong.

Notation: $u = 2x - 1$, so that pixels are ±1; T times; $\bar\alpha_t = 1 - t / T$, the probability that a pixel has not
been redrawn until t; $\alpha_{t|s} = \bar\alpha_t / \bar\alpha_s$, the same from s on. A redrawn pixel is black or
white with equal probability. This is the uniform chain of `transitions.py`, and everything follows in closed form:

$$ q(x_t \mid x_0) = \tfrac{1 + \bar\alpha_t u_t u_0}{2}, \qquad
q(x_s \mid x_t, x_0) = \frac{(1 + \alpha_{t|s} u_t u_s)(1 + \bar\alpha_s u_s u_0)}{2\,(1 + \bar\alpha_t u_t u_0)} $$

$$ \log p(x) \ge -\sum_{t=1}^T \mathbb{E}_{q(x_t \mid x)}
D_{KL}\!\left(q(x_{t-1} \mid x_t, x) \,\|\, p_\theta(x_{t-1} \mid x_t)\right), \qquad
p_\theta(x_s \mid x_t) = \sum_{x_0} q(x_s \mid x_t, x_0)\, p_\theta(x_0 \mid x_t) $$

At T no information about the image is left, so $x_T$ adds no term. In an absorbing chain every visible pixel is
correct; here the network must also judge whether a visible pixel is correct. So it predicts the log-odds of white from
all other evidence, and those of the pixel's own level are added, $u_t \log \frac{1 + \bar\alpha_t}{1 - \bar\alpha_t}$.

References:
    Austin et al., Structured Denoising Diffusion Models in Discrete State-Spaces, 2021, section 3 and appendix A.2,
    https://arxiv.org/abs/2107.03006
    Hoogeboom et al., Argmax Flows and Multinomial Diffusion, 2021, section 4, https://arxiv.org/abs/2102.05379
    Lugmayr et al., RePaint: Inpainting using Denoising Diffusion Probabilistic Models, 2022,
    https://arxiv.org/abs/2201.09865
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import torch
from torch import Tensor

from explorer.models.d3pm import intervals
from explorer.models.diffusion import check_inpainting
from explorer.models.images import check_label
from explorer.models.sampled import Sampled
from explorer.models.schedule import even_times
from explorer.models.unet import UNet
from explorer.models.velocity import spread_steps
from explorer.spaces import BINARY
from explorer.steps import Number, Step

UNIFORM_STEPS = 49  # default of a sampler
RESAMPLES = 5  # of each step of a completion


class UniformD3PM(Sampled):
    r"""Class-conditional uniform diffusion of 28×28 binary images.

    Arguments:
        channels: Widths of the U-Net, finest first.
        classes: Number of labels.
        embedding: Width of the embedding of time and label.
        times: T.
    """

    title = "Uniform diffusion"
    space = BINARY
    numbers = {"changed": Number("pixels that the step flipped", curve=True)}
    completes = "drawn from uniform noise, with the known pixels put back at every step, as noisy as the step (RePaint)"
    completing_evaluations = RESAMPLES
    cannot = {
        "log_prob": "its chain has more ways from noise to an image than anybody can sum; the bound holds for all",
        "encode": "the noisy image is no code: the noise that was added cannot be computed from it",
        "interpolate": "at the end of the forward process every image is uniform noise: nothing lies between",
    }

    def __init__(
        self, channels: Sequence[int] = (32, 64, 96), classes: int = 10, embedding: int = 128, times: int = 1_000
    ):
        super().__init__()
        self.classes, self.times = classes, times
        self.network = UNet(channels, classes, embedding)

    def alpha(self, t: Tensor | int) -> Tensor:
        r"""Probability $\bar\alpha_t$ that a pixel has not been redrawn, of the shape of t, in float64."""
        return 1 - torch.as_tensor(t).double() / self.times

    def logits(self, x_t: Tensor, t: Tensor, label: Tensor | None = None) -> Tensor:
        r"""Compute the logit of $p_\theta(x_0 = 1 \mid x_t)$ for every pixel: (B, 1, 28, 28), in float64.

        Shapes: `x_t` zeros and ones (B, 1, 28, 28); `t` (B,) integers from 1 to T; `label` (B,) or None for any.
        """
        u = 2 * x_t - 1
        label = torch.full_like(t, self.classes) if label is None else label.to(t)
        own = 2 * torch.atanh(self.alpha(t)).view(-1, 1, 1, 1)
        return self.network(u, t, label).double() + own * u

    def reverse(self, x_t: Tensor, x_0: Tensor, s: Tensor, t: Tensor) -> Tensor:
        r"""Posterior $q(x_s = 1 \mid x_t, x_0)$ of every pixel: (B, 1, 28, 28), in float64.

        Shapes: `x_t` and `x_0` zeros and ones (B, 1, 28, 28); the times s < t (B,).
        """
        before, now = (self.alpha(each).view(-1, 1, 1, 1) for each in (s, t))
        u_t, u_0 = 2 * x_t.double() - 1, 2 * x_0.double() - 1
        return (1 + now / before * u_t) * (1 + before * u_0) / (2 * (1 + now * u_t * u_0))

    def towards(self, x_t: Tensor, white: Tensor, s: Tensor, t: Tensor) -> Tensor:
        r"""Compute $p_\theta(x_s = 1 \mid x_t)$ from `white`, $p_\theta(x_0 = 1 \mid x_t)$; shapes as above."""
        zero, one = (self.reverse(x_t, torch.full_like(x_t, level), s, t) for level in (0.0, 1.0))
        return torch.lerp(zero, one, white)

    def add_noise(self, x_s: Tensor, s: Tensor, t: Tensor, generator: torch.Generator) -> Tensor:
        r"""Draw $x_t$ given $x_s$, s < t: every pixel is redrawn with probability $1 - \alpha_{t|s}$.

        Shapes: `x_s` zeros and ones (B, 1, 28, 28), as the result; the times s < t (B,).
        """
        stays = (self.alpha(t) / self.alpha(s)).view(-1, 1, 1, 1)
        noise = torch.rand(2, *x_s.shape, generator=generator).to(x_s)
        return torch.where(noise[0] < stays.to(x_s), x_s, (noise[1] < 0.5).to(x_s))

    def term(self, x: Tensor, t: Tensor, generator: torch.Generator, label: Tensor | None = None) -> Tensor:
        r"""Draw $D_{KL}(q(x_{t-1} | x_t, x) \| p_\theta(x_{t-1} | x_t))$ once for every pixel, in nats: (B, 784).

        At t = 1 it is $-\log p_\theta(x \mid x_1)$.

        Shapes: `x` (B, 1, 28, 28); `t` (B,) integers from 1 to T; `label` (B,) or None for any.
        """
        x_t = self.add_noise(x, torch.zeros_like(t), t, generator)
        q = self.reverse(x_t, x, t - 1, t)
        p = self.towards(x_t, self.logits(x_t, t, label).sigmoid(), t - 1, t)
        return relative_entropy(q, p).flatten(1)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean of one term of the bound, times T, in nats.

        A batch's times are spread evenly over 1…T, which reduces the variance of the gradient (Kingma et al.,
        Variational Diffusion Models, 2021, I.1). The label is dropped with probability `label_dropout`.

        Shapes: `x` (B, 1, 28, 28), `label` (B,).
        """
        t = spread_steps(len(x), 1, self.times, generator).to(x.device)
        dropped = torch.rand(len(x), generator=generator).to(x.device) < recipe["label_dropout"]
        found = self.term(x, t, generator, label.where(~dropped, self.classes))
        return self.times * found.sum(-1).mean()

    def elbo(self, x: Tensor, *, generator: torch.Generator, draws: int = 16, label: Tensor | None = None) -> Tensor:
        r"""Unbiased estimate of the lower bound on log p(x), in nats: (B,).

        The times are divided into `draws` equal intervals, and one is drawn from each.

        Shapes: `x` (B, 1, 28, 28), zeros and ones; `label` (B,).

        Raises:
            ValueError: if `x` are no binary images.
        """
        self.space.check(x)
        total = x.new_zeros(len(x), dtype=torch.double)
        for low, high in intervals(self.times, draws):
            t = torch.randint(low, high, (len(x),), generator=generator).to(x.device)
            total = total - (high - low) * self.term(x, t, generator, label).sum(-1)
        return total.float()

    def sample_steps(
        self, n: int, *, generator: torch.Generator, label: Tensor | None = None, steps: int = UNIFORM_STEPS
    ) -> Iterator[Step]:
        r"""Return the steps of ancestral sampling, from uniform noise to images by $p_\theta(x_s \mid x_t)$.

        A step's `time` is the t that it reached; its picture `x0` holds $p_\theta(x_0 = 1 \mid x_t)$.

        Shapes: `label` (n,) or None for any; every x (n, 1, 28, 28).

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        nothing = torch.zeros(n, *BINARY.shape)
        return self.way(nothing, nothing.bool(), generator, label, steps, 1)

    def complete_steps(
        self,
        x: Tensor,
        known: Tensor,
        *,
        generator: torch.Generator,
        label: Tensor | None = None,
        steps: int = UNIFORM_STEPS,
        resamples: int = RESAMPLES,
    ) -> Iterator[Step]:
        """Complete the unknown part of images with RePaint (Lugmayr et al. 2022, algorithm 1), with uniform noise.

        After every step the known pixels are replaced by a draw of their noised values at that time. Then all pixels
        are noised back and the step is repeated, `resamples` times in all, so that both parts become consistent. The
        result is approximate.

        Shapes: `x` (n, 1, 28, 28), zeros and ones; `known` booleans of that shape, True for pixels to keep.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        self.space.check(x)
        check_inpainting(x, known, resamples)
        return self.way(x, known, generator, label, steps, resamples)

    @torch.no_grad()
    def way(
        self,
        given: Tensor,
        known: Tensor,
        generator: torch.Generator,
        label: Tensor | None,
        steps: int,
        resamples: int,
    ) -> Iterator[Step]:
        """Yield the steps from noise to images, with the known pixels of `given` restored at every step.

        Shapes: `given` and the booleans `known` (n, 1, 28, 28); `label` (n,) or None for any.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        n, device = len(given), self.network.head.weight.device
        label = None if label is None else check_label(label, n, self.classes).to(device)
        given, known = given.to(device), known.to(device)
        x = (torch.rand(given.shape, generator=generator) < 0.5).to(given)
        for index, (t, s) in enumerate(pairwise(even_times(steps, self.times))):
            now, then, none = (torch.full((n,), each, device=device) for each in (t, s, 0))
            for again in range(resamples):
                x_t = self.add_noise(x, then, now, generator) if again else x
                white = self.logits(x_t, now, label).sigmoid()
                chance = torch.rand(x_t.shape, generator=generator).to(x_t)
                x = (chance < self.towards(x_t, white, then, now)).to(x_t)
                x = torch.where(known, self.add_noise(given, none, then, generator) if s else given, x)
            changed = (x != x_t).flatten(1).sum(-1)
            yield Step(x, index, steps, s, {"x0": white.to(x)}, {"changed": changed})


def relative_entropy(q: Tensor, p: Tensor) -> Tensor:
    """Relative entropy $D_{KL}$ of Bernoulli distributions with probabilities q and p, in nats, all of one shape."""
    return torch.xlogy(q, q) - torch.xlogy(q, p) + torch.xlogy(1 - q, 1 - q) - torch.xlogy(1 - q, 1 - p)
