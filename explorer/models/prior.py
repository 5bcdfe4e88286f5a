r"""A prior over sequences of tokens: a causal transformer with a cache, optionally conditioned on a class.

$$ \log p(z \mid y) = \sum_{i=1}^{n} \log p(z_i \mid z_1, \dots, z_{i-1}, y) $$

Position i receives the token before it, its position, and the class; a mask hides later positions. The keys and values
of a position never change, so sampling caches them.

References:
    Vaswani et al., Attention Is All You Need, 2017, https://arxiv.org/abs/1706.03762
    Radford et al., Language Models are Unsupervised Multitask Learners, 2019 (the norms come first in every block)
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.layers import Layers


class Block(nn.Module):
    """Causal attention, then two layers for each position; both have residual connections."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))
        self.to_qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def qkv(self, h: Tensor) -> tuple[Tensor, ...]:
        """Compute queries, keys and values of positions (B, n, width): three of (B, heads, n, width / heads)."""
        return self.to_qkv(self.norms[0](h)).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4).unbind(0)

    def after(self, h: Tensor, attended: Tensor) -> Tensor:
        """Compute the rest of the block: `h` (B, n, width), `attended` (B, heads, n, width / heads); shaped as `h`."""
        h = h + self.out(attended.transpose(1, 2).flatten(2))
        return h + self.narrow(F.gelu(self.wide(self.norms[1](h))))

    def forward(self, h: Tensor) -> Tensor:
        """Features after one block: (B, n, width). Shapes: `h` (B, n, width); no position depends on a later one."""
        q, k, v = self.qkv(h)
        later = torch.ones(h.shape[1], h.shape[1], dtype=torch.bool, device=h.device).triu(1)
        return self.after(h, attend(q, k, v, later))


def attend(q: Tensor, k: Tensor, v: Tensor, hidden: Tensor | None = None) -> Tensor:
    r"""Compute $\operatorname{softmax}(q k^T / \sqrt{d}) \, v$ over the positions that are not `hidden` (n, m).

    Shapes: `q` (B, heads, n, d), `k` and `v` (B, heads, m, d); the result is shaped as `q`.
    """
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if hidden is not None:
        scores = scores.masked_fill(hidden, -torch.inf)
    return scores.softmax(-1).to(v) @ v


class TokenPrior(nn.Module):
    """Prior over n tokens of K codes.

    Arguments:
        tokens: n.
        codes: K.
        classes: Number of labels; a label of that number stands for any.
        width: Width of each position's features.
        layers: Number of blocks.
        heads: Number of attention heads.
    """

    def __init__(self, tokens: int, codes: int, classes: int, width: int, layers: int, heads: int = 4):
        super().__init__()
        self.tokens, self.codes, self.classes = tokens, codes, classes
        self.token = nn.Embedding(codes + 1, width)  # the last one stands before the first token
        self.place = nn.Parameter(0.02 * torch.randn(tokens, width))
        self.label = nn.Embedding(classes + 1, width)
        self.blocks = Layers(Block(width, heads) for _ in range(layers))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, codes)
        for embedding in (self.token, self.label):
            nn.init.normal_(embedding.weight, std=0.02)

    def forward(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """Compute every token's logits, given those before it: `z` (B, n) and `label` (B,) to (B, n, K)."""
        before = F.pad(z[:, :-1], (1, 0), value=self.codes)
        h = self.token(before) + self.place + self.label(self.label_or_any(label, len(z))).unsqueeze(1)
        for block in self.blocks:
            h = block(h)
        return self.head(self.norm(h)).float()

    def log_probs(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """Log-probability of each token, given those before it, in nats: `z` (B, n) to (B, n)."""
        return -F.cross_entropy(self(z, label).transpose(1, 2), z, reduction="none")

    def label_or_any(self, label: Tensor | None, n: int) -> Tensor:
        """Return labels (n,) on the prior's device; the number of classes stands for any."""
        any_class = torch.full((n,), self.classes, device=self.place.device)
        return any_class if label is None else label.to(any_class)


class Cache:
    """Cached keys and values of the tokens so far, so that the next token costs one position and not all of them.

    Shapes: `label` (B,), where the number of classes stands for any.
    """

    def __init__(self, prior: TokenPrior, label: Tensor):
        self.prior, self.index = prior, 0
        self.label = prior.label(label)
        width = self.label.shape[1]
        heads = prior.blocks[0].heads
        shape = (2, len(label), heads, prior.tokens, width // heads)
        self.kept = [self.label.new_zeros(shape) for _ in prior.blocks]
        self.before = torch.full_like(label, prior.codes)

    def logits(self) -> Tensor:
        """Compute the logits of the next token: (B, K)."""
        prior, index = self.prior, self.index
        h = (prior.token(self.before) + prior.place[index] + self.label).unsqueeze(1)
        for block, kept in zip(prior.blocks, self.kept):
            q, kept[0, :, :, index : index + 1], kept[1, :, :, index : index + 1] = block.qkv(h)
            h = block.after(h, attend(q, *kept[:, :, :, : index + 1]))
        return prior.head(prior.norm(h))[:, 0].float()

    def append(self, token: Tensor) -> None:
        """Append this token (B,) to the sequences."""
        self.before, self.index = token, self.index + 1

    def choose(self, which: Tensor) -> None:
        """Keep these sequences, by index (B,); an index may occur several times."""
        self.kept = [kept[:, which] for kept in self.kept]
        self.label, self.before = self.label[which], self.before[which]
