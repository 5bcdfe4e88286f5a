r"""Denoisers of points in the plane: of N training points exactly, of the true density, and of a network trained live.

For the empirical distribution of N points $x_i$, the denoised point and the score at noise level σ are exact:

$$ D(x, \sigma) = \sum_i \mathrm{softmax}_i\!\left(-\frac{\|x - x_i\|^2}{2 \sigma^2}\right) x_i, \qquad
   \nabla \log p_\sigma(x) = \frac{D(x, \sigma) - x}{\sigma^2} $$

This D has the least denoising loss on these points, and its probability flow ends at them. A diffusion generates
something else only as far as its network is not this one.

References:
    Karras et al., Elucidating the Design Space of Diffusion-Based Generative Models, 2022 (EDM), appendix B.3,
    https://arxiv.org/abs/2206.00364
    Yoon et al., Diffusion Probabilistic Models Generalize when They Fail to Memorize, 2023: the third that makes a copy
    Kadkhodaie et al., Generalization in Diffusion Models Arises from Geometry-Adaptive Harmonic Representations, 2024,
    https://arxiv.org/abs/2310.02557
"""

import math
from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor

from explorer.data.toys import Mixture
from explorer.models.live_diffusion import LiveDiffusion

Denoise = Callable[[Tensor, float], Tensor]
"""From noised points (B, 2) and σ to denoised points (B, 2)."""
STRONGEST_NOISE, WEAKEST_NOISE = 40.0, 0.0005  # noise levels of the sampler
BEND = 7  # exponent of the noise levels, ρ of EDM
COPY_RATIO = 1 / 3  # ratio of the distances to the nearest and the second nearest point, below which a point is a copy


def empirical(points: Tensor) -> Denoise:
    """Return the exact denoiser of the empirical distribution of points (N, 2)."""

    def denoise(x: Tensor, sigma: float) -> Tensor:
        return (-torch.cdist(x, points).square() / (2 * sigma**2)).softmax(-1) @ points

    return denoise


def exact(mixture: Mixture) -> Denoise:
    """Return the exact denoiser of a mixture, by Tweedie's formula."""

    def denoise(x: Tensor, sigma: float) -> Tensor:
        return x + sigma**2 * Mixture(mixture.means, math.hypot(mixture.sigma, sigma)).score(x)

    return denoise


def learned(model: LiveDiffusion) -> Denoise:
    r"""Return the denoiser of a live network, which sees $\alpha x$ with $\alpha = 1 / \sqrt{1 + \sigma^2}$."""

    def denoise(x: Tensor, sigma: float) -> Tensor:
        alpha = 1 / math.sqrt(1 + sigma**2)
        noised, t = alpha * x, 2 / math.pi * math.asin(alpha)
        return alpha * noised + alpha * sigma * model.predict(noised, t)

    return denoise


@torch.no_grad()
def draw(denoise: Denoise, noise: Tensor, steps: int) -> Tensor:
    """Solve the probability flow from noise (B, 2) by Heun's method; the last step denoises: (B, 2)."""
    ends = STRONGEST_NOISE ** (1 / BEND), WEAKEST_NOISE ** (1 / BEND)
    levels = [(ends[0] + k / (steps - 1) * (ends[1] - ends[0])) ** BEND for k in range(steps)]
    x = STRONGEST_NOISE * noise
    for high, low in pairwise(levels):
        slope = (x - denoise(x, high)) / high
        euler = x + (low - high) * slope
        x = x + (low - high) * (slope + (euler - denoise(euler, low)) / low) / 2
    return denoise(x, levels[-1])


def copied(x: Tensor, points: Tensor) -> Tensor:
    """Return which points (B, 2) are copies of one of the training points (N, 2): flags (B,).

    The nearest training point must be less than a third as far as the second nearest. In the plane a fresh point passes
    by chance with a probability of about a ninth, the share of the smaller disc.
    """
    near = torch.cdist(x, points).topk(2, largest=False).values
    return near[:, 0] < COPY_RATIO * near[:, 1]
