r"""Samplers from noise to data, and inversion, for any network that predicts noise. Each is a generator of steps.

References:
    Ho et al., Denoising Diffusion Probabilistic Models, 2020, https://arxiv.org/abs/2006.11239
    Song et al., Denoising Diffusion Implicit Models, 2021, https://arxiv.org/abs/2010.02502
    Dhariwal & Nichol, Diffusion Models Beat GANs on Image Synthesis, 2021, https://arxiv.org/abs/2105.05233
    Ho & Salimans, Classifier-Free Diffusion Guidance, 2021, https://arxiv.org/abs/2207.12598
"""

import math
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

import torch
from torch import Tensor

from explorer.models.images import check_label
from explorer.models.sampled import Sampled
from explorer.models.schedule import Schedule
from explorer.models.spherical import spherical_path
from explorer.spaces import Space
from explorer.steps import Number, Step


class Denoiser(Sampled):
    r"""Base class of the networks that predict the noise in $x_t$.

    A subclass defines `predict_noise(x_t, t, label)`, the `space` of its data, and the number of labels (`classes`). It
    also sets whether $\hat x_0$ is clipped to [−1, 1] (`clips`), and converts its own scale with `to_space`.
    """

    space: Space
    clips = False
    classes = 0
    numbers = {
        "t": Number("time that the step left"),
        "noise_norm": Number("size of the predicted noise", curve=True),
        "moved": Number("change of the guess", curve=True),
    }

    def __init__(self, schedule: Schedule):
        super().__init__()
        self.schedule = schedule
        self.state_shape = self.space.shape  # shape of the noised state; different if that is a code

    def predict_noise(self, x_t: Tensor, t: Tensor | int, label: Tensor | None = None) -> Tensor:
        r"""Predicted noise $\epsilon_\theta(x_t, t, y)$, as `x_t`; `t` one time or (B,); `label` (B,) or None."""
        raise NotImplementedError

    def to_space(self, x: Tensor) -> Tensor:
        """Convert from the network's scale to that of the public interface: (B, …) to (B, *shape)."""
        return x

    def guided_noise(self, x_t: Tensor, t: int, label: Tensor | None, guidance_scale: float) -> Tensor:
        r"""Guided noise $\epsilon_\theta(x_t, t) + w (\epsilon_\theta(x_t, t, y) - \epsilon_\theta(x_t, t))$.

        A scale w of 0 is unconditional, 1 conditional; both take one evaluation, any other takes two in one batch.

        Shapes: `x_t` (B, …), as the result; `label` (B,) or None.

        Reference: Ho & Salimans 2021, equation 6, whose w is this one minus 1.
        """
        if label is None or guidance_scale in (0, 1):
            return self.predict_noise(x_t, t, label if guidance_scale else None)
        none = torch.full_like(label, self.classes)
        free, given = self.predict_noise(torch.cat([x_t, x_t]), t, torch.cat([none, label])).chunk(2)
        return free + guidance_scale * (given - free)

    def ddpm_steps(self, n: int, *, generator: torch.Generator, steps: int | None = None, **how) -> Iterator[Step]:
        """Return the steps of ancestral sampling (Ho et al. 2020, algorithm 2), at all T times or at `steps` even ones.

        `walk` lists further arguments.
        """
        return self.denoise_steps(n, self.schedule.ddpm_step, steps or self.schedule.total, generator, **how)

    def ddim_steps(
        self, n: int, *, generator: torch.Generator, steps: int = 50, eta: float = 0.0, **how
    ) -> Iterator[Step]:
        """Return the steps of DDIM (Song et al. 2021, equation 12); `eta` 0 is deterministic, 1 is as random as DDPM.

        `walk` lists further arguments.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        check_number(eta, "eta", 0, 1)
        return self.denoise_steps(n, partial(self.schedule.ddim_step, eta=eta), steps, generator, eta > 0, **how)

    @torch.no_grad()
    def denoise_steps(
        self, n: int, back: Callable[..., Tensor], steps: int, generator: torch.Generator, noisy: bool = True, **how
    ) -> Iterator[Step]:
        """Yield the steps of `walk`, which lists the arguments.

        Every step's `time` is the time it reached, and its picture is the prediction `x0`. Its `numbers` hold the noisy
        `x_t` in the network's scale (n, …) and the time `t` at its start. Two numbers are root mean squares, for each
        of the n: `noise_norm` of the predicted noise, and `moved` of the change of the prediction (the first step has
        none).
        """
        for index, (times, x, x0, before, eps) in enumerate(self.walk(n, back, steps, generator, noisy, **how)):
            yield self.step(self.to_space(x), index, steps, times, x, x0, before, eps)

    @torch.no_grad()
    def walk(
        self,
        n: int,
        back: Callable[..., Tensor],
        steps: int,
        generator: torch.Generator,
        noisy: bool = True,
        *,
        label: Tensor | None = None,
        guidance_scale: float = 1.0,
        clip: bool | None = None,
        x_t: Tensor | None = None,
        start: int | None = None,
    ) -> Iterator[tuple[tuple[int, int], Tensor, Tensor, Tensor | None, Tensor]]:
        r"""Walk from noise to data in the network's own scale: one evaluation of the network a step.

        Yields the times (t, s), $x_s$, the prediction $\hat x_0$, that of the step before or None, and the predicted
        noise.

        Arguments:
            back: The step from t to s, `Schedule.ddpm_step` or `Schedule.ddim_step`; `noisy` is True if it uses noise.
            generator: Source of noise: first for the start, then for each step.
            label: Classes (n,), or None for any.
            guidance_scale: w, from 0 (unconditional) through 1 (conditional) to 20.
            clip: True to clip the prediction to [−1, 1]; None for the network's default.
            x_t: Start in the network's scale, instead of noise: (n, …).
            start: Time of the start; T by default.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        label, x = self.check_label(label, n), self.check_start(x_t, n, generator)
        check_number(guidance_scale, "guidance_scale", 0, 20)
        clip, before = self.clips if clip is None else clip, None
        for t, s in pairwise(self.schedule.times(steps, start)):
            eps = self.guided_noise(x, t, label, guidance_scale)
            x0 = self.schedule.predict_x0(x, eps, t, clip=clip)
            x = back(x, eps, t, s, self.noise(n, generator) if noisy and s else torch.zeros_like(x), clip=clip)
            yield (t, s), x, x0, before, eps
            before = x0

    def step(
        self,
        x: Tensor,
        index: int,
        total: int,
        times: tuple[int, int],
        x_t: Tensor,
        x0: Tensor,
        before: Tensor | None,
        eps: Tensor,
    ) -> Step:
        """Return a step between two times; `x` displays `x_t`, and `before` is the previous prediction, if any.

        Shapes: `x` (n, *shape); `x_t`, both predictions and the noise `eps` (n, …), in the network's scale.
        """
        t, s = times
        numbers = {"t": torch.tensor(t), "x_t": x_t, "noise_norm": rms(eps)}
        if before is not None:
            numbers["moved"] = rms(x0 - before)
        return Step(x, index, total, s, {"x0": self.to_space(x0)}, numbers)

    @torch.no_grad()
    def invert_steps(
        self, x: Tensor, *, label: Tensor | None = None, steps: int = 50, refinements: int = 3
    ) -> Iterator[Step]:
        r"""Yield the steps from data to the noise that DDIM (η = 0, not clipped, w = 1) maps back to it.

        The step from s up to t needs the noise predicted at $x_t$, which is not known yet. It is first predicted at
        $x_s$ (Dhariwal & Nichol 2021, appendix F), then again at the computed $x_t$, `refinements` times. A step's
        `time` is the t that it reached; its numbers are `x_t`, `noise_norm` and, as `t`, the time at its start.

        Shapes: `x` (n, …) in the public scale; the last step's `x_t` is the noise.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        times = self.schedule.times(steps)[::-1]
        label, x = self.check_label(label, len(x)), self.check_start(self.from_space(x), len(x), None)
        for index, (s, t) in enumerate(pairwise(times)):
            below, x_t = x, x
            for again in range(1 + refinements):
                eps = self.guided_noise(x_t, t if again else max(s, 1), label, 1.0)
                x_t = self.schedule.ddim_step(below, eps, s, t, torch.zeros_like(x), clip=False)
            x = x_t
            yield Step(
                self.to_space(x), index, steps, t, numbers={"t": torch.tensor(s), "x_t": x, "noise_norm": rms(eps)}
            )

    def interpolate_steps(self, a: Tensor, b: Tensor, places: int, *, steps: int = 100) -> Iterator[Step]:
        """Yield the steps of two x to their noise, and of noise between them to data (Song et al. 2021, D.5).

        The noise lies on the sphere between the two.

        Shapes: `a` and `b` (1, *shape); every step's x (places, *shape). On the way to noise, x lies between the
        current states.
        """
        up = self.invert_steps(torch.cat([a, b]), steps=steps, refinements=0)
        for index, step in enumerate(up):
            x_a, x_b = step.numbers["x_t"]
            between = spherical_path(x_a, x_b, places)
            yield Step(self.to_space(between), index, 2 * steps, step.time)
        down = self.ddim_steps(places, generator=torch.Generator(), steps=steps, x_t=between, clip=False)
        for index, step in enumerate(down, steps):
            yield Step(step.x, index, 2 * steps, step.time, step.pictures)

    def from_space(self, x: Tensor) -> Tensor:
        """Convert from the scale of the public interface to the network's: (B, *shape) to (B, …)."""
        return x

    sample_steps = ddim_steps

    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw standard Gaussian noise on the CPU, so that a seed gives the same noise on every device: (n, …)."""
        like = next(self.parameters(), torch.empty(0))
        return torch.randn(n, *self.state_shape, generator=generator).to(like)

    def check_start(self, x_t: Tensor | None, n: int, generator: torch.Generator | None) -> Tensor:
        """Return noise, or `x_t`; raise ValueError unless `x_t` is (n, …) and finite."""
        if x_t is None:
            assert generator is not None
            return self.noise(n, generator)
        if x_t.shape != (n, *self.state_shape) or not x_t.is_floating_point() or not bool(x_t.isfinite().all()):
            raise ValueError(
                f"what to start from must be finite numbers {(n, *self.state_shape)}, not {tuple(x_t.shape)}"
            )
        return x_t

    def check_label(self, label: Tensor | None, n: int) -> Tensor | None:
        """Raise ValueError unless `label` is None or (n,) integers up to `classes`, which stands for any."""
        return None if label is None else check_label(label, n, self.classes)


def rms(x: Tensor) -> Tensor:
    """Root mean square of each: (B, …) to (B,)."""
    return x.flatten(1).square().mean(-1).sqrt()


def check_number(value: float, name: str, low: float, high: float) -> None:
    """Raise ValueError unless `value` is a number from `low` to `high`."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or not low <= value <= high:
        raise ValueError(f"{name} must be a number from {low} to {high}, not {value!r}")
