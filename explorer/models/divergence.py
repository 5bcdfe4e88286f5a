r"""The divergence of a field, $\nabla \cdot v = \operatorname{tr}\, \partial v / \partial x$: exact, or estimated.

Reference: Grathwohl et al., FFJORD: Free-form Continuous Dynamics, 2019, https://arxiv.org/abs/1810.01367
"""

from collections.abc import Callable

import torch
from torch import Tensor

Divergence = Callable[[Tensor, Tensor], Tensor]
"""Function from x (B, …), which requires its gradient, and v there to ∇·v: (B,)."""


def exact_divergence(x: Tensor, v: Tensor) -> Tensor:
    """Compute the trace of the Jacobian, by one backward pass for each number of an x: (B, …) to (B,)."""
    flat = v.flatten(1)
    rows = [
        torch.autograd.grad(flat[:, i].sum(), x, retain_graph=i + 1 < flat.shape[1])[0].flatten(1)[:, i]
        for i in range(flat.shape[1])
    ]
    return torch.stack(rows).sum(0)


def hutchinson(probes: Tensor) -> Divergence:
    r"""Return the estimator $\varepsilon^\top J \varepsilon$ for `probes` of ±1 (B, …); its mean is the trace.

    It costs one backward pass.
    """

    def divergence(x: Tensor, v: Tensor) -> Tensor:
        (pulled,) = torch.autograd.grad((v * probes).sum(), x)
        return (pulled * probes).flatten(1).sum(-1)

    return divergence


def signs(x: Tensor, generator: torch.Generator) -> Tensor:
    """Draw ±1 with equal probability, in the shape of `x`, on the CPU."""
    return (2 * torch.randint(2, x.shape, generator=generator) - 1).to(x)
