r"""Discrete diffusion of binary images: pixels are masked one after another, and a network learns to unmask them.

Notation: D = 784 pixels; $\sigma$ an order of them; $m$ the number of masked pixels; $x_M$ the masked pixels and $x_K$
the known ones. The forward process of the absorbing chain masks each pixel at its own time, uniform in [0, 1]. A masked
pixel stays masked (`transitions.py` has its matrices). In continuous time, two pixels never change together:
the chain is an order of the pixels, and all D! orders are equally likely. So the reverse process is an autoregressive
model in any order,

$$ \log p(x) \;\ge\; \mathbb{E}_\sigma \sum_{d=1}^{D} \log p(x_{\sigma(d)} \mid x_{\sigma(<d)})
\;=\; \sum_{m=1}^{D} \mathbb{E}_{M : |M| = m} \frac{1}{m} \sum_{k \in M} \log p(x_k \mid x_K), $$

because after D − m pixels each of the other m is equally likely to be next. One evaluation of the network gives all
terms of a mask M. Unmasked pixels stay as they are; to condition on a pixel, leave it unmasked.

References:
    Austin et al., Structured Denoising Diffusion Models in Discrete State-Spaces, 2021,
    https://arxiv.org/abs/2107.03006
    Hoogeboom et al., Autoregressive Diffusion Models, 2022, https://arxiv.org/abs/2110.02037
    Uria et al., A Deep and Tractable Density Estimator, 2014, https://arxiv.org/abs/1310.1757
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.models.images import check_label
from explorer.models.sampled import Sampled
from explorer.models.unet import UNet
from explorer.models.velocity import spread_steps
from explorer.models.whole import check_count
from explorer.spaces import BINARY
from explorer.spaces.images import PIXELS
from explorer.steps import Number, Step

ORDERS = ("random", "raster", "certain")  # "certain": most confident pixel first
STEPS = 196  # default of a sampler: four pixels for each step
D3PM_AT_ONCE = 98  # masks of one image that are evaluated together


class D3PM(Sampled):
    r"""Class-conditional absorbing diffusion of 28×28 binary images.

    Arguments:
        channels: Widths of the U-Net, finest first.
        classes: Number of labels.
        embedding: Width of the embedding of the number of masked pixels and the label.
    """

    title = "Discrete diffusion"
    space = BINARY
    numbers = {
        "log_prob": Number("log p of the new pixels, given those before them", "nats", curve=True),
        "entropy": Number("entropy of the new pixels, given those before them", "nats", curve=True),
    }
    completes = "unmasked in any order, given what is known, which is simply not masked"
    cannot = {
        "log_prob": "each order gives a likelihood of its own, and there are 784! of them: their mean log bounds it",
        "encode": "a masked image has no code: at the end of its forward process nothing of it is left",
        "interpolate": "at the end of the forward process every image is the same, all masked: nothing lies between",
    }

    def __init__(self, channels: Sequence[int] = (32, 64, 96), classes: int = 10, embedding: int = 128):
        super().__init__()
        self.classes = classes
        self.network = UNet(channels, classes, embedding, inputs=2)

    def logits(self, x: Tensor, masked: Tensor, label: Tensor | None = None) -> Tensor:
        """Compute the logit of white for every pixel, given those that are not masked: (B, 1, 28, 28).

        The network's inputs are the pixels as ±1, with 0 for masked ones, and the mask, with 1 for masked pixels.

        Shapes: `x` zeros and ones and `masked` booleans, (B, 1, 28, 28); `label` (B,) or None for any.
        """
        hidden = masked.to(x)
        count = masked.flatten(1).sum(-1)
        label = torch.full_like(count, self.classes) if label is None else label.to(count)
        return self.network(torch.cat([(2 * x - 1) * (1 - hidden), hidden], dim=1), count, label).float()

    def log_probs(self, x: Tensor, masked: Tensor, label: Tensor | None = None) -> Tensor:
        """Compute log p(x_k | x_K) of every masked pixel k, in nats, and 0 for every other: (B, 784).

        Shapes: as for `logits`.
        """
        logits = self.logits(x, masked, label)
        found = -F.binary_cross_entropy_with_logits(logits, x, reduction="none")
        return torch.where(masked, found, 0.0).flatten(1)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        r"""Mean of one term of the bound, $\frac{D}{m} \sum_{k \in M} -\log p(x_k \mid x_K)$, in nats.

        The mask sizes m of a batch are spread evenly over 1…D, which reduces the variance of the gradient. The label is
        dropped with probability `label_dropout`.

        Shapes: `x` (B, 1, 28, 28), `label` (B,).

        Reference: Hoogeboom et al. 2022, algorithm 2; Kingma et al., Variational Diffusion Models, 2021, I.1.
        """
        size = spread_steps(len(x), 1, PIXELS, generator)
        masked = random_mask(size, generator).to(x.device)
        dropped = torch.rand(len(x), generator=generator).to(x.device) < recipe["label_dropout"]
        found = self.log_probs(x, masked, label.where(~dropped, self.classes)).sum(-1)
        return -(PIXELS / size.to(x) * found).mean()

    def elbo(
        self,
        x: Tensor,
        *,
        generator: torch.Generator,
        draws: int = 16,
        label: Tensor | None = None,
        known: Tensor | None = None,
    ) -> Tensor:
        r"""Unbiased estimate of the lower bound on log p(x), in nats: (B,).

        The mask sizes are divided into `draws` equal intervals, and one mask is drawn from each.

        Shapes: `x` (B, 1, 28, 28); `known` booleans of that shape. If given, the bound is on the log-probability of the
        other pixels, given the known ones. Every image must have the same number of known pixels.
        """
        free = self.unknown(x, known)
        total = x.new_zeros(len(x))
        for low, high in intervals(int(free[0].sum()), draws):
            size = torch.randint(low, high, (len(x),), generator=generator).to(x.device)
            masked = random_mask(size, generator, free)
            total = total + (high - low) / size * self.log_probs(x, masked, label).sum(-1)
        return total

    def unknown(self, x: Tensor, known: Tensor | None) -> Tensor:
        """Return the mask of unknown pixels: (B, 1, 28, 28), as `x` and `known`.

        Raises:
            ValueError: if `known` has the wrong form, covers all pixels, or differs in number between the images.
        """
        self.space.check(x)
        if known is None:
            return torch.ones_like(x, dtype=torch.bool)
        if known.shape != x.shape or known.dtype != torch.bool:
            raise ValueError(f"known must be booleans {tuple(x.shape)}, not {known.dtype} {tuple(known.shape)}")
        free = ~known
        counts = free.flatten(1).sum(-1)
        if not bool((counts == counts[0]).all()) or not int(counts[0]):
            raise ValueError("of every image as many pixels must be known, and not all")
        return free

    @torch.no_grad()
    def terms(self, x: Tensor, sizes: Tensor, *, generator: torch.Generator, label: Tensor | None = None) -> Tensor:
        r"""Draw $\frac{1}{m} \sum_{k \in M} -\log p(x_k \mid x_K)$ of one image once for each m, in nats: (S,).

        This is the mean cost of the next pixel when m are masked. The bound is minus the sum over m = 1…D.

        Shapes: `x` (1, 1, 28, 28); `sizes` (S,) integers from 1 to D.

        Raises:
            ValueError: if `x` is not a binary image.
        """
        self.space.check(x)
        found = []
        for size in sizes.to(x.device).split(D3PM_AT_ONCE):
            masked = random_mask(size, generator)
            given = None if label is None else label.expand(len(size))
            found.append(-self.log_probs(x.expand(masked.shape), masked, given).sum(-1) / size)
        return torch.cat(found)

    @torch.no_grad()
    def order_log_prob(self, x: Tensor, order: Tensor, label: Tensor | None = None) -> Tensor:
        r"""Exact $\log p(x)$ of one image by the chain rule in one order, in nats: ().

        Every order is a separate model; the bound is the mean over orders.

        Shapes: `x` (1, 1, 28, 28); `order` (784,), the pixels in order; `label` (1,).

        Raises:
            ValueError: if `x` is not a binary image.
        """
        self.space.check(x)
        total = x.new_zeros((), dtype=torch.double)
        place = order.argsort().view(BINARY.shape).to(x.device)
        for now in torch.arange(PIXELS, device=x.device).split(D3PM_AT_ONCE):
            masked = place >= now.view(-1, 1, 1, 1)
            given = None if label is None else label.expand(len(now))
            found = self.log_probs(x.expand(masked.shape), masked, given)
            total = total + found.gather(-1, order.to(x.device)[now].unsqueeze(-1)).double().sum()
        return total

    def sample_steps(
        self,
        n: int,
        *,
        generator: torch.Generator,
        label: Tensor | None = None,
        steps: int = STEPS,
        order: str = "random",
    ) -> Iterator[Step]:
        """Unmask n images from fully masked ones, by `unmask_steps` with this generator's noise.

        Shapes: `label` (n,) or None for any; every x (n, 1, 28, 28).
        """
        x = torch.zeros(n, *BINARY.shape)
        known = torch.zeros_like(x, dtype=torch.bool)
        noise = self.noise(n, generator)
        return self.unmask_steps(x, known, *noise, label=label, steps=steps, order=order)

    def complete_steps(
        self,
        x: Tensor,
        known: Tensor,
        *,
        generator: torch.Generator,
        label: Tensor | None = None,
        steps: int = STEPS,
        order: str = "random",
    ) -> Iterator[Step]:
        """Unmask the unknown pixels. The conditioning is exact, except that pixels of one step are drawn independently.

        Shapes: `x` (n, 1, 28, 28); `known` booleans of that shape, with the same number in every image.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        self.unknown(x, known)
        return self.unmask_steps(x, known, *self.noise(len(x), generator), label=label, steps=steps, order=order)

    def noise(self, n: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Draw uniform numbers: for the order of the pixels, shared by all n images, and for their levels.

        Shapes: (784,) and (n, 784), in [0, 1).
        """
        return torch.rand(PIXELS, generator=generator), torch.rand(n, PIXELS, generator=generator)

    @torch.no_grad()
    def unmask_steps(
        self,
        x: Tensor,
        known: Tensor,
        when: Tensor,
        u: Tensor,
        *,
        label: Tensor | None = None,
        steps: int = STEPS,
        order: str = "random",
        forced: Mapping[int, Mapping[int, int]] = {},
    ) -> Iterator[Step]:
        r"""Unmask the unknown pixels, spread evenly over the steps; the pixels of one step are drawn independently.

        A masked pixel of x is half way between black and white. Every step's `time` is the number of pixels masked
        after it. Its `numbers` describe the `new` pixels (n, k): the probabilities of `white` (n, k) from which they
        were drawn, and the sums of log p and of the entropy (n,). The picture `p` shows the probability of white: for a
        masked pixel now, for an unmasked one when it was drawn, and for a given one its level.

        Arguments:
            x, known: Pixels, and booleans that mark the known ones: (n, 1, 28, 28).
            when, u: The numbers of `noise`. A pixel is white if its u is below its probability, so one seed can be
                compared between orders.
            steps: Number of network evaluations, from 1 to 784; fewer if fewer pixels are masked.
            order: One of `ORDERS`.
            forced: Levels of pixels by index, for all images, set before a step, by the step's index. Masked or not,
                these pixels are known from then on.

        Reference: Austin et al. 2021, appendix A.3; Hoogeboom et al. 2022, algorithm 1 and section 3.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        check_how(steps, order)
        n, device = len(x), self.network.head.weight.device
        label = None if label is None else check_label(label, n, self.classes).to(device)
        x, masked, u = x.to(device), ~known.to(device), u.to(device)
        total = max(1, min(steps, int(masked[0].sum())))
        x, p = x.where(~masked, 0.5), x.clone()
        for index in range(total):
            for pixel, level in forced.get(index, {}).items():
                x = x.flatten(1).index_fill(1, torch.tensor(pixel, device=device), level).view_as(x)
                masked = masked.flatten(1).index_fill(1, torch.tensor(pixel, device=device), False).view_as(masked)
            white = self.logits(x, masked, label).sigmoid()
            p, left = torch.where(masked, white, p), int(masked[0].sum())
            new = next_masked(masked, white, when.to(device), order, left // (total - index))
            drawn = (u < white.flatten(1)).to(x)
            x = x.flatten(1).scatter(1, new, drawn.gather(1, new)).view_as(x)
            masked = masked.flatten(1).scatter(1, new, False).view_as(masked)
            numbers = step_numbers(x, white, new)
            yield Step(x, index, total, left - new.shape[1], {"p": p}, numbers, common_known(masked))


def check_how(steps: int, order: str) -> None:
    """Raise ValueError unless `steps` is an integer from 1 to 784 and `order` one of `ORDERS`."""
    check_count(steps, "steps", PIXELS)
    if order not in ORDERS:
        raise ValueError(f"order must be one of {', '.join(ORDERS)}, not {order!r}")


def next_masked(masked: Tensor, white: Tensor, when: Tensor, order: str, count: int) -> Tensor:
    """Return the next `count` masked pixels in an order: (n, count).

    Shapes: `masked` and the probabilities of `white` (n, 1, 28, 28); `when` (784,).
    """
    if order == "certain":
        rank = -(white.flatten(1) - 0.5).abs()
    else:
        raster = torch.arange(PIXELS, device=when.device) / PIXELS
        rank = (when if order == "random" else raster).expand(len(masked), -1)
    return rank.where(masked.flatten(1), 2.0).argsort(dim=-1, stable=True)[:, :count]


def step_numbers(x: Tensor, white: Tensor, new: Tensor) -> dict[str, Tensor]:
    """Return the numbers of a step: the new pixels (n, k), with their probabilities, log p and entropy in nats.

    Shapes: `x` and `white` (n, 1, 28, 28).
    """
    q = white.flatten(1).gather(1, new)
    level = x.flatten(1).gather(1, new)
    entropy = torch.special.entr(q) + torch.special.entr(1 - q)
    log_prob = -F.binary_cross_entropy(q, level, reduction="none")
    return {"new": new, "white": q, "log_prob": log_prob.sum(-1), "entropy": entropy.sum(-1)}


def common_known(masked: Tensor) -> Tensor | None:
    """Return the mask of known pixels, (1, 28, 28), if it is the same in all images; else None.

    Shapes: `masked` (n, 1, 28, 28).
    """
    return ~masked[0] if bool((masked == masked[:1]).all()) else None


def random_mask(size: Tensor, generator: torch.Generator, free: Tensor | None = None) -> Tensor:
    """Draw masks of given sizes (B,), uniform over all masks of that size: booleans (B, 1, 28, 28).

    If `free` is given, booleans of that shape, only free pixels are masked.
    """
    noise = torch.rand(len(size), PIXELS, generator=generator).to(size.device)
    if free is not None:
        noise = noise.where(free.flatten(1), 2.0)
    return (noise.argsort(-1).argsort(-1) < size.unsqueeze(-1)).view(-1, *BINARY.shape)


def intervals(total: int, count: int) -> list[tuple[int, int]]:
    """Split 1…total into `count` intervals [low, high), as equal as possible; fewer if there are fewer numbers."""
    count = min(count, total)
    return list(pairwise(1 + total * index // count for index in range(count + 1)))
