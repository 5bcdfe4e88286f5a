r"""Elementwise monotone functions for the couplings of a flow. Each but `Raised` is invertible in closed form.

Notation: $y = f(x)$; a function contributes $\log f'(x)$ to the log-determinant of the Jacobian.

References:
    Dinh et al., NICE: Non-linear Independent Components Estimation, 2015, https://arxiv.org/abs/1410.8516
    Dinh et al., Density Estimation using Real NVP, 2017, https://arxiv.org/abs/1605.08803
    Durkan et al., Neural Spline Flows, 2019, https://arxiv.org/abs/1906.04032
"""

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

BIJECTIONS_STEPS = 60  # limit of the search for an inverse; about six are enough
ROUNDING = 64  # times the machine epsilon: tolerance for rounding errors of a spline


class Curve(Protocol):
    """An elementwise monotone function; its parameters and its input have one shape."""

    def forward_and_log_det(self, x: Tensor) -> tuple[Tensor, Tensor]:
        r"""Compute $f(x)$ and $\log f'(x)$, each of the shape of `x`."""
        ...

    def inverse(self, y: Tensor) -> Tensor:
        r"""Compute the x with $f(x)$ = `y`, of the shape of `y`."""
        ...


@dataclass(frozen=True)
class Shift:
    """$y = x + t$: it preserves lengths, so a flow of shifts only preserves volumes (NICE)."""

    shift: Tensor

    def forward_and_log_det(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return x + self.shift, torch.zeros_like(x)

    def inverse(self, y: Tensor) -> Tensor:
        return y - self.shift


@dataclass(frozen=True)
class Affine:
    """$y = e^s x + t$ (RealNVP)."""

    shift: Tensor
    log_scale: Tensor

    def forward_and_log_det(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return x * self.log_scale.exp() + self.shift, self.log_scale

    def inverse(self, y: Tensor) -> Tensor:
        return (y - self.shift) * (-self.log_scale).exp()


@dataclass(frozen=True)
class Spline:
    """A rational-quadratic spline through K + 1 knots with a slope at each; linear beyond the outer ones.

    Shapes: `x`, `y`, `slopes` (…, K + 1), the first two increasing; the input is (…).

    Reference: Durkan et al. 2019, equations 4 to 8.
    """

    x: Tensor
    y: Tensor
    slopes: Tensor

    def forward_and_log_det(self, x: Tensor) -> tuple[Tensor, Tensor]:
        k, below, above = self._bin(x, self.x)
        (x0, x1), (y0, y1), (d0, d1) = self._ends(k)
        s = (y1 - y0) / (x1 - x0)
        xi = ((x - x0) / (x1 - x0)).clamp(0, 1)
        bent = xi * (1 - xi)
        denominator = s + (d0 + d1 - 2 * s) * bent
        y = y0 + (y1 - y0) * (s * xi**2 + d0 * bent) / denominator
        slope = d1 * xi**2 + 2 * s * bent + d0 * (1 - xi) ** 2
        log_slope = 2 * s.log() + slope.log() - 2 * denominator.log()
        return y + d0 * below + d1 * above, log_slope

    def inverse(self, y: Tensor) -> Tensor:
        k, below, above = self._bin(y, self.y)
        (x0, x1), (y0, y1), (d0, d1) = self._ends(k)
        s = (y1 - y0) / (x1 - x0)
        eta = ((y - y0) / (y1 - y0)).clamp(0, 1)
        a = s - d0 + eta * (d0 + d1 - 2 * s)
        b = d0 - eta * (d0 + d1 - 2 * s)
        xi = 2 * s * eta / (b + (b**2 + 4 * a * s * eta).clamp(min=0).sqrt())
        return x0 + (x1 - x0) * xi + below / d0 + above / d1

    def _ends(self, k: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Return x, y and the slope at both ends of the bins k (…, 1), each (…)."""
        knots = torch.stack(torch.broadcast_tensors(self.x, self.y, self.slopes), -2).expand(*k.shape[:-1], 3, -1)
        ends = knots.gather(-1, torch.cat([k, k + 1], -1).unsqueeze(-2).expand(*k.shape[:-1], 3, 2))
        lower, upper = ends.unbind(-1)
        return [*zip(lower.unbind(-1), upper.unbind(-1))]

    @staticmethod
    def _bin(value: Tensor, knots: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return a value's bin, (…, 1), and its distance below the first knot (at most 0) or above the last."""
        k = (value.unsqueeze(-1) >= knots[..., 1:-1]).sum(-1, keepdim=True)
        return k, (value - knots[..., 0]).clamp(max=0), (value - knots[..., -1]).clamp(min=0)


@dataclass(frozen=True)
class Raised:
    r"""$(1 - \epsilon) f(x) + \epsilon x$ for a function f on the unit interval: the slope is at least ε everywhere.

    A spline with slopes of at least ε at its knots may be much flatter between them. The inverse has no closed form;
    Newton's method finds it. A bisection step replaces a Newton step outside the interval known to contain the root, or
    after a step with little progress.
    """

    curve: Curve
    share: float

    def forward_and_log_det(self, x: Tensor) -> tuple[Tensor, Tensor]:
        y, log_slope = self.curve.forward_and_log_det(x)
        return torch.lerp(y, x, self.share), (log_slope.exp() * (1 - self.share) + self.share).log()

    def inverse(self, y: Tensor) -> Tensor:
        x = self._search(y.detach())
        found, log_slope = self.forward_and_log_det(x)
        return x - (found - y) / log_slope.detach().exp()  # moves by a rounding error, and has the inverse's gradient

    @torch.no_grad()
    def _search(self, y: Tensor) -> Tensor:
        low, high, x = torch.zeros_like(y), torch.ones_like(y), self.curve.inverse(y).clamp(0, 1)
        last, rounding = torch.full_like(y, torch.inf), ROUNDING * torch.finfo(y.dtype).eps
        for _ in range(BIJECTIONS_STEPS):
            found, log_slope = self.forward_and_log_det(x)
            over = found - y
            if float(over.abs().max()) <= rounding:
                break
            low, high = low.where(over > 0, x), high.where(over < 0, x)
            step = x - over / log_slope.exp()
            fast = (step >= low) & (step <= high) & (over.abs() <= (last / 2).clamp(min=rounding))
            x, last = step.where(fast, (low + high) / 2), over.abs()
        return x


def soft_clip(x: Tensor, bound: float) -> Tensor:
    r"""Map numbers in a tensor of any shape to (−b, b) by $x / (1 + |x| / b)$."""
    return x / (1 + x.abs() / bound)
