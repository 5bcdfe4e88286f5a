r"""A diffusion of points in the plane: small enough to display, with a score that can be checked.

Denoising score matching makes the predicted noise equal the score of the noised data, up to a factor:

$$ \epsilon_\theta(x_t, t) \approx -\sqrt{1 - \bar\alpha_t}\, \nabla \log p_t(x_t) $$

References:
    Vincent, A Connection Between Score Matching and Denoising Autoencoders, 2011
    Song et al., Score-Based Generative Modeling through Stochastic Differential Equations, 2021,
    https://arxiv.org/abs/2011.13456
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.layers import linear
from explorer.models.samplers import Denoiser
from explorer.models.schedule import Schedule
from explorer.spaces import PLANE

FREQUENCIES = 4


class ScoreNet(Denoiser):
    """A network of three hidden layers over points (n, 2).

    Arguments:
        width: Units in each layer.
        schedule: "linear" or "cosine".
        times: T.
    """

    loss_unit = "mean squared error of ε̂"
    space = PLANE
    cannot = {
        "log_prob": "not computed here: it takes integrating the probability flow, one network pass after another"
    }

    def __init__(self, width: int = 128, schedule: str = "linear", times: int = 1000):
        super().__init__(Schedule(schedule, times))
        inputs = 2 + 2 + 2 * FREQUENCIES
        self.net = nn.Sequential(
            *(nn.Linear(inputs, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU()),
            *(nn.Linear(width, width), nn.SiLU(), nn.Linear(width, 2)),
        )
        with torch.no_grad():  # start with features that vary quickly over the plane: thin rings are learned sooner
            linear(self.net, 0).weight[:, :2] *= 4

    def predict_noise(self, x_t: Tensor, t: Tensor | int, label: Tensor | None = None) -> Tensor:
        r"""Predicted noise $\epsilon_\theta(x_t, t)$: (B, 2); `t` one time or (B,). There are no labels."""
        t = torch.as_tensor(t).expand(len(x_t))
        return self.net(torch.cat([x_t, self.time_features(t).to(x_t)], dim=-1))

    def time_features(self, t: Tensor) -> Tensor:
        r"""Compute features of times: (B,) to (B, 10).

        They are $\sqrt{\bar\alpha_t}, \sqrt{1 - \bar\alpha_t}$ and $\sin, \cos$ of $2^k \pi t / T$ for k = 0…3.
        """
        alpha = self.schedule.alphas_cumprod[t.cpu()].unsqueeze(-1)
        angles = math.pi * t.cpu().double().unsqueeze(-1) / self.schedule.total * 2 ** torch.arange(FREQUENCIES)
        return torch.cat([alpha.sqrt(), (1 - alpha).sqrt(), angles.sin(), angles.cos()], dim=-1)

    def score(self, x_t: Tensor, t: int) -> Tensor:
        r"""Score $-\epsilon_\theta(x_t, t) / \sqrt{1 - \bar\alpha_t}$: (B, 2)."""
        return -self.predict_noise(x_t, t) / (1 - self.schedule.alpha(t, x_t)).sqrt()

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Denoising score matching loss weighted by the variance of the noise, the simple loss. `x` is (B, 2)."""
        t = torch.randint(1, self.schedule.total + 1, (len(x),), generator=generator)
        eps = torch.randn(x.shape, generator=generator).to(x)
        return F.mse_loss(self.predict_noise(self.schedule.add_noise(x, eps, t), t), eps)
