r"""What is kept of a β-VAE at a moment of its training: its decoder, and where its encoder puts some images.

The encoder is asked at some $\beta$, which lie so close together that a polynomial in $\log \beta$ through the six
nearest says what it answers between them to within float16's rounding.
"""

import math

import torch
from torch import Tensor, nn

from explorer.models.beta_vae import LATENT

NEAREST = 6


class Replayed(nn.Module):
    """A decoder, and the codes of some images at some β.

    Arguments:
        decoder: The network's own.
        betas: At how many β above 0 there are codes; `exponents` holds their log₁₀, which ascend.
        images: How many images there are codes of; the first row of `mu` has them at β = 0, where there are no widths.
    """

    def __init__(self, decoder: nn.Module, betas: int, images: int):
        super().__init__()
        self.decoder = decoder
        self.register_buffer("exponents", torch.zeros(betas))
        self.register_buffer("mu", torch.zeros(1 + betas, images, LATENT))
        self.register_buffer("sigma", torch.zeros(betas, images, LATENT))

    def codes(self, beta: float) -> tuple[Tensor, Tensor]:
        """The means and the widths at β, each (N, 2); at β = 0 the widths are zero."""
        if beta == 0:
            return self.mu[0], torch.zeros_like(self.mu[0])
        mu, log_sigma = between(self.exponents.tolist(), math.log10(beta), self.mu[1:], self.sigma.log())
        return mu, log_sigma.exp()


def between(places: list[float], place: float, *values: Tensor) -> list[Tensor]:
    """Values (K, …) at K ascending places, interpolated at one more place: the polynomials of the nearest.

    Reference: Berrut & Trefethen, Barycentric Lagrange Interpolation, 2004, equation 2.1
    """
    below = sum(each < place for each in places)
    start = min(max(below - NEAREST // 2, 0), max(len(places) - NEAREST, 0))
    near = places[start : start + NEAREST]
    weights = [math.prod((place - b) / (a - b) for b in near if b != a) for a in near]
    return [torch.tensordot(torch.tensor(weights).to(each), each[start : start + len(near)], 1) for each in values]
