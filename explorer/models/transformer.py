r"""A decoder-only transformer over characters, with a cache of keys and values.

Notation: width D; H heads of width $D_h = D / H$; context C, the most characters that the network reads at once. Every
block adds attention and then a two-layer network to the residual stream h, each after a layer normalisation:

$$ h' = h + W_o \, \mathrm{concat}_i \, \mathrm{softmax}\!\left( \frac{Q_i K_i^\top}{\sqrt{D_h}} + M \right) V_i,
\qquad h'' = h' + W_2 \, \mathrm{GELU}(W_1 \, \mathrm{LN}(h')) $$

The mask M is −∞ above the diagonal: position t sees the positions up to t. Position t reads character t − 1 and
predicts character t; the first reads a start symbol. Positions enter as rotations of queries and keys. So the product
of a query and a key depends on their distance, not on where they are.

A text longer than C is read in windows. The first window holds the first C characters. Each later one starts C / 2
characters after the one before, and predicts its second half. So log p stays a product of conditionals, each of which
depends on at least the C / 2 characters before it, if there are so many. The sampler uses the same windows.

References:
    Vaswani et al., Attention Is All You Need, 2017, https://arxiv.org/abs/1706.03762
    Radford et al., Language Models are Unsupervised Multitask Learners, 2019 (pre-norm blocks)
    Su et al., RoFormer: Enhanced Transformer with Rotary Position Embedding, 2021, https://arxiv.org/abs/2104.09864
    Voita et al., Analyzing Multi-Head Self-Attention, 2019, https://arxiv.org/abs/1905.09418 (heads switched off)
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.layers import Layers, linear
from explorer.models.text import TextModel, excerpts
from explorer.spaces import TEXT, Tokens

BASE = 10_000  # of the wavelengths of the rotations
TRANSFORMER_WIDER = 4  # width of the hidden layer after the attention, in units of D
Head = tuple[int, int]  # a layer and a head in it, from 0


class Attention(nn.Module):
    """Multi-head self-attention with rotary positions.

    Reference: Vaswani et al. 2017, section 3.2, equation 1.
    """

    def __init__(self, width: int, heads: int, causal: bool):
        super().__init__()
        self.heads, self.causal = heads, causal
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)

    def forward(self, h: Tensor, angles: Tensor, past: "Past | None" = None, off: int | None = None) -> Tensor:
        """Return what the attention adds to the residual stream `h`: (B, T, D) to (B, T, D).

        Arguments:
            angles: Cosines and sines of the T positions, (2, T, D_h / 2).
            past: Keys and values of earlier positions, to which the new ones are added.
            off: Head whose output is replaced by zero.
        """
        q, k, v = self.project(h, angles)
        if past is not None:
            k, v = past.extend(k, v)
        causal = self.causal and q.shape[2] > 1  # a single new position may see all earlier ones
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=causal)  # (B, H, T, D_h)
        if off is not None:
            mixed = mixed * (torch.arange(self.heads) != off).to(mixed).view(-1, 1, 1)
        return self.out(mixed.transpose(1, 2).flatten(2))

    def project(self, h: Tensor, angles: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Project to rotated queries, rotated keys, and values: (B, T, D) to three of (B, H, T, D_h)."""
        q, k, v = self.qkv(h).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        return rotate(q, angles), rotate(k, angles), v

    def weights(self, h: Tensor, angles: Tensor) -> Tensor:
        """Compute the attention weights of every head, whose rows sum to 1: (B, T, D) to (B, H, T, T)."""
        q, k, _ = self.project(h, angles)
        scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
        if self.causal:
            future = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).triu(1)
            scores = scores.masked_fill(future, -torch.inf)
        return scores.softmax(-1)


class Past:
    """Keys and values of one layer, for the positions read so far.

    Arguments:
        shape: (n, H, C, D_h), with room for C positions.
    """

    def __init__(self, shape: tuple[int, ...], like: Tensor):
        self.keys, self.values, self.length = like.new_empty(shape), like.new_empty(shape), 0

    def extend(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Add keys and values (n, H, T, D_h) of new positions; return those of all positions."""
        new = slice(self.length, self.length + k.shape[2])
        self.keys[:, :, new], self.values[:, :, new] = k, v
        self.length = new.stop
        return self.keys[:, :, : new.stop], self.values[:, :, : new.stop]

    def choose(self, which: Tensor) -> None:
        """Keep these sequences, by index (n,); an index may occur several times."""
        self.keys, self.values = self.keys[which], self.values[which]


class Block(nn.Module):
    """Attention and a two-layer network, each added to the residual stream after a layer normalisation."""

    def __init__(self, width: int, heads: int, causal: bool, dropout: float):
        super().__init__()
        self.attention_norm, self.mlp_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads, causal)
        self.mlp = nn.Sequential(
            nn.Linear(width, TRANSFORMER_WIDER * width), nn.GELU(), nn.Linear(TRANSFORMER_WIDER * width, width)
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, h: Tensor, angles: Tensor, past: Past | None = None, off: int | None = None) -> Tensor:
        """Transform the residual stream: (B, T, D) to (B, T, D)."""
        h = h + self.dropout(self.attention(self.attention_norm(h), angles, past, off))
        return h + self.dropout(self.mlp(self.mlp_norm(h)))


class Trunk(nn.Module):
    """Embedding, blocks and output layer: from V + 1 symbols to logits of V characters.

    The additional symbol V stands for the start of a text, or for a masked character.

    Arguments:
        width, layers, heads: D, the number of blocks, and H.
        context: C.
        causal: True if a position sees only the positions up to itself.
        dropout: Share of the embedding, and of what each block adds, that is dropped in training.
        size: V.
    """

    angles: Tensor

    def __init__(
        self,
        width: int,
        layers: int,
        heads: int,
        context: int,
        causal: bool,
        dropout: float,
        size: int = TEXT.size,
    ):
        super().__init__()
        if width % (2 * heads):
            raise ValueError(f"the width {width} must be an even multiple of the number of heads {heads}")
        self.context = context
        self.embedding, self.dropout = nn.Embedding(size + 1, width), nn.Dropout(dropout)
        self.blocks = Layers(Block(width, heads, causal, dropout) for _ in range(layers))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, size, bias=False)
        self.register_buffer("angles", rotations(context, width // heads), persistent=False)
        self.apply(init_weights)
        for block in self.blocks:  # the residual stream keeps its variance however many blocks add to it
            for last in (block.attention.out, linear(block.mlp, -1)):
                nn.init.normal_(last.weight, std=0.02 / (2 * layers) ** 0.5)

    def forward(self, symbols: Tensor, pasts: list[Past] | None = None, off: Head | None = None) -> Tensor:
        """Compute the logits of the character at every position: (B, T) integers up to V to (B, T, V).

        Arguments:
            pasts: Keys and values of each layer, if earlier positions were read before.
            off: Head whose output is replaced by zero.
        """
        start = pasts[0].length if pasts else 0
        angles = self.angles[:, start : start + symbols.shape[1]]
        h = self.dropout(self.embedding(symbols))
        for layer, block in enumerate(self.blocks):
            head = off[1] if off is not None and off[0] == layer else None
            h = block(h, angles, pasts[layer] if pasts else None, head)
        return self.head(self.norm(h))

    @torch.no_grad()
    def attention(self, symbols: Tensor) -> Tensor:
        """Compute the attention weights of every layer and head: (B, T) to (layers, B, H, T, T)."""
        angles, h, found = self.angles[:, : symbols.shape[1]], self.embedding(symbols), []
        for block in self.blocks:
            found.append(block.attention.weights(block.attention_norm(h), angles))
            h = block(h, angles)
        return torch.stack(found)

    def check_head(self, head: Head) -> None:
        """Raise ValueError unless there is such a layer and such a head."""
        layers, heads = len(self.blocks), self.blocks[0].attention.heads
        if not (0 <= head[0] < layers and 0 <= head[1] < heads):
            raise ValueError(f"a head is (layer, head), below ({layers}, {heads}), not {head}")


class Transformer(TextModel):
    """Decoder-only transformer over the characters of Shakespeare.

    Arguments:
        width, layers, heads: D, the number of blocks, and H.
        context: C, an even number.
        dropout: Share of what a block adds that is dropped in training.
        space: Texts in the alphabet that it reads.
    """

    title = "Transformer"

    def __init__(
        self,
        width: int = 160,
        layers: int = 4,
        heads: int = 5,
        context: int = 256,
        dropout: float = 0.0,
        *,
        space: Tokens = TEXT,
    ):
        super().__init__()
        self.context, self.space = context, space
        self.trunk = Trunk(width, layers, heads, context, causal=True, dropout=dropout, size=space.size)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean of −log p of the characters of random excerpts of C characters, in nats a character: (B, T ≥ C)."""
        part = excerpts(x, self.context, generator)
        logits = self.trunk(shift(part, self.space.size))
        return F.cross_entropy(logits.flatten(0, 1).float(), part.flatten())

    def log_probs(self, x: Tensor, off: Head | None = None) -> Tensor:
        """Compute log p(· | x_<t) at every position, in nats, in windows if T > C: (B, T) to (B, T, V).

        `off` is a head whose output is replaced by zero.

        Raises:
            ValueError: if there is no such head.
        """
        if off is not None:
            self.trunk.check_head(off)
        found = [
            self.trunk(shift(x[:, start:end], self.space.size), off=off)[:, first - start :]
            for start, first, end in windows(x.shape[1], self.context)
        ]
        return torch.cat(found, dim=1).log_softmax(-1)

    def head_costs(self, x: Tensor) -> Tensor:
        """Compute the increase of −log p in nats a character when each head alone is switched off: (B, layers, H).

        Shapes: `x` (B, T).

        Raises:
            ValueError: if `x` holds other numbers than those of characters.
        """
        self.space.check(x)
        usual, blocks = self.conditionals(x), self.trunk.blocks
        costs = [
            [usual - self.conditionals(x, off=(layer, head)) for head in range(block.attention.heads)]
            for layer, block in enumerate(blocks)
        ]
        return torch.stack([torch.stack(row) for row in costs]).mean(-1).permute(2, 0, 1)

    def attention(self, x: Tensor) -> Tensor:
        """Compute the attention weights for texts of at most C characters: (B, T) to (layers, B, H, T, T).

        Row t has the weights with which character t is predicted. Column s is the symbol that position s reads: the
        start for s = 0, else character s − 1.

        Raises:
            ValueError: if `x` is no text, or longer than C.
        """
        self.space.check(x)
        if x.shape[1] > self.context:
            raise ValueError(f"the network reads {self.context} characters at once, this text has {x.shape[1]}")
        return self.trunk.attention(shift(x, self.space.size))

    def reader(self, n: int, off: Head | None = None) -> "CachedReader":
        """Return a reader that computes only what is new, with a head switched off if `off` is not None.

        Raises:
            ValueError: if there is no such head.
        """
        if off is not None:
            self.trunk.check_head(off)
        return CachedReader(self, n, off)


class CachedReader:
    """Reader that keeps the keys and values of the current window, so that a new character costs one position.

    When the window is full, the next one starts with the last C / 2 characters, which are read again.
    """

    def __init__(self, model: Transformer, n: int, off: Head | None = None):
        self.model, self.off, self.text = model, off, torch.empty(n, 0, dtype=torch.long)
        self.begin(0)

    def begin(self, start: int) -> None:
        """Start a window at a character: forget all keys and values."""
        trunk = self.model.trunk
        heads, like = trunk.blocks[0].attention.heads, trunk.head.weight
        shape = (len(self.text), heads, trunk.context, like.shape[1] // heads)
        self.start, self.pasts = start, [Past(shape, like) for _ in trunk.blocks]

    def read(self, x: Tensor) -> Tensor:
        """Read the next characters (n, k), and return log p of the character after them: (n, V)."""
        self.text = torch.cat([self.text, x], dim=1)
        start = windows(self.text.shape[1] + 1, self.model.context)[-1][0]
        if start != self.start:
            self.begin(start)
        symbols = F.pad(self.text[:, start:], (1, 0), value=self.model.space.size)[:, self.pasts[0].length :]
        symbols = symbols.to(self.pasts[0].keys.device)
        return self.model.trunk(symbols, self.pasts, self.off)[:, -1].log_softmax(-1)


def windows(length: int, context: int) -> list[tuple[int, int, int]]:
    """Return the windows of a text: where each starts, which character it predicts first, and where it ends."""
    half = context // 2
    later = range(half, length - half, half)
    return [(0, 0, min(context, length))] + [
        (start, start + half, min(start + context, length)) for start in later if start + half < length
    ]


def shift(x: Tensor, start: int = TEXT.size) -> Tensor:
    """Return what the positions read: the start symbol, then all characters but the last; (B, T) to (B, T)."""
    return F.pad(x[:, :-1], (1, 0), value=start)


def rotations(context: int, width: int) -> Tensor:
    r"""Compute cosines and sines of the angles $t \, \theta_j$, $\theta_j = 10000^{-2j / D_h}$: (2, C, D_h / 2).

    Reference: Su et al. 2021, equation 15.
    """
    theta = BASE ** (-torch.arange(0, width, 2) / width)
    angles = torch.arange(context).unsqueeze(-1) * theta
    return torch.stack([angles.cos(), angles.sin()])


def rotate(x: Tensor, angles: Tensor) -> Tensor:
    """Rotate pairs of coordinates j and j + D_h / 2 of queries or keys (B, H, T, D_h) by the angles of their positions.

    Reference: Su et al. 2021, equation 34.
    """
    cos, sin = angles
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], dim=-1)


def init_weights(module: nn.Module) -> None:
    """Draw initial weights from a normal distribution with standard deviation 0.02, with biases 0.

    Reference: Radford et al. 2019, section 2.3.
    """
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
    if isinstance(module, nn.Linear) and module.bias is not None:
        nn.init.zeros_(module.bias)
