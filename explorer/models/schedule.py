r"""Noise level at each time, and the single reverse steps of the two samplers.

Time runs from 0, which is data, to T, which is nearly pure noise. All computations are in the network's own scale
(images in [−1, 1]); coefficients are float64.

$$ q(x_t \mid x_0) = \mathcal{N}(\sqrt{\bar\alpha_t}\, x_0, (1 - \bar\alpha_t) I) $$

References:
    Ho et al., Denoising Diffusion Probabilistic Models, 2020, https://arxiv.org/abs/2006.11239
    Song et al., Denoising Diffusion Implicit Models, 2021, https://arxiv.org/abs/2010.02502
    Nichol & Dhariwal, Improved Denoising Diffusion Probabilistic Models, 2021, https://arxiv.org/abs/2102.09672
"""

import math

import torch
from torch import Tensor

from explorer.models.whole import check_count


def linear_betas(total: int) -> Tensor:
    """Return the linear schedule of Ho et al. 2020, section 4: (T,).

    It runs from 0.0001 to 0.02 for 1,000 times, and is rescaled for other T.
    """
    return torch.linspace(0.1 / total, 20 / total, total, dtype=torch.float64)


def cosine_betas(total: int) -> Tensor:
    """Return the cosine schedule of Nichol & Dhariwal 2021, equation 17, with no beta above 0.999: (T,)."""
    times = torch.linspace(0, 1, total + 1, dtype=torch.float64)
    signal = torch.cos((times + 0.008) / 1.008 * math.pi / 2) ** 2
    return (1 - signal[1:] / signal[:-1]).clamp(max=0.999)


BETAS = {"linear": linear_betas, "cosine": cosine_betas}


class Schedule:
    r"""Variances of a diffusion.

    Arguments:
        kind: "linear" or "cosine".
        total: T, the number of times above 0.

    Attributes:
        alphas_cumprod: $\bar\alpha_0 = 1, \bar\alpha_1, \dots, \bar\alpha_T$: (T + 1,), float64.
    """

    def __init__(self, kind: str, total: int):
        if kind not in BETAS:
            raise ValueError(f"unknown schedule “{kind}”: choose one of {', '.join(BETAS)}")
        self.kind, self.total = kind, total
        alphas = torch.cat([torch.ones(1, dtype=torch.float64), 1 - BETAS[kind](total)])
        self.alphas_cumprod = alphas.cumprod(0)

    def times(self, steps: int, start: int | None = None) -> list[int]:
        """Return a sampler's `steps` + 1 times, evenly spaced from `start` (by default T) down to 0.

        Raises:
            ValueError: if `steps` is not an integer from 1 to `start`.
        """
        start = self.total if start is None else check_count(start, "the time to start from", self.total)
        return even_times(steps, start)

    def add_noise(self, x0: Tensor, eps: Tensor, t: Tensor | int) -> Tensor:
        r"""Compute $x_t = \sqrt{\bar\alpha_t}\, x_0 + \sqrt{1 - \bar\alpha_t}\, \epsilon$ (Ho et al. 2020, equation 4).

        Shapes: `x0` and `eps` (B, …); `t` a time for all, or one for each (B,).
        """
        alpha = self.alpha(t, x0)
        return alpha.sqrt() * x0 + (1 - alpha).sqrt() * eps

    def alpha(self, t: Tensor | int, like: Tensor) -> Tensor:
        r"""Signal variance $\bar\alpha_t$, shaped to multiply `like`: (B, 1, …) for times (B,), () for one time."""
        alpha = self.alphas_cumprod[t.cpu() if isinstance(t, Tensor) else t].to(like.device, like.dtype)
        return alpha.view(-1, *[1] * (like.ndim - 1)) if alpha.ndim else alpha

    def predict_x0(self, x_t: Tensor, eps: Tensor, t: Tensor | int, *, clip: bool = True) -> Tensor:
        r"""Predict x₀ as $(x_t - \sqrt{1 - \bar\alpha_t}\, \hat\epsilon) / \sqrt{\bar\alpha_t}$.

        Shapes: `x_t` and `eps` (B, …), as the result; `t` one time or (B,). `clip` clips it to [−1, 1].

        Reference: Ho et al. 2020, equation 15.
        """
        alpha = self.alpha(t, x_t)
        x0 = (x_t - (1 - alpha).sqrt() * eps) / alpha.sqrt()
        return x0.clamp(-1, 1) if clip else x0

    def posterior(self, x0: Tensor, x_t: Tensor, t: int, s: int) -> tuple[Tensor, float]:
        r"""Mean and variance of $q(x_s \mid x_t, x_0)$, s < t (Ho et al. 2020, equations 6 and 7 for s = t − 1).

        Shapes: `x0` and `x_t` (B, …), as the mean.
        """
        alpha_t, alpha_s = float(self.alphas_cumprod[t]), float(self.alphas_cumprod[s])
        alpha, beta = alpha_t / alpha_s, 1 - alpha_t / alpha_s  # of the transition from s to t
        mean = (math.sqrt(alpha_s) * beta * x0 + math.sqrt(alpha) * (1 - alpha_s) * x_t) / (1 - alpha_t)
        return mean, beta * (1 - alpha_s) / (1 - alpha_t)

    def ddpm_step(self, x_t: Tensor, eps: Tensor, t: int, s: int, noise: Tensor, *, clip: bool = True) -> Tensor:
        r"""Draw $x_s$ from the posterior with $\hat x_0$ in place of $x_0$ (Ho et al. 2020, algorithm 2).

        Shapes: `x_t`, `eps` and `noise` (B, …), as the result.
        """
        mean, variance = self.posterior(self.predict_x0(x_t, eps, t, clip=clip), x_t, t, s)
        return mean + math.sqrt(variance) * noise

    def ddim_step(
        self, x_t: Tensor, eps: Tensor, t: int, s: int, noise: Tensor, *, eta: float = 0.0, clip: bool = True
    ) -> Tensor:
        r"""Make a step of Song et al. 2021, equation 12; `eta` 0 adds no noise, 1 adds as much as DDPM (equation 16).

        If the prediction of x₀ is clipped, the noise is recomputed from it and $x_t$, so that both always make up
        $x_t$. Otherwise a small error of the noise would grow from step to step.

        Shapes: `x_t`, `eps` and `noise` (B, …), as the result.
        """
        x0 = self.predict_x0(x_t, eps, t, clip=clip)
        alpha_t, alpha_s = float(self.alphas_cumprod[t]), float(self.alphas_cumprod[s])
        if clip:
            eps = (x_t - math.sqrt(alpha_t) * x0) / math.sqrt(1 - alpha_t)
        variance = eta**2 * (1 - alpha_s) / (1 - alpha_t) * (1 - alpha_t / alpha_s) if eta else 0.0
        direction = math.sqrt(max(1 - alpha_s - variance, 0.0)) * eps
        return math.sqrt(alpha_s) * x0 + direction + math.sqrt(variance) * noise


def even_times(steps: int, start: int) -> list[int]:
    """Return `steps` + 1 times from `start` down to 0, as even as possible; raise ValueError if there are too few."""
    check_count(steps, "steps", start)
    return [round(start * (steps - index) / steps) for index in range(steps + 1)]
