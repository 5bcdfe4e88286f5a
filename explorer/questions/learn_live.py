"""Learn live: several small families learn the same points side by side, on one clock.

The clock counts steps, or seconds of computing: then every family may use the same time, and a cheap one makes more
steps. A snapshot is shown by samples of every family from the same noise, and by what can be measured.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import torch
from torch import Tensor

from explorer.data.playground import Points
from explorer.models import clouds
from explorer.models.chance import SAMPLES, Standard, standard_of
from explorer.models.live_density import bound, cells, log_densities, shade
from explorer.models.live_training import Rules, Trainee
from explorer.models.model import Model
from explorer.models.truth import Truth, truth_of
from explorer.running.pauses import pause

LEARN_LIVE_FIRST = (0, 2, 8, 32)  # snapshots at the start, when most changes
LATER = 12  # snapshots after these
HALVES = 2  # snapshots at which slow densities are computed: in the middle, and at the end
CHECKED, LEARN_LIVE_SOLVED = (
    200,
    0.1,
)  # points at which an integral is computed anew, and the largest difference in nats
CELLS = 1e-3  # error of a KL by the size of the cells, in nats


@dataclass(frozen=True)
class Look:
    """Figures of a family at a snapshot; those from `kl` on need a known p.

    Arguments:
        x: Samples (`SAMPLES`, 2); None if its loss is no longer finite.
        steps: Steps made.
        cost: Mean seconds of a step.
        loss: Mean training loss since the last snapshot.
        distance: Squared energy distance D² between the samples and fresh points, without bias.
        distance_se: Its standard error.
        memorised: Probability that a sample lies nearer to the training points than a fresh point.
        nll: Mean of −log p(x) of the held-out points in nats, or of its bound.
        shade: q in the board, as bytes.
        over: Whether no further step would change it.
        unsolved: Whether q is refused, because its integral is too coarse.
        kl: KL(p ‖ q) in nats, if q was computed.
        kl_error: Its numerical error in nats.
        back: KL(q ‖ p) in nats, likewise.
        astray: Share of the samples with a lower true density than 99 % of true points.
        modes: Number of the modes of p.
        missed: Number of modes that the samples miss.
    """

    x: Tensor | None
    steps: int
    cost: float
    loss: float | None = None
    distance: float | None = None
    distance_se: float | None = None
    memorised: float | None = None
    nll: float | None = None
    shade: Tensor | None = None
    over: bool = False
    unsolved: bool = False
    kl: float | None = None
    kl_error: float | None = None
    back: float | None = None
    astray: float | None = None
    modes: int | None = None
    missed: int | None = None


@dataclass(frozen=True)
class Piece:
    """A piece of work, and each family's seconds for it: "start", "step", "look", or "full" with a slow density."""

    kind: str
    seconds: dict[str, float]


@dataclass(frozen=True)
class Snapshot:
    """Snapshot of all families: its `index`, its `time` in steps or seconds, and a look at each."""

    index: int
    time: float
    looks: dict[str, Look]


def snapshot_steps(total: int) -> list[int]:
    """Return the steps at which something is shown: many at first, then evenly, the last step included."""
    even = [round(total * k / LATER) for k in range(1, LATER + 1)]
    return sorted({step for step in LEARN_LIVE_FIRST if step < total} | set(even))


def steps(
    names: Sequence[str],
    points: Points,
    rules: Rules,
    total: int,
    seconds: float = 0,
    known: Mapping[str, Sequence[Look]] = MappingProxyType({}),
    into: dict[str, Trainee] | None = None,
) -> Iterator[Snapshot | Piece]:
    """Train the families in turn, and yield every snapshot, and each piece of work in between.

    Arguments:
        names: Names in `LEARNERS`.
        points: Points to learn from.
        rules: Settings of the training.
        total: Number of steps, and of marks on the clock.
        seconds: Seconds of computing for each family; 0 if the clock counts steps.
        known: Looks at every snapshot of families whose training is known already, by name.
        into: Filled with the families that are trained, by name.
    """
    trainees = {name: Trainee(name, points.train, rules) for name in names if name not in known}
    if into is not None:
        into |= trainees
    truth = truth_of(points.known) if points.known and trainees else None
    standard = standard_of(points) if trainees else None
    yield Piece("start", {})
    clock, last = snapshot_steps(total), {}
    for index, mark in enumerate(clock):
        yield from train(trainees, mark, total, seconds)
        for name, trainee in trainees.items():
            if name not in last or trainee.steps > last[name].steps or trainee.over > last[name].over:
                slow, start = trainee.learner.slow, time.thread_time()
                assert standard is not None, "there are trainees"
                last[name] = look(trainee, points, standard, truth, is_full(clock, index) or not slow)
                yield Piece("full" if slow and is_full(clock, index) else "look", {name: time.thread_time() - start})
        last |= {name: known[name][index] for name in names if name in known}
        yield Snapshot(index, mark * seconds / total if seconds else mark, {name: last[name] for name in names})


def is_full(clock: Sequence[int], index: int) -> bool:
    """Return whether slow densities are computed at this snapshot: the first one after each part of the training."""
    part, before = (HALVES * clock[max(0, each)] // clock[-1] for each in (index, index - 1))
    return part > before


def train(trainees: Mapping[str, Trainee], mark: int, total: int, seconds: float) -> Iterator[Piece]:
    """Train up to a mark of the clock, one step of every family in turn; yield after each round."""

    def is_behind(each: Trainee) -> bool:
        return not each.over and progress(each, total, seconds) < mark / total

    while behind := {name: each for name, each in trainees.items() if is_behind(each)}:
        before = {name: each.seconds for name, each in behind.items()}
        for each in behind.values():
            each.step(progress(each, total, seconds))
            pause()
        yield Piece("step", {name: each.seconds - before[name] for name, each in behind.items()})


def progress(trainee: Trainee, total: int, seconds: float) -> float:
    """Return how much of its steps, or of its seconds, a family has used."""
    return trainee.seconds / seconds if seconds else trainee.steps / total


def look(trainee: Trainee, points: Points, standard: Standard, truth: Truth | None, full: bool) -> Look:
    """Draw samples of a family from always the same noise, and measure it; its density only if `full`."""
    cost = trainee.seconds / max(1, trainee.steps)
    if trainee.broken:
        return Look(None, trainee.steps, cost, over=True)
    model, generator = trainee.model, torch.Generator().manual_seed(trainee.rules.seed)
    x = model.sample(SAMPLES, generator=generator)
    if not bool(x.isfinite().all()):
        trainee.broken = True
        return Look(None, trainee.steps, cost, over=True)
    density = density_of(model, points, truth, generator) if full else {}
    pause()
    distance, se = clouds.squared_energy_distance(x, standard.x, standard.within)
    found = {"distance": distance, "distance_se": se, "loss": trainee.loss(), "over": trainee.over}
    found["memorised"] = clouds.memorisation(x, points.train, standard.gaps)
    if "nll" not in density and hasattr(model, "elbo"):
        found["nll"] = -bound(model, points.held, generator)
    if truth:
        found |= {"astray": truth.astray(x), "modes": len(truth.modes), "missed": truth.modes.count_missed(x)}
    return Look(x, trainee.steps, cost, **found, **density)


def density_of(model: Model, points: Points, truth: Truth | None, generator: torch.Generator) -> dict:
    """Return the figures of a family's density by their names; none if it has none, or if its solver left its range."""
    error = model.solver_error(points.fresh[:CHECKED]) if hasattr(model, "solver_error") else 0.0
    if not error <= LEARN_LIVE_SOLVED:
        return {"unsolved": True}
    small = truth.places.float() if truth else points.held[:0]
    densities = log_densities(model, cells()[0], points.held, small)
    if densities is None:
        return {}
    log_q, log_held, log_small = densities
    nll = -bound(model, points.held, generator) if hasattr(model, "elbo") else -float(log_held.mean())
    found = {"nll": nll, "shade": shade(log_q)}
    if truth:
        found |= {"kl": truth.forth(log_q, log_small), "kl_error": CELLS + error, "back": truth.back(log_q)}
    return found
