r"""How much noise there is at each time, and the one step back that the two samplers take.

Time runs from 0, which is data, to T, which is nearly pure noise. Everything here is arithmetic on given tensors, in
the network's own scale (images in [−1, 1]); coefficients are kept in float64.

$$ q(x_t \mid x_0) = \mathcal{N}(\sqrt{\bar\alpha_t}\, x_0, (1 - \bar\alpha_t) I) $$

References:
    Ho et al., Denoising Diffusion Probabilistic Models, 2020, https://arxiv.org/abs/2006.11239
    Song et al., Denoising Diffusion Implicit Models, 2021, https://arxiv.org/abs/2010.02502
    Nichol & Dhariwal, Improved Denoising Diffusion Probabilistic Models, 2021, https://arxiv.org/abs/2102.09672
"""

import math

import torch
from torch import Tensor

from explorer.models.whole import counted


def linear_betas(total: int) -> Tensor:
    """Ho et al. 2020, section 4: from 0.0001 to 0.02 for 1,000 times, scaled for other numbers of them: (T,)."""
    return torch.linspace(0.1 / total, 20 / total, total, dtype=torch.float64)


def cosine_betas(total: int) -> Tensor:
    """Nichol & Dhariwal 2021, equation 17, no beta above 0.999: (T,)."""
    times = torch.linspace(0, 1, total + 1, dtype=torch.float64)
    signal = torch.cos((times + 0.008) / 1.008 * math.pi / 2) ** 2
    return (1 - signal[1:] / signal[:-1]).clamp(max=0.999)


BETAS = {"linear": linear_betas, "cosine": cosine_betas}


class Schedule:
    r"""The variances of a diffusion.

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
        """The times that a sampler visits, evenly spaced: from `start` (by default T) down to 0, `steps` + 1 of them.

        Raises:
            ValueError: if `steps` is not a whole number from 1 to `start`.
        """
        start = self.total if start is None else counted(start, "the time to start from", self.total)
        return even_times(steps, start)

    def add_noise(self, x0: Tensor, eps: Tensor, t: Tensor | int) -> Tensor:
        r"""$x_t = \sqrt{\bar\alpha_t}\, x_0 + \sqrt{1 - \bar\alpha_t}\, \epsilon$ (Ho et al. 2020, equation 4).

        Shapes: `x0` and `eps` (B, …); `t` a time for all, or one for each (B,).
        """
        alpha = self.alpha(t, x0)
        return alpha.sqrt() * x0 + (1 - alpha).sqrt() * eps

    def alpha(self, t: Tensor | int, like: Tensor) -> Tensor:
        r"""$\bar\alpha_t$, shaped to multiply `like`: (B, 1, …) for times (B,), () for one time."""
        alpha = self.alphas_cumprod[t.cpu() if isinstance(t, Tensor) else t].to(like.device, like.dtype)
        return alpha.view(-1, *[1] * (like.ndim - 1)) if alpha.ndim else alpha

    def predict_x0(self, x_t: Tensor, eps: Tensor, t: Tensor | int, *, clip: bool = True) -> Tensor:
        r"""$(x_t - \sqrt{1 - \bar\alpha_t}\, \hat\epsilon) / \sqrt{\bar\alpha_t}$, held to [−1, 1] if clipped.

        Reference: Ho et al. 2020, equation 15.
        """
        alpha = self.alpha(t, x_t)
        x0 = (x_t - (1 - alpha).sqrt() * eps) / alpha.sqrt()
        return x0.clamp(-1, 1) if clip else x0

    def posterior(self, x0: Tensor, x_t: Tensor, t: int, s: int) -> tuple[Tensor, float]:
        r"""Mean and variance of $q(x_s \mid x_t, x_0)$, s < t (Ho et al. 2020, equations 6 and 7 where s = t − 1)."""
        alpha_t, alpha_s = float(self.alphas_cumprod[t]), float(self.alphas_cumprod[s])
        alpha, beta = alpha_t / alpha_s, 1 - alpha_t / alpha_s  # of the way from s to t
        mean = (math.sqrt(alpha_s) * beta * x0 + math.sqrt(alpha) * (1 - alpha_s) * x_t) / (1 - alpha_t)
        return mean, beta * (1 - alpha_s) / (1 - alpha_t)

    def ddpm_step(self, x_t: Tensor, eps: Tensor, t: int, s: int, noise: Tensor, *, clip: bool = True) -> Tensor:
        r"""Draw $x_s$ from the posterior with $\hat x_0$ in place of $x_0$ (Ho et al. 2020, algorithm 2)."""
        mean, variance = self.posterior(self.predict_x0(x_t, eps, t, clip=clip), x_t, t, s)
        return mean + math.sqrt(variance) * noise

    def ddim_step(
        self, x_t: Tensor, eps: Tensor, t: int, s: int, noise: Tensor, *, eta: float = 0.0, clip: bool = True
    ) -> Tensor:
        r"""Song et al. 2021, equation 12; `eta` 0 adds no noise, 1 adds as much as DDPM (equation 16).

        A clipped guess says another noise than was predicted: that which leads from the guess to $x_t$. It is the one
        kept, so that guess and noise always make up $x_t$; else a small error of the noise grows step by step.
        """
        x0 = self.predict_x0(x_t, eps, t, clip=clip)
        alpha_t, alpha_s = float(self.alphas_cumprod[t]), float(self.alphas_cumprod[s])
        if clip:
            eps = (x_t - math.sqrt(alpha_t) * x0) / math.sqrt(1 - alpha_t)
        variance = eta**2 * (1 - alpha_s) / (1 - alpha_t) * (1 - alpha_t / alpha_s) if eta else 0.0
        direction = math.sqrt(max(1 - alpha_s - variance, 0.0)) * eps
        return math.sqrt(alpha_s) * x0 + direction + math.sqrt(variance) * noise


def even_times(steps: int, start: int) -> list[int]:
    """`steps` + 1 times from `start` down to 0, as even as can be; raises ValueError unless there are so many."""
    counted(steps, "steps", start)
    return [round(start * (steps - index) / steps) for index in range(steps + 1)]
