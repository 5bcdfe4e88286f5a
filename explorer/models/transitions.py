r"""The forward process of a discrete diffusion: independent pixels, with a transition matrix for each time.

Notation: $x_t$ one of K states, as a one-hot row; $Q_t$ (K, K), whose rows belong to the previous states; T the last
time.

$$ q(x_t \mid x_{t-1}) = x_{t-1} Q_t, \qquad q(x_t \mid x_0) = x_0 \bar Q_t, \qquad \bar Q_t = Q_1 Q_2 \cdots Q_t $$

A pixel keeps its state with probability $1 - \beta_t$. Otherwise the *uniform* chain draws any state, including its
own, and the *absorbing* chain masks the pixel: this last state is permanent. With $\beta_t = 1 / (T - t + 1)$, a pixel
has never been redrawn with probability $\bar\alpha_t = 1 - t / T$. At T no information about $x_0$ is left.

References:
    Austin et al., Structured Denoising Diffusion Models in Discrete State-Spaces, 2021, section 3 and appendix A,
    https://arxiv.org/abs/2107.03006
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

KINDS = ("uniform", "absorbing")
VALUES = 2  # of a pixel of an image: black and white


@dataclass(frozen=True)
class Chain:
    """A forward process of black and white pixels, in float64.

    Arguments:
        kind: "uniform" or "absorbing".
        times: T.
    """

    kind: str
    times: int

    @property
    def states(self) -> int:
        """Number K of states: black, white and, in the absorbing chain, masked."""
        return VALUES + (self.kind == "absorbing")

    def matrix(self, stays: float) -> Tensor:
        """Transition matrix for the probability `stays` of keeping the state: (K, K)."""
        same = torch.eye(self.states, dtype=torch.double)
        if self.kind == "uniform":
            other = torch.full_like(same, 1 / self.states)
        else:
            other = torch.zeros_like(same)
            other[:, -1] = 1
        return stays * same + (1 - stays) * other

    def step(self, t: int) -> Tensor:
        """Transition matrix $Q_t$: (K, K)."""
        return self.matrix(1 - 1 / (self.times - t + 1))

    def until(self, t: int) -> Tensor:
        r"""Cumulative transition matrix $\bar Q_t$: (K, K)."""
        return self.matrix(1 - t / self.times)

    def posterior(self, x_t: Tensor, x_0: Tensor, t: int) -> Tensor:
        """Posterior $q(x_{t-1} | x_t, x_0)$ of each pixel, by Bayes' rule: (…) integers each to (…, K).

        If $x_t$ cannot follow from $x_0$, the probabilities are NaN.

        Reference: Austin et al. 2021, equation 3.
        """
        likelihood = self.step(t).T[x_t]  # of x_t, for each previous state
        prior = self.until(t - 1)[x_0]
        return likelihood * prior / (likelihood * prior).sum(-1, keepdim=True)

    def reverse(self, x_t: Tensor, p_0: Tensor, t: int) -> Tensor:
        r"""Compute $p(x_{t-1} \mid x_t) = \sum_{x_0} q(x_{t-1} \mid x_t, x_0)\, p(x_0 \mid x_t)$ of each pixel: (…, K).

        Shapes: `x_t` (…) integers; `p_0` (…, 2), the probabilities of black and white.
        """
        total = torch.zeros(*x_t.shape, self.states, dtype=torch.double)
        for value in range(VALUES):
            found = self.posterior(x_t, torch.full_like(x_t, value), t).nan_to_num(0)
            total = total + p_0[..., value, None] * found
        return total / total.sum(-1, keepdim=True)

    def bound(self, x_0: Tensor, predict: Callable[[Tensor, int], Tensor]) -> Tensor:
        r"""Lower bound on log p(x_0), in nats, by a sum over every $x_t$ of a few pixels: ().

        $$ -\sum_t \mathbb{E}_{q(x_t \mid x_0)} D_{KL}(q(x_{t-1} \mid x_t, x_0) \| p(x_{t-1} \mid x_t)) $$

        At t = 1 the term is $-\log p(x_0 \mid x_1)$. At T no information about x_0 is left, so $x_T$ adds no term.

        Shapes: `x_0` (D,) integers; `predict(x_t, t)` takes (N, D) and gives p(x_0 | x_t), (N, D, 2).

        Reference: Austin et al. 2021, equation 1.
        """
        pixels = len(x_0)
        every = torch.cartesian_prod(*[torch.arange(self.states)] * pixels).view(-1, pixels)
        total = torch.zeros((), dtype=torch.double)
        for t in range(1, self.times + 1):
            weight = self.until(t)[x_0.expand_as(every), every].prod(-1)
            x_t = every[weight > 0]
            q = self.posterior(x_t, x_0.expand_as(x_t), t)
            p = self.reverse(x_t, predict(x_t, t), t)
            gap = torch.where(q > 0, q * (q.log() - p.log()), 0.0).sum((-1, -2))
            total = total - (weight[weight > 0] * gap).sum()
        return total
