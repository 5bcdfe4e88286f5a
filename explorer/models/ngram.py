r"""N-gram model of characters: counts of short texts, interpolated over the orders 0 to K.

Notation: V characters; $h_k$ the k characters before the next one; $N(h, c)$ how often c follows h in the training
text, $N(h)$ the sum over c, and $T(h)$ the number of different c. Order k mixes its frequencies with the order below:

$$ p_k(c \mid h_k) = \frac{N(h_k, c) + \theta_k T(h_k) \, p_{k-1}(c \mid h_{k-1})}{N(h_k) + \theta_k T(h_k)},
\qquad p_{-1}(c) = \frac{1}{V} $$

If h never occurs, p_k is p_{k−1}. With $\theta_k = 1$ these are Witten and Bell's weights. Here each $\theta_k$ is
chosen on a part of the training text that is not counted meanwhile. Nothing is trained by gradients. All counts follow
from the training text. So the checkpoint holds this text, one byte a character, and counts it when it is first used.

References:
    Shannon, A Mathematical Theory of Communication, 1948, section 3
    Witten & Bell, The Zero-Frequency Problem, 1991 (method C)
    Chen & Goodman, An Empirical Study of Smoothing Techniques for Language Modeling, 1998, equations 12 and 16
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from explorer.models.text import NaiveReader, TextModel
from explorer.models.whole import check_count
from explorer.spaces import TEXT

TUNED_ON = 0.2  # share of the training text on which the strengths are chosen: its end, other plays than the rest


@dataclass(frozen=True)
class Counts:
    """Counts of one order k, in tables sorted by number; a text of characters is a number in base V.

    Arguments:
        grams, times: Numbers of the texts of k + 1 characters that occur, and N(h, c).
        contexts, totals, kinds: Numbers of the texts h of k characters that occur before another one, N(h) and T(h).
        size: V.
    """

    grams: Tensor
    times: Tensor
    contexts: Tensor
    totals: Tensor
    kinds: Tensor
    size: int = TEXT.size

    @classmethod
    def of(cls, codes: Tensor, order: int, size: int = TEXT.size) -> "Counts":
        """Count a text (N,) in an alphabet of V = `size` characters."""
        grams, times = index_before(codes.unsqueeze(0), order + 1, size=size)[0, order:].unique(return_counts=True)
        contexts, inverse, kinds = (grams // size).unique_consecutive(return_inverse=True, return_counts=True)
        totals = torch.zeros_like(contexts).scatter_add_(0, inverse, times)
        return cls(grams, times, contexts, totals, kinds, size)

    def interpolate(self, context: Tensor, symbol: Tensor, lower: Tensor, strength: float) -> Tensor:
        """Compute p_k(c | h) from p_{k−1}(c | h): Chen & Goodman 1998, equation 12.

        Shapes: numbers of `context` h (…, 1), of `symbol` c (…, S), and `lower` (…, S).
        """
        times = look_up(self.grams, self.times, context * self.size + symbol)
        total, prior = self.total_and_prior(context, strength)
        return torch.where(total > 0, (times + prior * lower) / (total + prior).clamp(min=1e-9), lower)

    def total_and_prior(self, context: Tensor, strength: float) -> tuple[Tensor, Tensor]:
        """Return N(h) and θ T(h) of contexts of any shape, both 0 if h never occurs."""
        total = look_up(self.contexts, self.totals, context)
        return total, strength * look_up(self.contexts, self.kinds, context)


class NGram(TextModel):
    """Interpolated n-gram model over the characters of Shakespeare.

    Arguments:
        order: K, the largest number of characters before the predicted one that count.
        texts: Size of the stored training text, in texts of 256 characters.
    """

    title = "N-gram"

    training_text: Tensor
    strengths: Tensor

    def __init__(self, order: int = 6, texts: int = 3921):
        super().__init__()
        self.order = check_count(order, "order", 9)  # so that the index_before fit into 64 bits
        self.register_buffer("training_text", torch.zeros(texts, TEXT.length, dtype=torch.uint8))
        self.register_buffer("strengths", torch.ones(order + 1))

    @cached_property
    def counts(self) -> list[Counts]:
        """Counts of every order of the stored text; counted once."""
        return self.count_orders(self.training_text.flatten().cpu().long())

    def count_orders(self, codes: Tensor) -> list[Counts]:
        """Count a text (N,) for every order."""
        return [Counts.of(codes, order, self.space.size) for order in range(self.order + 1)]

    def fit(self, x: Tensor, recipe: dict, *, generator: torch.Generator) -> list[float]:
        """Store the text of the items x (N, 2 · 256), which overlap by half; choose each strength from `strengths`.

        The choice starts at order 0. For each order it minimises −log p of the last 20 % of the text, while the rest is
        counted. Return the minimum for each order, in nats a character.
        """
        half = x.shape[1] // 2
        codes = torch.cat([x[:, :half], x[-1:, half:]]).flatten().cpu()
        losses = self.choose_strengths(codes, recipe["strengths"])
        self.training_text.copy_(codes.view_as(self.training_text))
        self.__dict__.pop("counts", None)
        return losses

    def choose_strengths(self, codes: Tensor, strengths: Sequence[float]) -> list[float]:
        """Choose the strength of each order from `strengths` by the end of a text (N,), while the rest is counted.

        Return the least −log p of that end for each order, in nats a character.
        """
        size = self.space.size
        counting, tuning = codes.tensor_split([round((1 - TUNED_ON) * len(codes))])
        counts, lower, losses = self.count_orders(counting), torch.tensor(1 / size, dtype=torch.double), []
        for order, each in enumerate(counts):
            context, symbol = (
                index_before(tuning.unsqueeze(0), order, before=True, size=size)[0, order:, None],
                tuning[order:, None],
            )
            mixtures = {strength: each.interpolate(context, symbol, lower, strength) for strength in strengths}
            best = min(mixtures, key=lambda strength: float(-mixtures[strength].log().mean()))
            self.strengths[order] = best
            losses.append(float(-mixtures[best].log().mean()))
            lower = mixtures[best][1:]  # the next order needs one more character before
        return losses

    def log_probs(self, x: Tensor, order: int | None = None) -> Tensor:
        """Compute log p(· | x_<t) at every position, with at most `order` characters before: (B, T) to (B, T, V).

        The first characters have fewer than that before them, and use the lower orders. The result is in nats.

        Raises:
            ValueError: if `order` is not a whole number from 0 to K.
        """
        symbol = torch.arange(self.space.size).expand(*x.shape, -1)
        return self.ladder(x, symbol, self.check_order(order))[-1].log().to(x.device)

    def conditionals_by_order(self, x: Tensor) -> Tensor:
        """Compute log p_k(x_t | x_<t) of every order k, in nats: (B, T) to (K + 1, B, T).

        Raises:
            ValueError: if `x` holds other numbers than those of characters.
        """
        self.space.check(x)
        return torch.stack(self.ladder(x, x.unsqueeze(-1), self.order)).squeeze(-1).log().to(x.device)

    def ladder(self, x: Tensor, symbol: Tensor, order: int) -> list[Tensor]:
        """Compute p_k of some next characters, `symbol` (B, T, S), for each k up to `order`: each (B, T, S)."""
        x, symbol = x.cpu(), symbol.cpu()
        lower, found = torch.full(symbol.shape, 1 / self.space.size, dtype=torch.double), []
        for k in range(order + 1):
            context = index_before(x, k, before=True, size=self.space.size)[:, k:].unsqueeze(-1)
            mixed = self.counts[k].interpolate(context, symbol[:, k:], lower[:, k:], float(self.strengths[k]))
            lower = torch.cat([lower[:, :k], mixed], dim=1)
            found.append(lower)
        return found

    def shares(self, x: Tensor) -> Tensor:
        """Compute the weight of each order in the mixture for every character: (B, T) to (B, T, K + 2), sum 1.

        Entry k + 1 is the weight of the frequencies of order k; entry 0 that of the uniform distribution.

        Raises:
            ValueError: if `x` holds other numbers than those of characters.
        """
        self.space.check(x)
        left, weights = torch.ones(x.shape, dtype=torch.double), []
        for k in reversed(range(self.order + 1)):
            context = index_before(x.cpu(), k, before=True, size=self.space.size)
            total, prior = self.counts[k].total_and_prior(context, float(self.strengths[k]))
            usable = (total > 0) & (torch.arange(x.shape[1]) >= k)
            own = torch.where(usable, total / (total + prior).clamp(min=1e-9), 0.0).double()
            weights.append(left * own)
            left = left * (1 - own)
        return torch.stack([left, *reversed(weights)], dim=-1)

    def reader(self, n: int, order: int | None = None) -> NaiveReader:
        """Return a reader that keeps the last characters only, as many as the order.

        Raises:
            ValueError: if `order` is not a whole number from 0 to K.
        """
        order = self.check_order(order)
        return NaiveReader(self, n, memory=order, order=order)

    def check_order(self, order: int | None) -> int:
        """Return the order, K if None; raise ValueError unless it is a whole number from 0 to K."""
        return self.order if order is None else check_count(order + 1, "order + 1", self.order + 1) - 1


def index_before(x: Tensor, length: int, before: bool = False, size: int = TEXT.size) -> Tensor:
    """Return the number of the `length` characters that end at every position, or before it: (B, T) to (B, T).

    The number is in base V = `size`. Missing characters at the beginning count as 0.
    """
    found = torch.zeros_like(x)
    for back in range(length):
        shift = back + before
        moved = torch.zeros_like(x)
        moved[:, shift:] = x[:, : max(0, x.shape[1] - shift)]
        found += moved * size**back
    return found


def look_up(table: Tensor, values: Tensor, wanted: Tensor) -> Tensor:
    """Look up values in a sorted table, 0 for what it lacks; any shape of `wanted`."""
    place = torch.searchsorted(table, wanted.contiguous()).clamp(max=len(table) - 1)
    return values[place].where(table[place] == wanted, 0)
