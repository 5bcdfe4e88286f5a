r"""Power of a metric: how often n images of each of a few seeds tell two networks apart.

A pool of a network's images stands for the network. Sets of n images are drawn from it at random, without replacement,
and a metric judges each set. A *trial* gives each network as many sets as there are seeds, and asks the rule of all
rankings (`verdicts`): which network is better, or is it undecided? The truth is the order of the whole pools.

A set has at most a quarter of its pool, so that its figures vary nearly as those of fresh images: by $\sqrt{1 - n/N}$.

References:
    Heusel et al., GANs Trained by a Two Time-Scale Update Rule, 2017, https://arxiv.org/abs/1706.08500
    Bińkowski et al., Demystifying MMD GANs, 2018, https://arxiv.org/abs/1801.01401
    Chong & Forsyth, Effectively Unbiased FID and Inception Score, 2020, https://arxiv.org/abs/1911.07023
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer import verdicts
from explorer.measures.intervals import wilson
from explorer.running.pauses import pausing

Array = NDArray[np.float64]
Scorer = Callable[[NDArray[np.int64]], float]
"""Metric of a set, given the places (n,) of its images in the pool."""
LARGEST_SHARE = 4  # a set has at most one of so many parts of its pool
KERNEL_ROWS = 500
POWER = 0.8  # share of right verdicts that counts as enough
NOMINAL = verdicts.LEVEL  # share of equal pairs that the rule may call different
TRIAL_OUTCOMES = ("right", "undecided", "wrong")


def root_of(matrix: Array) -> Array:
    """Return the symmetric square root of a covariance (F, F)."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(values.clip(0))) @ vectors.T


def frechet_scorer(real: Array, made: Array) -> Scorer:
    r"""Return the Fréchet distance to a real set, for sets from a pool.

    The trace of $(\Sigma \Sigma')^{1/2}$ is the sum of the roots of the eigenvalues of
    $\Sigma^{1/2} \Sigma' \Sigma^{1/2}$, which is symmetric; the root is computed once.

    Shapes: `real` (M, F), `made` (N, F).
    """
    mean, covariance = real.mean(0), np.cov(real.T)
    root = root_of(covariance)

    def score(chosen: NDArray[np.int64]) -> float:
        own = made[chosen]
        between = np.cov(own.T)
        shared = np.sqrt(np.linalg.eigvalsh(root @ between @ root).clip(0)).sum()
        return float(((own.mean(0) - mean) ** 2).sum() + covariance.trace() + between.trace() - 2 * shared)

    return score


def kernel(one: Array, other: Array) -> Array:
    """Return k(a, b) = (a·b / F + 1)³ of all pairs: (N, F) and (M, F) to (N, M)."""
    k = one @ other.T / one.shape[1] + 1
    return k * k * k


def kernel_among(points: Array) -> float:
    """Return the mean kernel of all pairs of different points (N, F), computed by `KERNEL_ROWS` rows at once."""
    n, total = len(points), 0.0
    for start in range(0, n, KERNEL_ROWS):
        total += float(kernel(points[start : start + KERNEL_ROWS], points).sum())
    return (total - float((((points**2).mean(1) + 1) ** 3).sum())) / (n * (n - 1))


def kernel_scorer(real: Array, made: Array) -> Scorer:
    """Return the squared maximum mean discrepancy to a real set, without bias, for sets from a pool.

    Shapes: `real` (M, F), `made` (N, F).
    """
    among, across = kernel_among(real), kernel(made, real).mean(1)
    return lambda chosen: float(among + kernel_among(made[chosen]) - 2 * across[chosen].mean())


def mean_scorer(values: Array) -> Scorer:
    """Return the mean of a value of each image (N,), such as whether it lies among the real ones."""
    return lambda chosen: float(values[chosen].mean())


def inception_scorer(logits: Array) -> Scorer:
    r"""Return the Inception score $\exp \mathbb{E}_x \mathrm{KL}(p(y \mid x) \,\|\, p(y))$ for sets from a pool.

    Shapes: `logits` (N, classes).
    """
    p = np.exp(logits - logits.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    negative_entropy = (p * np.log(p.clip(1e-300))).sum(1)

    def score(chosen: NDArray[np.int64]) -> float:
        shares = p[chosen].mean(0)
        return float(np.exp(negative_entropy[chosen].mean() - (shares * np.log(shares.clip(1e-300))).sum()))

    return score


def resample(score: Scorer, pool: int, n: int, count: int, rng: np.random.Generator) -> Array:
    """Return the metric of `count` random sets of n images, each drawn without replacement: (count,).

    Raises:
        ValueError: If a set would have more than a quarter of the pool or less than two images, or a figure is not
            finite.
    """
    if not 2 <= n <= pool // LARGEST_SHARE:
        raise ValueError(f"a set has between 2 and {pool // LARGEST_SHARE} of {pool} images, not {n}")
    found = np.array([score(rng.choice(pool, n, replace=False)) for _ in pausing(range(count))])
    if not np.isfinite(found).all():
        raise ValueError("the metric of a set is not finite")
    return found


@dataclass(frozen=True)
class Order:
    """Order of two figures.

    Arguments:
        least: Whether the smaller figure is the better one, as of a distance.
        is_log: Whether errors are relative, so that logarithms are compared as in all rankings of distances.
    """

    least: bool
    is_log: bool = False

    def better(self, difference: float) -> int:
        """Return 1 if the first of two figures is better, −1 if the second is, 0 if they are equal."""
        sign = (difference > 0) - (difference < 0)
        return -sign if self.least else sign

    def verdict(self, ones: Sequence[float], others: Sequence[float]) -> int:
        """Return 1 if the rule of all rankings finds the first network better, −1 for the second, 0 if undecided.

        Each network has one figure a seed. Both share one variance, as two seeds tell too little of their own. One seed
        alone has no error, so nothing is decided.
        """
        positive = min(*ones, *others) > 0
        each = {"one": verdicts.of_values(ones), "other": verdicts.of_values(others)}
        means = verdicts.pooled(each, is_log=self.is_log and positive)
        found = verdicts.compare(means["one"], means["other"])
        return self.better(found.sign)


@dataclass(frozen=True)
class Trials:
    """Trials of two networks, each with some sets of n images.

    Arguments:
        differences: Mean figure of the first network minus that of the second, (R,).
        verdicts: 1 if the first is found better, −1 if the second, 0 if undecided: (R,).
        plain: The same if the better mean simply wins, (R,).
        independent: Number of trials that share no set.
    """

    differences: Array
    verdicts: NDArray[np.int64]
    plain: NDArray[np.int64]
    independent: int


def run_trials(ones: Array, others: Array, seeds: int, order: Order, count: int, rng: np.random.Generator) -> Trials:
    """Return trials in which each network has the figures of so many random sets.

    A set may be in several trials. The mean over such trials varies less than over trials that share no set.

    Shapes: `ones` (K,), `others` (K,), the figures of K sets of each network.
    """
    differences, found = [], []
    for _ in range(count):
        one, other = (each[rng.choice(len(each), seeds, replace=False)].tolist() for each in (ones, others))
        differences.append(sum(one) / seeds - sum(other) / seeds)
        found.append(order.verdict(one, other))
    plain = [order.better(each) for each in differences]
    return Trials(np.array(differences), np.array(found), np.array(plain), min(len(ones), len(others)) // seeds)


def outcome(verdict: int, truth: int) -> str:
    """Return whether a verdict is right, undecided or wrong; if the networks are equal, undecided is right."""
    if verdict == truth:
        return "right"
    return "wrong" if verdict else "undecided"


def shares(found: Sequence[int], truth: int) -> dict[str, float]:
    """Return the share of each outcome of some verdicts."""
    named = [outcome(int(each), truth) for each in found]
    return {name: named.count(name) / len(named) for name in TRIAL_OUTCOMES}


def interval(share: float, trials: Trials) -> tuple[float, float]:
    """Return the 95 % interval of a share of verdicts; only trials that share no set count."""
    return wilson(share * trials.independent, trials.independent)


def enough(power: Mapping[int, float], wanted: float = POWER) -> int | None:
    """Return the smallest number of images from which on the power is large enough; None if none is.

    Arguments:
        power: Share of right verdicts by the number of images.
        wanted: Share that is large enough.
    """
    found = None
    for n in sorted(power, reverse=True):
        if power[n] < wanted:
            break
        found = n
    return found
