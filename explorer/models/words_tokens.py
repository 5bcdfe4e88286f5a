r"""Words become scenes token by token: an autoregressive transformer over the tokens of a VQ-VAE.

$$ \log p(z \mid \text{words}) = \sum_{i=1}^{144} \log p(z_i \mid z_1, \dots, z_{i-1}, \text{words}) $$

It is exact: one evaluation gives every factor. Position i receives the token before it and its place, sees the
positions up to itself, and reads the words. To draw with guidance g, the logits are extrapolated from those without
words, $\ell_\varnothing + g \, (\ell - \ell_\varnothing)$. Keys and values of earlier tokens are kept.

References:
    Ramesh et al., Zero-Shot Text-to-Image Generation, 2021, https://arxiv.org/abs/2102.12092
    Yu et al., Scaling Autoregressive Models for Content-Rich Text-to-Image Generation, 2022,
    https://arxiv.org/abs/2206.10789 (section 2.2; appendix: guidance of logits)
"""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.models.levels import draw_level
from explorer.models.scene_tokens import TokensDrawer
from explorer.models.transformer import Past
from explorer.models.words import Keys, drop_words, guided, with_and_without
from explorer.steps import Number, Step


class WordsTokens(TokensDrawer):
    """Autoregressive transformer over the tokens of scenes, given words; symbol K stands before the first token."""

    title = "Tokens from words"
    loss_unit = "nats per token"
    causal = True
    numbers = {"log_prob": Number("log p of the token, given those before it", "nats", curve=True)}
    cannot = {"log_prob": "log p of the tokens is exact, but pixels are decoded without a likelihood"}

    def logits(self, z: Tensor, prompt: list[Keys]) -> Tensor:
        """Logits of every token, given those before it and the words of `trunk.read`: (B, n) to (B, n, K)."""
        before = F.pad(z[:, :-1], (1, 0), value=self.codes)
        return self.read_symbols(before, prompt)

    def log_probs(self, z: Tensor, words: Tensor) -> Tensor:
        """Log-probability of each token in nats, given those before it and the words.

        Shapes: `z` (B, n), `words` (B, 13); the result (B, n), whose sum over n is log p(z | words).
        """
        return -F.cross_entropy(self.logits(z, self.trunk.read(words)).transpose(1, 2), z, reduction="none")

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean of −log p of a token in nats; a share `words_dropout` of the captions is dropped.

        Shapes: `x` (B, 3, 48, 48) in [0, 1]; `label` (B, 13), the captions.
        """
        with torch.no_grad():
            z = self.codec.encode(x)
        return -self.log_probs(z, drop_words(label, recipe["words_dropout"], generator)).mean()

    @torch.no_grad()
    def token_steps(self, u: Tensor, words: Tensor, guidance: float = 1.0) -> Iterator[tuple[Tensor, Tensor]]:
        """Draw tokens one by one; yield those so far (B, n), −1 for tokens to come, and log p of the newest (B,).

        Log p is that of the guided distribution.

        Shapes: `u` (B, n) in [0, 1), at which each token inverts its cumulative distribution; `words` (B, 13).
        """
        reader = CachedPicture(self, words, guided=guidance != 1)
        z, u = torch.full(u.shape, -1, device=self.places.device), u.to(self.places)
        for index in range(self.tokens):
            logits = reader.logits(z[:, index - 1] if index else torch.full_like(z[:, 0], self.codes))
            logits = guided(*logits.chunk(2), guidance) if guidance != 1 else logits
            log_probs = logits.log_softmax(-1)
            z[:, index] = token = draw_level(log_probs, u[:, index])
            yield z.clone(), log_probs.gather(-1, token.unsqueeze(-1))[:, 0]

    def sample_steps(
        self, n: int, *, generator: torch.Generator, tokens: Tensor, guidance: float = 2.0, every: int = 1
    ) -> Iterator[Step]:
        """Draw n scenes for captions `tokens` (n, 13), token by token; tokens to come show the most frequent code.

        Only after every so many tokens, and after the last one, the scenes are decoded and yielded.
        """
        u = torch.rand(n, self.tokens, generator=generator)
        usual = self.codec.codebook.counts.argmax()
        for index, (z, log_prob) in enumerate(self.token_steps(u, tokens, guidance)):
            if (index + 1) % every and index + 1 < self.tokens:
                continue
            x = self.codec.decode(z.where(z >= 0, usual))
            yield Step(x, index, self.tokens, index, numbers={"log_prob": log_prob, "tokens": z})

    def sample(self, n: int, *, generator: torch.Generator, tokens: Tensor, guidance: float = 2.0) -> Tensor:
        """Draw the last x of `sample_steps`, the only one that is decoded: (n, 3, 48, 48)."""
        u = torch.rand(n, self.tokens, generator=generator)
        *_, (z, _) = self.token_steps(u, tokens, guidance)
        return self.codec.decode(z)


class CachedPicture:
    """Reader of tokens that keeps keys and values, so that a new token costs one position.

    If it is guided, it reads every token twice: with the words, and without.
    """

    def __init__(self, model: WordsTokens, words: Tensor, guided: bool):
        self.model, self.guided, self.index = model, guided, 0
        self.prompt = model.trunk.read(with_and_without(words) if guided else words)
        rows, width = len(words) * (1 + guided), model.places.shape[1]
        shape = (rows, model.heads, model.tokens, width // model.heads)
        self.pasts = [Past(shape, model.places) for _ in model.trunk.blocks]

    def logits(self, before: Tensor) -> Tensor:
        """Logits of the next token, after the token before it (B,): (B, K), or (2 B, K) if guided."""
        before = torch.cat([before, before]) if self.guided else before
        h = (self.model.token(before) + self.model.places[self.index]).unsqueeze(1)
        self.index += 1
        return self.model.head(self.model.norm(self.model.trunk(h, self.prompt, self.pasts)))[:, 0].float()
