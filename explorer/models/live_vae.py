r"""A VAE of points in the plane, with one or two latents and a Gaussian decoder of one learned width.

$$ p(x) = \int \mathcal{N}(x; f(z), s^2 I) \, \mathcal{N}(z; 0, I) \, dz $$

The objective is the evidence lower bound. With so few latents the integral can also be computed on a grid of z, which
gives the density that is shaded.
"""

from collections.abc import Iterator
from functools import cache

import torch
from torch import Tensor, nn
from torch.distributions import Independent, Normal

from explorer.models.flow import standard_normal as log_normal
from explorer.models.latent import kl_of_each, posterior
from explorer.models.live_nets import hidden_widths, network, one_step
from explorer.models.vae import GaussianVAE
from explorer.spaces import PLANE
from explorer.steps import Step

LIVE_VAE_SIDE, LIVE_VAE_FAR = 48, 3.5  # points of the grid of two z along each axis, and its half side
LEAST = 0.02  # least standard deviation of the decoder


class LiveVAE(GaussianVAE):
    """VAE whose encoder and decoder have two hidden layers with `width` units each."""

    title, space = "VAE", PLANE

    def __init__(self, width: int, deeper: int, generator: torch.Generator, latent: int = 2):
        super().__init__()
        self.latent = latent
        self.encoder = network([2, *hidden_widths(width, 2, deeper), 2 * latent], generator)
        self.decoder = network([latent, *hidden_widths(width, 2, deeper), 2], generator, quick=2)
        self.log_width = nn.Parameter(torch.tensor(-1.0))

    def encode(self, x: Tensor) -> Independent:
        r"""Approximate posterior $q_\phi(z \mid x)$ of points (B, 2), with event shape (J,)."""
        mu, log_var = self.encoder(x).chunk(2, dim=-1)
        return posterior(mu, torch.exp(0.5 * log_var.clamp(-12, 4)))

    def decode(self, z: Tensor) -> Independent:
        r"""Decoder $p_\theta(x \mid z)$ for codes (B, J), with event shape (2,)."""
        mean = self.decoder(z)
        width = (self.log_width.exp() + LEAST).expand_as(mean)
        return Independent(Normal(mean, width, validate_args=False), 1, validate_args=False)

    def terms(self, x: Tensor, *, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        r"""Compute distortion $-\log p_\theta(x \mid z)$ at one draw (B,) and the KL of each latent (B, J), in nats."""
        mu, log_var = self.encoder(x).chunk(2, dim=-1)
        sigma = (log_var.clamp(-12, 4) / 2).exp()
        z = mu + sigma * torch.randn(mu.shape, generator=generator)
        width = self.log_width.exp() + LEAST
        distortion = -log_normal((x - self.decoder(z)) / width) + 2 * width.log()
        return distortion, kl_of_each(mu, sigma)

    @torch.no_grad()
    def log_prob_by_grid(self, x: Tensor) -> Tensor:
        """Log-density of points (B, 2) in nats, by a sum over a grid of z: (B,)."""
        z, log_weights = codes(self.latent)
        given = self.decode(z)
        width = given.base_dist.scale[0, 0]
        exponents = -torch.cdist(x, given.mean).square() / (2 * width**2)
        return (exponents + log_weights).logsumexp(-1) - (2 * torch.pi * width**2).log()

    @torch.no_grad()
    def sample_steps(self, n: int, *, generator: torch.Generator) -> Iterator[Step]:
        """Yield one step: draw z, decode it, and add the decoder's noise."""
        given = self.decode(torch.randn(n, self.latent, generator=generator))
        return one_step(given.mean + given.stddev * torch.randn(n, 2, generator=generator))


@cache
def codes(latent: int) -> tuple[Tensor, Tensor]:
    """Return a grid of z (N, J) and the logarithms of the prior's weights there, which add up to 1: (N,)."""
    axis = torch.linspace(-LIVE_VAE_FAR, LIVE_VAE_FAR, LIVE_VAE_SIDE ** (2 // latent))
    z = torch.cartesian_prod(*[axis] * latent).view(-1, latent)
    return z, log_normal(z).log_softmax(0)
