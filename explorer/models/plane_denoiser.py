r"""Denoising autoencoders of points in the plane, one for each noise level; their denoising residual is a score.

$$ r_\sigma = \arg\min_r \mathbb{E} \|r(x + \sigma \epsilon) - x\|^2 \quad \Rightarrow \quad
   \frac{r_\sigma(x) - x}{\sigma^2} = \nabla \log p_\sigma(x), \qquad p_\sigma = p * \mathcal{N}(0, \sigma^2 I) $$

For every σ, this is the score of the density of noised points. Only for σ → 0 is it the score of p itself, up to terms
of order σ². Each network is scaled by its noise level, and predicts the change of its input:
$r_\sigma(x) = x + \sigma f_\sigma(x)$.

References:
    Miyasawa, An Empirical Bayes Estimator of the Mean of a Normal Population, 1961
    Vincent, A Connection Between Score Matching and Denoising Autoencoders, 2011
    Alain & Bengio, What Regularized Auto-Encoders Learn from the Data Generating Distribution, 2014,
        https://arxiv.org/abs/1211.4246
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from explorer.models.autoencoder import NO_DENSITY, NO_SAMPLE, dense
from explorer.models.layers import Layers, linear
from explorer.models.model import Model
from explorer.spaces import PLANE


class PlaneDenoiser(Model):
    """A network of two hidden layers for each noise level.

    Arguments:
        sigmas: Noise levels σ.
        width: Units in each layer.
    """

    title, family, space = "Denoising autoencoder", "denoising autoencoder", PLANE
    loss_unit = "half the squared error ÷ σ²"
    cannot = {
        "log_prob": NO_DENSITY,
        "sample": NO_SAMPLE,
        "label": "the points have no classes",
        "complete": "it was never shown a point with a coordinate missing",
        "interpolate": "in the plane there is no narrower code between two points",
    }

    def __init__(self, sigmas: Sequence[float] = (0.05, 0.1, 0.2, 0.4, 0.8), width: int = 64):
        super().__init__()
        self.sigmas = tuple(sigmas)
        self.nets = Layers(dense([2, width, width, 2]) for _ in sigmas)
        with torch.no_grad():  # start with features that vary quickly over the plane
            for net in self.nets:
                linear(net, 0).weight *= 4

    def reconstruct(self, x: Tensor, sigma: float) -> Tensor:
        """Reconstruct points (B, 2) with the network of noise level σ, one of `sigmas`: (B, 2)."""
        return x + sigma * self.nets[self.sigmas.index(sigma)](x)

    def residual(self, x: Tensor, sigma: float) -> Tensor:
        r"""Denoising residual over σ², $(r(x) - x) / \sigma^2$, at points (B, 2): (B, 2)."""
        return (self.reconstruct(x, sigma) - x) / sigma**2

    @torch.no_grad()
    def anomaly_score(self, x: Tensor, *, generator: torch.Generator) -> Tensor:
        """Length of the denoising residual at points (B, 2) for the middle noise level: (B,); no random draws."""
        return (self.reconstruct(x, self.sigmas[len(self.sigmas) // 2]) - x).norm(dim=-1)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        r"""Mean over all noise levels of $\|r(x + \sigma \epsilon) - x\|^2 / 2 \sigma^2$; `x` is (B, 2)."""
        losses = []
        for sigma in self.sigmas:
            noised = x + sigma * torch.randn(x.shape, generator=generator).to(x)
            losses.append(((self.reconstruct(noised, sigma) - x) / sigma).square().sum(-1).mean() / 2)
        return torch.stack(losses).mean()
