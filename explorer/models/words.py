r"""Parts of transformers that draw from words: a text encoder, attention to words, and blocks of both.

Words are learned vectors with learned positions. Two blocks of self-attention make each depend on the others. A block
of a picture's transformer then reads them by cross-attention:

$$ h' = h + W_o \, \mathrm{softmax}\!\left( \frac{Q(h) K(c)^\top}{\sqrt{d}} \right) V(c) $$

A caption without words, used for classifier-free guidance, is the single word “anything”.

References:
    Vaswani et al., Attention Is All You Need, 2017, https://arxiv.org/abs/1706.03762
    Ho & Salimans, Classifier-Free Diffusion Guidance, 2021, https://arxiv.org/abs/2207.12598
    Chen et al., PixArt-α, 2023, https://arxiv.org/abs/2310.00426 (cross-attention between the parts of a DiT block)
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.data.captions import CAPTION_LENGTH, PAD, WORDS, tokens_of
from explorer.models.layers import Layers
from explorer.models.prior import attend
from explorer.models.sampled import Sampled
from explorer.models.scene_autoencoder import SceneAutoencoder
from explorer.models.scene_holes import known_codes, paint_over
from explorer.models.scene_vqvae import SceneVQVAE
from explorer.models.transformer import Past
from explorer.spaces import COLOUR
from explorer.steps import Step

NO_WORDS = torch.tensor(tokens_of([]))
WORD_BLOCKS = 2


class SelfAttention(nn.Module):
    """Multi-head attention of positions to each other, or, if causal, to those up to themselves."""

    def __init__(self, width: int, heads: int, causal: bool = False):
        super().__init__()
        self.heads, self.causal = heads, causal
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, h: Tensor, hidden: Tensor | None = None, past: Past | None = None) -> Tensor:
        """Shapes: `h` (B, T, width), as the result; `hidden` (B, T), true for positions that nobody reads."""
        q, k, v = self.qkv(h).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4).unbind(0)
        if past is not None:
            k, v = past.extend(k, v)
        seen = None if hidden is None else ~hidden[:, None, None]
        causal = self.causal and q.shape[2] > 1  # a single new position may see all earlier ones
        found = F.scaled_dot_product_attention(q, k, v, attn_mask=seen, is_causal=causal)
        return self.out(found.transpose(1, 2).flatten(2))


class CrossAttention(nn.Module):
    """Multi-head attention of positions to words."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.query, self.key_value = nn.Linear(width, width), nn.Linear(width, 2 * width)
        self.out = nn.Linear(width, width)

    def keys(self, words: Tensor, hidden: Tensor) -> "Keys":
        """Compute keys and values of encoded words (B, L, width); `hidden` (B, L) is true for the filling."""
        k, v = self.key_value(words).unflatten(-1, (2, self.heads, -1)).permute(2, 0, 3, 1, 4).unbind(0)
        return k, v, hidden[:, None, None]

    def queries(self, h: Tensor) -> Tensor:
        """Compute queries of positions: (B, T, width) to (B, heads, T, width / heads)."""
        return self.query(h).unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def forward(self, h: Tensor, keys: "Keys", edit: "Edit | None" = None) -> Tensor:
        """Shapes: `h` (B, T, width), as the result. `edit` replaces the weights before they are used."""
        found = attend(self.queries(h), *keys) if edit is None else edit(self.weights(h, keys)) @ keys[1]
        return self.out(found.transpose(1, 2).flatten(2))

    def weights(self, h: Tensor, keys: "Keys") -> Tensor:
        """Compute the attention of every position to every word, which sums to 1 over words: (B, heads, T, L)."""
        k, _, hidden = keys
        scores = self.queries(h) @ k.transpose(-1, -2) / k.shape[-1] ** 0.5
        return scores.masked_fill(hidden, -torch.inf).softmax(-1)


Keys = tuple[Tensor, Tensor, Tensor]
"""Keys and values of words, (B, heads, L, width / heads), and true for the filling (B, 1, 1, L)."""
End = tuple[Tensor, int]
"""An end of a path: the ids of its words (13,), and the seed of its noise."""
Edit = Callable[[Tensor], Tensor]
"""Returns other weights of the attention to words, of the same shape (B, heads, T, L)."""


class Block(nn.Module):
    """Self-attention, attention to words, and a two-layer network, each added to the residual stream.

    If a block is modulated, its self-attention and its network are scaled, shifted and gated from outside, and their
    norms have no weights.
    """

    def __init__(self, width: int, heads: int, causal: bool = False, modulated: bool = False, reads: bool = True):
        super().__init__()
        self.norm, self.mlp_norm = (nn.LayerNorm(width, elementwise_affine=not modulated) for _ in range(2))
        self.attention = SelfAttention(width, heads, causal)
        self.words_norm = nn.LayerNorm(width) if reads else nn.Identity()
        self.to_words = CrossAttention(width, heads) if reads else None
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(approximate="tanh"), nn.Linear(4 * width, width))

    def forward(
        self,
        h: Tensor,
        hidden: Tensor | None = None,
        keys: Keys | None = None,
        past: Past | None = None,
        modulation: Sequence[Tensor | float] = (0.0, 0.0, 1.0, 0.0, 0.0, 1.0),
        kept: list[Tensor] | None = None,
        edit: Edit | None = None,
    ) -> Tensor:
        """Transform the residual stream (B, T, width).

        Arguments:
            hidden: Positions (B, T) that no position reads.
            keys: The words, if the block reads any.
            past: Keys and values of earlier positions.
            modulation: Scale, shift and gate of the attention, then of the network, each (B, 1, width).
            kept: List to which the weights of the attention to words are added.
            edit: Replaces these weights before they are used.
        """
        scale, shift, gate, mlp_scale, mlp_shift, mlp_gate = modulation
        h = h + gate * self.attention(self.norm(h) * (1 + scale) + shift, hidden, past)
        if self.to_words is not None and keys is not None:
            normed = self.words_norm(h)
            h = h + self.to_words(normed, keys, edit)
            if kept is not None:
                kept.append(self.to_words.weights(normed, keys))
        return h + mlp_gate * self.mlp(self.mlp_norm(h) * (1 + mlp_scale) + mlp_shift)


class WordEncoder(nn.Module):
    """Transformer from token ids to a vector for each word."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.embedding = nn.Embedding(len(WORDS), width)
        self.places = nn.Parameter(0.02 * torch.randn(CAPTION_LENGTH, width))
        self.blocks = Layers(Block(width, heads, reads=False) for _ in range(WORD_BLOCKS))
        self.norm = nn.LayerNorm(width)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Encode token ids (B, 13): vectors (B, 13, width), and which of them are filling (B, 13)."""
        hidden = tokens == WORDS.index(PAD)
        h = self.embedding(tokens) + self.places
        for block in self.blocks:
            h = block(h, hidden)
        return self.norm(h), hidden


class WordsTransformer(nn.Module):
    """Blocks over the positions of a picture, each of which reads the encoded words.

    Arguments:
        width, heads, blocks: Width of the residual stream, number of attention heads, number of blocks.
        causal: True if a position sees only the positions up to itself.
        modulated: True if the blocks are modulated from outside.
    """

    def __init__(self, width: int, heads: int, blocks: int, causal: bool = False, modulated: bool = False):
        super().__init__()
        self.encoder = WordEncoder(width, heads)
        self.blocks = Layers(Block(width, heads, causal, modulated) for _ in range(blocks))

    def read(self, tokens: Tensor) -> list[Keys]:
        """Read captions (B, 13): keys and values for every block, which do not depend on the picture."""
        return self.keys(*self.encoder(tokens))

    def keys(self, words: Tensor, hidden: Tensor) -> list[Keys]:
        """Compute keys and values for every block of encoded words (B, 13, width); `hidden` (B, 13) is the filling."""
        return [block.to_words.keys(words, hidden) for block in self.blocks if block.to_words is not None]

    def forward(
        self,
        h: Tensor,
        prompt: list[Keys],
        pasts: list[Past] | None = None,
        modulations: list[tuple[Tensor, ...]] | None = None,
        kept: list[Tensor] | None = None,
        edit: Edit | None = None,
    ) -> Tensor:
        """Transform the residual stream (B, T, width) with the words of `read`; further arguments as in `Block`."""
        for index, block in enumerate(self.blocks):
            more = {"modulation": modulations[index]} if modulations else {}
            h = block(h, keys=prompt[index], past=pasts[index] if pasts else None, kept=kept, edit=edit, **more)
        return h


Codec = TypeVar("Codec", SceneAutoencoder, SceneVQVAE)


class Filled(NamedTuple):
    """Codes of scenes whose hidden parts are being drawn, as the codec decodes them, and the step that drew them."""

    codes: Tensor
    index: int
    total: int
    time: float


class WordsDrawer(Sampled, Generic[Codec]):
    """Model that draws scenes from words, in the codes of the network that is named by `draws_in`."""

    space = COLOUR
    reads_words = True
    no_words = NO_WORDS
    vocabulary = len(WORDS)
    evaluations = 2  # with the words, and without
    completing_evaluations = 2
    read_by = "judge-scenes"
    usual = torch.tensor(tokens_of(["a", "yellow", "cat", "on", "grass"]))
    """Caption that stands for any, where none is given."""
    draws_in: str

    def attach(self, codec: Codec) -> None:
        """Use this network; it stays outside the weights of this model."""
        self._codec = [codec.eval().requires_grad_(False)]

    @property
    def codec(self) -> Codec:
        """The network that was attached."""
        return self._codec[0]

    def walk(
        self, n: int, generator: torch.Generator, tokens: Tensor, *how: Any, **more: Any
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Draw codes of n scenes for captions (n, 13); yield those so far, and what the family has beside them."""
        raise NotImplementedError

    def fill(
        self, given: Tensor, kept: Tensor, generator: torch.Generator, tokens: Tensor, *how: Any, **more: Any
    ) -> Iterator[Filled]:
        """Draw the codes that are not kept.

        Shapes: `given`, codes of n scenes; `kept` booleans (n, 12, 12); `tokens` (n, 13).
        """
        raise NotImplementedError

    @torch.no_grad()
    def sample(self, n: int, *, generator: torch.Generator, tokens: Tensor, **how: Any) -> Tensor:
        """Draw the last x of `sample_steps`, the only one that is decoded: (n, 3, 48, 48).

        Arguments:
            how: Further arguments of `walk`, such as `steps` and `guidance`.
        """
        *_, (z, _) = self.walk(n, generator, tokens, **how)
        return self.codec.decode(z)

    @torch.no_grad()
    def complete_steps(
        self, x: Tensor, known: Tensor, *, generator: torch.Generator, tokens: Tensor, **how: Any
    ) -> Iterator[Step]:
        """Complete the hidden parts of scenes; known pixels are those of `x`.

        Shapes: `x` (n, 3, 48, 48); `known` booleans of that shape; `tokens` (n, 13).

        Arguments:
            how: Further arguments of `fill`, such as `steps` and `guidance`.
        """
        given, kept = self.codec.encode(paint_over(x, known)), known_codes(known)
        codes, seen = given, x
        for each in self.fill(given, kept, generator, tokens, **how):
            if each.codes is not codes:
                codes, seen = each.codes, torch.where(known, x, self.codec.decode(each.codes))
            yield Step(seen, each.index, each.total, each.time)


def drop_words(tokens: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """Replace a random share of captions (B, 13) by no words, so that the network learns both: (B, 13)."""
    dropped = torch.rand(len(tokens), generator=generator) < share
    return torch.where(dropped.to(tokens.device)[:, None], NO_WORDS.to(tokens), tokens)


def guided(given: Tensor, free: Tensor, guidance: float) -> Tensor:
    """Extrapolate from a prediction without words towards the one with words, of the same shape.

    Reference: Ho & Salimans 2021, equation 6, with w + 1 = `guidance`: 0 ignores the words, 1 is no guidance.
    """
    return free + guidance * (given - free)


def with_and_without(tokens: Tensor, negative: Tensor | None = None) -> Tensor:
    """Return captions (B, 13) and as many without words, for one evaluation of both: (2 B, 13).

    Negative words (13,) stand in place of no words, so that guidance leads away from them.
    """
    return torch.cat([tokens, (NO_WORDS if negative is None else negative).to(tokens).expand_as(tokens)])
