"""One rule for every sentence that ranks: a difference counts if chance alone would exceed it in at most 5 % of cases.

Welch's test compares two means of different items, the paired test means of the same items. Where several pairs are
compared, each pair is asked at 5 % divided by their number (Bonferroni), so that the 5 % hold for the whole sentence.
Two seeds alone tell too little of their spread. So figures of few seeds each share one variance (`pooled`), as in an
analysis of variance. The browser's half, `stages/kit/base/verdict.js`, computes the same.

References: Welch 1947; Satterthwaite 1946; Agresti & Caffo 2000 (shares).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from statistics import fmean, stdev
from typing import Any

LEVEL = 0.05  # share of sentences that may name a difference between samples of one distribution
AS_NORMAL = 1e5  # degrees of freedom beyond which Student's t is a normal distribution, to six digits


@dataclass(frozen=True)
class Estimate:
    """Mean of independent measurements, its standard error, and their number; infinitely many if they are unknown.

    `shared` is the degrees of freedom of a variance that several estimates share; 0 if each has its own.
    """

    value: float
    se: float = 0.0
    n: float = math.inf
    shared: float = 0


@dataclass(frozen=True)
class Verdict:
    """Result of a test: the difference of two means, its probability by chance, and how many pairs were compared."""

    difference: float
    p: float
    comparisons: int = 1

    @property
    def is_different(self) -> bool:
        """True if the difference is larger than chance allows, given all comparisons."""
        return self.p * self.comparisons <= LEVEL

    @property
    def sign(self) -> int:
        """1 if the first is measured to be larger, −1 if it is smaller, and 0 for a tie."""
        return (self.difference > 0) - (self.difference < 0) if self.is_different else 0


def sized(difference: float, *, larger: str, smaller: str, tie: str = "") -> str:
    """Return the words for a first figure that is larger than a second, smaller, or not told from it.

    Arguments:
        difference: First figure minus second, or the sign of a verdict.
        larger: Words for a larger one, such as "more", "rises" and "above".
        smaller: Words for a smaller one, such as "less", "falls" and "below".
        tie: Words for neither.
    """
    return larger if difference > 0 else smaller if difference < 0 else tie


def ranked(difference: float, *, least: bool, better: str, worse: str, tie: str = "") -> str:
    """Return the words for a first figure that is better than a second, worse, or not told from it.

    Arguments:
        difference: First figure minus second, or the sign of a verdict.
        least: Whether the smaller of two figures is the better one, as of a distance.
        better: Words for a better one.
        worse: Words for a worse one.
        tie: Words for neither.
    """
    return sized(-difference if least else difference, larger=better, smaller=worse, tie=tie)


def of_values(values: Sequence[float]) -> Estimate:
    """Return the mean of independent values; one value alone has an infinite standard error."""
    n = len(values)
    return Estimate(fmean(values), stdev(values) / math.sqrt(n) if n > 1 else math.inf, n)


def of_share(count: float, n: int) -> Estimate:
    """Return a share count / n, with one success and one failure added, so that 0 and 1 have an error, too."""
    value = (count + 1) / (n + 2)
    return Estimate(value, math.sqrt(value * (1 - value) / (n + 2)), n)


def of_figure(figure: Mapping[str, Any]) -> Estimate:
    """Return a row of a card, or another figure with `value`, `se` and `n`; one without `se` is exact."""
    return Estimate(figure["value"], figure.get("se") or 0.0, figure.get("n") or math.inf)


def pooled(samples: Mapping[str, Estimate], is_log: bool = False) -> dict[str, Estimate]:
    """Return the means of a few values each with one variance, that of all deviations from the own mean.

    Arguments:
        samples: Mean, standard error and number of values by name.
        is_log: Whether deviations are relative, so that the logarithms are compared.
    """
    if is_log:
        samples = {name: Estimate(math.log(each.value), each.se / each.value, each.n) for name, each in samples.items()}
    known = [each for each in samples.values() if 1 < each.n < math.inf]
    freedom = sum(each.n - 1 for each in known)
    variance = sum(each.se**2 * each.n * (each.n - 1) for each in known) / freedom if freedom else math.inf
    return {name: Estimate(each.value, math.sqrt(variance / each.n), each.n, freedom) for name, each in samples.items()}


def pairs_of(count: int) -> int:
    """Return the number of pairs of `count` figures; 1 at least."""
    return max(1, count * (count - 1) // 2)


def compare(one: Estimate, other: Estimate, comparisons: int = 1) -> Verdict:
    """Return the verdict of Welch's test on two means of different items."""
    difference, error = one.value - other.value, math.hypot(one.se, other.se)
    return Verdict(difference, _p_value(difference, error, _freedom(one, other)), comparisons)


def compare_pairs(ones: Sequence[float], others: Sequence[float], comparisons: int = 1) -> Verdict:
    """Return the verdict of the paired test on values of the same items, in the same order.

    Raises:
        ValueError: if the numbers of values differ.
    """
    gaps = of_values([a - b for a, b in zip(ones, others, strict=True)])
    return Verdict(gaps.value, _p_value(gaps.value, gaps.se, gaps.n - 1), comparisons)


def chance_limit(draws: Sequence[float], comparisons: float = 1) -> float:
    """Return the value that a statistic must exceed to be beyond chance; infinite where the draws are too few.

    At least 20 · comparisons − 1 draws of the same statistic are needed before any value can be called different.
    """
    above = math.floor(LEVEL * (len(draws) + 1) / comparisons + 1e-9) - 1  # draws that may be as large
    return sorted(draws, reverse=True)[above] if above >= 0 else math.inf


def best_of(estimates: Mapping[str, Estimate], least: bool = False) -> list[str]:
    """Return the names that no other is measured to be better than: the winner, or all that tie for the first place.

    All pairs count as comparisons.
    """
    pairs = pairs_of(len(estimates))
    beaten = {loser for a, b in combinations(estimates, 2) if (loser := _loser(estimates, a, b, pairs, least))}
    return [name for name in estimates if name not in beaten]


def _loser(estimates: Mapping[str, Estimate], a: str, b: str, pairs: int, least: bool) -> str | None:
    sign = compare(estimates[a], estimates[b], pairs).sign * (-1 if least else 1)
    return b if sign > 0 else a if sign < 0 else None


@lru_cache(maxsize=1_000)
def critical(freedom: float, comparisons: int = 1) -> float:
    """Return the number of standard errors that a difference must exceed, by Student's t (bisection)."""
    low, high = 0.0, 1e6
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if student_p(middle, freedom) * comparisons > LEVEL else (low, middle)
    return high


def student_p(t: float, freedom: float) -> float:
    """Return the probability that Student's t with `freedom` degrees of freedom exceeds |t| on either side."""
    if freedom > AS_NORMAL:
        return math.erfc(abs(t) / math.sqrt(2))
    return _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))


def _p_value(difference: float, error: float, freedom: float) -> float:
    if not math.isfinite(error) or freedom <= 0 or difference == 0:
        return 1.0
    return student_p(difference / error, freedom) if error > 0 else 0.0


def _freedom(one: Estimate, other: Estimate) -> float:
    """Return the Welch–Satterthwaite degrees of freedom; 0 if one of the means has a single value."""
    if one.shared and one.shared == other.shared:
        return one.shared
    if min(one.n, other.n) <= 1:
        return 0.0
    parts = [(each.se**2, each.shared or each.n - 1) for each in (one, other)]
    below = sum(square**2 / freedom for square, freedom in parts)
    return sum(square for square, _ in parts) ** 2 / below if below > 0 else math.inf


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b) by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(b, a, 1 - x)
    fraction, numerator, denominator = 1.0, 1.0, 0.0
    for i in range(400):
        term = _term(i, a, b, x)
        denominator = 1 / (1 + term * denominator)
        numerator = 1 + term / numerator
        fraction *= numerator * denominator
        if i and abs(numerator * denominator - 1) < 1e-14:
            break
    log = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log) * (fraction - 1) / a


def _term(i: int, a: float, b: float, x: float) -> float:
    """Return the i-th partial numerator of the continued fraction of I_x(a, b)."""
    m = i // 2
    if i % 2:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)) if i else 1.0
