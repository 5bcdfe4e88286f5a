"""Interval of a probability that is estimated from few trials.

The browser's half, `stages/compare/interval.js`, computes the same: the answers that it judges never leave the browser.

Reference: Wilson, Probable Inference, the Law of Succession, and Statistical Inference, 1927
"""

import math
from statistics import NormalDist

Z_95 = NormalDist().inv_cdf(0.975)  # standard deviations of an interval of 95 %


def wilson(hits: float, n: int) -> tuple[float, float]:
    """Return the ends of Wilson's 95 % interval of a probability, from `hits` of `n` trials."""
    if n == 0:
        return 0.0, 1.0
    share, weight = hits / n, Z_95**2 / n
    middle = (share + weight / 2) / (1 + weight)
    half = Z_95 / (1 + weight) * math.sqrt(share * (1 - share) / n + weight / (4 * n))
    return max(0.0, middle - half), min(1.0, middle + half)
