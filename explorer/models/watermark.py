r"""Watermarks of a sampler of text: draws that a key makes recognisable, and the exact test for them.

A keyed hash gives each pair of a context (the $h$ characters before) and a character $c$ a number
$u_c \in (0, 1)$. To whoever lacks the key, these numbers are independent and uniform. A mark changes the probabilities
$q$ of the next character by them.

Green list: $c$ is green if $u_c < \gamma$, and $q'_c \propto q_c e^{\delta [c\,\text{green}]}$. Under the null
hypothesis the number of green characters among $n$ distinct pairs is binomial, $\mathrm{Bin}(n, \gamma)$.

Gumbel: $c = \arg\max_c u_c^{1 / q_c}$, which over keys is a draw from $q$. Under the null hypothesis
$S = \sum -\log(1 - u)$ over $n$ distinct pairs is a sum of exponentials, so it is Erlang, $\Gamma(n, 1)$.

A pair that occurs twice has the same number both times, so each pair is counted once. The lists of the paper hold
exactly $\gamma V$ characters; here each character is green on its own, so that distinct pairs are independent and the
binomial is exact.

References:
    Kirchenbauer et al., A Watermark for Large Language Models, 2023, https://arxiv.org/abs/2301.10226 (the green list)
    Aaronson, My AI Safety Lecture for UT Effective Altruism, 2022, https://scottaaronson.blog/?p=6823 (Gumbel)
    Hu et al., Unbiased Watermark for Large Language Models, 2023, https://arxiv.org/abs/2310.10669 (repeated contexts)
    Fernandez et al., Three Bricks to Consolidate Watermarks, 2023, https://arxiv.org/abs/2308.00113 (exact p-values,
        repeated pairs)
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

GREEN = 0.5  # γ, the share of green characters
MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
STEP = np.uint64(0x9E3779B97F4A7C15)
Mark = Callable[[Tensor, Tensor], Tensor]
"""Function from the probabilities q (n, V) of the next character and the characters so far (n, t) to q' (n, V)."""


def mix(z: np.ndarray) -> np.ndarray:
    """Mix the bits of 64-bit numbers, any shape (the finaliser of SplitMix64, Steele et al. 2014)."""
    z = (z ^ (z >> np.uint64(30))) * MIX[0]
    z = (z ^ (z >> np.uint64(27))) * MIX[1]
    return z ^ (z >> np.uint64(31))


def absorb(state: np.ndarray, symbols: np.ndarray) -> np.ndarray:
    """Absorb one symbol into each hash state; both of one shape, or of shapes that broadcast."""
    return mix((state + STEP) ^ mix(symbols.astype(np.uint64) + STEP))


@dataclass(frozen=True)
class KeyedHash:
    """Keyed hash from a context and a character to a number in (0, 1).

    Arguments:
        key: The secret, a whole number from 0.
        width: h, the number of characters of a context.
    """

    key: int
    width: int

    def states(self, contexts: np.ndarray) -> np.ndarray:
        """Hash contexts (…, h) of characters: (…)."""
        state = np.full(contexts.shape[:-1], self.key, np.uint64)
        for place in range(self.width):
            state = absorb(state, contexts[..., place])
        return state

    def uniforms(self, contexts: np.ndarray, characters: np.ndarray) -> np.ndarray:
        """Return u of each context (…, h) with its character (…), in (0, 1): (…)."""
        bits = absorb(self.states(contexts), characters) >> np.uint64(11)
        return (bits.astype(np.float64) + 0.5) / 2**53

    def of_alphabet(self, x: Tensor, size: int) -> Tensor:
        """Return u of every character of an alphabet after each text (n, t), t from h: (n, V)."""
        contexts = x[:, x.shape[1] - self.width :].cpu().numpy()
        return torch.from_numpy(self.uniforms(contexts[:, None], np.arange(size)[None])).to(x.device)


def mark_green(q: Tensor, u: Tensor, strength: Tensor | float) -> Tensor:
    """Multiply the odds of green characters by e^δ: q and u (n, V), δ a number or (n, 1), to (n, V).

    Reference: Kirchenbauer et al. 2023, algorithm 2.
    """
    raised = q * torch.exp(strength * (u < GREEN).to(q))
    return raised / raised.sum(-1, keepdim=True)


def mark_gumbel(q: Tensor, u: Tensor) -> Tensor:
    """Put all the probability on the character with the largest u^{1/q}: q and u (n, V) to (n, V)."""
    chosen = (u.log() / q).where(q > 0, -math.inf).argmax(-1, keepdim=True)
    return torch.zeros_like(q).scatter(-1, chosen, 1.0)


def mark_rows(hashed: KeyedHash, strengths: Tensor, size: int) -> Mark:
    """Return the mark of several texts at once: row i has a green list of strength δᵢ, or Gumbel where δᵢ is infinite.

    The first h characters of a text have no context and stay unmarked. So does a character whose context occurred
    before: its numbers would be the same again, and a text with the Gumbel mark would no longer come from p.

    Shapes: `strengths` (n,).

    Reference: Hu et al. 2023, section 4.
    """
    gumbel = strengths.isinf()
    delta = strengths.where(~gumbel, 0.0).unsqueeze(-1)

    def mark(q: Tensor, x: Tensor) -> Tensor:
        if x.shape[1] < hashed.width:
            return q
        u = hashed.of_alphabet(x, size).to(q)
        marked = torch.where(gumbel.unsqueeze(-1), mark_gumbel(q, u), mark_green(q, u, delta))
        return torch.where(is_repeated(x, hashed.width).unsqueeze(-1).to(q.device), q, marked)

    return mark


def is_repeated(x: Tensor, width: int) -> Tensor:
    """Return whether the last `width` characters of each text (n, t) occurred in it before: (n,)."""
    windows = x.unfold(1, width, 1)
    return (windows[:, :-1] == windows[:, -1:]).all(-1).any(-1)


def log_binomial_tail(count: int, n: int, p: float) -> float:
    """Return log P(X ≥ count) in nats for X ~ Bin(n, p), exactly, by the sum of its terms; 0 < p < 1."""
    if count <= 0:
        return 0.0
    whole = math.lgamma(n + 1)
    terms = [
        whole - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(p) + (n - k) * math.log1p(-p)
        for k in range(count, n + 1)
    ]
    return min(0.0, log_sum(terms))


def log_erlang_tail(total: float, n: int) -> float:
    """Return log P(S ≥ total) in nats for a sum S of n unit exponentials, exactly: e^{−s} Σ_{k<n} s^k / k!."""
    if n == 0 or total <= 0:
        return 0.0
    terms = [k * math.log(total) - math.lgamma(k + 1) for k in range(n)]
    return min(0.0, log_sum(terms) - total)


def log_sum(terms: list[float]) -> float:
    """Return the logarithm of a sum of exponentials."""
    top = max(terms)
    return top + math.log(math.fsum(math.exp(term - top) for term in terms))


@dataclass(frozen=True)
class Detection:
    """Result of the test of one text.

    Arguments:
        u: Number of each character, NaN for the first h: (T,).
        counted: Whether a place is the first one of its pair, and so is counted: (T,).
        total: Statistic: green characters, or the sum of −log(1 − u).
        log_p: Logarithm of the p-value, in nats.
    """

    u: np.ndarray
    counted: np.ndarray
    total: float
    log_p: float

    @property
    def n(self) -> int:
        """Number of counted places."""
        return int(self.counted.sum())

    @property
    def bits(self) -> float:
        """Evidence, −log₂ of the p-value."""
        return -self.log_p / math.log(2)


def first_of_pairs(windows: np.ndarray) -> np.ndarray:
    """Return for each row of windows (n, h + 1), a context with its character, whether it is the first one like it."""
    first = np.zeros(len(windows), bool)
    first[np.unique(windows, axis=0, return_index=True)[1]] = True
    return first


def detect(x: Tensor, hashed: KeyedHash, method: Literal["green", "gumbel"]) -> Detection:
    """Test a text (T,) for a mark with this key, by its distinct pairs of context and character.

    Reference: Kirchenbauer et al. 2023, section 4, with the exact tail instead of z; Fernandez et al. 2023, section 4.
    """
    codes, h = x.cpu().numpy(), hashed.width
    u, counted = np.full(len(codes), np.nan), np.zeros(len(codes), bool)
    if len(codes) > h:
        windows = np.lib.stride_tricks.sliding_window_view(codes, h + 1)
        u[h:], counted[h:] = hashed.uniforms(windows[:, :h], windows[:, h]), first_of_pairs(windows)
    n, scored = int(counted.sum()), u[counted]
    if method == "green":
        total = int((scored < GREEN).sum())
        return Detection(u, counted, total, log_binomial_tail(total, n, GREEN))
    total = float(-np.log1p(-scored).sum())
    return Detection(u, counted, total, log_erlang_tail(total, n))
