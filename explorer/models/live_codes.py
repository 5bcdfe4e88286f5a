r"""A vector-quantised autoencoder of points in the plane: one token a point, and a prior of the tokens.

$$ z(x) = \arg\min_k \| z_e(x) - e_k \|, \qquad p(x) = \sum_k p(k) \, \mathcal{N}(x; f(e_k), s_k^2 I) $$

There are few tokens, so the sum is computed exactly. Training minimises only the term of the nearest entry, which
bounds −log p(x) from above. The entries follow the encoder, as in a VQ-VAE of images.

Reference: van den Oord et al., Neural Discrete Representation Learning, 2017, https://arxiv.org/abs/1711.00937
"""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from explorer.models.live_nets import Live, hidden_widths, network, one_step
from explorer.models.vqvae import Codebook
from explorer.steps import Step

LIVE_CODES = 32
COMMITMENT, DECAY = 0.25, 0.95
LEAST = 0.02  # least standard deviation of a token's points


class LiveCodes(Live):
    """Autoencoder with `codes` tokens, and one hidden layer of `width` units on each side."""

    title = "VQ-VAE"

    def __init__(self, width: int, deeper: int, generator: torch.Generator, codes: int = LIVE_CODES):
        super().__init__()
        self.encoder = network([2, *hidden_widths(width, 1, deeper), 2], generator, quick=1)
        self.decoder = network([2, *hidden_widths(width, 1, deeper), 3], generator)
        self.book = Codebook(codes, 2)
        self.book.entries.copy_(torch.randn(codes, 2, generator=generator))
        self.prior = nn.Parameter(torch.zeros(codes))

    def decode(self, entries: Tensor) -> tuple[Tensor, Tensor]:
        """Return the mean (…, 2) and the standard deviation (…, 1) of x given entries (…, 2)."""
        theta = self.decoder(entries)
        return theta[..., :2], theta[..., 2:].sub(2).exp() + LEAST

    def log_likelihood(self, x: Tensor, entries: Tensor) -> Tensor:
        r"""Log-density $\log \mathcal{N}(x; f(e), s^2 I)$ of points (…, 2) given entries (…, 2), in nats: (…)."""
        mean, width = self.decode(entries)
        squares = ((x - mean) / width).square().sum(-1)
        return -squares / 2 - (2 * torch.pi * width.square()).log().squeeze(-1)

    def log_prob(self, x: Tensor) -> Tensor:
        """Exact log-density of points (B, 2) in nats, a sum over all tokens: (B,)."""
        return (self.log_likelihood(x[:, None], self.book.entries) + self.prior.log_softmax(0)).logsumexp(-1)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean of −log p(k) − log p(x | k) for the nearest entry k, in nats, with the commitment; the entries follow.

        Shapes: `x` (B, 2).
        """
        z = self.encoder(x)
        token = self.book.nearest(z.detach())
        entry = self.book.entries[token].clone()
        self.book.follow(z.detach(), token, DECAY, generator)
        through = z + (entry - z).detach()
        terms = self.log_likelihood(x, through) + self.prior.log_softmax(0)[token]
        return -terms.mean() + COMMITMENT * (z - entry).square().sum(-1).mean()

    @torch.no_grad()
    def sample_steps(self, n: int, *, generator: torch.Generator) -> Iterator[Step]:
        """Yield one step: draw a token, and decode it."""
        token = torch.multinomial(self.prior.softmax(0), n, replacement=True, generator=generator)
        mean, width = self.decode(self.book.entries[token])
        return one_step(mean + width * torch.randn(n, 2, generator=generator))
