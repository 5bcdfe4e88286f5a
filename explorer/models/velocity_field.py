r"""What every network of velocities can do: draw, go back, stand between two x, and say a density, all by its ODE.

$$ \frac{dx}{dt} = v_\theta(x, t, y), \quad x(0) \sim \mathcal{N}(0, I), \qquad
\log p(x(1)) = \log \mathcal{N}(x(0); 0, I) - \int_0^1 \nabla \cdot v_\theta(x(t), t, y)\, dt $$

On a straight line $x_t = (1 - t)\, x_0 + t\, x_1$ the mean velocity gives the mean of both ends. It gives the score,
too, if the Gaussian noise $x_0$ is independent of $x_1$, and not by other couplings:

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
from explorer.models.images import checked_label
from explorer.models.ode import EVALUATIONS, SOLVERS, Field, Moved, Solver, heun
from explorer.models.sampled import Sampled
from explorer.models.samplers import check_number, rms
from explorer.models.spherical import spherical_path
from explorer.models.whole import counted
from explorer.spaces import Space
from explorer.steps import Number, Step


class VelocityField(Sampled):
    """Base of the networks that say a velocity; noise is at t = 0, data at t = 1.

    A subclass gives `velocity(x, t, label)`, the `space` of its data, how many labels it knows (`classes`), and how its
    own scale is `shown`.
    """

    space: Space
    classes = 0
    steps, solver = 10, "heun"  # how it draws unless told
    to_data = SOLVERS  # the solvers on the way to data
    path = staticmethod(spherical_path)  # between the noises of two x
    numbers = {
        "speed": Number("root mean square of the velocity", curve=True),
        "evaluations_so_far": Number("evaluations of the network"),
    }

    @property
    def evaluations(self) -> int:
        """How often a step evaluates the network, unless told otherwise."""
        return EVALUATIONS[self.solver]

    interpolating_evaluations = EVALUATIONS["heun"]

    def velocity(self, x: Tensor, t: Tensor | float, label: Tensor | None = None) -> Tensor:
        r"""$v_\theta(x_t, t, y)$, in the shape of `x`: (B, …); `t` one time or (B,); `label` (B,) or None."""
        raise NotImplementedError

    def shown(self, x: Tensor) -> Tensor:
        """From the network's scale to that of the public interface."""
        return x

    def unshown(self, x: Tensor) -> Tensor:
        """From the scale of the public interface to the network's."""
        return x

    def guided(self, label: Tensor | None = None, guidance_scale: float = 1.0) -> Field:
        r"""The field $v_\theta(x, t) + w (v_\theta(x, t, y) - v_\theta(x, t))$ (Zheng et al. 2023, equation 7).

        A scale w of 0 is unconditional, 1 conditional; both take one evaluation, any other two in one batch.
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
        r"""From noise to data along the field.

        A step's `time` is the t that it reached, its picture `x1` the guess $\hat x_1$ where it began, and its numbers
        the state `x_t` in the network's scale (n, …), the root mean square of the velocity (n,), and how often the
        network has been evaluated until now.

        Arguments:
            generator: Where noise comes from, unless it is given.
            label: Classes (n,), or None for any.
            steps: How many; of the adaptive solver, at how many even times its way is shown.
            solver: One of `SOLVERS`.
            guidance_scale: w, from 0 (the label is left out) by 1 (it is given) to 20.
            x_0: What to start from, in the network's scale, instead of noise: (n, …).

        Raises:
            ValueError: if an argument is not what is wanted; the message says what is.
        """
        solve = solver_of(solver or self.solver, self.to_data)
        steps = self.steps if steps is None else steps
        label, x = self.check_label(label, n), self.check_start(x_0, n, generator)
        check_number(guidance_scale, "guidance_scale", 0, 20)
        way = solve(self.guided(label, guidance_scale), x, times(steps))
        for index, moved in enumerate(way):
            yield self.step(moved, index, steps)

    def step(self, moved: Moved, index: int, total: int) -> Step:
        """Where a solver came to, as a step."""
        guess = moved.start + (1 - moved.left) * moved.v
        numbers = {"x_t": moved.x, "speed": rms(moved.v), "evaluations_so_far": torch.tensor(moved.evaluations)}
        return Step(self.shown(moved.x), index, total, moved.time, {"x1": self.shown(guess)}, numbers)

    @torch.no_grad()
    def invert_steps(
        self, x: Tensor, *, label: Tensor | None = None, steps: int | None = None, solver: str | None = None
    ) -> Iterator[Step]:
        """From data to the noise that the same ODE takes back to it; the last step's `x_t` is that noise.

        Shapes: `x` (n, …) in the public scale.

        Raises:
            ValueError: if an argument is not what is wanted; the message says what is.
        """
        solve, steps = solver_of(solver or self.solver), self.steps if steps is None else steps
        label, x = self.check_label(label, len(x)), self.check_start(self.unshown(x), len(x), None)
        for index, moved in enumerate(solve(self.guided(label), x, times(steps)[::-1])):
            yield self.step(moved, index, steps)

    @torch.no_grad()
    def interpolate_steps(self, a: Tensor, b: Tensor, places: int, *, steps: int = 20) -> Iterator[Step]:
        """Two x up to their noises, then the noises between these down again.

        Shapes: `a` and `b` (1, *shape); every step's x (places, *shape): on the way up what lies between them so far.
        """
        for index, step in enumerate(self.invert_steps(torch.cat([a, b]), steps=steps, solver="heun")):
            between = self.path(*step.numbers["x_t"], places)
            yield Step(self.shown(between), index, 2 * steps, step.time)
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
        """log p of continuous x in the network's scale, in nats: (B, …) to (B,).

        Arguments:
            divergence: `exact_divergence`, or `hutchinson` with its probes, which makes it an unbiased estimate.
            label: Classes (B,), or None for any.
            steps: The times from data to noise; 100 even ones unless given.
            solver: Takes the path. Its error is in no standard error.
        """
        field, shape = self.guided(label), x.shape

        def both(state: Tensor, t: float) -> Tensor:
            with torch.enable_grad():
                at = state[:, :-1].view(shape).requires_grad_()
                v = field(at, t)
                change = divergence(at, v)
            return torch.cat([v.detach().flatten(1), change.unsqueeze(-1)], dim=-1)

        start = torch.cat([x.flatten(1), x.new_zeros(len(x), 1)], dim=-1)
        *_, end = solver(both, start, times(100)[::-1] if steps is None else steps)
        z, change = end.x[:, :-1], end.x[:, -1]
        return standard_normal(z) + change  # ∫ from 1 to 0, so the sign is turned already

    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        """Standard Gaussian noise from the CPU, so that a seed starts from the same everywhere: (n, …)."""
        return torch.randn(n, *self.space.shape, generator=generator).to(next(self.parameters()))

    def check_start(self, x: Tensor | None, n: int, generator: torch.Generator | None) -> Tensor:
        """Noise, or `x`; raises ValueError unless that is (n, …) and finite."""
        if x is None:
            return self.noise(n, generator)
        if x.shape != (n, *self.space.shape) or not x.is_floating_point() or not bool(x.isfinite().all()):
            raise ValueError(
                f"what to start from must be finite numbers {(n, *self.space.shape)}, not {tuple(x.shape)}"
            )
        return x

    def check_label(self, label: Tensor | None, n: int) -> Tensor | None:
        """Raises ValueError unless `label` is None or (n,) whole numbers up to `classes`, which stands for any."""
        return None if label is None else checked_label(label, n, self.classes)


def times(steps: int) -> list[float]:
    """`steps` + 1 even times from 0 to 1; raises ValueError unless `steps` is a whole number from 1 to 1,000."""
    counted(steps, "steps", 1_000)
    return [index / steps for index in range(steps + 1)]


def solver_of(name: str, solvers: Mapping[str, Solver] = SOLVERS) -> Solver:
    """One of the solvers; raises ValueError if there is none of that name."""
    if name not in solvers:
        raise ValueError(f"there is no solver “{name}”: choose one of {', '.join(solvers)}")
    return solvers[name]
