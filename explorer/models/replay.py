r"""Snapshot of a β-VAE during training: its decoder, and its encoder's codes of some images.

The codes are stored for some values of $\beta$, spaced closely enough for interpolation. A polynomial in $\log \beta$
through the six nearest values gives the encoder's output between them to within float16's rounding.
"""

import math

import torch
from torch import Tensor, nn

from explorer.models.beta_vae import LATENT
from explorer.models.model import Model

NEAREST = 6


class Replayed(Model):
    """A decoder, and the codes of some images at some β.

    Arguments:
        decoder: The decoder of the network.
        betas: Number of β above 0 with codes; `exponents` holds their log₁₀ in ascending order.
        images: Number of images with codes; the first row of `mu` has them at β = 0, where there are no σ.
    """

    exponents: Tensor
    mu: Tensor
    sigma: Tensor

    def __init__(self, decoder: nn.Module, betas: int, images: int):
        super().__init__()
        self.decoder = decoder
        self.register_buffer("exponents", torch.zeros(betas))
        self.register_buffer("mu", torch.zeros(1 + betas, images, LATENT))
        self.register_buffer("sigma", torch.zeros(betas, images, LATENT))

    def codes(self, beta: float) -> tuple[Tensor, Tensor]:
        """Return μ and σ at β, each (N, 2); at β = 0, σ is zero."""
        if beta == 0:
            return self.mu[0], torch.zeros_like(self.mu[0])
        mu, log_sigma = between(self.exponents.tolist(), math.log10(beta), self.mu[1:], self.sigma.log())
        return mu, log_sigma.exp()


def between(places: list[float], place: float, *values: Tensor) -> list[Tensor]:
    """Interpolate values (K, …) at K ascending places to one more place, by the polynomial through the nearest ones.

    Reference: Berrut & Trefethen, Barycentric Lagrange Interpolation, 2004, equation 2.1
    """
    below = sum(each < place for each in places)
    start = min(max(below - NEAREST // 2, 0), max(len(places) - NEAREST, 0))
    near = places[start : start + NEAREST]
    weights = [math.prod((place - b) / (a - b) for b in near if b != a) for a in near]
    return [torch.tensordot(torch.tensor(weights).to(each), each[start : start + len(near)], 1) for each in values]
