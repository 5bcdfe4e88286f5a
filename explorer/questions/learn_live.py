"""Learn live: several small families learn the same points side by side, on one clock.

The clock counts steps, or seconds of computing: then every family may use the same time, and a cheap one makes more
steps. A moment of the clock is shown by samples of every family from the same noise, and by what can be measured.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import torch
from torch import Tensor

from explorer.data.playground import Points
from explorer.models import clouds
from explorer.models.live_density import cells, divergences, log_density, log_score, shade
from explorer.models.live_training import Rules, Trainee
from explorer.pauses import pause

SAMPLES = 500
FIRST = (0, 2, 8, 32)  # moments at the start, when most changes
LATER = 12  # moments after these
HALVES = 2  # moments at which slow densities are computed: in the middle, and at the end


@dataclass(frozen=True)
class Look:
    """What is seen of a family at a moment.

    Arguments:
        x: Samples (`SAMPLES`, 2); None if its loss is no longer finite.
        steps: Steps made.
        cost: Mean seconds of a step.
        loss: Mean training loss since the last moment.
        distance: Energy distance between the samples and fresh points.
        memorised: Probability that a sample lies nearer to the training points than a held-out point.
        nll: Mean of −log p(x) of the held-out points in nats, or of its bound.
        kl: KL(p ‖ q) in nats, if p is known and q was computed.
        back: KL(q ‖ p) in nats, likewise.
        astray: Share of the samples that lie where hardly any data do, if p is known.
        shade: q in the board, as bytes.
        over: Whether no further step would change it.
    """

    x: Tensor | None
    steps: int
    cost: float
    loss: float | None = None
    distance: float | None = None
    memorised: float | None = None
    nll: float | None = None
    kl: float | None = None
    back: float | None = None
    astray: float | None = None
    shade: Tensor | None = None
    over: bool = False


@dataclass(frozen=True)
class Moment:
    """A moment of the clock: its `index`, its `time` in steps or seconds, and a look at every family."""

    index: int
    time: float
    looks: dict[str, Look]


def moments(total: int) -> list[int]:
    """Return the steps at which something is shown: many at first, then evenly, the last step included."""
    even = [round(total * k / LATER) for k in range(1, LATER + 1)]
    return sorted({step for step in FIRST if step < total} | set(even))


def steps(
    names: Sequence[str],
    points: Points,
    rules: Rules,
    total: int,
    seconds: float = 0,
    known: Mapping[str, Sequence[Look]] = MappingProxyType({}),
) -> Iterator[Moment | None]:
    """Train the families in turn, and yield every moment; None after each piece of work in between.

    Arguments:
        names: Names in `LEARNERS`.
        points: Points to learn from.
        rules: Settings of the training.
        total: Number of steps, and of marks on the clock.
        seconds: Seconds of computing for each family; 0 if the clock counts steps.
        known: Looks at every moment of families whose training is known already, by name.
    """
    trainees = {name: Trainee(name, points.train, rules) for name in names if name not in known}
    yield None
    clock, last = moments(total), {}
    for index, mark in enumerate(clock):
        yield from trained(trainees.values(), mark, total, seconds)
        full = HALVES * mark // total > (HALVES * clock[index - 1] // total if index else -1) and mark > 0
        for name, trainee in trainees.items():
            if name not in last or trainee.steps > last[name].steps or trainee.over > last[name].over:
                last[name] = look(trainee, points, full or not trainee.learner.slow)
                yield None
        last |= {name: known[name][index] for name in names if name in known}
        yield Moment(index, mark * seconds / total if seconds else mark, {name: last[name] for name in names})


def trained(trainees: Sequence[Trainee], mark: int, total: int, seconds: float) -> Iterator[None]:
    """Train up to a mark of the clock, one step of every family in turn; yield after each round."""
    while behind := [each for each in trainees if not each.over and progress(each, total, seconds) < mark / total]:
        for each in behind:
            each.step(progress(each, total, seconds))
            pause()
        yield None


def progress(trainee: Trainee, total: int, seconds: float) -> float:
    """Return how much of its steps, or of its seconds, a family has used."""
    return trainee.seconds / seconds if seconds else trainee.steps / total


def look(trainee: Trainee, points: Points, full: bool) -> Look:
    """Draw samples of a family from always the same noise, and measure it; its density only if `full`."""
    cost = trainee.seconds / max(1, trainee.steps)
    if trainee.broken:
        return Look(None, trainee.steps, cost, over=True)
    model, generator = trainee.model, torch.Generator().manual_seed(trainee.rules.seed)
    x = model.sample(SAMPLES, generator=generator)
    if not bool(x.isfinite().all()):
        trainee.broken = True
        return Look(None, trainee.steps, cost, over=True)
    log_q = log_density(model, cells()[0]) if full else None
    pause()
    return Look(
        x,
        trainee.steps,
        cost,
        trainee.loss(),
        clouds.distance(x, points.fresh),
        clouds.memorised(x, points.train, points.held),
        log_score(model, points.held, generator) if full or hasattr(model, "elbo") else None,
        *((None, None) if log_q is None or points.known is None else divergences(points.known, log_q)),
        points.known and clouds.astray(points.known.log_prob(x), points.known.log_prob(points.fresh)),
        None if log_q is None else shade(log_q),
        trainee.over,
    )
