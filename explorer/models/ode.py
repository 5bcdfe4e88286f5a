r"""Solvers of $dx/dt = v(x, t)$ from one time to another; each is a generator of the states at given times.

References:
    Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, 1993, II.1 and II.4
    Bogacki & Shampine, A 3(2) Pair of Runge–Kutta Formulas, 1989, https://doi.org/10.1016/0893-9659(89)90079-7
"""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from torch import Tensor

SAFETY, SHRINK, GROW = 0.9, 0.2, 5.0  # control of the adaptive step size by the error (Hairer et al. 1993, II.4.13)
ODE_TOLERANCE = 1e-3
MOST_SOLVER_STEPS = 1_000  # adaptive steps, including rejected ones; our networks take under 40
ODE_NEAR = 3e-3  # δ of the logarithmic time: about the width of a grey level, which limits how fast a velocity changes
Field = Callable[[Tensor, float], Tensor]
"""Velocity field v(x, t), in the shape of x (B, …)."""


class Moved(NamedTuple):
    """Result of a solver step: `x` (B, …) at `time`; the step began at `start` at time `left`, with the velocity `v`.

    `evaluations` is the number of evaluations of the field since the start.
    """

    time: float
    x: Tensor
    left: float
    start: Tensor
    v: Tensor
    evaluations: int


def euler(field: Field, x: Tensor, times: Sequence[float]) -> Iterator[Moved]:
    """Solve with Euler's method: the velocity at the start of each step; one evaluation a step, error of order 1.

    Shapes: `x` (B, …), the state at the first of the times; one result for each of the others.
    """
    for index, (t, s) in enumerate(pairwise(times), 1):
        start, v = x, field(x, t)
        x = start + (s - t) * v
        yield Moved(s, x, t, start, v, index)


def heun(field: Field, x: Tensor, times: Sequence[float]) -> Iterator[Moved]:
    """Solve with Heun's method: the mean velocity of both ends; two evaluations a step, error of order 2.

    Shapes: `x` (B, …), as for `euler`.
    """
    for index, (t, s) in enumerate(pairwise(times), 1):
        start, v = x, field(x, t)
        end = field(start + (s - t) * v, s)
        x = start + (s - t) / 2 * (v + end)
        yield Moved(s, x, t, start, v, 2 * index)


def heun_to_data(field: Field, x: Tensor, times: Sequence[float]) -> Iterator[Moved]:
    """Solve with Heun's method and a final Euler step, since the velocity at the data no longer depends on the noise.

    Shapes: `x` (B, …), as for `euler`.

    Reference: Karras et al., Elucidating the Design Space of Diffusion-Based Generative Models, 2022, algorithm 1,
    https://arxiv.org/abs/2206.00364
    """
    *before, end = times
    done = 0
    for moved in heun(field, x, before):
        x, done = moved.x, moved.evaluations
        yield moved
    (moved,) = euler(field, x, (before[-1], end))
    yield moved._replace(evaluations=done + 1)


def adaptive(
    field: Field, x: Tensor, times: Sequence[float], tolerance: float = ODE_TOLERANCE, most: int = MOST_SOLVER_STEPS
) -> Iterator[Moved]:
    r"""Solve with Bogacki & Shampine's pair of orders 3 and 2, with adaptive steps.

    The error of a step is measured relative to `tolerance` times $1 + |x|$. The step is accepted if the root mean
    square of this error is at most 1 for every x of the batch. States at `times` between two steps come from the cubic
    that matches the states and velocities of both ends.

    Shapes: `x` (B, …), as for `euler`.

    Raises:
        ValueError: if the field takes more than `most` steps, or is not finite.
    """
    t, stop, wanted = times[0], times[-1], list(times[1:])
    v, evaluations, h = field(x, t), 1, (stop - times[0]) / 10
    for _ in range(most):
        h = stop - t if abs(h) >= abs(stop - t) * (1 - 1e-6) else h
        s = stop if h == stop - t else t + h
        second = field(x + h / 2 * v, t + h / 2)
        third = field(x + 3 * h / 4 * second, t + 3 * h / 4)
        y = x + h * (2 * v + 3 * second + 4 * third) / 9
        end = field(y, s)
        evaluations += 3
        error = h * (-5 * v + 6 * second + 8 * third - 9 * end) / 72
        worst = _worst(error / (tolerance * (1 + x.abs().maximum(y.abs()))))
        if not math.isfinite(worst):  # no smaller step would ever be accepted
            raise ValueError("this velocity field is not finite, so no solver can follow it")
        if worst <= 1:
            while wanted and (wanted[0] - s) * h <= 0:
                share = (wanted[0] - t) / h
                yield Moved(wanted.pop(0), _cubic(x, y, h * v, h * end, share), t, x, v, evaluations)
            t, x, v = s, y, end
        if not wanted:
            return
        h = h * min(GROW, max(SHRINK, SAFETY * max(worst, 1e-10) ** (-1 / 3)))
    raise ValueError(f"this field takes more than {most:,} steps at a tolerance of {tolerance:g}")


def logarithmic(field: Field, x: Tensor, times: Sequence[float]) -> Iterator[Moved]:
    r"""Solve with the classical Runge–Kutta method over $s = \log(1 - t + \delta)$.

    A step takes four evaluations; the error is of order 4.

    Near data, at t = 1, a velocity and its divergence change roughly as $1 / (1 - t)$; over s they change at an even
    rate.

    Shapes: `x` (B, …), as for `euler`; the times lie in [0, 1].

    Reference: Hairer et al. 1993, II.1, table 1.2
    """

    def over_s(x: Tensor, s: float) -> tuple[Tensor, Tensor]:
        """Compute the velocities with respect to t and to s, at s: (B, …) each."""
        v = field(x, min(1.0, max(0.0, 1 + ODE_NEAR - math.exp(s))))
        return v, -math.exp(s) * v

    for index, (t, until) in enumerate(pairwise(times), 1):
        s, h = math.log(1 - t + ODE_NEAR), math.log((1 - until + ODE_NEAR) / (1 - t + ODE_NEAR))
        v, first = over_s(x, s)
        _, second = over_s(x + h / 2 * first, s + h / 2)
        _, third = over_s(x + h / 2 * second, s + h / 2)
        _, fourth = over_s(x + h * third, s + h)
        start, x = x, x + h / 6 * (first + 2 * second + 2 * third + fourth)
        yield Moved(until, x, t, start, v, 4 * index)


def logarithmic_times(steps: int, near: float = ODE_NEAR) -> list[float]:
    r"""Return `steps` + 1 times from data at 1 to noise at 0, evenly spaced over $\log(1 - t + \delta)$."""
    growth = (1 + near) / near
    return [1.0, *(1 + near - near * growth ** (index / steps) for index in range(1, steps)), 0.0]


def extrapolate(fine: Tensor, coarse: Tensor, order: int) -> tuple[Tensor, Tensor]:
    """Compute Richardson's extrapolation from results with a step size and with twice that step size.

    Returns the extrapolated values and their absolute difference from the fine ones. This difference estimates the
    error of the fine values, and overestimates that of the extrapolated ones.

    Shapes: `fine` and `coarse` of one shape, as both results.

    Reference: Hairer et al. 1993, II.4, equation 4.4
    """
    error = (fine - coarse) / (2**order - 1)
    return fine + error, error.abs()


def _worst(error: Tensor) -> float:
    return float(error.flatten(1).square().mean(-1).sqrt().max())


def _cubic(x: Tensor, y: Tensor, rise: Tensor, fall: Tensor, share: float) -> Tensor:
    """Evaluate Hermite's cubic from x to y, with slopes `rise` and `fall` at the ends, at a `share` of the step."""
    if share == 1:
        return y
    far, near = share * share * (3 - 2 * share), 1 - share
    return x + far * (y - x) + share * near * (near * rise - share * fall)


Solver = Callable[..., Iterator[Moved]]
SOLVERS: dict[str, Solver] = {"euler": euler, "heun": heun, "adaptive": adaptive}
EVALUATIONS = {"euler": 1, "heun": 2}
"""Evaluations of the field for each step, for methods with a fixed number; the last step may need fewer."""
