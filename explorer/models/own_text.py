r"""Models of a visitor's own text: an alphabet of its own, an n-gram model, and transformers that learn it.

A text has V different characters, and V is known to every model. Two transformers learn it. One starts from random
weights. The other continues a trained one: it takes over all weights but those of the characters. Rows of the embedding
and of the output layer belong to characters. A character that the trained network knows keeps its rows. Each other one
begins with the mean row, and noise of the standard deviation 0.02:

$$ e_c = \frac{1}{V_0} \sum_{c'} e_{c'} + 0.02 \, \epsilon, \qquad \epsilon \sim \mathcal{N}(0, I) $$

Reference: Howard & Ruder, Universal Language Model Fine-tuning for Text Classification, 2018,
    https://arxiv.org/abs/1801.06146, section 3.2 (a language model is continued on a text of another kind)
"""

from copy import copy
from functools import cached_property
from typing import Any

import torch
from torch import Tensor, nn

from explorer.models.ngram import Counts, NGram
from explorer.models.transformer import Transformer
from explorer.spaces import Tokens

INITIAL = 0.02  # standard deviation of initial weights, and of the noise of new rows
OWN_STRENGTHS = (0.1, 0.2, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20)
OWN_ORDER = 6
BITS_OF_A_NUMBER = 63


class OwnNGram(NGram):
    """N-gram model of one text (N,), counted at once; its strengths are chosen on the end of it.

    Arguments:
        codes: The text.
        space: Its alphabet.
    """

    def __init__(self, codes: Tensor, space: Tokens):
        order = min(OWN_ORDER, int(BITS_OF_A_NUMBER / max(1.0, torch.tensor(space.size).log2().item())) - 1)
        super().__init__(order, 0)
        self.space, self.codes = space, codes
        self.choose_strengths(codes, OWN_STRENGTHS)

    @cached_property
    def counts(self) -> list[Counts]:
        """Counts of every order of the text."""
        return self.count_orders(self.codes)

    def at_order(self, order: int) -> "OwnNGram":
        """Return the same model with a lower largest order; both share the counts."""
        found = copy(self)
        found.order = self.check_order(order)
        return found


def fresh(space: Tokens, generator: torch.Generator, **shape: Any) -> Transformer:
    """Return a transformer of random weights over an alphabet; `shape` is as for `Transformer`."""
    model = Transformer(**shape, space=space)
    for name, weight in model.named_parameters():
        last = name.endswith(("attention.out.weight", "mlp.2.weight"))  # as in `Trunk`
        if weight.ndim == 2:
            nn.init.normal_(weight, std=INITIAL / (2 * len(model.trunk.blocks)) ** (0.5 * last), generator=generator)
    return model


@torch.no_grad()
def continued(model: Transformer, space: Tokens, generator: torch.Generator, dropout: float = 0.0) -> Transformer:
    """Return a copy of a transformer over another alphabet: rows of known characters are kept, others are new."""
    trunk = model.trunk
    width, layers, heads = trunk.head.in_features, len(trunk.blocks), trunk.blocks[0].attention.heads
    shape = {"width": width, "layers": layers, "heads": heads, "context": model.context, "dropout": dropout}
    found = fresh(space, generator, **shape)
    weights = {name: value for name, value in model.state_dict().items() if ROWS.isdisjoint({name})}
    found.load_state_dict(weights, strict=False)
    embedding, head = found.trunk.embedding.weight, found.trunk.head.weight
    start = trunk.embedding.weight[-1:]
    embedding.copy_(torch.cat([rows(trunk.embedding.weight[:-1], model.space, space, generator), start]))
    head.copy_(rows(trunk.head.weight, model.space, space, generator))
    for module in found.modules():
        if isinstance(getattr(module, "dropout", None), nn.Dropout):
            module.dropout = SeededDropout(dropout, generator)
    return found


class SeededDropout(nn.Module):
    """Dropout whose draws follow from a generator, so that a seed repeats a training beside other work."""

    def __init__(self, share: float, generator: torch.Generator):
        super().__init__()
        self.share, self.generator = share, generator

    def forward(self, h: Tensor) -> Tensor:
        """Drop a share of the values in training, and scale the others: the result as `h`."""
        if not self.training or not self.share:
            return h
        kept = torch.rand(h.shape, generator=self.generator) >= self.share
        return h * kept.to(h) / (1 - self.share)


ROWS = {"trunk.embedding.weight", "trunk.head.weight"}
"""Weights with a row for each character."""


def rows(old: Tensor, known: Tokens, space: Tokens, generator: torch.Generator) -> Tensor:
    """Return the rows of an alphabet, (V, D): those of `old` (V_0, D) for known characters, else the mean and noise."""
    noise = torch.randn(space.size, old.shape[1], generator=generator)
    found = old.mean(0) + INITIAL * noise
    places = {character: place for place, character in enumerate(known.alphabet)}
    for place, character in enumerate(space.alphabet):
        if character in places:
            found[place] = old[places[character]]
    return found


def new_characters(known: str, alphabet: str) -> str:
    """Return the characters of an alphabet that the known one lacks."""
    return "".join(each for each in alphabet if each not in known)
