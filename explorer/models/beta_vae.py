r"""A single β-VAE for every β, with a two-dimensional latent space.

Notation: image $x \in \{0, 1\}^{784}$, latent $z \in \mathbb{R}^2$, prior $p(z) = \mathcal{N}(0, I)$, encoder
$q_\phi(z \mid x, \beta) = \mathcal{N}(\mu, \sigma^2)$, decoder $p_\theta(x \mid z, \beta)$: Bernoulli pixels.

Training minimises $D + \beta R$ with distortion $D = \mathbb{E}_q[-\log p_\theta(x \mid z)]$ and rate
$R = \mathrm{KL}(q_\phi(z \mid x) \,\|\, p(z))$, both in nats per image. β is an input: it shifts and scales every layer
(FiLM), so one set of weights represents a whole family of autoencoders.

References:
    Kingma & Welling, Auto-Encoding Variational Bayes, 2014, https://arxiv.org/abs/1312.6114
    Higgins et al., β-VAE, 2017, https://openreview.net/forum?id=Sy2fzU9gl
    Alemi et al., Fixing a Broken ELBO, 2018, https://arxiv.org/abs/1711.00464 (rate and distortion)
    Burda et al., Importance Weighted Autoencoders, 2016, https://arxiv.org/abs/1509.00519
"""

import math
from collections.abc import Iterator, Sequence
from typing import cast

import torch
from torch import Tensor
from torch.autograd.functional import jvp
from torch.distributions import Bernoulli, Independent

from explorer.models.film import BetaBasis, FiLMStack
from explorer.models.images import check_images
from explorer.models.latent import (
    STARTS,
    completing_steps,
    draw,
    kl_to_prior,
    log_mean,
    log_weights,
    posterior,
)
from explorer.models.sampled import Sampled
from explorer.models.spherical import straight_path
from explorer.models.whole import check_count
from explorer.spaces import BINARY
from explorer.steps import Number, Step

LATENT = 2


class BetaVAE(Sampled):
    r"""β-VAE whose encoder and decoder take β as an input.

    $$ \mathcal{L}(x, \beta) = \mathbb{E}_{q_\phi(z \mid x, \beta)}[-\log p_\theta(x \mid z, \beta)]
       + \beta \, \mathrm{KL}(q_\phi(z \mid x, \beta) \,\|\, \mathcal{N}(0, I)) $$

    `beta` selects the network and is a float or a tensor (B,): 0, or a value in [`beta_min`, `beta_max`]. At β = 0 the
    network is a plain autoencoder: $z = \mu$, without a rate or a bound. Bounds on $\log p(x)$ always weight the KL by
    one, for every β of the network.

    Arguments:
        encoder: Hidden widths of the encoder.
        decoder: Hidden widths of the decoder.
        beta_min: Smallest β above zero.
        beta_max: Largest β.
        basis: Number of basis functions of log β that condition each layer.
        spread: Initial extra width of the codes, relative to the prior, at small β, where the KL hardly constrains
            them.
    """

    title = "2-latent β-VAE"
    space = BINARY
    represents = "the mean of q(z | x), at β = 1"
    latent = LATENT
    bits_back = True
    together = 64
    bound_draws = 500
    completes = "the decoder's mean at the code that the known pixels make most probable, found by a search"
    completions, completing_evaluations = 1, STARTS + 1
    numbers = {"log_joint": Number("log p(x, z)", "nats", curve=True)}
    cannot = {
        "log_prob": "a VAE bounds log p(x) from below; only with two latent dimensions can a grid integrate it",
        "label": "this VAE was trained without labels, so it cannot be asked for a class",
    }

    def __init__(
        self,
        encoder: Sequence[int] = (512, 512, 256),
        decoder: Sequence[int] = (256, 512, 512),
        beta_min: float = 0.01,
        beta_max: float = 100.0,
        basis: int = 12,
        spread: float = 0.0,
    ):
        super().__init__()
        self.beta_min, self.beta_max = beta_min, beta_max
        self.basis = BetaBasis(beta_min, beta_max, basis)
        self.encoder = FiLMStack([self.space.dim, *encoder, 2 * LATENT], self.basis.features)
        self.decoder = FiLMStack([LATENT, *decoder, self.space.dim], self.basis.features)
        if spread:
            self._spread_codes(spread)

    @torch.no_grad()
    def _spread_codes(self, spread: float) -> None:
        """Initialise codes $1 + s$ times as wide below β ≈ 0.03, and a decoder that rescales them."""
        log_beta = torch.linspace(math.log10(self.beta_min), math.log10(self.beta_max), 201, device="cpu")
        features = self.basis(torch.cat([log_beta.new_zeros(1), 10**log_beta]).clamp(max=self.beta_max))
        log_beta = torch.cat([log_beta[:1] - 0.5, log_beta])
        scale = 1 + spread * torch.sigmoid(-6 * (log_beta - math.log10(0.03)))
        gains = torch.linalg.lstsq(features, torch.stack([scale - 1, 1 / scale - 1], dim=-1)).solution  # (basis, 2)
        self.encoder[-1].film.weight[:LATENT] = gains[:, 0]
        self.decoder[0].film.weight[: self.decoder[0].linear.out_features] = gains[:, 1]

    def encode(self, x: Tensor, beta: float | Tensor = 1.0) -> Independent:
        r"""Approximate posterior $q_\phi(z \mid x, \beta)$.

        Shapes: `x` (B, 1, 28, 28) in [0, 1], `beta` a number or (B,). The distribution has batch shape (B,) and event
        shape (2,). At β = 0 its scale is zero, so that every draw is μ.

        Raises:
            ValueError: if `x` or `beta` is invalid; the message says what is wanted.
        """
        check_images(x, self.basis.centres.dtype)
        beta = self._betas(beta, len(x))
        mu, log_var = self.encoder(x.flatten(1), self.basis(beta)).chunk(2, dim=-1)
        sigma = torch.exp(0.5 * log_var).where(beta.unsqueeze(-1) > 0, 0)
        return posterior(mu, sigma)

    def features(self, x: Tensor) -> Tensor:
        """Mean of the posterior at β = 1: (B, 1, 28, 28) to (B, 2)."""
        return self.encode(x, 1.0).mean

    def decode(self, z: Tensor, beta: float | Tensor = 1.0) -> Independent:
        r"""Decoder $p_\theta(x \mid z, \beta)$: a Bernoulli for each pixel, event shape (1, 28, 28).

        Shapes: `z` (B, 2), `beta` a number or (B,).

        Raises:
            ValueError: if `z` or `beta` is invalid; the message says what is wanted.
        """
        dtype = self.basis.centres.dtype
        if z.ndim != 2 or z.shape[-1] != LATENT or z.dtype != dtype:
            raise ValueError(f"z must be a {dtype} tensor (B, {LATENT}), not {z.dtype} {tuple(z.shape)}")
        logits = self.decoder(z, self.basis(self._betas(beta, len(z)))).unflatten(-1, self.space.shape)
        return Independent(Bernoulli(logits=logits, validate_args=False), 3)

    def _betas(self, beta: float | Tensor, batch: int) -> Tensor:
        real = isinstance(beta, Tensor) and beta.is_floating_point()
        if not real and (isinstance(beta, bool) or not isinstance(beta, int | float)):
            kind = beta.dtype if isinstance(beta, Tensor) else type(beta).__name__
            raise ValueError(f"beta must be a float or a floating-point tensor ({batch},), not {kind}")
        betas = torch.as_tensor(beta).to(self.basis.centres)
        if betas.ndim == 0:
            betas = betas.reshape(1)  # broadcasts, so that the modulation is computed once
        inside = (betas == 0) | ((betas >= self.beta_min * (1 - 1e-6)) & (betas <= self.beta_max * (1 + 1e-6)))
        if betas.shape not in {(batch,), (1,)} or not bool(inside.all()):
            wanted = f"0, or between {self.beta_min:g} and {self.beta_max:g}"
            raise ValueError(f"beta must be a float or a tensor ({batch},), each {wanted}; got {betas.tolist()}"[:300])
        return betas

    def distortion_rate(
        self, x: Tensor, beta: float | Tensor, *, generator: torch.Generator, samples: int = 1
    ) -> tuple[Tensor, Tensor]:
        r"""Compute distortion $D$ (Monte Carlo) and rate $R$ (closed form), in nats.

        $D = \mathbb{E}_q[-\log p_\theta(x \mid z)]$.

        Shapes: `x` (B, 1, 28, 28), `beta` a number or (B,); both results (B,).

        The rate of a plain autoencoder (β = 0) is undefined: NaN.

        Reference: Alemi et al. 2018, section 2; the closed form is Kingma & Welling 2014, appendix B.

        Raises:
            ValueError: if `samples` is not a whole number from 1.
        """
        q = self.encode(x, beta)
        distortion = torch.stack(
            [-self.decode(draw(q, generator), beta).log_prob(x) for _ in range(check_count(samples, "samples"))]
        ).mean(0)
        rate = kl_to_prior(q.mean, q.stddev)
        return distortion, rate.where(self._betas(beta, len(x)) > 0, torch.nan)

    def elbo(self, x: Tensor, beta: float | Tensor = 1.0, *, generator: torch.Generator, samples: int = 1) -> Tensor:
        r"""Evidence lower bound $-D - R$ on $\log p_\theta(x)$, in nats: (B, 1, 28, 28) to (B,).

        Reference: Kingma & Welling 2014, equation 3.

        Raises:
            ValueError: if any β is 0.
        """
        self._need_posterior(beta, len(x))
        distortion, rate = self.distortion_rate(x, beta, generator=generator, samples=samples)
        return -distortion - rate

    def iwae(self, x: Tensor, beta: float | Tensor, k: int, *, generator: torch.Generator) -> Tensor:
        r"""Importance-weighted bound $\log \frac{1}{k} \sum_i p_\theta(x, z_i) / q_\phi(z_i \mid x)$, in nats: (B,).

        Shapes: `x` (B, 1, 28, 28), `beta` a number or (B,).

        Reference: Burda et al. 2016, equation 8.

        Raises:
            ValueError: if any β is 0.
        """
        return log_mean(self.log_weights(x, beta, k, generator=generator))

    def log_weights(self, x: Tensor, beta: float | Tensor, k: int, *, generator: torch.Generator) -> Tensor:
        r"""Log-weights $\log p_\theta(x, z_i) - \log q_\phi(z_i \mid x)$ of k draws, in nats: (k, B).

        Shapes: `x` (B, 1, 28, 28), `beta` a number or (B,).

        Raises:
            ValueError: if any β is 0.
        """
        self._need_posterior(beta, len(x))
        betas = self._betas(beta, len(x)).expand(len(x))

        def log_likelihood(pixels: Tensor, z: Tensor) -> Tensor:
            return self.decode(z, betas.repeat(len(z) // len(x))).log_prob(pixels)

        return log_weights(x, self.encode(x, beta), log_likelihood, k, generator=generator)

    def _need_posterior(self, beta: float | Tensor, batch: int) -> None:
        if bool((self._betas(beta, batch) == 0).any()):
            raise ValueError("β = 0 is a plain autoencoder: it has no posterior, so no bound on log p(x)")

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        r"""Mean of $(D + \beta R) / (1 + \beta)^b$ over a batch, each image with its own β and b = `balance`.

        The division balances the objectives: for large β the objective is β times as steep and would dominate. This
        family ignores `label`.

        Shapes: `x` (B, 1, 28, 28), binary; `label` (B,).
        """
        beta = self._draw_betas(len(x), recipe, generator).to(x.device)
        distortion, rate = self.distortion_rate(x, beta, generator=generator)
        objective = distortion + (beta * rate).where(beta > 0, 0)
        return (objective / (1 + beta) ** recipe["balance"]).mean()

    def _draw_betas(self, n: int, recipe: dict, generator: torch.Generator) -> Tensor:
        """Draw β log-uniformly, with skew `skew` and a share `share_at_zero` at 0; or return one fixed β."""
        if "beta" in recipe:
            return torch.full((n,), float(recipe["beta"]))
        u, plain = torch.rand(2, n, generator=generator)
        low, high = math.log10(self.beta_min), math.log10(self.beta_max)
        overshoot = 0.15  # so that both ends of the range are drawn too
        log_beta = (low - overshoot + (high - low + 2 * overshoot) * u ** recipe["skew"]).clamp(low, high)
        return (10**log_beta).clamp(self.beta_min, self.beta_max).where(plain >= recipe["share_at_zero"], 0)

    def reconstruct(self, x: Tensor, beta: float | Tensor) -> Tensor:
        """Decode the encoder's mean, and return the mean of the pixels: (B, 1, 28, 28) in [0, 1]."""
        return self.decode(self.encode(x, beta).mean, beta).mean

    def draw(self, n: int, *, generator: torch.Generator, beta: float = 1.0) -> tuple[Tensor, Tensor, Tensor]:
        r"""Draw ancestral samples: $z \sim \mathcal{N}(0, I)$, then $x \sim p_\theta(x \mid z)$.

        Shapes: codes (n, 2), the decoder's means and binary pixels, each (n, 1, 28, 28).
        """
        z = torch.randn(n, LATENT, generator=generator).to(self.basis.centres)
        means = self.decode(z, beta).mean
        noise = torch.rand(means.shape, generator=generator).to(means)
        return z, means, (noise < means).float()

    def sample_steps(self, n: int, *, generator: torch.Generator, beta: float = 1.0) -> Iterator[Step]:
        """Yield one step: the whole image at once, with the decoder's mean, from which its pixels are drawn."""
        _, mean, pixels = self.draw(n, generator=generator, beta=beta)
        yield Step(pixels, 0, 1, pictures={"mean": mean})

    @torch.no_grad()
    def interpolate_steps(self, a: Tensor, b: Tensor, places: int, *, beta: float = 1.0) -> Iterator[Step]:
        """Yield one step: the decoder's means along the straight line between the means of two images' codes.

        Shapes: `a` and `b` (1, 1, 28, 28); the step's x (places, 1, 28, 28).
        """
        start, end = self.encode(torch.cat([a, b]), beta).mean
        z = straight_path(start, end, places)
        yield Step(self.decode(z, beta).mean, 0, 1, numbers={"z": z})

    @torch.no_grad()
    def complete_steps(
        self, x: Tensor, known: Tensor, *, generator: torch.Generator, beta: float = 1.0, steps: int = 60
    ) -> Iterator[Step]:
        r"""Complete images by a search for the largest $\log p(x_\text{known} \mid z) + \log p(z)$, the `log_joint`.

        Unknown pixels are the decoder's mean at that z. Shapes: `x` (B, 1, 28, 28), `known` booleans of that shape.
        """
        self._need_posterior(beta, len(x))

        def decode(z: Tensor) -> Independent:
            return self.decode(z, beta)

        found = completing_steps(x, known, decode, LATENT, generator=generator, steps=steps)
        for index, (image, best) in enumerate(found):
            yield Step(image, index, steps + 1, index, numbers={"z": best.z, "log_joint": -best.loss})

    def stretch(self, z: Tensor, beta: float) -> tuple[Tensor, Tensor]:
        r"""Compute the local stretch of the decoder: the singular values of $\partial \hat{x} / \partial z$.

        Shapes: `z` (2,); singular values (2,), largest first, in grey levels per unit of z; directions in the plane (2,
        2), one a row.
        """

        def image(point: Tensor) -> Tensor:
            return self.decode(point.unsqueeze(0), beta).mean.flatten()

        # not torch.func.jacfwd: forward-mode levels are shared by all threads, and visitors click at the same time
        columns = [cast(Tensor, jvp(image, z, axis)[1]) for axis in torch.eye(2).to(z)]
        jacobian = torch.stack(columns, dim=1)  # (784, 2)
        _, values, directions = torch.linalg.svd(jacobian, full_matrices=False)
        return values, directions
