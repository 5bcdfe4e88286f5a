r"""Rewards on the 16 images of four binary pixels: everything by enumeration.

A network p is to draw images of high reward r without moving far from p. The optimum of

$$ \max_\pi \; \mathbb{E}_\pi[r] - \beta \, \mathrm{KL}(\pi \,\|\, p) $$

is $\pi^*(x) = p(x) e^{r(x) / \beta} / Z$. Three methods come near it: best of n draws, guidance of each conditional by
the mean reward of what may follow, and a policy gradient on the conditionals.

References:
    Korbak et al., RL with KL penalties is better viewed as Bayesian inference, 2022, https://arxiv.org/abs/2205.11275
    Beirami et al., Theoretical guarantees on the best-of-n alignment policy, 2024, https://arxiv.org/abs/2401.01879
    Gao et al., Scaling Laws for Reward Model Overoptimization, 2023, https://arxiv.org/abs/2210.10760
    Yang and Klein, FUDGE, 2021, https://arxiv.org/abs/2104.05218 (guidance of the conditionals)
    Williams, Simple statistical gradient-following algorithms, 1992 (the policy gradient)
"""

import math
from collections.abc import Sequence

import numpy as np

CHAIN_PIXELS = 4
IMAGES_OF_FOUR = 2**CHAIN_PIXELS
FOUR_BITS = (np.arange(IMAGES_OF_FOUR)[:, None] >> np.arange(CHAIN_PIXELS - 1, -1, -1)) & 1
"""Pixels of each image, first pixel first: (16, 4)."""
CONDITIONALS = IMAGES_OF_FOUR - 1
POLICY_BATCH = 64  # images drawn for a step of the policy gradient
POLICY_RATE = 0.3
Array = np.ndarray


def visited() -> Array:
    """Return the conditional that each pixel of each image uses, by its number: (16, 4)."""
    places = np.zeros((IMAGES_OF_FOUR, CHAIN_PIXELS), int)
    for pixel in range(1, CHAIN_PIXELS):
        before = FOUR_BITS[:, :pixel] @ (2 ** np.arange(pixel - 1, -1, -1))
        places[:, pixel] = 2**pixel - 1 + before
    return places


CONDITIONAL_OF = visited()


def joint(conditionals: Sequence[float] | Array) -> Array:
    """Return the probabilities of all images from the 15 conditionals p(x_t = 1 | x_<t): (15,) to (16,)."""
    ones = np.asarray(conditionals, float)[CONDITIONAL_OF]
    return np.where(FOUR_BITS == 1, ones, 1 - ones).prod(1)


def mean_by_prefix(p: Array, values: Array) -> Array:
    """Return the mean of `values` (16,) under p given each prefix followed by 0 and by 1: (15, 2); 0 if impossible."""
    means = np.zeros((CONDITIONALS, 2))
    for place in range(CONDITIONALS):
        for bit in (0, 1):
            at = ((place == CONDITIONAL_OF) & (bit == FOUR_BITS)).any(1)
            mass = p[at].sum()
            means[place, bit] = (p[at] * values[at]).sum() / mass if mass > 0 else 0
    return means


def tilt(p: Array, reward: Array, inverse: float) -> Array:
    """Return p·e^{r/β} / Z for `inverse` = 1/β: (16,), as many for rewards (…, 16)."""
    weights = p * np.exp(inverse * (reward - reward.max(-1, keepdims=True)))
    return weights / weights.sum(-1, keepdims=True)


def best_of(p: Array, reward: Array, n: int) -> Array:
    """Return the exact distribution of the image of highest reward among n draws; ties are broken at random: (16,).

    P(the highest is v) = F(v)^n − F(v⁻)^n, shared by p within a level v.
    """
    chosen = np.zeros(IMAGES_OF_FOUR)
    for level in np.unique(reward):
        at = reward == level
        below, mass = p[reward < level].sum(), p[at].sum()
        if mass > 0:
            chosen[at] = p[at] / mass * (min(1.0, below + mass) ** n - below**n)
    return chosen


def best_of_bound(n: int) -> float:
    """Return log n − (n − 1)/n nats, which the KL of the best of n never exceeds (Beirami et al. 2024, theorem 1)."""
    return math.log(n) - (n - 1) / n


def guide(conditionals: Sequence[float] | Array, reward: Array, inverse: float) -> Array:
    """Guide each conditional by the mean reward of what may follow: odds times e^{(r̄₁ − r̄₀)/β}; returns (16,).

    With log E[e^{r/β}] in place of r̄/β the result would be p·e^{r/β}/Z exactly.
    """
    ones = np.asarray(conditionals, float)
    means = mean_by_prefix(joint(ones), reward)
    weights = np.stack([1 - ones, ones], 1) * np.exp(inverse * (means - means.max(1, keepdims=True)))
    return joint(weights[:, 1] / weights.sum(1))


def kl(q: Array, p: Array) -> float:
    """Return KL(q ‖ p) in nats; infinite where q has mass and p none."""
    at = q > 0
    if (p[at] == 0).any():
        return math.inf
    return max(0.0, float((q[at] * np.log(q[at] / p[at])).sum()))


def entropy(q: Array) -> float:
    """Return the entropy of a distribution in nats."""
    at = q > 0
    return float(-(q[at] * np.log(q[at])).sum())


def scores(logits: Array) -> Array:
    """Return the gradient of log π(x) of each image by the 15 logits: (16, 15)."""
    ones, gradient = 1 / (1 + np.exp(-logits)), np.zeros((IMAGES_OF_FOUR, CONDITIONALS))
    for pixel in range(CHAIN_PIXELS):
        gradient[np.arange(IMAGES_OF_FOUR), CONDITIONAL_OF[:, pixel]] = (
            FOUR_BITS[:, pixel] - ones[CONDITIONAL_OF[:, pixel]]
        )
    return gradient


def policy_gradient(p: Array, logits: Array, reward: Array, beta: float, drawn: Array | None = None) -> Array:
    """Return the gradient of E_π[r] − β KL(π ‖ p) by the logits: exact, or estimated from `drawn` images: (15,).

    Reference: Williams 1992, with r − β log(π/p) as the reward and its mean as the baseline.
    """
    policy = joint(1 / (1 + np.exp(-logits)))
    gain = reward - beta * np.log(policy / p)
    if drawn is None:
        return (policy * (gain - policy @ gain)) @ scores(logits)
    gains = gain[drawn]
    return ((gains - gains.mean())[:, None] * scores(logits)[drawn]).mean(0) * len(drawn) / (len(drawn) - 1)


def train_policy(
    conditionals: Sequence[float] | Array, reward: Array, beta: float, steps: int, seed: int | None
) -> list[Array]:
    """Train the conditionals by the policy gradient; return the policy before and after each step: (16,) each.

    It begins with p. Each step draws `POLICY_BATCH` images, unless `seed` is None: then its gradient is exact.
    """
    ones = np.asarray(conditionals, float)
    p, logits = joint(ones), np.log(ones / (1 - ones))
    generator = np.random.default_rng(seed)
    policies = [p]
    for _ in range(steps):
        drawn = (
            None
            if seed is None
            else generator.choice(IMAGES_OF_FOUR, POLICY_BATCH, p=policies[-1] / policies[-1].sum())
        )
        logits = np.clip(logits + POLICY_RATE * policy_gradient(p, logits, reward, beta, drawn), -14, 14)
        policies.append(joint(1 / (1 + np.exp(-logits))))
    return policies
