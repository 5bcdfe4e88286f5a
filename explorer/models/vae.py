r"""A larger VAE: a convolutional encoder and decoder with tens of latents, for binary pixels.

Notation: image $x \in \{0, 1\}^{784}$, latents $z \in \mathbb{R}^J$, prior $p(z) = \mathcal{N}(0, I)$, encoder
$q_\phi(z \mid x) = \mathcal{N}(\mu, \sigma^2)$, decoder $p_\theta(x \mid z)$: independent Bernoulli pixels.

$$ \log p_\theta(x) \ge \mathcal{L}_k(x) = \mathbb{E}_{z_1 \dots z_k \sim q}
   \Big[\log \frac{1}{k} \sum_i \frac{p_\theta(x, z_i)}{q_\phi(z_i \mid x)}\Big] \ge \mathcal{L}_1(x) = \mathrm{ELBO} $$

In two dimensions the integral over z can be computed on a grid; over J latents only these bounds are available.

References:
    Kingma & Welling, Auto-Encoding Variational Bayes, 2014, https://arxiv.org/abs/1312.6114
    Bowman et al., Generating Sentences from a Continuous Space, 2016, https://arxiv.org/abs/1511.06349 (KL annealing)
    Burda et al., Importance Weighted Autoencoders, 2016, https://arxiv.org/abs/1509.00519
    Kingma et al., Improving Variational Inference with Inverse Autoregressive Flow, 2016,
    https://arxiv.org/abs/1606.04934
        (free bits; a residual convolutional VAE)
"""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.distributions import Bernoulli, Independent

from explorer.models.images import check_images
from explorer.models.latent import (
    STARTS,
    completing_steps,
    draw,
    kl_of_each,
    log_mean,
    log_weights,
    posterior,
)
from explorer.models.layers import channels_last
from explorer.models.sampled import Sampled
from explorer.models.spherical import spherical_path, straight_path
from explorer.spaces import BINARY
from explorer.steps import Number, Step

COARSE = 7  # side of the coarsest feature maps
VAE_ROWS = 512  # decoded at once


def pixels(logits: Tensor) -> Independent:
    """Return a distribution of images with independent Bernoulli pixels of these log-odds (B, 1, 28, 28)."""
    return Independent(Bernoulli(logits=logits.float(), validate_args=False), 3)


class GaussianVAE(Sampled):
    """Base class of VAEs with `latent` Gaussian latents: the training objective, and bounds on log p(x)."""

    space = BINARY
    represents = "the mean of q(z | x)"
    latent: int
    encoder: nn.Module
    decoder: nn.Module

    def encode(self, x: Tensor) -> Independent:
        r"""Approximate posterior $q_\phi(z \mid x)$, with batch shape (B,) and event shape (J,).

        Shapes: `x` (B, 1, 28, 28) in [0, 1].

        Raises:
            ValueError: if `x` are no such images.
        """
        check_images(x)
        mu, log_var = self.encoder(x.contiguous(memory_format=torch.channels_last)).float().chunk(2, dim=-1)
        return posterior(mu, torch.exp(0.5 * log_var))

    def features(self, x: Tensor) -> Tensor:
        """Mean of the posterior: (B, 1, 28, 28) to (B, J)."""
        return self.encode(x).mean

    def decode(self, z: Tensor) -> Independent:
        r"""Decoder $p_\theta(x \mid z)$: a Bernoulli for each pixel, event shape (1, 28, 28).

        Shapes: `z` (B, J).

        Raises:
            ValueError: if `z` has another shape.
        """
        if z.ndim != 2 or z.shape[-1] != self.latent:
            raise ValueError(f"z must be (B, {self.latent}), not {tuple(z.shape)}")
        return pixels(self.decoder(z))

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        r"""Log-likelihood $\log p_\theta(x \mid z)$ in nats: images (B, 1, 28, 28) and codes (B, J) to (B,)."""
        return self.decode(z).log_prob(x)

    def terms(self, x: Tensor, *, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        r"""Compute distortion $-\log p_\theta(x \mid z)$ at one draw (B,) and the KL of each latent (B, J), in nats.

        Shapes: `x` (B, 1, 28, 28).
        """
        q = self.encode(x)
        return -self.log_likelihood(x, draw(q, generator)), kl_of_each(q.mean, q.stddev)

    def elbo(self, x: Tensor, *, generator: torch.Generator) -> Tensor:
        r"""Estimate the evidence lower bound on $\log p_\theta(x)$ from one draw, in nats: (B, 1, 28, 28) to (B,).

        Reference: Kingma & Welling 2014, equation 3.
        """
        distortion, rates = self.terms(x, generator=generator)
        return -distortion - rates.sum(-1)

    def log_weights(self, x: Tensor, k: int, *, generator: torch.Generator) -> Tensor:
        r"""Log-weights $\log p_\theta(x, z_i) - \log q_\phi(z_i \mid x)$ of k draws, in nats: (k, B).

        Shapes: `x` (B, 1, 28, 28).
        """
        return log_weights(x, self.encode(x), self.log_likelihood, k, generator=generator, rows=VAE_ROWS)

    def iwae(self, x: Tensor, k: int, *, generator: torch.Generator) -> Tensor:
        r"""Importance-weighted bound $\log \frac{1}{k} \sum_i p_\theta(x, z_i) / q_\phi(z_i \mid x)$, in nats: (B,).

        Shapes: `x` (B, 1, 28, 28).

        Reference: Burda et al. 2016, equation 8.
        """
        return log_mean(self.log_weights(x, k, generator=generator))

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        r"""Mean of $D + \beta R$ over a batch, with optional annealing of β and a floor for each latent's rate.

        β rises to the recipe's `kl_weight` over its first `annealed` epochs. A latent's mean rate in the batch below
        `free_nats` costs no less than `free_nats`.

        Shapes: `x` (B, 1, 28, 28); `label` is not used. The result is in nats.

        Reference: Kingma et al. 2016, equation 15 (free bits).
        """
        distortion, rates = self.terms(x, generator=generator)
        rate = rates.mean(0).clamp(min=recipe.get("free_nats", 0.0)).sum()
        annealed = recipe.get("annealed", 0)
        risen = min(1.0, recipe["epoch"] / annealed) if annealed else 1.0
        return distortion.mean() + risen * recipe.get("kl_weight", 1.0) * rate


class Residual(nn.Module):
    """Two convolutions with a residual connection; the second starts at zero."""

    def __init__(self, channels: int):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: `x` (B, C, H, W), as the result."""
        return x + self.second(F.silu(self.first(F.silu(x))))


def residuals(channels: int, blocks: int) -> list[nn.Module]:
    """Return residual blocks with a final SiLU."""
    return [*(Residual(channels) for _ in range(blocks)), nn.SiLU()]


class VAE(GaussianVAE):
    """Convolutional VAE.

    Arguments:
        latent: Number J of latents.
        fine: Channels at 14×14.
        coarse: Channels at 7×7.
        narrow: Channels at 7×7 at the input of the encoder's hidden layer, and at the output of the decoder's.
        hidden: Width of these hidden layers.
        blocks: Numbers of residual blocks at 14×14 and at 7×7, in the encoder and in the decoder.
    """

    title = "32-latent VAE"
    bits_back = True
    bound_draws = 100
    completes = "the decoder's mean at the code that the known pixels make most probable, found by a search"
    completions, completing_evaluations = 1, STARTS + 1
    numbers = {"log_joint": Number("log p(x, z)", "nats", curve=True)}
    cannot = {
        "log_prob": "a VAE bounds log p(x) from below; no grid reaches over so many latents to integrate it",
        "label": "this VAE was trained without labels, so it cannot be asked for a class",
    }

    def __init__(
        self,
        latent: int = 32,
        fine: int = 32,
        coarse: int = 64,
        narrow: int = 16,
        hidden: int = 256,
        blocks: tuple[int, int] = (1, 2),
    ):
        super().__init__()
        self.latent = latent
        at_fine, at_coarse = blocks
        features = narrow * COARSE**2
        self.encoder = nn.Sequential(
            nn.Conv2d(1, fine, 5, stride=2, padding=2),
            *residuals(fine, at_fine),
            nn.Conv2d(fine, coarse, 4, stride=2, padding=1),
            *residuals(coarse, at_coarse),
            nn.Conv2d(coarse, narrow, 1),
            nn.SiLU(),
            nn.Flatten(),
            nn.Linear(features, hidden),
            nn.SiLU(),
            nn.Linear(hidden, 2 * latent),
        )
        self.decoder = nn.Sequential(
            nn.Linear(latent, hidden),
            nn.SiLU(),
            nn.Linear(hidden, features),
            nn.Unflatten(-1, (narrow, COARSE, COARSE)),
            nn.Conv2d(narrow, coarse, 1),
            *residuals(coarse, at_coarse),
            nn.Conv2d(coarse, 4 * fine, 1),
            nn.PixelShuffle(2),
            *residuals(fine, at_fine),
            nn.ConvTranspose2d(fine, 1, 4, stride=2, padding=1),
        )
        channels_last(self)

    def reconstruct(self, x: Tensor) -> Tensor:
        """Decode the encoder's mean, and return the mean of the pixels: (B, 1, 28, 28) in [0, 1]."""
        return self.decode(self.encode(x).mean).mean

    @torch.no_grad()
    def sample_steps(self, n: int, *, generator: torch.Generator) -> Iterator[Step]:
        """Yield one step: codes from the prior, and pixels drawn from the decoder's mean, which it has as a picture."""
        mean = self.decode(self.codes(n, generator)).mean
        pixels = (torch.rand(mean.shape, generator=generator).to(mean) < mean).float()
        yield Step(pixels, 0, 1, pictures={"mean": mean})

    def codes(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw codes from the prior N(0, I), on the CPU: (n, latent)."""
        return torch.randn(n, self.latent, generator=generator).to(next(self.parameters()))

    @torch.no_grad()
    def interpolate_steps(self, a: Tensor, b: Tensor, places: int, *, spherical: bool = False) -> Iterator[Step]:
        """Yield one step: the decoder's means on the path between the means of two images' codes, straight by default.

        Shapes: `a` and `b` (1, 1, 28, 28); the step's x (places, 1, 28, 28).
        """
        z_a, z_b = self.encode(torch.cat([a, b])).mean
        z = (spherical_path if spherical else straight_path)(z_a, z_b, places)
        yield Step(self.decode(z).mean, 0, 1, numbers={"z": z})

    @torch.no_grad()
    def complete_steps(
        self, x: Tensor, known: Tensor, *, generator: torch.Generator, steps: int = 60
    ) -> Iterator[Step]:
        r"""Complete images by a search for the largest $\log p(x_\text{known} \mid z) + \log p(z)$, the `log_joint`.

        Unknown pixels are the decoder's mean at that z. Shapes: `x` (B, 1, 28, 28), `known` booleans of that shape.
        """
        found = completing_steps(x, known, self.decode, self.latent, generator=generator, steps=steps)
        for index, (image, best) in enumerate(found):
            yield Step(image, index, steps + 1, index, numbers={"z": best.z, "log_joint": -best.loss})
