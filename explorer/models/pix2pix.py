r"""Pix2pix: paired translation of an outline to a garment, or of a skeleton to a digit.

The generator G receives the source s and noise z; the discriminator D receives the source and an image, and scores
patches of the pair.

$$ \min_G \max_D\; \mathbb{E} \left[ \log D(s, x) + \log(1 - D(s, G(s, z))) \right]
   + \lambda\, \mathbb{E} \left\| x - G(s, z) \right\|_1 $$

As in the paper, G maximises $\log D(s, G(s, z))$ instead, D's loss is halved, images of the L1 term lie in [−1, 1], and
the noise is dropout that stays on when images are drawn. Differences: the networks are small, dropout removes whole
channels, and groups of channels are normalised instead of batches.

Reference: Isola et al., Image-to-Image Translation with Conditional Adversarial Networks, 2017,
https://arxiv.org/abs/1611.07004
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
from explorer.models.sources import outline, silhouette, skeleton
from explorer.models.unet import Norm
from explorer.spaces import LEVELS
from explorer.steps import Step

SOURCES = {"outline": outline, "skeleton": skeleton}


class Generator(nn.Module):
    """U-Net from a source to an image: 28×28, 14×14, 7×7 and back, with a skip connection at each resolution."""

    def __init__(self, channels: Sequence[int]):
        super().__init__()
        fine, middle, coarse = channels
        self.stem = nn.Conv2d(1, fine, 3, padding=1)
        self.down = nn.ModuleList(
            [nn.Conv2d(fine, middle, 4, stride=2, padding=1), nn.Conv2d(middle, coarse, 4, stride=2, padding=1)]
        )
        self.middle = nn.Conv2d(coarse, coarse, 3, padding=1)
        self.up = nn.ModuleList([nn.Conv2d(coarse, middle, 3, padding=1), nn.Conv2d(middle, fine, 3, padding=1)])
        self.join = nn.ModuleList([nn.Conv2d(2 * width, width, 3, padding=1) for width in (middle, fine)])
        self.norms = nn.ModuleList(map(Norm, (middle, coarse, coarse, middle, fine)))
        self.head = nn.Conv2d(fine, 1, 3, padding=1)
        channels_last(self)

    def forward(self, source: Tensor, kept: Sequence[Tensor]) -> Tensor:
        """Shapes: `source` (B, 1, 28, 28), masks `kept` (B, C) of both dropouts; the result as `source`, in [0, 1]."""
        down1, down2, middle, up1, up2 = self.norms
        fine = F.leaky_relu(self.stem((2 * source - 1).contiguous(memory_format=torch.channels_last)), 0.2)
        half = F.leaky_relu(down1(self.down[0](fine)), 0.2)
        h = F.leaky_relu(down2(self.down[1](half)), 0.2)
        h = drop_channels(F.relu(middle(self.middle(h))), kept[0])
        h = self.join[0](torch.cat([upsample(self.up[0], h), half], 1))
        h = drop_channels(F.relu(up1(h)), kept[1])
        h = F.relu(up2(self.join[1](torch.cat([upsample(self.up[1], h), fine], 1))))
        return torch.sigmoid(2 * self.head(h).float())  # (tanh + 1) / 2


def upsample(conv: nn.Module, h: Tensor) -> Tensor:
    """Double the resolution of features (B, C, H, W), then convolve: (B, C', 2 H, 2 W)."""
    return conv(F.interpolate(h, scale_factor=2.0, mode="nearest"))


def drop_channels(h: Tensor, kept: Tensor) -> Tensor:
    """Multiply channels (B, C, H, W) by a mask (B, C)."""
    return h * kept.to(h)[:, :, None, None]


class Pix2Pix(Sampled):
    """Paired translation to 28×28 grey images, and the discriminator that trained it.

    Arguments:
        source: "outline" or "skeleton", the function from an image to its source.
        generator: Widths of the generator at 28×28, 14×14 and 7×7.
        discriminator: Widths of the discriminator.
        dropout: Share of the channels that noise removes.
    """

    title = "pix2pix"
    loss_unit = "of both players, added"
    space = LEVELS
    cannot = {"log_prob": "pix2pix defines no density: it only generates an image for a source"}

    def __init__(
        self,
        source: str = "outline",
        generator: Sequence[int] = (32, 64, 128),
        discriminator: Sequence[int] = (32, 64, 128),
        dropout: float = 0.5,
    ):
        super().__init__()
        self.source, self.dropout = SOURCES[source], dropout
        self.widths = generator[2], generator[1]
        self.generator = Generator(generator)
        self.discriminator = PatchDiscriminator(discriminator, inputs=2)

    def noise(self, n: int, generator: torch.Generator) -> list[Tensor]:
        """Draw the masks of both dropouts on the CPU, (n, C) each; kept channels are scaled up."""
        like, share = next(self.parameters()), 1 - self.dropout
        masks = torch.rand(n, sum(self.widths), generator=generator) < share
        return list((masks.to(like.device).float() / share).split(self.widths, dim=1))

    def translate(self, source: Tensor, kept: Sequence[Tensor]) -> Tensor:
        """Translate sources (B, 1, 28, 28), with noise `kept`, to images of that shape in [0, 1]."""
        return self.generator(source, kept)

    def score(self, source: Tensor, x: Tensor) -> Tensor:
        """Logit that each patch of an image is real, given its source, both (B, 1, 28, 28): (B, 1, 7, 7)."""
        return self.discriminator(torch.cat([source, x], 1))

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Sum of both players' losses; each loss has a gradient for its own player only.

        `l1` of the recipe is λ. A share `silhouettes` of the outlines has no inner edges, as many drawings have none.
        Shapes: `x` (B, 1, 28, 28), `label` (B,), which is not used.
        """
        source = self.training_source(x, recipe, generator)
        made = self.translate(source, self.noise(len(x), generator))
        real, false = self.score(source.repeat(2, 1, 1, 1), torch.cat([x, made.detach()])).chunk(2)
        discriminator_loss = (F.softplus(-real).mean() + F.softplus(false).mean()) / 2
        with freeze(self.discriminator):
            adversarial = F.softplus(-self.score(source, made)).mean()
        return discriminator_loss + adversarial + recipe["l1"] * 2 * (made - x).abs().mean()

    @torch.no_grad()
    def training_source(self, x: Tensor, recipe: dict, generator: torch.Generator) -> Tensor:
        """Return the sources of a batch: (B, 1, 28, 28), as `x`."""
        sources = self.source(x)
        if self.source is not outline:
            return sources
        bare = torch.rand(len(x), generator=generator).to(x.device) < recipe["silhouettes"]
        return torch.where(bare.view(-1, 1, 1, 1), silhouette(x), sources)

    @torch.no_grad()
    def sample_steps(self, n: int, *, generator: torch.Generator, source: Tensor) -> Iterator[Step]:
        """Translate sources (n, 1, 28, 28) in one pass, each with its own noise.

        Raises:
            ValueError: if the sources are no images.
        """
        check_images(source)
        yield Step(self.translate(source, self.noise(n, generator)), 0, 1)
