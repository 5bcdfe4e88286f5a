"""Training of one small family, a step at a time, with what each step cost."""

import math
import time
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.models.learners import LEARNERS

LAST_RATE = 0.05  # share of the learning rate at the end of the training
BETAS = (0.9, 0.99)


@dataclass(frozen=True)
class Rules:
    """Settings that all families share: units of a layer, factor on the usual learning rates, and points of a batch."""

    width: int = 64
    rate: float = 1.0
    batch: int = 128
    seed: int = 7


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
        streams = [torch.Generator().manual_seed(rules.seed * len(LEARNERS) * 2 + 2 * place(name) + i) for i in (0, 1)]
        weights, self.generator = streams
        self.model = self.learner.family(rules.width, weights)
        self.steps, self.seconds, self.settled, self.broken = 0, 0.0, False, False
        self.losses: list[float] = []
        if hasattr(self.model, "fit_steps"):
            self._fit = self.model.fit_steps(x, generator=self.generator)
        else:
            self._rate = rules.rate * self.learner.rate
            betas = getattr(self.model, "betas", BETAS)
            self._adam = torch.optim.Adam(self.model.parameters(), self._rate, betas, fused=True)

    @property
    def over(self) -> bool:
        """True if no further step would change the model: its fit has converged, or its loss is no longer finite."""
        return self.settled or self.broken

    def step(self, progress: float) -> None:
        """Make one step, `progress` of the way through the training."""
        start = time.thread_time()
        loss = self._fitted() if hasattr(self, "_fit") else self._descended(progress)
        self.seconds += time.thread_time() - start
        self.settled = loss is None
        self.broken = loss is not None and not math.isfinite(loss)
        if not self.over:
            self.steps += 1
            self.losses.append(loss)

    def loss(self) -> float | None:
        """Return the mean loss of the steps since the last call, or None if there were none."""
        losses, self.losses = self.losses, []
        return sum(losses) / len(losses) if losses else None

    def _fitted(self) -> float | None:
        return next(self._fit, None)

    def _descended(self, progress: float) -> float:
        batch = self.x[torch.randint(len(self.x), (self.rules.batch,), generator=self.generator)]
        loss = self.model.training_loss(batch, {}, generator=self.generator, label=None)
        if math.isfinite(value := float(loss.detach())):
            self._adam.param_groups[0]["lr"] = self._rate * decayed(progress)
            self._adam.zero_grad()
            loss.backward()
            self._adam.step()
        return value


def place(name: str) -> int:
    """Return the number of a family in the list, which gives its random streams."""
    return [*LEARNERS].index(name)


def decayed(progress: float) -> float:
    """Return the share of the learning rate: half a cosine from 1 to `LAST_RATE`."""
    return LAST_RATE + (1 - LAST_RATE) * (1 + math.cos(math.pi * min(1.0, progress))) / 2
