r"""StyleGAN: a generator whose code sets the style of every resolution, and noise sets the rest.

A mapping network turns a code z into w. Each convolution of the synthesis network multiplies its input channels by a
style s, an affine function of w, and then divides each output channel by its expected standard deviation
(demodulation). So w acts at every resolution, and each resolution may have a w of its own. The first convolution has a
learned constant as its input.

$$ w''_{oik} = \frac{s_i w_{oik}}{\sqrt{\sum_{i,k} (s_i w_{oik})^2 + \epsilon}} $$

The discriminator is trained with the non-saturating loss and with a penalty on its gradient at real images, R1.

$$ L_G = \mathbb{E}_z[\mathrm{softplus}(-D(G(z)))], \quad
L_D = \mathbb{E}_z[\mathrm{softplus}(D(G(z)))] + \mathbb{E}_x[\mathrm{softplus}(-D(x))]
+ \tfrac{\gamma}{2} \mathbb{E}_x[\|\nabla_x D(x)\|^2] $$

References:
    Karras et al., A Style-Based Generator Architecture for Generative Adversarial Networks, 2019,
    https://arxiv.org/abs/1812.04948
    Karras et al., Analyzing and Improving the Image Quality of StyleGAN, 2020, https://arxiv.org/abs/1912.04958
    Karras et al., Progressive Growing of GANs, 2018, https://arxiv.org/abs/1710.10196, §3 and §4.1
    Mescheder et al., Which Training Methods for GANs do actually Converge?, 2018, https://arxiv.org/abs/1801.04406
"""

import math
from collections.abc import Iterator
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.gan import freeze, shares
from explorer.models.images import check_images
from explorer.models.layers import Layers, channels_last
from explorer.models.sampled import Sampled
from explorer.models.search import best_starts, search_steps
from explorer.models.spherical import straight_path
from explorer.spaces import LEVELS
from explorer.steps import Number, Step

RESOLUTIONS = (7, 14, 28)
LEVEL_OF = (0, 1, 1, 2, 2)
"""Index of the resolution of each convolution: one at 7×7, two each at 14×14 and 28×28."""
GAIN = math.sqrt(2)  # of the leaky ReLU, to keep the variance
GROUP = 4  # images whose standard deviation the discriminator sees
MEAN_DECAY = 0.995  # of the running mean of w
SEARCH_STEPS, POOL, STYLEGAN_STARTS = 100, 256, 8
STYLEGAN_PART = 64  # images at once, so that other work can run in between


class Equalised(nn.Module):
    """A weight with equalised learning rate: stored with unit variance, and scaled by its fan-in when it is used.

    Arguments:
        shape: Shape of the weight; all but the first dimension are its fan-in.
        rate: Factor of the learning rate.
        bias: Initial bias.

    Reference: Karras et al. 2018, §4.1
    """

    def __init__(self, *shape: int, rate: float = 1.0, bias: float = 0.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(shape) / rate)
        self.bias = nn.Parameter(torch.full(shape[:1], bias / rate))
        self.scale, self.rate = rate / math.sqrt(math.prod(shape[1:])), rate

    def scaled_weight(self) -> Tensor:
        """Return the weight times its constant scale (equalised learning rate), in its shape."""
        return self.weight * self.scale

    def forward(self, x: Tensor) -> Tensor:
        """Apply the weight as a linear layer to (B, inputs), or as a convolution to (B, inputs, H, W)."""
        bias = self.bias * self.rate
        if self.weight.ndim == 2:
            return F.linear(x, self.scaled_weight(), bias)
        return F.conv2d(x, self.scaled_weight(), bias, padding=self.weight.shape[-1] // 2)


def leaky(x: Tensor) -> Tensor:
    """Leaky ReLU with slope 0.2 of a tensor of any shape, times the gain that keeps the variance."""
    return F.leaky_relu(x, 0.2) * GAIN


class Mapping(nn.Module):
    """Mapping network from z to w: z is scaled to length √d, and the layers learn at a hundredth of the rate."""

    def __init__(self, latent: int, width: int, depth: int):
        super().__init__()
        sizes = [latent] + [width] * depth
        self.layers = nn.ModuleList(Equalised(after, before, rate=0.01) for before, after in zip(sizes, sizes[1:]))

    def forward(self, z: Tensor) -> Tensor:
        """Shapes: `z` (B, latent); the result (B, width)."""
        h = z * (z.square().mean(-1, keepdim=True) + 1e-8).rsqrt()
        for layer in self.layers:
            h = leaky(layer(h))
        return h.float()


class Styled(nn.Module):
    """Modulated convolution, optionally with demodulation.

    The style multiplies the input and demodulation divides the output. This equals a convolution with the weight w'' of
    each image, but shares one weight among all images.

    Arguments:
        width: Dimension of w.
        inputs: Number of input channels.
        outputs: Number of output channels.
        size: Width of the kernel.
        demodulate: Whether each output channel is divided by its expected standard deviation.
    """

    def __init__(self, width: int, inputs: int, outputs: int, size: int = 3, demodulate: bool = True):
        super().__init__()
        self.style = Equalised(inputs, width, bias=1.0)
        self.conv = Equalised(outputs, inputs, size, size)
        self.demodulate = demodulate

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        """Shapes: `x` (B, inputs, H, W), `w` (B, width); the result (B, outputs, H, W), without a bias."""
        style, weight = self.style(w), self.conv.scaled_weight()
        out = F.conv2d(x * style[:, :, None, None].to(x.dtype), weight, padding=weight.shape[-1] // 2)
        if not self.demodulate:
            return out
        with torch.autocast(x.device.type, enabled=False):
            power = style.float().square() @ weight.square().sum((2, 3)).T  # (B, outputs)
            factor = (power + 1e-8).rsqrt()
        return out * factor[:, :, None, None].to(out.dtype)


class Layer(nn.Module):
    """One layer of the synthesis network: modulated convolution, noise with a learned strength, bias, leaky ReLU."""

    def __init__(self, width: int, inputs: int, outputs: int):
        super().__init__()
        self.styled = Styled(width, inputs, outputs)
        self.strength = nn.Parameter(torch.zeros(()))

    def forward(self, x: Tensor, w: Tensor, noise: Tensor) -> Tensor:
        """Shapes: `x` (B, inputs, H, W), `w` (B, width), `noise` (B, 1, H, W); the result (B, outputs, H, W)."""
        h = self.styled(x, w)
        h = h + (noise * self.strength + self.styled.conv.bias[:, None, None]).to(h.dtype)
        return leaky(h)


class Synthesis(nn.Module):
    """Synthesis network: 7×7, 14×14, 28×28. Each resolution adds to the image through its own output layer."""

    def __init__(self, width: int, channels: tuple[int, int, int]):
        super().__init__()
        coarse, middle, fine = channels
        self.constant = nn.Parameter(torch.randn(1, coarse, 7, 7))
        pairs = ((coarse, coarse), (coarse, middle), (middle, middle), (middle, fine), (fine, fine))
        self.layers = nn.ModuleList(Layer(width, *pair) for pair in pairs)
        self.to_grey = Layers(Styled(width, each, 1, size=1, demodulate=False) for each in channels)
        channels_last(self)

    def forward(self, w: Tensor, noise: list[Tensor]) -> Tensor:
        """Shapes: `w` (B, 3, width), `noise` (B, 1, H, W) for each layer; the result (B, 1, 28, 28) in [0, 1]."""
        h = self.constant.expand(len(w), -1, -1, -1).contiguous(memory_format=torch.channels_last)
        image = torch.zeros(())
        for index, (layer, level) in enumerate(zip(self.layers, LEVEL_OF)):
            starts, ends = level not in LEVEL_OF[:index], level not in LEVEL_OF[index + 1 :]
            h = layer(upsample(h) if starts and index else h, w[:, level], noise[index])
            if ends:
                grey = self.to_grey[level]
                added = (grey(h, w[:, level]) + grey.conv.bias[:, None, None]).float()
                image = added + upsample(image) if level else added
        return torch.sigmoid(image)


def upsample(x: Tensor) -> Tensor:
    """Double the resolution by bilinear interpolation: (B, C, H, W) to (B, C, 2 H, 2 W)."""
    return F.interpolate(x, scale_factor=2.0, mode="bilinear")


class Residual(nn.Module):
    """Residual block of the discriminator, which halves the resolution."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.first, self.second = Equalised(inputs, inputs, 3, 3), Equalised(outputs, inputs, 3, 3)
        self.skip = Equalised(outputs, inputs, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: (B, inputs, H, W) to (B, outputs, H / 2, W / 2)."""
        h = leaky(self.second(F.avg_pool2d(leaky(self.first(x)), 2)))
        return (h + self.skip(F.avg_pool2d(x, 2))) / GAIN


class Discriminator(nn.Module):
    """Score of an image. It also depends on how much the features vary among the images of a group.

    Reference: Karras et al. 2018, §3
    """

    def __init__(self, channels: tuple[int, int, int]):
        super().__init__()
        fine, middle, coarse = channels
        self.of_grey = Equalised(fine, 1, 1, 1)
        self.blocks = nn.ModuleList([Residual(fine, middle), Residual(middle, coarse)])
        self.conv = Equalised(coarse, coarse + 1, 3, 3)
        self.hidden, self.head = Equalised(coarse, coarse * 7 * 7), Equalised(1, coarse)
        channels_last(self)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: `x` (B, 1, 28, 28) in [0, 1], B divisible by the size of a group; the result (B,)."""
        h = leaky(self.of_grey((2 * x - 1).contiguous(memory_format=torch.channels_last)))
        for block in self.blocks:
            h = block(h)
        h = leaky(self.conv(torch.cat([h, group_deviation(h)], 1)))
        return self.head(leaky(self.hidden(h.flatten(1)))).squeeze(-1).float()


def group_deviation(h: Tensor) -> Tensor:
    """Standard deviation within each group of images, averaged over all features: (B, C, H, W) to (B, 1, H, W)."""
    groups = h.float().unflatten(0, (-1, GROUP))
    deviation = (groups.var(1, correction=0) + 1e-8).sqrt().mean((1, 2, 3))  # (B / GROUP,)
    each = deviation.repeat_interleave(GROUP, output_size=len(h)).to(h.dtype)
    return each[:, None, None, None].expand(-1, 1, *h.shape[2:])


class StyleGAN(Sampled):
    """Generator of 28×28 grey images in three resolutions, and the discriminator that trained it.

    Arguments:
        latent: Dimension of a code z.
        width: Dimension of w.
        depth: Number of layers of the mapping network.
        generator: Widths of the synthesis network at 7×7, 14×14 and 28×28.
        discriminator: Widths of the discriminator at 28×28, 14×14 and 7×7.
    """

    title = "StyleGAN"
    loss_unit = "of both players, added"
    space = LEVELS
    together = 16
    completes, completions = "searched for: gradient descent on w, until what is known comes out", 1
    completing_evaluations = STYLEGAN_STARTS + 1
    interpolating_evaluations = 2 * STYLEGAN_STARTS + 1
    numbers = {
        "error": Number("error of the best start (root mean square)", curve=True),
        "errors": Number("error of every start (root mean square)", curve=True),
    }
    cannot = {
        "label": "this StyleGAN was trained without labels, so it cannot be asked for a class",
        "log_prob": "a GAN defines no density: it draws images, and cannot say how likely one is",
        "encode": "a GAN has no encoder: the w of an image can only be searched for",
        "odd": "its discriminator compares the images of a group, so it has no score for a single image",
    }

    mean: Tensor

    def __init__(
        self,
        latent: int = 64,
        width: int = 128,
        depth: int = 4,
        generator: tuple[int, int, int] = (192, 96, 48),
        discriminator: tuple[int, int, int] = (48, 96, 128),
    ):
        super().__init__()
        self.latent = latent
        self.mapping, self.synthesis = Mapping(latent, width, depth), Synthesis(width, generator)
        self.discriminator = Discriminator(discriminator)
        self.register_buffer("mean", torch.zeros(width))

    def codes(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw codes z ~ N(0, I) on the CPU: (n, latent)."""
        return torch.randn(n, self.latent, generator=generator).to(self.mean)

    def noise(self, n: int, generator: torch.Generator) -> list[Tensor]:
        """Draw the noise of every layer on the CPU: five tensors (n, 1, H, W)."""
        sizes = [RESOLUTIONS[level] for level in LEVEL_OF]
        drawn = torch.randn(n, sum(size**2 for size in sizes), generator=generator).to(self.mean)
        parts = drawn.split([size**2 for size in sizes], dim=1)
        return [part.reshape(n, 1, size, size) for part, size in zip(parts, sizes)]

    def w_of(self, z: Tensor, psi: float = 1.0) -> Tensor:
        r"""Map codes to w, truncated: $\bar w + \psi (w - \bar w)$. Shapes: (B, latent) to (B, width)."""
        return torch.lerp(self.mean, self.mapping(z), psi)

    def generate(self, w: Tensor, noise: list[Tensor]) -> Tensor:
        """Generate images (B, 1, 28, 28) in [0, 1].

        Shapes: `w` (B, width) for all resolutions or (B, 3, width) for each, `noise` (B, 1, H, W) for every layer.
        """
        return self.synthesis(w.unsqueeze(1).expand(-1, len(RESOLUTIONS), -1) if w.ndim == 2 else w, noise)

    def score(self, x: Tensor) -> Tensor:
        """Score D(x) of images (B, 1, 28, 28), in groups of four: (B,)."""
        return self.discriminator(x)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Sum of both players' losses; each loss has a gradient for its own player only.

        The penalty R1 is part of one step in `penalty_every` on average, that many times as large. Shapes: `x` (B, 1,
        28, 28), B divisible by the size of a group.
        """
        fake = self.generate(
            self.draw_styles(len(x), recipe.get("mixing", 0.0), generator), self.noise(len(x), generator)
        )
        real, made = self.score(torch.cat([x, fake.detach()])).chunk(2)
        loss = F.softplus(-real).mean() + F.softplus(made).mean()
        if float(torch.rand((), generator=generator)) * recipe["penalty_every"] < 1:
            loss = loss + recipe["penalty_every"] * recipe["gamma"] / 2 * self.penalty(x)
        with freeze(self.discriminator):
            return loss + F.softplus(-self.score(fake)).mean()

    def penalty(self, x: Tensor) -> Tensor:
        """R1: the mean squared norm of the discriminator's gradient at images (B, 1, 28, 28), in full precision."""
        with torch.autocast(x.device.type, enabled=False):
            x = x.detach().requires_grad_()
            (slope,) = torch.autograd.grad(self.score(x).sum(), x, create_graph=True)
        return slope.square().sum((1, 2, 3)).mean()

    def draw_styles(self, n: int, share: float, generator: torch.Generator) -> Tensor:
        """Draw w for training, (n, 3, width), and move the mean of w.

        A `share` of the images gets two w, the second from a random resolution on.
        """
        first, second = self.mapping(self.codes(2 * n, generator)).chunk(2)
        if self.training:
            self.mean.lerp_(first.detach().mean(0), 1 - MEAN_DECAY)
        levels = len(RESOLUTIONS)
        change = torch.randint(1, levels, (n,), generator=generator)
        change[torch.rand(n, generator=generator) >= share] = levels
        later = (torch.arange(levels) >= change[:, None]).to(first.device)
        return torch.where(later[:, :, None], second[:, None], first[:, None])

    @torch.no_grad()
    def sample_steps(self, n: int, *, generator: torch.Generator, psi: float = 1.0) -> Iterator[Step]:
        """Generate images in one pass, truncated by `psi`; `numbers` holds their codes `z` (n, latent)."""
        z = self.codes(n, generator)
        yield Step(self.generate(self.w_of(z, psi), self.noise(n, generator)), 0, 1, numbers={"z": z})

    def invert_steps(self, x: Tensor, *, generator: torch.Generator, steps: int = SEARCH_STEPS) -> Iterator[Step]:
        """Search for the generated images nearest to given ones (B, 1, 28, 28), by gradient descent on w.

        The noise is fixed. Each image has several starts, the best of some draws. Every step's x is the best so far.
        Its `numbers` hold the root mean square residual `error` (B,), that of each start, `errors` (B, starts), and `w`
        (B, width).

        Raises:
            ValueError: if `x` are no images in [0, 1].
        """
        return self._search(x, torch.ones_like(x, dtype=torch.bool), generator, steps)

    @torch.no_grad()
    def interpolate_steps(self, a: Tensor, b: Tensor, places: int, *, steps: int = SEARCH_STEPS // 2) -> Iterator[Step]:
        """Yield images on the line between the w nearest to two images (1, 1, 28, 28), during the search for these w.

        Every step's x is (places, 1, 28, 28).
        """
        generator = torch.Generator().manual_seed(0)
        for step in self.invert_steps(torch.cat([a, b]), generator=generator, steps=steps):
            w_a, w_b = step.numbers["w"]
            path = straight_path(w_a, w_b, places)
            still = [each.expand(places, -1, -1, -1) for each in self.noise(1, torch.Generator().manual_seed(0))]
            yield replace(step, x=self.generate(path, still), numbers={"error": step.numbers["error"].mean()})

    def complete_steps(
        self, x: Tensor, known: Tensor, *, generator: torch.Generator, steps: int = SEARCH_STEPS
    ) -> Iterator[Step]:
        """Run the same search with the error on the known pixels only, which then replace the generated ones.

        Shapes: `x` (B, 1, 28, 28) in [0, 1]; `known` booleans of that shape, True for pixels to keep.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        for step in self._search(x, known, generator, steps):
            yield replace(step, x=torch.where(known, x, step.x))

    @torch.no_grad()
    def _search(self, x: Tensor, known: Tensor, generator: torch.Generator, steps: int) -> Iterator[Step]:
        check_images(x)
        if known.shape != x.shape or known.dtype != torch.bool or not bool(known.flatten(1).any(-1).all()):
            raise ValueError("known must be booleans of the shape of x, and keep a pixel of every image")
        still, weights = self.noise(1, generator), shares(known)
        pool = self.w_of(self.codes(POOL, generator))

        def render(w: Tensor) -> Tensor:
            return self.generate(w, [each.expand(len(w), -1, -1, -1) for each in still])

        drawn = torch.cat([render(part) for part in pool.split(STYLEGAN_PART)])
        left = torch.stack([((drawn - each).square() * share).flatten(1).sum(-1) for each, share in zip(x, weights)])
        pixels, weighed = (each.repeat_interleave(STYLEGAN_STARTS, 0) for each in (x, weights))

        def loss(w: Tensor) -> Tensor:
            return ((render(w) - pixels).square() * weighed).flatten(1).sum(-1)

        for index, found in enumerate(search_steps(best_starts(pool, left, STYLEGAN_STARTS), loss, steps=steps)):
            numbers = {"error": found.loss.sqrt(), "errors": found.losses.sqrt(), "w": found.z}
            yield Step(render(found.z), index, steps + 1, index, numbers=numbers)
