"""Training of one small family, a step at a time, with what each step cost."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from explorer.models.learners import LEARNERS

LIVE_STREAMS = 20  # random streams between two seeds; a constant, so that a further family changes no training
LAST_RATE = 0.05  # share of the learning rate at the end of the training
LIVE_BETAS, EPSILON = (0.9, 0.99), 1e-8  # of Adam


@dataclass(frozen=True)
class Rules:
    """Settings of the families.

    Arguments:
        width: Units of a layer.
        deeper: Hidden layers of each network beyond the usual number.
        rate: Factor on the usual learning rates.
        batch: Points of a batch.
        seed: Seed of all random streams.
        own: Place of the choice of a family's own knob, by name, where it is not the usual one.
    """

    width: int = 64
    deeper: int = 0
    rate: float = 1.0
    batch: int = 128
    seed: int = 7
    own: Mapping[str, int] = field(default_factory=dict)


class Adam:
    """Adam on all weights of a network as one vector, so that a step of a small network costs few operations.

    Arguments:
        network: Its weights become views of the vector.
        betas: Decay of the running means.
        rates: Factors on the learning rate of the network's parts, by name.

    Reference: Kingma & Ba, Adam: A Method for Stochastic Optimization, 2015, algorithm 1, https://arxiv.org/abs/1412.6980
    """

    def __init__(self, network: nn.Module, betas: tuple[float, float], rates: Mapping[str, float]):
        weights = [*network.parameters()]
        self.steps, self.betas = 0, betas
        factors = [rates.get(name.split(".")[0], 1.0) for name, _ in network.named_parameters()]
        self.factors = torch.cat([torch.full((each.numel(),), factor) for each, factor in zip(weights, factors)])
        self.theta = torch.cat([weight.detach().flatten() for weight in weights])
        self.gradient, self.mean, self.square = (torch.zeros_like(self.theta) for _ in range(3))
        sizes = [weight.numel() for weight in weights]
        for weight, value, gradient in zip(weights, self.theta.split(sizes), self.gradient.split(sizes), strict=True):
            weight.data, weight.grad = value.view_as(weight), gradient.view_as(weight)

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Move the weights by the gradients that `backward` added up, and set these to 0."""
        self.steps += 1
        one, two = self.betas
        self.mean.lerp_(self.gradient, 1 - one)
        self.square.lerp_(self.gradient.square(), 1 - two)
        size = (self.square / (1 - two**self.steps)).sqrt_().add_(EPSILON)
        self.theta.addcdiv_(self.mean * self.factors, size, value=-rate / (1 - one**self.steps))
        self.gradient.zero_()


class Trainee:
    """A family in training: its `model`, the `steps` made, their `seconds`, and the mean `loss` since the last look.

    Every random stream belongs to one family, so it does not matter which others are trained beside it.

    Arguments:
        name: One of `LEARNERS`.
        x: Points to learn from (N, 2).
        rules: Settings.
    """

    def __init__(self, name: str, x: Tensor, rules: Rules):
        self.learner, self.x, self.rules = LEARNERS[name], x, rules
        streams = [torch.Generator().manual_seed(LIVE_STREAMS * rules.seed + 2 * place(name) + i) for i in (0, 1)]
        weights, self.generator = streams
        own = self.learner.options(rules.own.get(name))
        self.model = self.learner.family(rules.width, rules.deeper, weights, **own)
        self.steps, self.seconds, self.settled, self.broken = 0, 0.0, False, False
        self.losses: list[float] = []
        if hasattr(self.model, "fit_steps"):
            self._fit = self.model.fit_steps(x, generator=self.generator)
        else:
            self._rate = rules.rate * self.learner.rate
            self._adam = Adam(self.model, getattr(self.model, "betas", LIVE_BETAS), getattr(self.model, "rates", {}))

    @property
    def over(self) -> bool:
        """True if no further step would change the model: its fit has converged, or its loss is no longer finite."""
        return self.settled or self.broken

    def step(self, progress: float) -> None:
        """Make one step, `progress` of the way through the training."""
        start = time.thread_time()
        loss = self._make_fit_step() if hasattr(self, "_fit") else self._make_gradient_step(progress)
        self.seconds += time.thread_time() - start
        self.settled = loss is None
        if loss is None:
            return
        self.broken = not math.isfinite(loss)
        if not self.broken:
            self.steps += 1
            self.losses.append(loss)

    def loss(self) -> float | None:
        """Return the mean loss of the steps since the last call, or None if there were none."""
        losses, self.losses = self.losses, []
        return sum(losses) / len(losses) if losses else None

    def _make_fit_step(self) -> float | None:
        return next(self._fit, None)

    def _make_gradient_step(self, progress: float) -> float:
        batch = self.x[torch.randint(len(self.x), (self.rules.batch,), generator=self.generator)]
        loss = self.model.training_loss(batch, {}, generator=self.generator, label=None)
        if math.isfinite(value := float(loss.detach())):
            loss.backward()
            self._adam.step(self._rate * rate_factor(progress))
        return value


def place(name: str) -> int:
    """Return the number of a family in the list, which gives its random streams."""
    return [*LEARNERS].index(name)


def rate_factor(progress: float) -> float:
    """Return the share of the learning rate: half a cosine from 1 to `LAST_RATE`."""
    return LAST_RATE + (1 - LAST_RATE) * (1 + math.cos(math.pi * min(1.0, progress))) / 2
