r"""Five ways to reach data from noise in few evaluations, trained side by side on points of the plane.

Time runs from noise at 0 to data at 1, $x_t = (1 - t) x_0 + t x_1$. All have one architecture with two times, t and r.

| objective | network | loss |
| --- | --- | --- |
| flow matching | velocity $v(x_t, t)$ | $\|v - (x_1 - x_0)\|^2$ |
| distillation | end $f = x + (1 - t) F$ | $\|f(x_t, t) - x_1\|^2$ on the paths of a trained flow |
| consistency training | the same f | distance from $f(x_{t'}, t')$, the same pair a little later |
| MeanFlow | mean velocity $u(x_t, t, r)$ | $\|u - (v + (r - t) \, du/dt)\|^2$ |
| reflow | velocity, on pairs of a trained flow | $\|v - (x_1 - x_0)\|^2$ |

One clock counts network passes of a batch: 1 forward, 2 backward, 2 for a forward pass with its derivative. The two
that need a trained flow pay for its training and for its paths.

References:
    Luhman & Luhman, Knowledge Distillation in Iterative Generative Models, 2021, https://arxiv.org/abs/2101.02388
    Song & Dhariwal, Improved Techniques for Training Consistency Models, 2023, https://arxiv.org/abs/2310.14189
    Geng et al., Mean Flows for One-step Generative Modeling, 2025, equation 6, https://arxiv.org/abs/2505.13447
    Liu et al., Flow Straight and Fast, 2023, https://arxiv.org/abs/2209.03003
"""

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from explorer.data.toys import Mixture
from explorer.models.live_nets import EDGE, FREQUENCIES, TIMED, network, time_features
from explorer.models.live_training import LIVE_BETAS, Adam, rate_factor
from explorer.models.stacked import Stacked

OBJECTIVES_OF_ONE_STEP = {
    "distill": "distillation",
    "consistency": "consistency training",
    "meanflow": "MeanFlow",
    "reflow": "reflow",
    "flow": "flow matching",
}
ONE_STEP_SEEDS, ONE_STEP_WIDTH, ONE_STEP_BATCH, ONE_STEP_RATE = 5, 64, 128, 0.006
EVALUATED = (1, 2, 4)  # evaluations of the network for a sample
TAUGHT = 0.35  # share of the clock after which the flow teaches
TEACHER_POOL, TEACHER_STEPS = 2_048, 12  # paths of the teacher, and the steps of Heun's method for each
FORWARD, BACKWARD = 1, 2  # passes
AVERAGED = 0.98  # decay of the running mean of the weights, by which points are drawn
COARSEST, FINEST = 8, 64  # times of consistency training, which double over its course (equation 4 of its paper)
HUBER = 0.01  # of the distance: √(d² + c²) − c
LATER_PAIRS = 0.5  # share of the pairs of times with r > t


class Trained:
    """Networks of one objective, one for each seed, with their optimiser and the running mean of their weights."""

    def __init__(self, generators: list[torch.Generator]):
        sizes = [TIMED + TIMED - 2, ONE_STEP_WIDTH, ONE_STEP_WIDTH, ONE_STEP_WIDTH, 2]
        self.nets = Stacked([network(sizes, each) for each in generators])
        self.adam = Adam(self.nets, LIVE_BETAS, {})
        self.mean = self.adam.theta.clone()

    def at(self, x: Tensor, t: Tensor, r: Tensor) -> Tensor:
        """Outputs at points (S, B, 2) and times (S, B): (S, B, 2)."""
        return self.nets(torch.cat([x, time_features(t), time_features(r)], -1))

    def learn(self, loss: Tensor, rate: float) -> None:
        """Make one step of Adam along a loss, the sum over seeds, and add to the mean of the weights."""
        loss.backward()
        self.adam.step(ONE_STEP_RATE * rate)
        decay = min(AVERAGED, self.adam.steps / (self.adam.steps + 10))
        self.mean.lerp_(self.adam.theta, 1 - decay)

    def begin_at(self, theta: Tensor) -> None:
        """Take these weights."""
        self.adam.theta.copy_(theta)
        self.mean.copy_(theta)


class OneStep:
    """All objectives on one clock, with `ONE_STEP_SEEDS` seeds each.

    Arguments:
        data: Distribution of the data.
        passes: The end of the clock, in network passes of a batch.
        seed: Seed of weights, points, noise and times.
    """

    def __init__(self, data: Mixture, passes: int, seed: int):
        self.data, self.passes, self.spent = data, passes, 0
        streams = range(ONE_STEP_SEEDS)
        self.trained = {
            name: Trained([torch.Generator().manual_seed(1_000 * seed + i) for i in streams])
            for name in OBJECTIVES_OF_ONE_STEP
        }
        self._draws = {
            name: [torch.Generator().manual_seed(1_000 * seed + 100 * (k + 1) + i) for i in streams]
            for k, name in enumerate(OBJECTIVES_OF_ONE_STEP)
        }
        self._taught: tuple[Tensor, Tensor] | None = None
        ways: dict[str, Callable[[], Iterator[float]]] = {
            "flow": self.match,
            "distill": self.distill,
            "consistency": self.agree,
            "meanflow": self.average,
            "reflow": self.straighten,
        }
        self._ways = {name: way() for name, way in ways.items()}  # the flow first: two others wait for it
        self._costs = dict.fromkeys(ways, 0.0)

    def advance(self, passes: float) -> None:
        """Train every objective until it has spent so many passes in all."""
        for name, way in self._ways.items():
            while self._costs[name] < passes:
                self._costs[name] += next(way)
        self.spent = passes

    def uniform(self, name: str) -> Tensor:
        """Times spread evenly over [0, 1), in random order: (S, B)."""
        found = []
        for each in self._draws[name]:
            t = (torch.rand((), generator=each) + torch.arange(ONE_STEP_BATCH) / ONE_STEP_BATCH) % 1
            found.append(t[torch.randperm(ONE_STEP_BATCH, generator=each)])
        return torch.stack(found)

    def pairs(self, name: str) -> tuple[Tensor, Tensor]:
        """Independent noise and points, (S, B, 2) each."""
        x0 = torch.stack([torch.randn(ONE_STEP_BATCH, 2, generator=each) for each in self._draws[name]])
        return x0, torch.stack([self.data.sample(ONE_STEP_BATCH, each) for each in self._draws[name]])

    def match(self) -> Iterator[float]:
        """Flow matching; after its share of the clock it gives the paths of which others learn."""
        flow = self.trained["flow"]
        spent, until = 0, TAUGHT * self.passes
        while True:
            if spent >= until and self._taught is None:
                self._taught = self.paths()
            x0, x1 = self.pairs("flow")
            t = self.uniform("flow")
            flow.learn(matching_loss(flow, x0, x1, t), rate_factor(spent / until))
            spent += FORWARD + BACKWARD
            yield FORWARD + BACKWARD

    @torch.no_grad()
    def paths(self) -> tuple[Tensor, Tensor]:
        """States of noise along the trained flow, by Heun's method (K + 1, S, M, 2), and the weights of the flow."""
        flow = self.trained["flow"]
        noise = [torch.randn(TEACHER_POOL, 2, generator=each) for each in self._draws["flow"]]
        with averaged(flow):
            states = [torch.stack(noise)]
            for k in range(TEACHER_STEPS):
                t, dt = k / TEACHER_STEPS, 1 / TEACHER_STEPS
                here = velocity(flow, states[-1], t)
                ahead = velocity(flow, states[-1] + dt * here, t + dt)
                states.append(states[-1] + dt * (here + ahead) / 2)
        return torch.stack(states), flow.mean.clone()

    def wait(self) -> Iterator[float]:
        """Pay for the training of the flow and for its paths."""
        while self._taught is None:
            yield FORWARD + BACKWARD
        yield 2 * FORWARD * TEACHER_STEPS * TEACHER_POOL / ONE_STEP_BATCH

    def chosen(self, name: str) -> Tensor:
        """Numbers of paths, drawn anew: (S, B)."""
        return torch.stack(
            [torch.randint(TEACHER_POOL, (ONE_STEP_BATCH,), generator=each) for each in self._draws[name]]
        )

    def left(self, name: str, start: float) -> float:
        """Share of the clock that an objective has spent since its start."""
        return (self._costs[name] - start) / max(1.0, self.passes - start)

    def distill(self) -> Iterator[float]:
        """Distillation: from any state of a path to its end."""
        yield from self.wait()
        assert self._taught is not None
        start, (states, theta) = self._costs["distill"], self._taught
        model, rows = self.trained["distill"], torch.arange(ONE_STEP_SEEDS)[:, None]
        model.begin_at(theta)
        while True:
            which = self.chosen("distill")
            k = (self.uniform("distill") * TEACHER_STEPS).long()
            x, t = states[k, rows, which], k / TEACHER_STEPS
            loss = (end_of(model, x, t) - states[-1, rows, which]).square().sum(-1)
            model.learn(loss.mean(1).sum(), rate_factor(self.left("distill", start)))
            yield FORWARD + BACKWARD

    def straighten(self) -> Iterator[float]:
        """Reflow: flow matching on noise and the ends of its paths."""
        yield from self.wait()
        assert self._taught is not None
        start, (states, theta) = self._costs["reflow"], self._taught
        model, rows = self.trained["reflow"], torch.arange(ONE_STEP_SEEDS)[:, None]
        model.begin_at(theta)
        while True:
            which = self.chosen("reflow")
            t = self.uniform("reflow")
            loss = matching_loss(model, states[0, rows, which], states[-1, rows, which], t)
            model.learn(loss, rate_factor(self.left("reflow", start)))
            yield FORWARD + BACKWARD

    def agree(self) -> Iterator[float]:
        """Consistency training: neighbouring times of one pair have one end."""
        model = self.trained["consistency"]
        while True:
            done = self._costs["consistency"] / self.passes
            times = min(FINEST, COARSEST * 2 ** math.floor(done * (1 + math.log2(FINEST / COARSEST))))
            x0, x1 = self.pairs("consistency")
            t = (self.uniform("consistency") * times).floor() / times
            later = t + 1 / times
            with torch.no_grad():
                target = end_of(model, torch.lerp(x0, x1, later[..., None]), later)
            apart = (end_of(model, torch.lerp(x0, x1, t[..., None]), t) - target).square().sum(-1)
            loss = ((apart + HUBER**2).sqrt() - HUBER).mean(1).sum() * times / COARSEST
            model.learn(loss, rate_factor(done))
            yield 2 * FORWARD + BACKWARD

    def average(self) -> Iterator[float]:
        """MeanFlow: the mean velocity from t to r."""
        model = self.trained["meanflow"]
        while True:
            x0, x1 = self.pairs("meanflow")
            one, other = self.uniform("meanflow"), self.uniform("meanflow")
            t, r = torch.minimum(one, other), torch.maximum(one, other)
            chance = torch.stack([torch.rand(ONE_STEP_BATCH, generator=each) for each in self._draws["meanflow"]])
            r = torch.where(chance < LATER_PAIRS, r, t)
            target = mean_target(model, torch.lerp(x0, x1, t[..., None]), x1 - x0, t, r)
            apart = (model.at(torch.lerp(x0, x1, t[..., None]), t, r) - target).square().sum(-1)
            loss = (apart / (apart.detach() + 0.1).sqrt()).mean(1).sum()
            model.learn(loss, rate_factor(self._costs["meanflow"] / self.passes))
            yield 3 * FORWARD + BACKWARD

    @torch.no_grad()
    def draw(self, name: str, noise: Tensor, evaluations: int, generator: torch.Generator) -> Tensor:
        """Ends from noise (S, B, 2) in so many evaluations, by the running mean of the weights: (S, B, 2)."""
        model = self.trained[name]
        with averaged(model):
            if name in ("distill", "consistency"):
                x = noise
                for k in range(evaluations):
                    t = torch.full(x.shape[:2], k / evaluations)
                    fresh = torch.randn(x.shape, generator=generator) if k else noise
                    x = end_of(model, torch.lerp(fresh, x, k / evaluations) if k else noise, t)
                return x
            x = noise
            for k in range(evaluations):
                t = torch.full(x.shape[:2], k / evaluations)
                r = t + 1 / evaluations if name == "meanflow" else t
                x = x + model.at(x, t, r) / evaluations
            return x


class averaged:
    """Context in which networks have the running mean of their weights."""

    def __init__(self, model: Trained):
        self.model = model

    def __enter__(self) -> None:
        self.kept = self.model.adam.theta.clone()
        self.model.adam.theta.copy_(self.model.mean)

    def __exit__(self, *error: object) -> None:
        self.model.adam.theta.copy_(self.kept)


def velocity(model: Trained, x: Tensor, t: float) -> Tensor:
    """Velocity of points (S, B, 2) at one time: (S, B, 2)."""
    times = torch.full(x.shape[:2], t)
    return model.at(x, times, times)


def matching_loss(model: Trained, x0: Tensor, x1: Tensor, t: Tensor) -> Tensor:
    """Sum over seeds of the mean squared error of the velocity; (S, B, 2) twice, and times (S, B): ()."""
    error = model.at(torch.lerp(x0, x1, t[..., None]), t, t) - (x1 - x0)
    return error.square().sum(-1).mean(1).sum()


def end_of(model: Trained, x: Tensor, t: Tensor) -> Tensor:
    """Predicted end x + (1 − t) F of points (S, B, 2) at times (S, B), which is x itself at t = 1: (S, B, 2)."""
    return x + (1 - t[..., None]) * model.at(x, t, t)


@torch.no_grad()
def mean_target(model: Trained, x: Tensor, v: Tensor, t: Tensor, r: Tensor) -> Tensor:
    """Target of the mean velocity, v + (r − t) du/dt along the velocity v: (S, B, 2)."""
    inputs = torch.cat([x, time_features(t), time_features(r)], -1)
    along = torch.cat([v, time_slopes(t), torch.zeros_like(time_slopes(r))], -1)
    _, change = model.nets.derivative(inputs, along)
    return v + (r - t)[..., None] * change


def time_slopes(t: Tensor) -> Tensor:
    """Derivatives of `time_features`: (…) to (…, 11)."""
    angles = t.unsqueeze(-1) * FREQUENCIES
    ends = torch.stack([torch.ones_like(t), 1 / (t + EDGE), -1 / (1 - t + EDGE)], -1)
    return torch.cat([ends, FREQUENCIES * angles.cos(), -FREQUENCIES * angles.sin()], -1)
