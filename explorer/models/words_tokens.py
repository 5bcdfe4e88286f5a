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

from collections.abc import Generator, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.models.levels import draw_level
from explorer.models.scene_holes import known_codes
from explorer.models.scene_tokens import TokensDrawer
from explorer.models.transformer import Past
from explorer.models.vqvae import resample
from explorer.models.words import Filled, Keys, drop_words, guided, with_and_without
from explorer.steps import Number, Step

SCENE_PARTICLES = 4  # sequences of each scene that is completed


class WordsTokens(TokensDrawer):
    """Autoregressive transformer over the tokens of scenes, given words; symbol K stands before the first token."""

    title = "Tokens from words"
    loss_unit = "nats per token"
    causal = True
    numbers = {"log_prob": Number("log p of the token, given those before it", "nats", curve=True)}
    codes_named = "its 144 tokens"
    completes = (
        "tokens are drawn in order: exact given all known ones before and the words; known ones after a gap "
        "only weigh 4 particles, ≈"
    )
    cannot = {
        "log_prob": "log p of the tokens is exact, but pixels are decoded without a likelihood",
        "interpolate": "its noise chooses tokens, which are symbols, and nothing lies between two symbols",
        "label": "it reads words and not classes",
        "odd": "it has no density of scenes, only of their tokens",
    }

    def logits(self, z: Tensor, prompt: list[Keys]) -> Tensor:
        """Logits of every token, given those before it and the words of `trunk.read`: (B, n) to (B, n, K)."""
        before = F.pad(z[:, :-1], (1, 0), value=self.codes)
        return self.read_symbols(before, prompt)

    def log_probs(self, z: Tensor, words: Tensor) -> Tensor:
        """Log-probability of each token in nats, given those before it and the words.

        Shapes: `z` (B, n), `words` (B, 13); the result (B, n), whose sum over n is log p(z | words).
        """
        return -F.cross_entropy(self.logits(z, self.trunk.read(words)).transpose(1, 2), z, reduction="none")

    def code_log_prob(self, x: Tensor, tokens: Tensor) -> Tensor:
        """Exact log p of the tokens of scenes given words, in nats: (B, 3, 48, 48) and (B, 13) to (B,)."""
        return self.log_probs(self.codec.encode(x), tokens).double().sum(1)

    @torch.no_grad()
    def code_predictions(self, words: Tensor) -> Generator[Tensor, int, None]:
        """Yield the log-probabilities (K,) of each token in order, given words (13,); it is sent the token."""
        reader = CachedPicture(self, words.unsqueeze(0).to(self.places.device), guided=False)
        before = self.codes
        for _ in range(self.tokens):
            log_p = reader.logits(torch.tensor([before], device=self.places.device))[0].log_softmax(-1)
            before = yield log_p

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
        usual = self.codec.codebook.counts.argmax()
        for index, (z, log_prob) in enumerate(self.walk(n, generator, tokens, guidance)):
            if (index + 1) % every and index + 1 < self.tokens:
                continue
            x = self.codec.decode(z.where(z >= 0, usual))
            yield Step(x, index, self.tokens, index, numbers={"log_prob": log_prob, "tokens": z})

    def completes_exactly(self, known: Tensor) -> bool:
        """Return whether no known token follows a hidden one, given the known pixels (3, 48, 48)."""
        kept = known_codes(known.unsqueeze(0)).flatten()
        return bool((kept[1:] <= kept[:-1]).all())

    def walk(
        self, n: int, generator: torch.Generator, tokens: Tensor, guidance: float = 2.0
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Draw the tokens of n scenes for captions `tokens` (n, 13), as `token_steps`."""
        return self.token_steps(torch.rand(n, self.tokens, generator=generator), tokens, guidance)

    def fill(
        self, given: Tensor, kept: Tensor, generator: torch.Generator, tokens: Tensor, guidance: float = 2.0
    ) -> Iterator[Filled]:
        """Keep some tokens of scenes and draw the others in order, by a particle filter.

        Each scene has 4 sequences. At a kept token behind a drawn one, a sequence's weight is the probability that it
        assigns to this token, and sequences are resampled by weight. Without such a token nothing is weighted: then
        every sequence is an exact draw from the guided p(rest | known, words).

        Shapes: `given` (n, 144); `kept` booleans (n, 12, 12); `tokens` (n, 13).

        Reference: Doucet et al., Sequential Monte Carlo Methods in Practice, 2001, chapter 1.
        """
        n, given = len(given), given.repeat_interleave(SCENE_PARTICLES, 0)
        kept, words = (each.repeat_interleave(SCENE_PARTICLES, 0) for each in (kept.flatten(1), tokens))
        u = torch.rand(n * SCENE_PARTICLES, self.tokens, generator=generator).to(self.places)
        shares = torch.rand(n, self.tokens, generator=generator).to(u)
        reader = CachedPicture(self, words, guided=guidance != 1)
        z, shown = torch.full_like(given, -1), None
        for index in range(self.tokens):
            logits = reader.logits(z[:, index - 1] if index else torch.full_like(z[:, 0], self.codes))
            log_probs = (guided(*logits.chunk(2), guidance) if guidance != 1 else logits).log_softmax(-1)
            here, begun = kept[:, index], ~kept[:, :index].all(1)
            z[:, index] = given[:, index].where(here, draw_level(log_probs, u[:, index]))
            if bool((here & begun).any()):
                weights = log_probs.gather(-1, given[:, index : index + 1])[:, 0] * here
                which = resample(weights.view(n, SCENE_PARTICLES), shares[:, index])
                z = z[which]
                reader.choose(which)
            if shown is None or not bool(here.all()) or index == self.tokens - 1:
                first = z[::SCENE_PARTICLES]
                shown = first.where(first >= 0, given[::SCENE_PARTICLES])  # tokens to come are those of the paint
            yield Filled(shown, index, self.tokens, index)


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

    def choose(self, which: Tensor) -> None:
        """Keep these pictures, by index (B,); an index may occur several times."""
        rows = torch.cat([which, which + len(which)]) if self.guided else which
        for past in self.pasts:
            past.choose(rows)
