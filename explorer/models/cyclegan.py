r"""CycleGAN: translation between two kinds of images without pairs.

G translates a to b, F translates b to a, and each kind of image has a discriminator.

$$ L_G = \mathbb{E}_a (D_b(G(a)) - 1)^2 + \mathbb{E}_b (D_a(F(b)) - 1)^2
   + \lambda \left( \mathbb{E}_a \left\| F(G(a)) - a \right\|_1 + \mathbb{E}_b \left\| G(F(b)) - b \right\|_1 \right) $$

The discriminators minimise squared errors too, to 1 for real and 0 for generated images (Mao et al. 2017). Images of
the cycle loss lie in [−1, 1], as in the paper. Differences: the networks are small, discriminators see only the newest
images, and groups of channels are normalised.

References:
    Zhu et al., Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks, 2017,
    https://arxiv.org/abs/1703.10593
    Mao et al., Least Squares Generative Adversarial Networks, 2017, https://arxiv.org/abs/1611.04076
"""

from collections.abc import Iterator, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.gan import freeze
from explorer.models.images import check_images
from explorer.models.layers import channels_last
from explorer.models.patches import PatchDiscriminator
from explorer.models.sampled import Sampled
from explorer.models.sources import bold, slant, thin, upright
from explorer.models.unet import Norm
from explorer.spaces import LEVELS
from explorer.steps import Step

DOMAINS = {"bold": (thin, bold), "slant": (upright, slant)}


class Block(nn.Module):
    """Two convolutions with a residual connection."""

    def __init__(self, channels: int):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(channels, channels, 3, padding=1) for _ in range(2))
        self.norms = nn.ModuleList(Norm(channels) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: `x` (B, C, H, W), as the result."""
        h = F.relu(self.norms[0](self.convs[0](x)))
        return x + self.norms[1](self.convs[1](h))


class Generator(nn.Module):
    """Network from an image to an image: 28×28, residual blocks at 14×14, 28×28."""

    def __init__(self, channels: Sequence[int], blocks: int):
        super().__init__()
        fine, coarse = channels
        self.stem = nn.Conv2d(1, fine, 7, padding=3)
        self.down = nn.Conv2d(fine, coarse, 3, stride=2, padding=1)
        self.blocks = nn.Sequential(*(Block(coarse) for _ in range(blocks)))
        self.up = nn.Conv2d(coarse, fine, 3, padding=1)
        self.norms = nn.ModuleList(map(Norm, (fine, coarse, fine)))
        self.head = nn.Conv2d(fine, 1, 7, padding=3)
        channels_last(self)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: `x` (B, 1, 28, 28) in [0, 1], as the result."""
        h = F.relu(self.norms[0](self.stem((2 * x - 1).contiguous(memory_format=torch.channels_last))))
        h = self.blocks(F.relu(self.norms[1](self.down(h))))
        h = F.relu(self.norms[2](self.up(F.interpolate(h, scale_factor=2.0, mode="nearest"))))
        return torch.sigmoid(2 * self.head(h).float())  # (tanh + 1) / 2


class CycleGAN(Sampled):
    """Two translators between two kinds of digits, and the two discriminators that trained them.

    Arguments:
        domains: "bold" (thin to bold and back) or "slant" (upright to slanted and back).
        generator: Widths of a generator at 28×28 and 14×14.
        blocks: Number of its residual blocks.
        discriminator: Widths of a discriminator.
    """

    title = "CycleGAN"
    loss_unit = "of all four networks, added"
    space = LEVELS
    cannot = {"log_prob": "a CycleGAN defines no density: it only translates images"}

    def __init__(
        self,
        domains: str = "bold",
        generator: Sequence[int] = (32, 64),
        blocks: int = 4,
        discriminator: Sequence[int] = (32, 64, 128),
    ):
        super().__init__()
        self.domains = DOMAINS[domains]
        self.there, self.back = Generator(generator, blocks), Generator(generator, blocks)
        self.judge_a, self.judge_b = PatchDiscriminator(discriminator), PatchDiscriminator(discriminator)

    def translate(self, x: Tensor, back: bool = False) -> Tensor:
        """Translate images (B, 1, 28, 28) of the first kind to the second, or back."""
        return (self.back if back else self.there)(x)

    def split_domains(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Divide digits between the two kinds and convert them; no digit is ever in both.

        The parity of the sum of its bytes decides which kind a digit belongs to.

        Shapes: `x` (B, 1, 28, 28), multiples of 1/255; the results (A, 1, 28, 28) and (B − A, 1, 28, 28).
        """
        first = (255 * x).round().sum((1, 2, 3)) % 2 == 0
        to_a, to_b = self.domains
        return to_a(x[first]), to_b(x[~first])

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Sum of the losses of generators and discriminators; each has a gradient for its own networks only.

        `cycle_weight` of the recipe is λ. `identity_weight` is that of the optional term which requires G(b) = b and
        F(a) = a (section 5.2). Shapes: `x` (B, 1, 28, 28), `label` (B,), which is not used.
        """
        with torch.no_grad():
            a, b = self.split_domains(x)
        made_b, made_a = self.translate(a), self.translate(b, back=True)
        with freeze(self.judge_a), freeze(self.judge_b):
            loss = squared_error(self.judge_b(made_b), 1) + squared_error(self.judge_a(made_a), 1)
        for judge, real, made in ((self.judge_a, a, made_a), (self.judge_b, b, made_b)):
            loss = loss + (squared_error(judge(real), 1) + squared_error(judge(made.detach()), 0)) / 2
        if recipe["cycle_weight"]:
            again_a, again_b = self.translate(made_b, back=True), self.translate(made_a)
            loss = loss + recipe["cycle_weight"] * 2 * ((again_a - a).abs().mean() + (again_b - b).abs().mean())
        if weight := recipe.get("identity_weight"):
            same_a, same_b = self.translate(a, back=True), self.translate(b)
            loss = loss + weight * 2 * ((same_a - a).abs().mean() + (same_b - b).abs().mean())
        return loss

    @torch.no_grad()
    def sample_steps(self, n: int, *, generator: torch.Generator, source: Tensor, back: bool = False) -> Iterator[Step]:
        """Translate images (n, 1, 28, 28) in one pass, without noise; `pictures` holds them translated back again.

        Raises:
            ValueError: if the sources are no images.
        """
        check_images(source)
        made = self.translate(source, back)
        yield Step(made, 0, 1, pictures={"again": self.translate(made, not back)})


def squared_error(scores: Tensor, target: int) -> Tensor:
    """Mean squared error of scores, of any shape, to a target."""
    return (scores - target).square().mean()
