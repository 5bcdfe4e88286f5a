r"""The divergence of a field, $\nabla \cdot v = \operatorname{tr}\, \partial v / \partial x$: exactly, or estimated.

Reference: Grathwohl et al., FFJORD: Free-form Continuous Dynamics, 2019, https://arxiv.org/abs/1810.01367
"""

from collections.abc import Callable

import torch
from torch import Tensor

Divergence = Callable[[Tensor, Tensor], Tensor]
"""From x (B, …), which wants its gradient, and v there, to ∇·v: (B,)."""


def exact_divergence(x: Tensor, v: Tensor) -> Tensor:
    """The trace of the Jacobian, one backward pass for each number of an x: (B, …) to (B,)."""
    flat = v.flatten(1)
    rows = [
        torch.autograd.grad(flat[:, i].sum(), x, retain_graph=i + 1 < flat.shape[1])[0].flatten(1)[:, i]
        for i in range(flat.shape[1])
    ]
    return torch.stack(rows).sum(0)


def hutchinson(probes: Tensor) -> Divergence:
    r"""$\varepsilon^\top J \varepsilon$, whose mean over `probes` of ±1 (B, …) is the trace: one backward pass."""

    def divergence(x: Tensor, v: Tensor) -> Tensor:
        (pulled,) = torch.autograd.grad((v * probes).sum(), x)
        return (pulled * probes).flatten(1).sum(-1)

    return divergence


def signs(x: Tensor, generator: torch.Generator) -> Tensor:
    """±1 with the same probability, in the shape of `x`, drawn on the CPU."""
    return (2 * torch.randint(2, x.shape, generator=generator) - 1).to(x)
