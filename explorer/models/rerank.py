r"""Re-ranking: draw several pictures, and show the one that another network scores highest.

Of M pictures with scores $s$, all subsets of n are equally likely draws. Sorted by score, the picture with r lower ones
is the best of $\binom{r}{n-1}$ of the $\binom{M}{n}$ subsets. So the expected share of right pictures among the best of
n needs no further draws:

$$ \bar a_n = \sum_{r=0}^{M-1} a_r \binom{r}{n-1} \Big/ \binom{M}{n} $$

References:
    Ramesh et al., Zero-Shot Text-to-Image Generation, 2021, https://arxiv.org/abs/2102.12092 (section 2.6)
"""

import math
from collections.abc import Sequence

from torch import Tensor


def best_of_each(scores: Tensor, n: int) -> Tensor:
    """Return the place of the highest of the first n scores in each row: (rows, M) to (rows,)."""
    return scores[:, :n].argmax(1)


def share_of_best(scores: Sequence[float], right: Sequence[bool], n: int) -> float:
    """Return the expected share of right pictures among the best of n, over all subsets of n of the pictures."""
    in_order = [a for _, a in sorted(zip(scores, right, strict=True), key=lambda pair: pair[0])]
    return sum(a * math.comb(r, n - 1) for r, a in enumerate(in_order)) / math.comb(len(in_order), n)
