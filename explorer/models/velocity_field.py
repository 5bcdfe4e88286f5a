r"""Base class of velocity networks: sampling, inversion, interpolation and the density, all by the ODE.

$$ \frac{dx}{dt} = v_\theta(x, t, y), \quad x(0) \sim \mathcal{N}(0, I), \qquad
\log p(x(1)) = \log \mathcal{N}(x(0); 0, I) - \int_0^1 \nabla \cdot v_\theta(x(t), t, y)\, dt $$

On a straight line $x_t = (1 - t)\, x_0 + t\, x_1$ the mean velocity gives the mean of both ends. It also gives the
score if the Gaussian noise $x_0$ is independent of $x_1$, but not for other couplings:

$$ \hat x_1 = x_t + (1 - t)\, v, \quad \hat x_0 = x_t - t\, v, \quad \nabla \log p_t(x_t) = -\frac{\hat x_0}{1 - t} $$

References:
    Chen et al., Neural Ordinary Differential Equations, 2018, https://arxiv.org/abs/1806.07366 (the density)
    Lipman et al., Flow Matching for Generative Modeling, 2023, https://arxiv.org/abs/2210.02747
    Zheng et al., Guided Flows for Generative Modeling and Decision Making, 2023, https://arxiv.org/abs/2311.13443
"""

from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor

from explorer.models.divergence import Divergence
from explorer.models.flow import standard_normal
from explorer.models.images import check_label
from explorer.models.ode import EVALUATIONS, SOLVERS, Field, Moved, Solver, heun
from explorer.models.sampled import Sampled
from explorer.models.samplers import check_number, rms
from explorer.models.spherical import spherical_path
from explorer.models.whole import check_count
from explorer.spaces import Space
from explorer.steps import Number, Step


class VelocityField(Sampled):
    """Base class of the networks that predict a velocity; noise is at t = 0, data at t = 1.

    A subclass defines `velocity(x, t, label)`, the `space` of its data, the number of labels (`classes`), and converts
    its own scale with `to_space`.
    """

    space: Space
    classes = 0
    steps, solver = 10, "heun"  # defaults of the sampler
    to_data = SOLVERS  # solvers from noise to data
    path = staticmethod(spherical_path)  # between the noises of two x
    numbers = {
        "speed": Number("root mean square of the velocity", curve=True),
        "evaluations_so_far": Number("evaluations of the network"),
    }

    @property
    def evaluations(self) -> int:
        """Evaluations of the network for each step, with the default solver."""
        return EVALUATIONS[self.solver]

    interpolating_evaluations = EVALUATIONS["heun"]

    def velocity(self, x: Tensor, t: Tensor | float, label: Tensor | None = None) -> Tensor:
        r"""Velocity $v_\theta(x_t, t, y)$, in the shape of `x`: (B, …); `t` one time or (B,); `label` (B,) or None."""
        raise NotImplementedError

    def to_space(self, x: Tensor) -> Tensor:
        """Convert from the network's scale to that of the public interface: both (B, *shape)."""
        return x

    def from_space(self, x: Tensor) -> Tensor:
        """Convert from the scale of the public interface to the network's: both (B, *shape)."""
        return x

    def guided_field(self, label: Tensor | None = None, guidance_scale: float = 1.0) -> Field:
        r"""Return the field $v_\theta(x, t) + w (v_\theta(x, t, y) - v_\theta(x, t))$ (Zheng et al. 2023).

        A scale w of 0 is unconditional, 1 conditional; both take one evaluation, any other takes two in one batch.

        Shapes: `label` (B,) or None for any; the field maps x (B, …) and one time to (B, …).
        """
        if label is None or guidance_scale in (0, 1):
            return lambda x, t: self.velocity(x, t, label if guidance_scale else None)
        none = torch.full_like(label, self.classes)

        def field(x: Tensor, t: float) -> Tensor:
            free, given = self.velocity(torch.cat([x, x]), t, torch.cat([none, label])).chunk(2)
            return free + guidance_scale * (given - free)

        return field

    @torch.no_grad()
    def sample_steps(
        self,
        n: int,
        *,
        generator: torch.Generator,
        label: Tensor | None = None,
        steps: int | None = None,
        solver: str | None = None,
        guidance_scale: float = 1.0,
        x_0: Tensor | None = None,
    ) -> Iterator[Step]:
        r"""Yield the steps from noise to data along the field.

        A step's `time` is the t that it reached, and its picture `x1` the prediction $\hat x_1$ at its start. Its
        numbers are the state `x_t` in the network's scale (n, …), the root mean square of the velocity (n,), and the
        number of evaluations.

        Arguments:
            generator: Source of noise, unless `x_0` is given.
            label: Classes (n,), or None for any.
            steps: Number of steps; for the adaptive solver, the number of evenly spaced times displayed.
            solver: One of `SOLVERS`.
            guidance_scale: w, from 0 (unconditional) through 1 (conditional) to 20.
            x_0: Start in the network's scale, instead of noise: (n, …).

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        solve = solver_of(solver or self.solver, self.to_data)
        steps = self.steps if steps is None else steps
        label, x = self.check_label(label, n), self.check_start(x_0, n, generator)
        check_number(guidance_scale, "guidance_scale", 0, 20)
        way = solve(self.guided_field(label, guidance_scale), x, times(steps))
        for index, moved in enumerate(way):
            yield self.step(moved, index, steps)

    def step(self, moved: Moved, index: int, total: int) -> Step:
        """Return the result of a solver step as a step."""
        guess = moved.start + (1 - moved.left) * moved.v
        numbers = {"x_t": moved.x, "speed": rms(moved.v), "evaluations_so_far": torch.tensor(moved.evaluations)}
        return Step(self.to_space(moved.x), index, total, moved.time, {"x1": self.to_space(guess)}, numbers)

    @torch.no_grad()
    def invert_steps(
        self, x: Tensor, *, label: Tensor | None = None, steps: int | None = None, solver: str | None = None
    ) -> Iterator[Step]:
        """Yield the steps from data to the noise that the same ODE maps back to it: the last step's `x_t`.

        Shapes: `x` (n, …) in the public scale.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        solve, steps = solver_of(solver or self.solver), self.steps if steps is None else steps
        label, x = self.check_label(label, len(x)), self.check_start(self.from_space(x), len(x), None)
        for index, moved in enumerate(solve(self.guided_field(label), x, times(steps)[::-1])):
            yield self.step(moved, index, steps)

    @torch.no_grad()
    def interpolate_steps(self, a: Tensor, b: Tensor, places: int, *, steps: int = 20) -> Iterator[Step]:
        """Yield the steps of two x to their noise, and of the noise between them back to data.

        Shapes: `a` and `b` (1, *shape); every step's x (places, *shape). On the way to noise, x lies between the
        current states.
        """
        for index, step in enumerate(self.invert_steps(torch.cat([a, b]), steps=steps, solver="heun")):
            x_a, x_b = step.numbers["x_t"]
            between = self.path(x_a, x_b, places)
            yield Step(self.to_space(between), index, 2 * steps, step.time)
        down = self.sample_steps(places, generator=torch.Generator(), steps=steps, solver="heun", x_0=between)
        for index, step in enumerate(down, steps):
            yield Step(step.x, index, 2 * steps, step.time, step.pictures)

    @torch.no_grad()
    def log_density(
        self,
        x: Tensor,
        divergence: Divergence,
        *,
        label: Tensor | None = None,
        steps: Sequence[float] | None = None,
        solver: Solver = heun,
    ) -> Tensor:
        """Log-density of continuous x in the network's scale, in nats: (B, …) to (B,).

        Arguments:
            divergence: `exact_divergence`, or `hutchinson` with its probes, which gives an unbiased estimate.
            label: Classes (B,), or None for any.
            steps: Times from data to noise; 100 even steps by default.
            solver: Solver of the path. No standard error includes its error.
        """
        field, shape = self.guided_field(label), x.shape

        def both(state: Tensor, t: float) -> Tensor:
            with torch.enable_grad():
                at = state[:, :-1].view(shape).requires_grad_()
                v = field(at, t)
                change = divergence(at, v)
            return torch.cat([v.detach().flatten(1), change.unsqueeze(-1)], dim=-1)

        start = torch.cat([x.flatten(1), x.new_zeros(len(x), 1)], dim=-1)
        *_, end = solver(both, start, times(100)[::-1] if steps is None else steps)
        z, change = end.x[:, :-1], end.x[:, -1]
        return standard_normal(z) + change  # the integral runs from 1 to 0, so it already has the right sign

    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw standard Gaussian noise on the CPU, so that a seed gives the same noise on every device: (n, …)."""
        return torch.randn(n, *self.space.shape, generator=generator).to(next(self.parameters()))

    def check_start(self, x: Tensor | None, n: int, generator: torch.Generator | None) -> Tensor:
        """Return noise, or `x`; raise ValueError unless `x` is (n, …) and finite."""
        if x is None:
            assert generator is not None
            return self.noise(n, generator)
        if x.shape != (n, *self.space.shape) or not x.is_floating_point() or not bool(x.isfinite().all()):
            raise ValueError(
                f"what to start from must be finite numbers {(n, *self.space.shape)}, not {tuple(x.shape)}"
            )
        return x

    def check_label(self, label: Tensor | None, n: int) -> Tensor | None:
        """Raise ValueError unless `label` is None or (n,) integers up to `classes`, which stands for any."""
        return None if label is None else check_label(label, n, self.classes)


def times(steps: int) -> list[float]:
    """Return `steps` + 1 even times from 0 to 1; raise ValueError unless `steps` is an integer from 1 to 1,000."""
    check_count(steps, "steps", 1_000)
    return [index / steps for index in range(steps + 1)]


def solver_of(name: str, solvers: Mapping[str, Solver] = SOLVERS) -> Solver:
    """Return one of the solvers; raise ValueError if there is none of that name."""
    if name not in solvers:
        raise ValueError(f"there is no solver “{name}”: choose one of {', '.join(solvers)}")
    return solvers[name]
