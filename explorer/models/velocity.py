r"""Base class of networks that predict v, from which the noise and x₀ follow, for diffusions of images and of codes.

$$ v = \sqrt{\bar\alpha_t}\, \epsilon - \sqrt{1 - \bar\alpha_t}\, x_0, \quad
   \epsilon = \sqrt{\bar\alpha_t}\, v + \sqrt{1 - \bar\alpha_t}\, x_t $$

Reference: Salimans & Ho, Progressive Distillation for Fast Sampling of Diffusion Models, 2022, appendix D,
https://arxiv.org/abs/2202.00512
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.samplers import Denoiser


class VDenoiser(Denoiser):
    """Base class of the denoisers whose `network(x_t, t, label)` predicts v; the label `classes` stands for any."""

    network: nn.Module

    def predict_v(self, x_t: Tensor, t: Tensor | int, label: Tensor | None = None) -> Tensor:
        r"""Predicted $v_\theta(x_t, t, y)$, (B, …) as `x_t`; `t` one time or (B,); `label` (B,) or None for any."""
        t = torch.as_tensor(t, device=x_t.device).expand(len(x_t))
        label = torch.full_like(t, self.classes) if label is None else label.to(t)
        return self.network(x_t, t, label)

    def predict_noise(self, x_t: Tensor, t: Tensor | int, label: Tensor | None = None) -> Tensor:
        r"""Noise $\epsilon_\theta = \sqrt{\bar\alpha_t} v_\theta + \sqrt{1 - \bar\alpha_t} x_t$; shapes as above."""
        alpha = self.schedule.alpha(t, x_t)
        return alpha.sqrt() * self.predict_v(x_t, t, label) + (1 - alpha).sqrt() * x_t

    def v_error(
        self, x0: Tensor, eps: Tensor, t: Tensor, label: Tensor, dropout: float, generator: torch.Generator
    ) -> Tensor:
        """Mean squared error of v at times t (B,), with the label (B,) dropped with probability `dropout`.

        Shapes: `x0` and the noise `eps` (B, …), in the network's scale.
        """
        dropped = torch.rand(len(x0), generator=generator).to(x0.device) < dropout
        alpha = self.schedule.alpha(t, x0)
        v = alpha.sqrt() * eps - (1 - alpha).sqrt() * x0
        x_t = self.schedule.add_noise(x0, eps, t)
        return F.mse_loss(self.predict_v(x_t, t, label.where(~dropped, self.classes)).float(), v)


def spread_steps(n: int, low: int, high: int, generator: torch.Generator) -> Tensor:
    """Spread times evenly over low…high from one random start: (n,).

    Reference: Kingma et al., Variational Diffusion Models, 2021, I.1, https://arxiv.org/abs/2107.00630
    """
    share = (torch.rand(1, generator=generator) + torch.arange(n) / max(n, 1)) % 1
    return low + (share * (high - low + 1)).long().clamp(max=high - low)
