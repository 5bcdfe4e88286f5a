r"""Functions shared by VAEs of any size: Gaussian codes, importance weights, and the search for a code.

Notation: an approximate posterior $q(z \mid x) = \mathcal{N}(\mu, \sigma^2)$ of J independent latents, the prior
$p(z) = \mathcal{N}(0, I)$, and a decoder $p(x \mid z)$. All in nats.

References:
    Kingma & Welling, Auto-Encoding Variational Bayes, 2014, https://arxiv.org/abs/1312.6114
    Burda et al., Importance Weighted Autoencoders, 2016, https://arxiv.org/abs/1509.00519
"""

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.distributions import Independent, Normal

from explorer.models.search import Found, best_starts, search_steps
from explorer.models.whole import check_count

POOL, STARTS = 256, 4  # number of candidate draws, and number of starts chosen from them
ROWS = 4_096  # decoded at once
Decoder = Callable[[Tensor], Independent]
"""Function from codes (B, J) to a distribution of images with event shape (1, 28, 28)."""
Likelihood = Callable[[Tensor, Tensor], Tensor]
"""Function from images (B, 1, 28, 28) and codes (B, J) to log p(x | z) in nats (B,)."""


def posterior(mu: Tensor, sigma: Tensor) -> Independent:
    """Gaussian of independent latents, each (B, J), with batch shape (B,) and event shape (J,)."""
    return Independent(Normal(mu, sigma, validate_args=False), 1, validate_args=False)


def standard_normal(like: Tensor) -> Independent:
    r"""Prior $\mathcal{N}(0, I)$ on the device and with the shape of `like` (B, J)."""
    return Independent(Normal(torch.zeros_like(like), torch.ones_like(like)), 1)


def kl_of_each(mu: Tensor, sigma: Tensor) -> Tensor:
    r"""KL divergence to the prior of every latent, in nats.

    $\mathrm{KL}(\mathcal{N}(\mu_j, \sigma_j^2) \,\|\, \mathcal{N}(0, 1))
    = \tfrac{1}{2} (\mu_j^2 + \sigma_j^2 - 1 - \log \sigma_j^2)$

    Shapes: all (…, J). For σ = 0 the divergence is undefined.

    Reference: Kingma & Welling 2014, appendix B.
    """
    log_var = 2 * sigma.clamp(min=torch.finfo(sigma.dtype).tiny).log()
    return 0.5 * (mu**2 + sigma**2 - 1 - log_var)


def kl_to_prior(mu: Tensor, sigma: Tensor) -> Tensor:
    r"""KL divergence of N(μ, σ²) to the prior, over latents (…, J), in nats: (…,)."""
    return kl_of_each(mu, sigma).sum(-1)


def draw(q: Independent, generator: torch.Generator) -> Tensor:
    r"""Draw $z = \mu + \sigma \odot \epsilon$ by reparameterisation, with noise from the CPU: (B, J)."""
    eps = torch.randn(q.mean.shape, generator=generator).to(q.mean)
    return q.mean + q.stddev * eps


def log_weights(
    x: Tensor, q: Independent, log_likelihood: Likelihood, k: int, *, generator: torch.Generator, rows: int = ROWS
) -> Tensor:
    r"""Log-weights $\log p(x, z_i) - \log q(z_i \mid x)$ of k draws from q, in nats: (k, B).

    With the prior as q this is $\log p(x \mid z_i)$, whose weights average to naive Monte Carlo. At most `rows` codes
    are decoded at once, or one for each image if there are more images.

    Shapes: `x` (B, 1, 28, 28).

    Raises:
        ValueError: if `k` is not a whole number from 1.
    """
    prior = standard_normal(q.mean)

    def some(k: int) -> Tensor:
        z = q.mean + q.stddev * torch.randn(k, *q.mean.shape, generator=generator).to(q.mean)  # (k, B, J)
        pixels = x.expand(k, *x.shape).flatten(0, 1)
        return log_likelihood(pixels, z.flatten(0, 1)).view(k, -1) + prior.log_prob(z) - q.log_prob(z)

    at_once = max(1, rows // len(x))
    return torch.cat([some(min(at_once, k - start)) for start in range(0, check_count(k, "k"), at_once)])


def log_mean(log_weights: Tensor) -> Tensor:
    r"""Compute $\log \frac{1}{k} \sum_i w_i$ of log-weights (k, B): (B,). Reference: Burda et al. 2016, equation 8."""
    return torch.logsumexp(log_weights, dim=0) - math.log(len(log_weights))


def completing_steps(
    x: Tensor, known: Tensor, decode: Decoder, latent: int, *, generator: torch.Generator, steps: int
) -> Iterator[tuple[Tensor, Found]]:
    r"""Complete images by a search for the largest $\log p(x_\text{known} \mid z) + \log p(z)$.

    Each step yields the images, with the decoder's mean at unknown pixels, and the state of the search.

    Shapes: `x` (B, 1, 28, 28), `known` booleans of that shape.
    """

    def loss(z: Tensor, pixels: Tensor, kept: Tensor) -> Tensor:
        likely = decode(z).base_dist.log_prob(pixels) * kept
        return -likely.sum((1, 2, 3)) - standard_normal(z).log_prob(z)

    pool = torch.randn(POOL, latent, generator=generator).to(x)
    starts = best_starts(pool, torch.stack([loss(pool, *pair) for pair in zip(x, known)]), STARTS)
    pairs = [each.repeat_interleave(STARTS, 0) for each in (x, known)]
    for found in search_steps(starts, lambda z: loss(z, *pairs), steps=steps):
        yield torch.where(known, x, decode(found.z).mean), found
