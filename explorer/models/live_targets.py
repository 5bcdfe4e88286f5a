r"""Four targets for one network that denoises points in the plane, trained side by side with several seeds.

$$ D(x, \sigma) = c_{skip} x + c_{out} F_\theta(c_{in} x, c_{noise}), \qquad x = x_1 + \sigma n $$

| target | $c_{skip}$ | $c_{out}$ |
| --- | --- | --- |
| data $\hat x_1$ | 0 | 1 |
| noise $\hat\epsilon$ | 1 | $-\sigma$ |
| velocity $x_1 - x_0$ of rectified flow | $1 / (1 + \sigma)$ | $\sigma / (1 + \sigma)$ |
| EDM | $\sigma_d^2 / (\sigma^2 + \sigma_d^2)$ | $\sigma \sigma_d / \sqrt{\sigma^2 + \sigma_d^2}$ |

The loss of each is the mean squared error of F, so only the meaning of the output differs. All have the same
$c_{in} = 1 / \sqrt{\sigma^2 + \sigma_d^2}$, initial weights, points, noise and learning rate.

Reference: Karras et al., Elucidating the Design Space of Diffusion-Based Generative Models, 2022, equation 7, table 1,
https://arxiv.org/abs/2206.00364
"""

import math

import torch
from torch import Tensor

from explorer.data.toys import Mixture
from explorer.models.live_nets import TIMED, network, time_features
from explorer.models.live_training import LIVE_BETAS, Adam, rate_factor
from explorer.models.stacked import Stacked

TARGETS = {"data": "data x̂₁", "noise": "noise ε̂", "velocity": "velocity v", "edm": "EDM"}
TARGET_SEEDS = 5
TARGET_WIDTH, TARGET_BATCH, TARGET_RATE = 48, 128, 0.01
LOG_SNRS = tuple(range(-4, 8))  # at which loss and error are measured, in nats: −2 log σ
TRAINED_SNRS = (-5.0, 8.0)
LEVEL_POINTS = 200  # test points of each log-SNR


def coefficients(target: str, sigma: Tensor, spread: float) -> tuple[Tensor, Tensor]:
    """Return $c_{skip}$ and $c_{out}$ of a target at noise levels, in their shape; `spread` is σ_d of the data."""
    total = sigma**2 + spread**2
    return {
        "data": (torch.zeros_like(sigma), torch.ones_like(sigma)),
        "noise": (torch.ones_like(sigma), -sigma),
        "velocity": (1 / (1 + sigma), sigma / (1 + sigma)),
        "edm": (spread**2 / total, sigma * spread / total.sqrt()),
    }[target]


def known_denoiser(data: Mixture, x: Tensor, sigma: Tensor) -> Tensor:
    r"""Exact $\mathbb{E}[x_1 \mid x]$ of $x = x_1 + \sigma n$, for a mixture: points (B, 2), noise levels (B, 1)."""
    means = data.means.to(x)
    total = sigma**2 + data.sigma**2
    shares = (-torch.cdist(x, means).square() / (2 * total)).softmax(-1)
    mean = shares @ means
    return mean + data.sigma**2 / total * (x - mean)


def spread_of(data: Mixture) -> float:
    """Return the root mean square of a coordinate of the data, σ_d."""
    return math.sqrt(float(data.means.square().mean()) + data.sigma**2)


class Targets:
    """Networks for the four targets, `TARGET_SEEDS` of each.

    Arguments:
        data: Distribution of the data.
        steps: Steps of the whole training.
        seed: Seed of weights, points and noise.
    """

    def __init__(self, data: Mixture, steps: int, seed: int):
        self.data, self.total, self.steps, self.spread = data, steps, 0, spread_of(data)
        self._generators = [torch.Generator().manual_seed(100 * seed + i) for i in range(TARGET_SEEDS)]
        sizes = [TIMED, TARGET_WIDTH, TARGET_WIDTH, TARGET_WIDTH, 2]
        nets = [network(sizes, each) for each in self._generators]
        self.nets = Stacked([net for _ in TARGETS for net in nets])
        self._adam = Adam(self.nets, LIVE_BETAS, {})
        levels = torch.tensor([-snr / 2 for snr in LOG_SNRS]).exp()
        self._levels = levels.repeat_interleave(LEVEL_POINTS)[:, None]
        tests = torch.Generator().manual_seed(100 * seed + 99)
        self._clean = data.sample(LEVEL_POINTS, tests).repeat(len(levels), 1)
        self._noised = self._clean + self._levels * torch.randn(self._clean.shape, generator=tests)
        self._exact = known_denoiser(data, self._noised, self._levels)

    def outputs(self, x: Tensor, sigma: Tensor) -> Tensor:
        """Outputs F, target after target, at points (S, B, 2) and noise levels (S, B, 1): (4 S, B, 2)."""
        inputs = x / (sigma**2 + self.spread**2).sqrt()
        timed = time_features(1 / (1 + sigma[..., 0]))
        return self.nets(torch.cat([inputs, timed], -1).repeat(len(TARGETS), 1, 1))

    def wanted(self, clean: Tensor, x: Tensor, sigma: Tensor) -> Tensor:
        """What F is to predict, target after target: clean and noised points (S, B, 2) to (4 S, B, 2)."""
        found = [coefficients(target, sigma, self.spread) for target in TARGETS]
        return torch.cat([(clean - skip * x) / out for skip, out in found])

    def step(self) -> None:
        """Make one step of all networks; the four of a seed have the same batch."""
        clean = torch.stack([self.data.sample(TARGET_BATCH, each) for each in self._generators])
        noise = torch.stack([torch.randn(TARGET_BATCH, 2, generator=each) for each in self._generators])
        place = torch.stack([torch.rand((), generator=each) for each in self._generators])[:, None]
        place = (place + torch.arange(TARGET_BATCH) / TARGET_BATCH) % 1
        low, high = TRAINED_SNRS
        sigma = (-(low + (high - low) * place) / 2).exp()[..., None]
        x = clean + sigma * noise
        losses = (self.outputs(x, sigma) - self.wanted(clean, x, sigma)).square().mean((1, 2))
        losses.sum().backward()
        self._adam.step(TARGET_RATE * rate_factor(self.steps / self.total))
        self.steps += 1

    @torch.no_grad()
    def measure(self) -> tuple[Tensor, Tensor]:
        """Loss of F, and mean squared error of D from its exact value, by target, seed and log-SNR: (4, S, L) each."""
        x, sigma = (each.expand(TARGET_SEEDS, -1, -1) for each in (self._noised, self._levels))
        outputs = self.outputs(x, sigma)
        loss = (outputs - self.wanted(self._clean.expand_as(x), x, sigma)).square()
        found = [coefficients(target, sigma, self.spread) for target in TARGETS]
        parts = outputs.view(len(TARGETS), *x.shape)
        denoised = torch.stack([skip * x + out * part for (skip, out), part in zip(found, parts)])
        error = (denoised - self._exact).square().sum(-1)
        shape = len(TARGETS), TARGET_SEEDS, len(LOG_SNRS), -1
        return loss.mean(-1).view(shape).mean(-1), error.view(shape).mean(-1)
