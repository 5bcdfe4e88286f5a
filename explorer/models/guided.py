r"""Guidance with known distributions: what samplers draw from the guided score of mixtures with labels.

A point noised to level σ is $x_\sigma = x + \sigma \epsilon$, so a mixture stays a mixture. Every guidance here is one
formula. It pushes the score of the class c away from that of a reference r, by the scale w:

$$ s_w(x, \sigma) = \nabla \log r_\sigma(x) + w \, (\nabla \log c_\sigma(x) - \nabla \log r_\sigma(x)) $$

With r = p(x) this is classifier-free guidance (Ho & Salimans 2021, equation 6, with 1 + w there called w here). As
$\log p(x \mid y) - \log p(x) = \log p(y \mid x) - \log p(y)$, it is classifier guidance by the exact classifier, too
(Dhariwal & Nichol 2021). With a worse network of the same class it is autoguidance (Karras et al. 2024), with another
label a negative prompt. Guidance in an interval has w = 1 at all other levels (Kynkäänniemi et al. 2024).

The name promises the density $\propto c^w r^{1 - w}$. But noising and powers do not commute: for σ > 0, $s_w$ is not
the score of the noised promise, and the samplers draw something else (Bradley & Nakkiran 2024).

References:
    Dhariwal & Nichol, Diffusion Models Beat GANs on Image Synthesis, 2021, https://arxiv.org/abs/2105.05233
    Ho & Salimans, Classifier-Free Diffusion Guidance, 2021, https://arxiv.org/abs/2207.12598
    Karras et al., Elucidating the Design Space of Diffusion-Based Generative Models, 2022 (EDM),
    https://arxiv.org/abs/2206.00364
    Karras et al., Guiding a Diffusion Model with a Bad Version of Itself, 2024, https://arxiv.org/abs/2406.02507
    Kynkäänniemi et al., Applying Guidance in a Limited Interval Improves Sample and Distribution Quality in Diffusion
    Models, 2024, https://arxiv.org/abs/2404.07724
    Bradley & Nakkiran, Classifier-Free Guidance is a Predictor-Corrector, 2024, https://arxiv.org/abs/2408.09000
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from explorer.data.labelled import Labelled

SIGMA_MAX = 80.0  # noise of the start
RHO = 7  # exponent of the noise levels (Karras et al. 2022, equation 5)
Level = tuple[float, float]


@dataclass(frozen=True)
class Guidance:
    """Guided score: a class, pushed away from a reference.

    Arguments:
        wanted: Distribution of the class, c.
        reference: Distribution r that it is pushed away from.
        band: Noise levels σ with guidance, from the first (excluded) to the second; at others w is 1.
    """

    wanted: Labelled
    reference: Labelled
    band: Level = (0.0, math.inf)

    def score(self, x: Tensor, sigma: float, w: Tensor, acts: bool) -> Tensor:
        """Guided score of points (…, D) at noise level σ: (…, D); `w` broadcasts against it, if guidance `acts`."""
        wanted = self.wanted.blur(sigma).score(x)
        return wanted + (w - 1) * (wanted - self.reference.blur(sigma).score(x)) if acts else wanted

    def levels(self, steps: int) -> list[float]:
        """Noise levels from 0 to the largest (equation 5 of Karras et al. 2022), with the ends of the band."""
        found = {SIGMA_MAX * (k / steps) ** RHO for k in range(steps + 1)}
        return sorted(found | {end for end in self.band if 0 < end < SIGMA_MAX})

    def acts(self, low: float, high: float) -> bool:
        """Return whether guidance acts between two neighbouring noise levels."""
        return self.band[0] <= low and high <= self.band[1]

    def flow(self, x: Tensor, w: Tensor, steps: int, back: bool = True) -> Tensor:
        r"""Solve the probability flow $dx / d\sigma = -\sigma s_w(x, \sigma)$ from noise to data, or the other way.

        Runge and Kutta's method of fourth order over $u = \sigma^{1 / \rho}$. Shapes: `x` (…, D) to the same; `w`
        broadcasts against it.
        """
        levels = self.levels(steps)
        for start, end in pairwise(levels[::-1] if back else levels):
            acts = self.acts(min(start, end), max(start, end))
            x = self._runge_kutta(x, start ** (1 / RHO), end ** (1 / RHO), w, acts)
        return x

    def _runge_kutta(self, x: Tensor, u: float, end: float, w: Tensor, acts: bool) -> Tensor:
        def slope(x: Tensor, u: float) -> Tensor:
            sigma = u**RHO
            return -sigma * RHO * u ** (RHO - 1) * self.score(x, sigma, w, acts)

        h = end - u
        first = slope(x, u)
        second = slope(x + h / 2 * first, u + h / 2)
        third = slope(x + h / 2 * second, u + h / 2)
        return x + h / 6 * (first + 2 * second + 2 * third + slope(x + h * third, end))

    def wander(self, noise: Iterator[Tensor], w: Tensor, steps: int) -> Tensor:
        r"""Draw by the reverse SDE, $dx = -2 \sigma s_w d\sigma + \sqrt{2 \sigma} dw$.

        The SDE is twice the probability flow, with noise of variance $d(\sigma^2)$. Each step from σ to τ follows the
        flow once, adds the noise back, and follows the flow again. This splitting is of second order, and for w = 1 it
        keeps every noised density. `noise` yields standard normal points, those of the start first; `w` broadcasts.
        """
        x = SIGMA_MAX * next(noise) + 0 * w
        for high, low in pairwise(self.levels(steps)[::-1]):
            ends = high ** (1 / RHO), low ** (1 / RHO), w, self.acts(low, high)
            x = self._runge_kutta(x, *ends) + math.sqrt(high**2 - low**2) * next(noise)
            x = self._runge_kutta(x, *ends)
        return x

    def drawn_cdf(self, x: Tensor, w: Tensor, steps: int) -> Tensor:
        """Cumulative distribution of what the probability flow draws on the line, for each w: (N,) and (W,) to (W, N).

        On the line the flow keeps the order of points. So P(X ≤ x) is the probability of starting below the noise
        that x flows to: exact, but for the error of the solver.
        """
        starts = x[None, :, None].expand(len(w), -1, 1)
        ends = self.flow(starts, w[:, None, None], steps, back=False)[..., 0]
        return torch.special.ndtr(ends.cummax(-1).values / SIGMA_MAX)

    def log_promise(self, x: Tensor, w: Tensor) -> Tensor:
        """Logarithm of c(x)^w r(x)^(1 − w), not normalised, at points (N, D) for each w (W,): (W, N)."""
        reference = self.reference.log_prob(x)
        return reference + w[:, None] * (self.wanted.log_prob(x) - reference)


def drawn_variance(wanted: float, reference: float, w: float) -> float:
    """Variance that the guided probability flow draws for two centred Gaussians of these variances."""
    return wanted**w * reference ** (1 - w)


def promised_variance(wanted: float, reference: float, w: float) -> float:
    """Variance of c(x)^w r(x)^(1 − w) for two centred Gaussians of these variances.

    Raises:
        ValueError: if this has no finite integral.
    """
    precision = w / wanted + (1 - w) / reference
    if precision <= 0:
        raise ValueError("the product has no finite integral: the reference is too narrow for this w")
    return 1 / precision
