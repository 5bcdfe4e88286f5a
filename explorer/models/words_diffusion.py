r"""Words become scenes by rectified flow: a transformer moves noise to latents along nearly straight lines.

A frozen autoencoder gives latents z. Between noise and latents lies a line, whose direction the network learns:

$$ z_t = (1 - t) \, \epsilon + t \, z, \qquad
   L = \mathbb{E}_{z, \epsilon, t} \left\| v_\theta(z_t, t, \text{words}) - (z - \epsilon) \right\|^2 $$

Training times have a logit-normal density, $t = \operatorname{sigmoid}(n)$, $n \sim \mathcal{N}(0, 1)$: the middle is
hardest. Euler steps of $dz / dt = \tilde v$ draw, with guidance g:

$$ \tilde v = v_\theta(z_t, t, \varnothing) + g \, (v_\theta(z_t, t, \text{words}) - v_\theta(z_t, t, \varnothing)) $$

Negative words stand in place of ∅, so that guidance leads away from what they name.

A position of the transformer is a patch of 2×2 latents, which is 8×8 pixels. The time scales, shifts and gates each
block. One layer computes this for all blocks, and each adds a table of its own.

References:
    Liu et al., Flow Straight and Fast, 2023, https://arxiv.org/abs/2209.03003 (equation 1)
    Esser et al., Scaling Rectified Flow Transformers for High-Resolution Image Synthesis, 2024,
    https://arxiv.org/abs/2403.03206 (equation 19: the times)
    Peebles & Xie, Scalable Diffusion Models with Transformers, 2023, https://arxiv.org/abs/2212.09748
    Chen et al., PixArt-α, 2023, https://arxiv.org/abs/2310.00426 (section 2.3: one layer for all blocks)
    Ho & Salimans, Classifier-Free Diffusion Guidance, 2021, https://arxiv.org/abs/2207.12598
"""

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.scene_autoencoder import LATENT_SIDE, SceneAutoencoder
from explorer.models.spherical import spherical_path
from explorer.models.unet import time_features
from explorer.models.whole import check_count
from explorer.models.words import (
    NO_WORDS,
    Edit,
    End,
    Filled,
    Keys,
    WordsDrawer,
    WordsTransformer,
    drop_words,
    guided,
    with_and_without,
)
from explorer.steps import Step

TIME_SCALE = 1_000  # of the sinusoidal features
MODULATIONS = 6  # scale, shift and gate, of the attention and of the network


class WordsDiffusion(WordsDrawer[SceneAutoencoder]):
    """Rectified flow from noise to the latents of scenes, given words.

    Arguments:
        autoencoder: Name of the network whose latents it draws.
        latents: Channels of these latents.
        width, heads, blocks: Size of the transformer.
        patch: Side of a patch, in latents.
    """

    title = "Diffusion from words"
    loss_unit = "mean squared error of the velocity"
    completes = (
        "known latents are put back at every step, with that step's noise: ≈ p(rest | known, words), not equal to it"
    )
    interpolating_evaluations = 2
    cannot = {
        "log_prob": "the density of latents is not one of pixels",
        "label": "it reads words and not classes",
        "odd": "it has no density of scenes, only a velocity of latents",
        "compress": "a coder needs probabilities of symbols, and its latents are real numbers without any",
    }

    def __init__(
        self,
        autoencoder: str = "autoencoder-scenes",
        latents: int = 4,
        width: int = 176,
        heads: int = 4,
        blocks: int = 6,
        patch: int = 2,
    ):
        super().__init__()
        self.draws_in, self.latents, self.patch, self.width = autoencoder, latents, patch, width
        self.side = LATENT_SIDE // patch
        self.stem = nn.Linear(latents * patch**2, width)
        self.places = nn.Parameter(0.02 * torch.randn(self.side**2, width))
        self.trunk = WordsTransformer(width, heads, blocks, modulated=True)
        self.time = nn.Sequential(nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        self.modulation = nn.Linear(width, MODULATIONS * width)
        self.tables = nn.Parameter(torch.zeros(blocks, MODULATIONS, width))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, latents * patch**2)
        for layer in (self.modulation, self.head):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def velocity(
        self,
        z: Tensor,
        t: Tensor,
        prompt: list[Keys],
        kept: list[Tensor] | None = None,
        edit: Edit | None = None,
    ) -> Tensor:
        """Predict the velocity at latents (B, C, 12, 12) and times (B,), given the words of `trunk.read`: as `z`.

        Arguments:
            kept: List to which every block's attention to words is added, (B, heads, 36, 13).
            edit: Replaces this attention in every block before it is used.
        """
        shared = self.modulation(self.time(time_features(TIME_SCALE * t, self.width))).unflatten(-1, (MODULATIONS, -1))
        modulations = [(shared + table).unsqueeze(2).unbind(1) for table in self.tables]
        h = self.stem(F.pixel_unshuffle(z, self.patch).flatten(2).transpose(1, 2)) + self.places
        h = self.head(self.norm(self.trunk(h, prompt, modulations=modulations, kept=kept, edit=edit)))
        return F.pixel_shuffle(h.transpose(1, 2).unflatten(2, (self.side, self.side)), self.patch).float()

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean squared error of the velocity; a share `words_dropout` of the captions is dropped.

        Shapes: `x` (B, 3, 48, 48) in [0, 1]; `label` (B, 13), the captions.
        """
        with torch.no_grad():
            z = self.codec.encode(x)
        eps = torch.randn(z.shape, generator=generator).to(z)
        t = torch.randn(len(z), generator=generator).sigmoid().to(z)
        prompt = self.trunk.read(drop_words(label, recipe["words_dropout"], generator))
        return F.mse_loss(self.velocity(between(eps, z, t), t, prompt), z - eps)

    @torch.no_grad()
    def sample_steps(
        self, n: int, *, generator: torch.Generator, tokens: Tensor, steps: int = 20, maps: bool = False, **how: Any
    ) -> Iterator[Step]:
        """Draw n scenes for captions (n, 13); each step shows the scene that the velocity points to.

        Step i ends at the time (i + 1) / steps. Its numbers have the latents `z` (n, C, 12, 12). With `maps`, they have
        the attention of each block to the words, too, as a mean over heads: `attention` (n, blocks, 36, 13).

        Arguments:
            how: Further arguments of `walk`: `guidance` and `negative`.
        """
        kept: list[Tensor] | None = [] if maps else None
        for index, (z, v) in enumerate(self.walk(n, generator, tokens, steps, kept=kept, **how)):
            t, numbers = (index + 1) / steps, {"z": z}
            if kept is not None:
                numbers["attention"] = torch.stack([weights[:n].mean(1) for weights in kept], dim=1)
                kept.clear()
            yield Step(self.codec.decode(z + (1 - t) * v), index, steps, t, numbers=numbers)

    def fill(
        self,
        given: Tensor,
        kept: Tensor,
        generator: torch.Generator,
        tokens: Tensor,
        steps: int = 20,
        guidance: float = 4.0,
    ) -> Iterator[Filled]:
        """Draw the latents that are not kept: before each step the kept ones return to their own noisy line.

        At the end they are the given ones. The kept latents at time t do not depend on what was drawn so far, so this
        only approximates p(rest | known, words).

        Shapes: `given` (n, C, 12, 12); `kept` booleans (n, 12, 12); `tokens` (n, 13).

        Reference: Lugmayr et al., RePaint, 2022, https://arxiv.org/abs/2201.09865 (section 4.1, without resampling).
        """
        kept, prompt = kept.unsqueeze(1), self.trunk.read(with_and_without(tokens))
        eps = self.noise(len(given), generator)
        z = eps
        for index in range(check_count(steps, "steps")):
            t = torch.full((len(given),), index / steps).to(z)
            z = torch.where(kept, between(eps, given, t), z)
            v = guided(*self.velocity(torch.cat([z, z]), torch.cat([t, t]), prompt).chunk(2), guidance)
            z, rest = z + v / steps, 1 - (index + 1) / steps
            yield Filled(torch.where(kept, given, z + rest * v), index, steps, 1 - rest)

    @torch.no_grad()
    def between_words_steps(
        self, first: End, second: End, places: int, steps: int = 20, guidance: float = 4.0
    ) -> Iterator[Step]:
        """Draw scenes from noise on the arc between two noises, and from words mixed in equal steps.

        Encoded words at one place of both prompts are mixed linearly. Where a prompt has fewer words, those of the
        nearer end count. Each end is the first scene that `sample_steps` draws of its words and its seed.
        """
        (from_tokens, from_seed), (to_tokens, to_seed) = first, second
        start, end = (self.noise(1, torch.Generator().manual_seed(seed))[0] for seed in (from_seed, to_seed))
        z, shares = spherical_path(start, end, places), torch.linspace(0, 1, places).to(self.places)
        encoded, hidden = self.trunk.encoder(torch.stack([from_tokens, to_tokens]).to(self.places.device))
        mixed = torch.lerp(encoded[:1], encoded[1:], shares.view(-1, 1, 1))
        unread = torch.where(shares.view(-1, 1) < 0.5, hidden[:1], hidden[1:])
        free, none = self.trunk.encoder(NO_WORDS.to(self.places.device).expand(places, -1))
        prompt = self.trunk.keys(torch.cat([mixed, free]), torch.cat([unread, none]))
        for index in range(check_count(steps, "steps")):
            t = torch.full((2 * places,), index / steps).to(z)
            v = guided(*self.velocity(torch.cat([z, z]), t, prompt).chunk(2), guidance)
            z = z + v / steps
            yield Step(self.codec.decode(z + (1 - (index + 1) / steps) * v), index, steps, (index + 1) / steps)

    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw latents from the standard normal: (n, C, 12, 12)."""
        return torch.randn(n, self.latents, LATENT_SIDE, LATENT_SIDE, generator=generator).to(self.places)

    def walk(
        self,
        n: int,
        generator: torch.Generator,
        tokens: Tensor,
        steps: int = 20,
        guidance: float = 4.0,
        negative: Tensor | None = None,
        kept: list[Tensor] | None = None,
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Make Euler steps from noise; yield the latents after each and its velocity, both (n, C, 12, 12).

        Reference: Liu et al. 2023, section 2.1.
        """
        both = guidance != 1
        prompt = self.trunk.read(with_and_without(tokens, negative) if both else tokens)
        z = self.noise(n, generator)
        for index in range(check_count(steps, "steps")):
            t = torch.full((len(tokens) * (1 + both),), index / steps).to(z)
            v = self.velocity(torch.cat([z, z]) if both else z, t, prompt, kept)
            v = guided(*v.chunk(2), guidance) if both else v
            z = z + v / steps
            yield z, v


def between(eps: Tensor, z: Tensor, t: Tensor) -> Tensor:
    r"""Points $z_t = (1 - t) \, \epsilon + t \, z$ on the lines from noise to latents (B, …) at times (B,)."""
    return eps + t.view(-1, *[1] * (z.ndim - 1)) * (z - eps)
