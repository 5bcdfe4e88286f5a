r"""A VQ-VAE: an image becomes a grid of 7×7 tokens, each the nearest entry of a codebook; a prior draws such grids.

Notation: the encoder's $z_e(x)$, 49 vectors of D numbers; the codebook $e_1, \dots, e_K \in \mathbb{R}^D$; the tokens

$$ z_i(x) = \arg\min_k \| z_e(x)_i - e_k \|; $$

and the decoder's pixels $p(x \mid z)$, which are independent given the tokens. The decoder's input is
$z_q = z_e + \operatorname{sg}[e_z - z_e]$: its value is that of the entries, its gradient that of the encoder's output
(*straight-through*).

$$ L = -\log p(x \mid z_q) + \beta \, \| z_e - \operatorname{sg}[e_z] \|^2 $$

The entries are not parameters: each is the running mean of the outputs assigned to it. Then the encoder is frozen, and
a transformer learns $p(z \mid y)$ (`explorer/models/prior.py`). z(x) is one of the grids that can generate x, so

$$ \log p(x) = \log \sum_z p(z) \, p(x \mid z) \;\ge\; \log p(z(x)) + \log p(x \mid z(x)). $$

References:
    van den Oord et al., Neural Discrete Representation Learning, 2017, https://arxiv.org/abs/1711.00937
    Razavi et al., Generating Diverse High-Fidelity Images with VQ-VAE-2, 2019, https://arxiv.org/abs/1906.00446
    Dhariwal et al., Jukebox, 2020, https://arxiv.org/abs/2005.00341 (rarely used codes are reset)
"""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.images import check_label
from explorer.models.layers import channels_last
from explorer.models.levels import BinaryLevels, Levels, LogisticMixture, draw_level
from explorer.models.model import Model
from explorer.models.prior import Cache, TokenPrior
from explorer.models.spherical import straight_path
from explorer.spaces import BINARY, LEVELS
from explorer.steps import Number, Step

GRID = 7
TOKENS = GRID * GRID
PATCH = 4  # pixels on the side of a token's patch
REVIVED_BELOW = 0.2  # a code with less than this share of the mean use is reset
PARTICLES = 16


class Residual(nn.Module):
    """A residual block of two convolutions."""

    def __init__(self, channels: int):
        super().__init__()
        self.near = nn.Conv2d(channels, channels, 3, padding=1)
        self.mix = nn.Conv2d(channels, channels, 1)

    def forward(self, h: Tensor) -> Tensor:
        """Shapes: (B, C, 7, 7), and so is the result."""
        return h + self.mix(F.relu(self.near(F.relu(h))))


class Codebook(nn.Module):
    """K codes of D numbers, each the running mean of the encoder outputs nearest to it.

    Arguments:
        codes: K.
        dim: D.
    """

    entries: Tensor
    counts: Tensor
    sums: Tensor

    def __init__(self, codes: int, dim: int):
        super().__init__()
        self.register_buffer("entries", torch.randn(codes, dim))
        self.register_buffer("counts", torch.zeros(codes))  # running mean of the number assigned in a batch
        self.register_buffer("sums", torch.zeros(codes, dim))  # and of their sum

    def nearest(self, z: Tensor) -> Tensor:
        """Return the index of the nearest entry: (…, D) to (…)."""
        with torch.autocast(z.device.type, enabled=False):
            return (self.entries.square().sum(-1) - 2 * z @ self.entries.T).argmin(-1)

    @torch.no_grad()
    def follow(
        self,
        z: Tensor,
        tokens: Tensor,
        decay: float,
        generator: torch.Generator,
        revived_below: float = REVIVED_BELOW,
        odds: Tensor | None = None,
    ) -> None:
        """Move the entries towards the means of the outputs assigned to them; reset rarely used entries to outputs.

        Arguments:
            revived_below: Share of the mean use, below which an entry is reset.
            odds: Odds (N,) of the outputs to become an entry; all alike if None.

        Shapes: `z` (N, D), `tokens` (N,).

        Reference: van den Oord et al. 2017, appendix A.1; Dhariwal et al. 2020, section 3.1.
        """
        codes = len(self.entries)
        assigned = F.one_hot(tokens, codes).to(z)
        self.counts.lerp_(assigned.sum(0), 1 - decay)
        self.sums.lerp_(torch.zeros_like(self.sums).index_add_(0, tokens, z), 1 - decay)
        alike = len(z) / codes
        dead = (self.counts < revived_below * alike).unsqueeze(-1)
        if odds is None:
            chosen = torch.randint(len(z), (codes,), generator=generator)
        else:
            chosen = torch.multinomial(odds.cpu(), codes, replacement=True, generator=generator)
        found = z[chosen.to(z.device)]
        self.counts.copy_(self.counts.where(~dead[:, 0], alike))
        self.sums.copy_(self.sums.where(~dead, alike * found))
        self.entries.copy_(self.sums / self.counts.unsqueeze(-1))


class VQVAE(Model):
    r"""Autoencoder with 7×7 tokens and their prior.

    Arguments:
        codes: K, the size of the codebook.
        dim: D, the dimension of a code.
        channels: Width of the encoder and the decoder.
        blocks: Number of residual blocks in each of them.
        levels: 2 or 256 grey levels.
        components: Number of logistics in the mixture for 256 levels.
        classes: Number of labels of the prior.
        commitment: β, the weight of the commitment loss.
        prior_width: Width of the prior's features at each position.
        prior_layers: Number of blocks of the prior.
    """

    title = "VQ-VAE"
    represents = "the entries of the 49 tokens"
    numbers = {"log_prob": Number("log p of the token, given those before it", "nats", curve=True)}
    completes = "tokens of whole patches are kept, the others drawn given these, by 16 particles; approximate"
    bound_draws = 1  # it needs no random draws
    completing_evaluations = PARTICLES
    cannot = {"log_prob": "the grids of tokens that could have made an image are too many to sum over: one bounds it"}

    def __init__(
        self,
        codes: int = 64,
        dim: int = 16,
        channels: int = 96,
        blocks: int = 2,
        levels: int = 2,
        components: int = 1,
        classes: int = 10,
        commitment: float = 0.25,
        prior_width: int = 128,
        prior_layers: int = 4,
    ):
        super().__init__()
        self.levels, self.classes, self.commitment = levels, classes, commitment
        self.space = BINARY if levels == 2 else LEVELS
        self.outputs = 1 if levels == 2 else 3 * components
        narrow = channels // 2
        self.encoder = nn.Sequential(
            nn.Conv2d(1, narrow, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(narrow, channels, 4, stride=2, padding=1),
            *(Residual(channels) for _ in range(blocks)),
            nn.ReLU(),
            nn.Conv2d(channels, dim, 1),
        )
        self.codebook = Codebook(codes, dim)
        self.decoder = nn.Sequential(
            nn.Conv2d(dim, channels, 3, padding=1),
            *(Residual(channels) for _ in range(blocks)),
            nn.ReLU(),
            nn.ConvTranspose2d(channels, narrow, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.ConvTranspose2d(narrow, self.outputs, 4, stride=2, padding=1),
        )
        self.prior = TokenPrior(TOKENS, codes, classes, prior_width, prior_layers)
        channels_last(self)

    def z_e(self, x: Tensor) -> Tensor:
        """Compute the encoder's outputs: (B, 1, 28, 28) to (B, 49, D)."""
        x = (2 * x - 1).contiguous(memory_format=torch.channels_last)
        return self.encoder(x).flatten(2).transpose(1, 2).float()

    def encode(self, x: Tensor) -> Tensor:
        """Encode images as tokens: (B, 1, 28, 28) to (B, 49), rows from the top.

        Raises:
            ValueError: if `x` are no images of this space.
        """
        self.space.check(x)
        return self.codebook.nearest(self.z_e(x))

    def features(self, x: Tensor) -> Tensor:
        """Return the entries of an image's tokens: (B, 1, 28, 28) to (B, 49 · D)."""
        return self.codebook.entries[self.encode(x)].flatten(1)

    def pixels(self, z_q: Tensor) -> Levels:
        """Distribution of every pixel: z_q (B, 49, D) to batch shape (B, 1, 28, 28)."""
        grid = z_q.transpose(1, 2).unflatten(2, (GRID, GRID)).contiguous(memory_format=torch.channels_last)
        parameters = self.decoder(grid).float().permute(0, 2, 3, 1).unsqueeze(1)  # (B, 1, 28, 28, outputs)
        return BinaryLevels(parameters) if self.levels == 2 else LogisticMixture(parameters)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Loss of the codes in the first cycle, and of the prior in the second, both means over images, in nats.

        Shapes: `x` (B, 1, 28, 28), `label` (B,).
        """
        return (self.prior_loss if recipe["cycle"] else self.codes_loss)(x, recipe, generator, label)

    def codes_loss(self, x: Tensor, recipe: dict, generator: torch.Generator, label: Tensor) -> Tensor:
        """Sum of −log p(x | z_q), the commitment loss and the rate of the tokens; the entries are updated.

        The rate is −log p(z) under the prior, which learns at the same time. The encoder receives its gradient through
        a soft assignment to the codes, with the weight `rate_weight`: its tokens become easier to predict.

        Shapes: `x` (B, 1, 28, 28); `label` is not used. The result is in nats.

        Reference: Agustsson et al., Soft-to-Hard Vector Quantization, 2017, https://arxiv.org/abs/1704.00648
        """
        z_e = self.z_e(x)
        tokens = self.codebook.nearest(z_e)
        entries = self.codebook.entries[tokens]
        distortion = -self.pixels(z_e + (entries - z_e).detach()).log_prob(x).flatten(1).sum(-1)
        commitment = (z_e - entries).square().sum((1, 2))
        loss = distortion + self.commitment * commitment
        if recipe["rate_weight"]:
            log_probs = self.prior(tokens).log_softmax(-1)
            leaning = (-torch.cdist(z_e, self.codebook.entries.expand(len(x), -1, -1)).square()).softmax(-1)
            paid = -(leaning * log_probs.detach()).sum((1, 2))
            learnt = -log_probs.gather(-1, tokens.unsqueeze(-1)).sum((1, 2))
            loss = loss + recipe["rate_weight"] * paid + learnt
        self.codebook.follow(z_e.detach().flatten(0, 1), tokens.flatten(), recipe["codes_decay"], generator)
        return loss.mean()

    def prior_loss(self, x: Tensor, recipe: dict, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean of −log p(z(x) | y) in nats, with y dropped with probability `label_dropout`; the tokens are fixed.

        Shapes: `x` (B, 1, 28, 28), `label` (B,).
        """
        with torch.no_grad():
            tokens = self.codebook.nearest(self.z_e(x))
        dropped = torch.rand(len(x), generator=generator).to(x.device) < recipe["label_dropout"]
        return -self.prior.log_probs(tokens, label.where(~dropped, self.classes)).sum(-1).mean()

    def decode(self, tokens: Tensor) -> Levels:
        """Distribution of every pixel, given tokens (B, 49): batch shape (B, 1, 28, 28)."""
        return self.pixels(self.codebook.entries[tokens])

    @torch.no_grad()
    def reconstruct(self, x: Tensor) -> Tensor:
        """Reconstruct an image as the decoder's means for its tokens: (B, 1, 28, 28) in [0, 1]."""
        return self.decode(self.encode(x)).mean

    def elbo(self, x: Tensor, *, label: Tensor | None = None, generator: torch.Generator | None = None) -> Tensor:
        """Lower bound log p(z(x)) + log p(x | z(x)) on log p(x), in nats: (B,). It needs no random draws.

        Shapes: `x` (B, 1, 28, 28); `label` (B,) or None for any.

        Reference: van den Oord et al. 2017, section 3.2.
        """
        tokens = self.encode(x)
        return -self.rate(tokens, label) - self.distortion(x, tokens)

    def rate(self, tokens: Tensor, label: Tensor | None = None) -> Tensor:
        """Rate −log p(z) of tokens (B, 49), in nats: (B,)."""
        return -self.prior.log_probs(tokens, label).sum(-1)

    def distortion(self, x: Tensor, tokens: Tensor) -> Tensor:
        """Distortion −log p(x | z), in nats: images (B, 1, 28, 28) and tokens (B, 49) to (B,)."""
        return -self.decode(tokens).log_prob(x).flatten(1).sum(-1)

    @torch.no_grad()
    def token_steps(self, u: Tensor, label: Tensor | None = None) -> Iterator[tuple[Tensor, Tensor]]:
        """Draw tokens one by one; yield the grid (n, 49), −1 for tokens to come, and the token's log-probability (n,).

        Shapes: `u` (n, 49) in [0, 1), at which each token inverts its cumulative distribution; `label` (n,).

        Raises:
            ValueError: if the label is invalid.
        """
        label = None if label is None else check_label(label, len(u), self.classes)
        cache, u = Cache(self.prior, self.prior.label_or_any(label, len(u))), u.to(self.prior.place)
        tokens = torch.full(u.shape, -1, device=u.device)
        for index in range(TOKENS):
            log_probs = cache.logits().log_softmax(-1)
            tokens[:, index] = token = draw_level(log_probs, u[:, index])
            cache.append(token)
            yield tokens.clone(), log_probs.gather(-1, token.unsqueeze(-1))[:, 0]

    def sample_steps(self, n: int, *, generator: torch.Generator, label: Tensor | None = None) -> Iterator[Step]:
        """Draw n images token by token; each step decodes the image, with the most frequent code for tokens to come.

        x are pixels drawn from the decoder's distributions, always with the same noise; the picture `p` is their means.

        Shapes: `label` (n,) or None for any; every x (n, 1, 28, 28).
        """
        u, noise = self.noise(n, generator)
        for index, (tokens, log_prob) in enumerate(self.token_steps(u, label)):
            yield self.step_after(tokens, noise, index, {"log_prob": log_prob, "tokens": tokens})

    def sample(self, n: int, *, generator: torch.Generator, label: Tensor | None = None) -> Tensor:
        """Draw images (n, 1, 28, 28), the last x of `sample_steps`, decoded only once."""
        u, noise = self.noise(n, generator)
        *_, (tokens, _) = self.token_steps(u, label)
        return self.step_after(tokens, noise, TOKENS - 1).x

    def noise(self, n: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Draw uniform numbers for n grids of tokens, (n, 49), and for their pixels, (n, 1, 28, 28)."""
        return torch.rand(n, TOKENS, generator=generator), torch.rand(n, *self.space.shape, generator=generator)

    @torch.no_grad()
    def step_after(self, tokens: Tensor, noise: Tensor, index: int, numbers: dict[str, Tensor] | None = None) -> Step:
        """Return the step after token `index`, from the tokens so far (n, 49) and the noise of the pixels (n, …)."""
        pixels = self.decode(tokens.where(tokens >= 0, self.codebook.counts.argmax()))
        known = patches(torch.arange(TOKENS) <= index)
        x = pixels.draw(noise.to(pixels.mean))
        return Step(x, index, TOKENS, index, {"p": pixels.mean}, numbers or {}, known)

    @torch.no_grad()
    def complete_steps(
        self, x: Tensor, known: Tensor, *, generator: torch.Generator, label: Tensor | None = None
    ) -> Iterator[Step]:
        """Keep the tokens of fully known patches, and draw the others given these, by a particle filter.

        Each image has 16 grids, drawn in parallel token by token. At a kept token, the weight of a grid is the
        probability that it assigned to this token, and grids are resampled by weight. At the end one grid of each image
        is drawn, weighted by the likelihood of all known pixels. The encoder sees unknown pixels as black, so tokens at
        the border may differ from those of the whole image.

        Shapes: `x` (n, 1, 28, 28); `known` booleans of that shape.

        Reference: Doucet et al., Sequential Monte Carlo Methods in Practice, 2001, chapter 1.

        Raises:
            ValueError: if `x` or the label is invalid.
        """
        n, (_, noise) = len(x), self.noise(len(x), generator)
        label = None if label is None else check_label(label, n, self.classes)
        u = torch.rand(n * PARTICLES, TOKENS, generator=generator).to(x)
        shares = torch.rand(n, TOKENS + 1, generator=generator).to(x)
        given = self.encode(x * known).repeat_interleave(PARTICLES, 0)
        kept = whole(known).repeat_interleave(PARTICLES, 0)
        cache = Cache(self.prior, self.prior.label_or_any(label, n).repeat_interleave(PARTICLES))
        tokens = torch.full_like(given, -1)
        for index in range(TOKENS):
            log_probs, here = cache.logits().log_softmax(-1), kept[:, index]
            tokens[:, index] = given[:, index].where(here, draw_level(log_probs, u[:, index]))
            cache.append(tokens[:, index])
            if bool(here.any()):
                weights = log_probs.gather(-1, given[:, index : index + 1])[:, 0] * here
                which = resample(weights.view(n, PARTICLES), shares[:, index])
                tokens = tokens[which]
                cache.choose(which)
            if index == TOKENS - 1:
                tokens = tokens[self.likeliest(x, known, tokens, shares[:, -1])]
            step = self.step_after(tokens[::PARTICLES], noise, index)
            drawn = torch.where(known, x, step.x)
            yield Step(drawn, index, TOKENS, index, {"p": torch.where(known, x, step.pictures["p"])}, step.numbers)

    def likeliest(self, x: Tensor, known: Tensor, tokens: Tensor, u: Tensor) -> Tensor:
        """Draw one final grid for each image, weighted by the likelihood of its known pixels: (n · particles,).

        Shapes: `x` and the booleans `known` (n, 1, 28, 28), `tokens` (n · particles, 49), `u` (n,).
        """
        each = self.decode(tokens).log_prob(x.repeat_interleave(PARTICLES, 0))
        weights = (each * known.repeat_interleave(PARTICLES, 0)).flatten(1).sum(-1).view(len(x), PARTICLES)
        one = draw_level(weights.log_softmax(-1), u) + PARTICLES * torch.arange(len(x), device=x.device)
        return one.repeat_interleave(PARTICLES)

    @torch.no_grad()
    def interpolate_steps(self, a: Tensor, b: Tensor, places: int) -> Iterator[Step]:
        """Yield one step: the straight line between two images' encoder outputs, quantised to tokens at each place.

        Shapes: `a` and `b` (1, 1, 28, 28); the step's x, the decoder's means, (places, 1, 28, 28).
        """
        start, end = self.z_e(torch.cat([a, b])).flatten(1)
        path = straight_path(start, end, places).unflatten(1, (TOKENS, -1))
        yield Step(self.decode(self.codebook.nearest(path)).mean, 0, 1)


def patches(tokens: Tensor) -> Tensor:
    """Repeat values of tokens (…, 49) over the pixels of their patches: (…, 1, 28, 28)."""
    grid = tokens.unflatten(-1, (1, GRID, GRID))
    return grid.repeat_interleave(PATCH, -1).repeat_interleave(PATCH, -2)


def whole(known: Tensor) -> Tensor:
    """Return whether each patch is fully known: (n, 1, 28, 28) to (n, 49)."""
    return known[:, 0].unflatten(-1, (GRID, PATCH)).unflatten(-3, (GRID, PATCH)).all(-1).all(-2).flatten(1)


def resample(log_weights: Tensor, u: Tensor) -> Tensor:
    """Resample particles in proportion to their weights, by one uniform number for each image.

    Shapes: `log_weights` (n, P), `u` (n,); the result (n · P,), each image's among its own.

    Reference: Carpenter et al., Improved Particle Filter for Nonlinear Problems, 1999 (systematic resampling).
    """
    n, count = log_weights.shape
    places = (torch.arange(count, device=u.device) + u.unsqueeze(-1)) / count
    cumulative = log_weights.softmax(-1).cumsum(-1)
    which = torch.searchsorted(cumulative.contiguous(), places.contiguous()).clamp(max=count - 1)
    return (which + count * torch.arange(n, device=u.device).unsqueeze(-1)).flatten()
