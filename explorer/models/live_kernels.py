r"""A kernel density of points in the plane: a Gaussian around each training point, all of one bandwidth h.

$$ p(x) = \frac{1}{N} \sum_i \mathcal{N}(x; x_i, h^2 I) $$

Only h is learned. Each step is one of EM for the likelihood of every point under all others (leave one out), in which
h² is half the mean squared distance, weighted by the responsibilities. That likelihood never falls.

Reference: Duin, On the Choice of Smoothing Parameters for Parzen Estimators, 1976
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from explorer.models.live_nets import Live, one_step
from explorer.steps import Step

MOST_KERNELS = 1_000  # kernels, at random training points
START, KERNELS_LEAST = 0.5, 0.01  # bandwidths
KERNELS_SETTLED = 1e-3  # relative change of h at which the search ends


class LiveKernels(Live):
    """Kernel density; it has no network, so `width` and `deeper` change nothing. A given `bandwidth` is not learned."""

    title = "Kernel density"

    middles: Tensor
    bandwidth: Tensor

    def __init__(self, width: int, deeper: int, generator: torch.Generator, bandwidth: float | None = None):
        super().__init__()
        self.given = bandwidth
        self.register_buffer("middles", torch.randn(MOST_KERNELS, 2, generator=generator))
        self.register_buffer("bandwidth", torch.tensor(bandwidth or START))

    def log_kernels(self, squares: Tensor) -> Tensor:
        """Log-density of a kernel at squared distances, of any shape, from its middle, in nats."""
        return -squares / (2 * self.bandwidth**2) - (2 * math.pi * self.bandwidth**2).log()

    def log_prob(self, x: Tensor) -> Tensor:
        """Exact log-density of points (B, 2), in nats: (B,)."""
        squares = torch.cdist(x, self.middles).square()
        return self.log_kernels(squares).logsumexp(-1) - math.log(len(self.middles))

    def fit_steps(self, x: Tensor, *, generator: torch.Generator) -> Iterator[float]:
        """Store points of x (N, 2), and run EM on h; yield the mean leave-one-out −log p(x) before each step."""
        self.middles = x[torch.randperm(len(x), generator=generator)[:MOST_KERNELS]].clone()
        squares = torch.cdist(self.middles, self.middles).square().fill_diagonal_(torch.inf)
        before = torch.inf
        while abs(float(self.bandwidth) / before - 1) > KERNELS_SETTLED:
            before = float(self.bandwidth)
            kernels = self.log_kernels(squares)
            weights = kernels.softmax(-1)
            loss = -(kernels.logsumexp(-1) - math.log(max(1, len(self.middles) - 1))).mean()
            spread = (weights * squares.nan_to_num(posinf=0)).sum(-1).mean() / 2
            if self.given is None:
                self.bandwidth.copy_(spread.sqrt().clamp(min=KERNELS_LEAST))
            yield float(loss)

    def sample_steps(self, n: int, *, generator: torch.Generator) -> Iterator[Step]:
        """Yield one step: choose stored points, and add noise of the bandwidth."""
        chosen = torch.randint(len(self.middles), (n,), generator=generator)
        return one_step(self.middles[chosen] + self.bandwidth * torch.randn(n, 2, generator=generator))
