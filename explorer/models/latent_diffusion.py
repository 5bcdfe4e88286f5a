r"""A diffusion of codes: an autoencoder compresses images, and a network removes noise from their codes.

Encoder E and decoder D are trained with noise on the codes, so that a slightly wrong code still decodes to a clean
image. E ends in a normalisation: every number of a code has mean 0 and variance 1 over the data, like the diffusion's
final noise. The denoising network trains on the codes of the current E, without a gradient to E.

$$ L = \mathbb{E} \left[ -\log p(x \mid D(E(x) + \sigma \epsilon')) \right]
   + \mathbb{E}_{\epsilon, t} \left\| v - v_\theta(z_t, t, y) \right\|^2, \quad
   z_t = \sqrt{\bar\alpha_t}\, E(x) + \sqrt{1 - \bar\alpha_t}\, \epsilon $$

A reverse step evaluates a small network on 64 numbers instead of a U-Net on 784 pixels; only displayed codes are
decoded. The numbers of such a code have no positions in the image, so its network has no convolutions.

References:
    Rombach et al., High-Resolution Image Synthesis with Latent Diffusion Models, 2022, https://arxiv.org/abs/2112.10752
    Vahdat et al., Score-based Generative Modeling in Latent Space, 2021, https://arxiv.org/abs/2106.05931
    Ho et al., Denoising Diffusion Probabilistic Models, 2020, https://arxiv.org/abs/2006.11239
    Salimans & Ho, Progressive Distillation for Fast Sampling of Diffusion Models, 2022,
    https://arxiv.org/abs/2202.00512 (v)
"""

from collections.abc import Sequence
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.layers import channels_last
from explorer.models.schedule import Schedule
from explorer.models.unet import time_features
from explorer.models.velocity import VDenoiser, spread_steps
from explorer.spaces import LEVELS

COARSE = 7  # side of the coarsest feature maps


class Encoder(nn.Sequential):
    """Network from images (B, 1, 28, 28) in [0, 1] to codes (B, code), normalised over the data."""

    def __init__(self, channels: Sequence[int], code: int):
        fine, middle, coarse = channels
        super().__init__(
            *(nn.Conv2d(1, fine, 3, padding=1), nn.SiLU(), nn.Conv2d(fine, middle, 3, 2, padding=1), nn.SiLU()),
            *(Residual(middle), nn.Conv2d(middle, coarse, 3, 2, padding=1), Residual(coarse), nn.SiLU()),
            *(nn.Flatten(), nn.Linear(coarse * COARSE**2, code), nn.BatchNorm1d(code, affine=False, momentum=0.01)),
        )
        channels_last(self)


class Decoder(nn.Sequential):
    """Network from codes (B, code) to the logits (B, 1, 28, 28) of grey levels."""

    def __init__(self, channels: Sequence[int], code: int):
        fine, middle, coarse = channels
        super().__init__(
            *(nn.Linear(code, coarse * COARSE**2), nn.Unflatten(1, (coarse, COARSE, COARSE)), Residual(coarse)),
            *(nn.SiLU(), nn.Conv2d(coarse, 4 * middle, 3, padding=1), nn.PixelShuffle(2), Residual(middle)),
            *(nn.SiLU(), nn.Conv2d(middle, 4 * fine, 3, padding=1), nn.PixelShuffle(2), nn.SiLU()),
            nn.Conv2d(fine, 1, 3, padding=1),
        )
        channels_last(self)


class Residual(nn.Module):
    """A residual block of two convolutions."""

    def __init__(self, channels: int):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: `x` (B, C, H, W), as the result."""
        return x + self.second(F.silu(self.first(F.silu(x))))


class Layer(nn.Module):
    """A residual block of two linear layers, scaled and shifted by time and label (Peebles & Xie 2023, 2212.09748)."""

    def __init__(self, width: int):
        super().__init__()
        self.norm = nn.LayerNorm(width, elementwise_affine=False)
        self.first, self.second = nn.Linear(width, width), nn.Linear(width, width)
        self.condition = nn.Linear(width, 3 * width)
        nn.init.zeros_(self.condition.weight)
        nn.init.zeros_(self.condition.bias)

    def forward(self, h: Tensor, embedding: Tensor) -> Tensor:
        """Shapes: `h` and `embedding` (B, width), as the result."""
        scale, shift, gate = self.condition(embedding).chunk(3, dim=-1)
        return h + gate * self.second(F.silu(self.first(self.norm(h) * (1 + scale) + shift)))


class CodeNetwork(nn.Module):
    r"""Velocity $v_\theta(z_t, t, y)$ of codes."""

    def __init__(self, code: int, width: int, layers: int, classes: int):
        super().__init__()
        self.time = nn.Sequential(nn.Linear(width, width), nn.SiLU())
        self.label = nn.Embedding(classes + 1, width)
        self.stem, self.head = nn.Linear(code, width), nn.Linear(width, code)
        self.layers = nn.ModuleList(Layer(width) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        nn.init.zeros_(self.head.weight)

    def forward(self, z: Tensor, t: Tensor, label: Tensor) -> Tensor:
        """Shapes: `z` (B, code), `t` and `label` (B,); the result as `z`."""
        embedding = F.silu(self.time(time_features(t, self.label.embedding_dim)) + self.label(label))
        h = self.stem(z)
        for layer in self.layers:
            h = layer(h, embedding)
        return self.head(self.norm(h))


class LatentDiffusion(VDenoiser):
    """Class-conditional diffusion of the codes of 28×28 grey images.

    Arguments:
        code: Dimension of a code.
        channels: Widths of encoder and decoder, finest first.
        width: Width of the denoising network's layers.
        layers: Number of these layers.
        classes: Number of labels.
        noise: Standard deviation σ of the noise on codes in the decoder's training.
        schedule: "linear" or "cosine".
        times: T.
    """

    title = "Latent diffusion"
    loss_unit = "of both networks, added"
    space = LEVELS
    represents = "the code"
    cannot = {
        "log_prob": "its decoder says one image for a code, not how probable others are",
        "complete": "no number of a code belongs to a pixel, so none can be kept while the others are drawn",
        "odd": "it has no density of images, only a network that removes noise from codes",
    }

    def __init__(
        self,
        code: int = 64,
        channels: Sequence[int] = (16, 32, 64),
        width: int = 384,
        layers: int = 3,
        classes: int = 10,
        noise: float = 0.2,
        schedule: str = "linear",
        times: int = 1000,
    ):
        super().__init__(Schedule(schedule, times))
        self.classes, self.code_noise = classes, noise
        self.state_shape = (code,)
        self.encoder, self.decoder = Encoder(channels, code), Decoder(channels, code)
        self.network = CodeNetwork(code, width, layers, classes)

    def encode(self, x: Tensor) -> Tensor:
        """Encode images (B, 1, 28, 28) in [0, 1] to codes (B, code)."""
        return self.encoder(2 * x.contiguous(memory_format=torch.channels_last) - 1)

    def decode(self, z: Tensor) -> Tensor:
        """Decode codes (B, code) to images (B, 1, 28, 28) in [0, 1]."""
        return self.decoder(z).sigmoid()

    def to_space(self, x: Tensor) -> Tensor:
        """Decode codes, as `decode`."""
        return self.decode(x)

    from_space, features = encode, encode

    def reconstruct(self, x: Tensor) -> Tensor:
        """Reconstruct images from their codes: (B, 1, 28, 28), as `x`."""
        return self.decode(self.encode(x))

    def sample(self, n: int, *, generator: torch.Generator, steps: int = 50, eta: float = 0.0, **how) -> Tensor:
        """Draw the last x of `ddim_steps`, the only one that is decoded: (n, 1, 28, 28)."""
        back = partial(self.schedule.ddim_step, eta=eta)
        *_, (_, z, *_) = self.walk(n, back, steps, generator, eta > 0, **how)
        return self.decode(z)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Sum of both `losses`; shapes as there."""
        of_codes, of_noise = self.losses(x, recipe, generator=generator, label=label)
        return of_codes + of_noise

    def losses(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> tuple[Tensor, Tensor]:
        """Losses of the autoencoder, in nats per pixel, and of the denoising network; labels are dropped at random.

        Shapes: `x` (B, 1, 28, 28) in [0, 1], `label` (B,).
        """
        z = self.encode(x)
        off, eps = (torch.randn(z.shape, generator=generator).to(z) for _ in range(2))
        decoded = F.binary_cross_entropy_with_logits(self.decoder(z + self.code_noise * off), x)
        t = spread_steps(len(x), 1, self.schedule.total, generator)
        return decoded, self.v_error(z.detach(), eps, t, label, recipe["label_dropout"], generator)
