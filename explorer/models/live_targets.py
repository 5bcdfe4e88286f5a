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
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.data.toys import Mixture
from explorer.models.live_nets import QUICK, TIME_INPUTS, network, time_features
from explorer.models.live_training import LIVE_BETAS, Adam, rate_factor
from explorer.models.stacked import Stacked

TARGETS = {"data": "data x̂₁", "noise": "noise ε̂", "velocity": "velocity v", "edm": "EDM"}
TARGET_SEEDS = 5
TARGET_WIDTH, TARGET_BATCH, TARGET_RATE = 48, 128, 0.01
LOG_SNRS = tuple(range(-4, 8))  # at which loss and error are measured, in nats: −2 log σ
TRAINED_SNRS = (-5.0, 8.0)
LEVEL_POINTS = 200  # test points of each log-SNR


@dataclass(frozen=True)
class Setting:
    """Networks and training of a comparison of targets.

    Arguments:
        seeds: Networks of each target.
        width: Units of a hidden layer.
        batch: Examples of a step.
        rate: Learning rate at the start.
        tested: Examples of each log-SNR that are measured.
        quick: Factor on the first weights of the first two coordinates.
        names: The targets.
    """

    seeds: int = TARGET_SEEDS
    width: int = TARGET_WIDTH
    batch: int = TARGET_BATCH
    rate: float = TARGET_RATE
    tested: int = LEVEL_POINTS
    quick: float = QUICK
    names: tuple[str, ...] = tuple(TARGETS)


@dataclass(frozen=True)
class Examples:
    """Data of which only examples are known.

    Arguments:
        train: Examples that are learned (N, d).
        test: Examples that are measured (M, d).
    """

    train: Tensor
    test: Tensor

    def sample(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw examples of the training (n, d)."""
        return self.train[torch.randint(len(self.train), (n,), generator=generator)]


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
    """Networks for the four targets, several seeds of each.

    Arguments:
        data: Distribution of the data, or examples of it.
        steps: Steps of the whole training.
        seed: Seed of weights, points and noise.
        setting: Networks and training.
    """

    def __init__(self, data: Mixture | Examples, steps: int, seed: int, setting: Setting = Setting()):
        self.data, self.total, self.steps, self.setting = data, steps, 0, setting
        self._generators = [torch.Generator().manual_seed(100 * seed + i) for i in range(setting.seeds)]
        tests = torch.Generator().manual_seed(100 * seed + 99)
        if isinstance(data, Mixture):
            clean, self.spread = data.sample(setting.tested, tests), spread_of(data)
        else:
            clean, self.spread = data.test[: setting.tested], float(data.train.square().mean().sqrt())
        self.dims = clean.shape[-1]
        sizes = [self.dims + TIME_INPUTS, *[setting.width] * 3, self.dims]
        nets = [network(sizes, each, setting.quick) for each in self._generators]
        self.nets = Stacked([net for _ in setting.names for net in nets])
        self._adam = Adam(self.nets, LIVE_BETAS, {})
        levels = torch.tensor([-snr / 2 for snr in LOG_SNRS]).exp()
        self._levels = levels.repeat_interleave(len(clean))[:, None]
        self._clean = clean.repeat(len(levels), 1)
        self._noised = self._clean + self._levels * torch.randn(self._clean.shape, generator=tests)
        self._exact = self._clean
        if isinstance(data, Mixture):
            self._exact = known_denoiser(data, self._noised, self._levels)

    def outputs(self, x: Tensor, sigma: Tensor) -> Tensor:
        """Outputs F, target after target, at points (S, B, d) and noise levels (S, B, 1): (4 S, B, d)."""
        inputs = x / (sigma**2 + self.spread**2).sqrt()
        timed = time_features(1 / (1 + sigma[..., 0]))
        return self.nets(torch.cat([inputs, timed], -1).repeat(len(self.setting.names), 1, 1))

    def wanted(self, clean: Tensor, x: Tensor, sigma: Tensor) -> Tensor:
        """What F is to predict, target after target: clean and noised points (S, B, d) to (4 S, B, d)."""
        found = [coefficients(target, sigma, self.spread) for target in self.setting.names]
        return torch.cat([(clean - skip * x) / out for skip, out in found])

    def step(self) -> None:
        """Make one step of all networks; the four of a seed have the same batch."""
        n = self.setting.batch
        clean = torch.stack([self.data.sample(n, each) for each in self._generators])
        noise = torch.stack([torch.randn(n, self.dims, generator=each) for each in self._generators])
        place = torch.stack([torch.rand((), generator=each) for each in self._generators])[:, None]
        place = (place + torch.arange(n) / n) % 1
        low, high = TRAINED_SNRS
        sigma = (-(low + (high - low) * place) / 2).exp()[..., None]
        x = clean + sigma * noise
        losses = (self.outputs(x, sigma) - self.wanted(clean, x, sigma)).square().mean((1, 2))
        losses.sum().backward()
        self._adam.step(self.setting.rate * rate_factor(self.steps / self.total))
        self.steps += 1

    @torch.no_grad()
    def measure(self) -> tuple[Tensor, Tensor]:
        """Loss of F, and squared error of D from its exact value, by target, seed and log-SNR: (4, S, L) each.

        For examples the exact value is not known, and the error is that from the clean example.
        """
        x, sigma = (each.expand(self.setting.seeds, -1, -1) for each in (self._noised, self._levels))
        outputs = self.outputs(x, sigma)
        loss = (outputs - self.wanted(self._clean.expand_as(x), x, sigma)).square()
        found = [coefficients(target, sigma, self.spread) for target in self.setting.names]
        parts = outputs.view(len(found), *x.shape)
        denoised = torch.stack([skip * x + out * part for (skip, out), part in zip(found, parts)])
        error = (denoised - self._exact).square().sum(-1)
        shape = len(found), self.setting.seeds, len(LOG_SNRS), -1
        return loss.mean(-1).view(shape).mean(-1), error.view(shape).mean(-1)
