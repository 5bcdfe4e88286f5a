r"""An autoencoder of colour scenes to 12×12 latents, on which a diffusion is cheap.

Encoder and decoder are convolutional. A latent is a Gaussian $q(z \mid x) = \mathcal{N}(\mu, \sigma^2)$ with a weak
pull towards the standard normal, which bounds the latents and makes the decoder robust to small errors:

$$ L = \| x - D(\mu + \sigma \epsilon) \|_1 + \lambda \, \mathrm{KL}(q(z \mid x) \,\|\, \mathcal{N}(0, I)) $$

Both are means, over pixels in [0, 1] and over latents. A running mean and deviation of each channel normalise the
latents for the diffusion.

References:
    Rombach et al., High-Resolution Image Synthesis with Latent Diffusion Models, 2022, https://arxiv.org/abs/2112.10752
    (section 3.1, appendix G)
    Kingma & Welling, Auto-Encoding Variational Bayes, 2014, https://arxiv.org/abs/1312.6114
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.latent import kl_of_each
from explorer.models.layers import channels_last
from explorer.models.model import Model
from explorer.spaces import COLOUR

LATENT_SIDE = 12  # positions on a side; each stands for 4×4 pixels
NORM_GROUPS = 8  # of group normalisation
MOST_LOG_VARIANCE, LEAST_LOG_VARIANCE = 4.0, -12.0
FOLLOWED = 0.01  # share of a batch in the running mean and deviation


class Residual(nn.Module):
    """A residual block of two convolutions."""

    def __init__(self, channels: int):
        super().__init__()
        self.body = nn.Sequential(
            *(nn.GroupNorm(NORM_GROUPS, channels), nn.SiLU(), nn.Conv2d(channels, channels, 3, padding=1)),
            *(nn.GroupNorm(NORM_GROUPS, channels), nn.SiLU(), nn.Conv2d(channels, channels, 3, padding=1)),
        )

    def forward(self, h: Tensor) -> Tensor:
        """Shapes: (B, C, H, W), as the result."""
        return h + self.body(h)


class Encoder(nn.Sequential):
    """Network from scenes (B, 3, 48, 48) in [−1, 1] to features (B, out, 12, 12)."""

    def __init__(self, channels: int, out: int):
        fine, coarse = channels // 2, channels
        super().__init__(
            *(nn.Conv2d(3, fine, 4, 2, padding=1), Residual(fine), nn.Conv2d(fine, coarse, 4, 2, padding=1)),
            *(Residual(coarse), Residual(coarse), nn.GroupNorm(NORM_GROUPS, coarse), nn.SiLU()),
            nn.Conv2d(coarse, out, 3, padding=1),
        )


class Decoder(nn.Sequential):
    """Network from features (B, inputs, 12, 12) to scenes (B, 3, 48, 48), around [−1, 1]."""

    def __init__(self, channels: int, inputs: int):
        finest, fine, coarse = channels // 4, channels // 2, channels
        super().__init__(
            *(nn.Conv2d(inputs, coarse, 3, padding=1), Residual(coarse), Residual(coarse)),
            *(nn.Conv2d(coarse, 4 * fine, 3, padding=1), nn.PixelShuffle(2), Residual(fine), Residual(fine)),
            *(nn.Conv2d(fine, 4 * finest, 3, padding=1), nn.PixelShuffle(2), Residual(finest)),
            *(nn.GroupNorm(NORM_GROUPS, finest), nn.SiLU(), nn.Conv2d(finest, 3, 3, padding=1)),
        )


class SceneAutoencoder(Model):
    """Autoencoder of scenes to 12×12 latents.

    Arguments:
        latents: Channels of the latents.
        channels: Width at 12×12; half of it at 24×24, a quarter at 48×48.
    """

    title = "Autoencoder of scenes"
    loss_unit = "mean absolute error, and the KL divergence weighted"
    represents = "the 12×12 latents"
    space = COLOUR
    cannot = {
        "log_prob": "its loss is no likelihood of the pixels",
        "sample": "it has no distribution of latents to draw from, and reads no words",
        "complete": "it has no distribution of latents, so nothing tells what the hidden ones may be",
        "label": "it reads scenes and not classes",
        "odd": "it has no density of scenes",
        "compress": "it has no distribution of latents, and a coder needs one",
    }
    mean: Tensor
    deviation: Tensor

    def __init__(self, latents: int = 4, channels: int = 96):
        super().__init__()
        self.encoder, self.decoder = Encoder(channels, 2 * latents), Decoder(channels, latents)
        self.register_buffer("mean", torch.zeros(latents, 1, 1))
        self.register_buffer("deviation", torch.ones(latents, 1, 1))
        channels_last(self)

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Compute mean and standard deviation of q(z | x), not normalised: (B, 3, 48, 48) to two of (B, C, 12, 12)."""
        mu, log_variance = self.encoder(signed(x)).float().chunk(2, dim=1)
        return mu, (log_variance.clamp(LEAST_LOG_VARIANCE, MOST_LOG_VARIANCE) / 2).exp()

    def encode(self, x: Tensor) -> Tensor:
        """Encode scenes (B, 3, 48, 48) in [0, 1] as normalised latents (B, C, 12, 12)."""
        return (self.posterior(x)[0] - self.mean) / self.deviation

    def decode(self, z: Tensor) -> Tensor:
        """Decode normalised latents (B, C, 12, 12) to scenes (B, 3, 48, 48) in [0, 1]."""
        return pixels(self.decoder(self.mean + self.deviation * z)).clamp(0, 1)

    def features(self, x: Tensor) -> Tensor:
        """Return the latents as vectors: (B, 3, 48, 48) to (B, 144 C)."""
        return self.encode(x).flatten(1)

    def reconstruct(self, x: Tensor) -> Tensor:
        """Reconstruct scenes from their latents: (B, 3, 48, 48), as `x`."""
        return self.decode(self.encode(x))

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean absolute error plus `kl_weight` times the mean KL divergence of a latent, in nats.

        Shapes: `x` (B, 3, 48, 48) in [0, 1]; `label` is not used.
        """
        mu, sigma = self.posterior(x)
        if self.training:
            self.follow(mu.detach())
        z = mu + sigma * torch.randn(mu.shape, generator=generator).to(mu)
        error = F.l1_loss(pixels(self.decoder(z)), x)
        return error + recipe["kl_weight"] * kl_of_each(mu, sigma).mean()

    @torch.no_grad()
    def follow(self, mu: Tensor) -> None:
        """Move the running mean and deviation of each channel towards those of a batch (B, C, 12, 12)."""
        self.mean.lerp_(mu.mean((0, 2, 3)).view_as(self.mean), FOLLOWED)
        self.deviation.lerp_(mu.std((0, 2, 3)).view_as(self.deviation), FOLLOWED)


def signed(x: Tensor) -> Tensor:
    """Map pixels from [0, 1] to [−1, 1], with the channels last in memory: (B, 3, 48, 48)."""
    return (2 * x - 1).contiguous(memory_format=torch.channels_last)


def pixels(y: Tensor) -> Tensor:
    """Map outputs around [−1, 1] to pixels around [0, 1], both (B, 3, 48, 48)."""
    return (y.float() + 1) / 2
