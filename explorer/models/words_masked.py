r"""Words become scenes in a dozen parallel steps: masked tokens are predicted together and kept by confidence.

In training a random share of the tokens is masked, $\gamma(u) = \cos(\pi u / 2)$ with u uniform. The transformer sees
the others, without an order, and predicts the masked ones:

$$ L = -\mathbb{E} \; \frac{1}{|M|} \sum_{i \in M} \log p(z_i \mid z_{\bar M}, \text{words}) $$

To draw, all tokens are masked at first. Each of T steps draws all masked tokens and keeps the most confident ones, so
that after step k the share $\gamma(k / T)$ stays masked. Gumbel noise, which shrinks to zero, varies the order.

References:
    Chang et al., MaskGIT: Masked Generative Image Transformer, 2022, https://arxiv.org/abs/2202.04200
    Chang et al., Muse: Text-To-Image Generation via Masked Generative Transformers, 2023,
    https://arxiv.org/abs/2301.00704 (guidance of logits)
"""

import math
from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.data.captions import CAPTION_LENGTH
from explorer.models.levels import draw_level
from explorer.models.scene_tokens import TokensDrawer
from explorer.models.whole import check_count
from explorer.models.words import Filled, Keys, drop_words, guided, with_and_without
from explorer.running.engine import use_onnx
from explorer.steps import Step

ORDER_NOISE = 4.0  # scale of the Gumbel noise on confidences at the start


class WordsMasked(TokensDrawer):
    """Bidirectional transformer over the tokens of scenes, given words; symbol K is a masked token."""

    title = "Masked tokens from words"
    loss_unit = "nats per masked token"
    codes_named = "its 144 tokens"
    bound_draws = 4
    completes = (
        "known tokens are never masked, the others are drawn in any order: ≈ p(rest | known, words), as tokens of one "
        "step do not see each other"
    )
    cannot = {
        "log_prob": "it predicts tokens in any order, and its answers for different orders disagree",
        "interpolate": "its noise chooses tokens, which are symbols, and nothing lies between two symbols",
        "label": "it reads words and not classes",
        "odd": "it has no density of scenes, only a bound on that of their tokens",
        "compress": "its answers for different orders disagree, so no order is the code",
    }

    def logits(self, z: Tensor, prompt: list[Keys]) -> Tensor:
        """Logits of all tokens, given those that are not masked (K) and the words: (B, n) to (B, n, K)."""
        return self.read_symbols(z, prompt)

    @use_onnx
    def every_token(self, z: Tensor, words: Tensor) -> Tensor:
        """Logits of all tokens, given symbols, as floats for the engine, and captions: (B, n), (B, 13) to (B, n, K)."""
        return self.logits(z.long(), self.trunk.read(words))

    def example(self) -> tuple[Tensor, Tensor]:
        """Arguments of `every_token` for two scenes: (2, n) and (2, 13)."""
        words = torch.arange(2 * CAPTION_LENGTH).view(2, -1)
        z = torch.arange(2.0 * self.tokens).view(2, -1) % self.codes
        return z, words.masked_fill(words % CAPTION_LENGTH > CAPTION_LENGTH // 2, 0)

    def guided_logits(self, z: Tensor, words: Tensor, guidance: float) -> Tensor:
        """Logits with guidance, of a batch that has every scene with its words and without: (B, n) to (B, n, K)."""
        if guidance == 1:
            return self.every_token(z.float(), words)
        given, free = self.every_token(torch.cat([z, z]).float(), with_and_without(words)).chunk(2)
        return guided(given, free, guidance)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean of −log p of a masked token in nats; a share `words_dropout` of the captions is dropped.

        Shapes: `x` (B, 3, 48, 48) in [0, 1]; `label` (B, 13), the captions.
        """
        with torch.no_grad():
            z = self.codec.encode(x)
        hidden = random_masks(len(z), self.tokens, generator).to(z.device)
        prompt = self.trunk.read(drop_words(label, recipe["words_dropout"], generator))
        logits = self.logits(z.masked_fill(hidden, self.codes), prompt)
        losses = F.cross_entropy(logits.transpose(1, 2), z, reduction="none") * hidden
        return (losses.sum(1) / hidden.sum(1)).mean()

    @torch.no_grad()
    def code_elbo(self, x: Tensor, tokens: Tensor, *, generator: torch.Generator) -> Tensor:
        """Estimate a lower bound on log p of the tokens of scenes given words, in nats, by one evaluation each.

        The model that it bounds draws one token at a time, in a random order: its log p is at least the mean over
        orders of the sum of log p of each token given those before it. One place of the order, times their number,
        estimates the sum. Of all tokens that are masked there, the mean stands for the next one.

        Shapes: `x` (B, 3, 48, 48), `tokens` (B, 13); the result (B,).

        Reference: Hoogeboom et al., Autoregressive Diffusion Models, 2022, https://arxiv.org/abs/2110.02037, section 3.
        """
        z = self.codec.encode(x)
        left = 1 + (self.tokens * torch.rand(len(z), 1, generator=generator)).long()
        places = torch.rand(z.shape, generator=generator).argsort(1).argsort(1)
        hidden = (places < left).to(z.device)
        logits = self.logits(z.masked_fill(hidden, self.codes), self.trunk.read(tokens))
        found = -F.cross_entropy(logits.transpose(1, 2), z, reduction="none").double() * hidden
        return self.tokens * found.sum(1) / hidden.sum(1)

    @torch.no_grad()
    def walk(
        self,
        n: int,
        generator: torch.Generator,
        tokens: Tensor,
        steps: int = 12,
        guidance: float = 3.0,
        start: Tensor | None = None,
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Unmask tokens in parallel; yield the kept ones, K for masked ones, and all that were drawn, both (n, tokens).

        All are masked at first unless `start` (n, tokens) says others; each sequence has as many masked ones.

        Reference: Chang et al. 2022, section 3.2.
        """
        words = tokens.to(self.places.device)
        different, place = words.unique(dim=0, return_inverse=True)
        z = torch.full((n, self.tokens), self.codes, device=self.places.device) if start is None else start
        masked = int((z[0] == self.codes).sum())
        for index in range(check_count(steps, "steps")):
            if index or start is not None:
                logits = self.guided_logits(z, words, guidance)
            else:  # all scenes are masked, so those of equal words have equal logits
                logits = self.guided_logits(z[: len(different)], different, guidance)[place]
            log_probs = logits.log_softmax(-1)
            u, order = (torch.rand(n, self.tokens, generator=generator).to(log_probs) for _ in range(2))
            drawn = draw_level(log_probs, u).where(z == self.codes, z)
            confidence = log_probs.gather(-1, drawn.unsqueeze(-1))[..., 0]
            gumbel = -(-order.clamp(min=1e-9).log()).log()
            confidence = confidence + ORDER_NOISE * (1 - (index + 1) / steps) * gumbel
            left = int(masked * math.cos(math.pi / 2 * (index + 1) / steps))
            z = keep(drawn, confidence.masked_fill(z != self.codes, torch.inf), left, self.codes)
            yield z, drawn

    def sample_steps(
        self, n: int, *, generator: torch.Generator, tokens: Tensor, steps: int = 12, **how: Any
    ) -> Iterator[Step]:
        """Draw n scenes for captions `tokens` (n, 13); each step shows all tokens that it drew, kept or not.

        Arguments:
            how: Further argument of `walk`: `guidance`.
        """
        for index, (z, drawn) in enumerate(self.walk(n, generator, tokens, steps, **how)):
            yield Step(self.codec.decode(drawn), index, steps, index, numbers={"tokens": z})

    def fill(
        self,
        given: Tensor,
        kept: Tensor,
        generator: torch.Generator,
        tokens: Tensor,
        steps: int = 12,
        guidance: float = 3.0,
    ) -> Iterator[Filled]:
        """Unmask the tokens that are not kept, as many of each scene.

        Shapes: `given` (n, 144); `kept` booleans (n, 12, 12); `tokens` (n, 13).
        """
        start = given.masked_fill(~kept.flatten(1), self.codes)
        for index, (_, drawn) in enumerate(self.walk(len(given), generator, tokens, steps, guidance, start)):
            yield Filled(drawn, index, steps, index)


def random_masks(n: int, tokens: int, generator: torch.Generator) -> Tensor:
    """Draw masks with the share cos(π u / 2) of the tokens, u uniform, at least one: booleans (n, tokens)."""
    share = (math.pi / 2 * torch.rand(n, 1, generator=generator)).cos()
    places = torch.rand(n, tokens, generator=generator).argsort(1).argsort(1)
    return places < (share * tokens).ceil().clamp(min=1)


def keep(drawn: Tensor, confidence: Tensor, left: int, mask: int) -> Tensor:
    """Mask the `left` least confident of the drawn tokens (n, tokens) again."""
    rank = confidence.argsort(1).argsort(1)
    return drawn.masked_fill(rank < left, mask)
