"""Server function of the playground: the training of several families, filmed while it runs."""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import torch

from explorer.data.playground import Points, drawn_points, preset_points
from explorer.models import chance
from explorer.models.live_training import Rules
from explorer.questions import learn_live as question
from explorer.questions.learn_live import SAMPLES, Look, Piece, Snapshot
from explorer.serving.films import Scene, Script
from explorer.serving.kept import Kept
from explorer.serving.work import GUESS
from explorer.spaces import PLANE
from explorer.spaces.packing import pack
from explorer.steps import round_numbers
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.layout.fields import Seed
from explorer.tabs.playground import answers as texts
from explorer.tabs.playground import recorded
from explorer.tabs.playground.costs import FRAME, Plan
from explorer.tabs.playground.fields import (
    NAMES,
    OWN,
    SECONDS,
    SHORT,
    Batch,
    Board,
    Clock,
    Count,
    Data,
    Deeper,
    Knobs,
    Learn,
    Noise,
    Rate,
    Steps,
    Width,
)

FIGURES = (
    *("steps", "cost", "loss", "distance", "distance_se", "memorised", "nll"),
    *("kl", "kl_error", "back", "astray", "modes", "missed"),
)
LOOK_BYTES = 7_000  # of memory, about
TRAINED = Kept(30_000_000)
"""Looks at finished trainings, by what they depend on: a changed knob trains only its own family."""


def points_of(data: str, board: bytes | None, noise: float, n: int, seed: int) -> Points:
    """Return the points of a preset or of a drawing.

    Raises:
        ValueError: if there is no drawing, or too few points.
    """
    if data == OWN:
        return drawn_points(board or b"", seed)
    return preset_points(data, noise, n, seed)


def to_props(look: Look) -> Mapping[str, Any]:
    """Return the figures of a look in JSON form; one that is not finite counts as not measured."""
    found = {name: getattr(look, name) for name in FIGURES}
    finite = {name: round_numbers(torch.tensor(value)) for name, value in found.items() if _finite(value)}
    return finite | {"over": look.over, "unsolved": look.unsolved, "broken": look.x is None}


def _finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def frame(snapshot: Snapshot, points: Points, limit: float, names: list[str]) -> Mapping[str, Any]:
    """Return a moment as a frame: samples and densities of all families, one after the other, and their names.

    The first frame also holds the points. `names` are the families whose training is a recorded one.
    """
    drawn = {name: look.x for name, look in snapshot.looks.items() if look.x is not None}
    shades = {name: look.shade for name, look in snapshot.looks.items() if look.shade is not None}
    held = {"train": PLANE.encode(points.train), "held": PLANE.encode(points.held)}
    return {
        "x": PLANE.encode(torch.cat([torch.zeros(0, 2), *drawn.values()])),
        "drawn": [*drawn],
        "shades": pack(torch.cat([torch.zeros(0, dtype=torch.uint8), *shades.values()]), torch.uint8),
        "shaded": [*shades],
        "pictures": {} if snapshot.index else held,
        "time": snapshot.time,
        "looks": {name: to_props(look) for name, look in snapshot.looks.items()},
        "limit": limit,
        "recorded": names,
    }


def task_of(data: str, board: bytes | None, *others: object) -> tuple:
    """Return what a training depends on besides the family; a drawing counts only where it is what is learned."""
    return data, board if data == OWN else None, *others


def recent_looks(names: Sequence[str], task: tuple, own: Mapping[str, int]) -> Mapping[str, list[Look]]:
    """Return the looks at the trainings that this server has finished lately."""
    return {name: looks for name in names if (looks := TRAINED.get((task, name, own.get(name))))}


def remember(seen: Sequence[Mapping[str, Look]], task: tuple, own: Mapping[str, int]) -> None:
    """Keep the looks at finished trainings, moment by moment."""
    for name in seen[0]:
        TRAINED.put((task, name, own.get(name)), [looks[name] for looks in seen], len(seen) * LOOK_BYTES)


def ends(
    learn: tuple[int, ...],
    data: str,
    board: bytes | None,
    noise: float,
    n: int,
    steps: int,
    width: int,
    deeper: int,
    rate: float,
    batch: int,
    knobs: tuple[int, ...],
    seed: int,
) -> Mapping[str, Look] | None:
    """Return the last look at each family; None if a long training has not been seen to its end here.

    Raises:
        ValueError: if there is no drawing, or too few points.
    """
    names, own = [NAMES[index] for index in dict.fromkeys(learn)], dict(zip(NAMES, knobs))
    task = task_of(data, board, noise, n, steps, width, deeper, rate, batch, seed)
    known = recent_looks(names, task, own) | recorded.recorded_looks(names, task, own)
    if steps > SHORT and len(known) < len(names):
        return None
    points, rules = points_of(data, board, noise, n, seed), Rules(width, deeper, rate, batch, seed, own)
    done = question.steps(names, points, rules, steps, known=known)
    seen = [each.looks for each in done if isinstance(each, Snapshot)]
    remember(seen, task, own)
    return seen[-1]


@partial(film, threads=1)
def learn_live(
    learn: Learn,
    data: Data,
    board: Board,
    noise: Noise,
    n: Count,
    steps: Steps,
    clock: Clock,
    width: Width,
    deeper: Deeper,
    rate: Rate,
    batch: Batch,
    knobs: Knobs,
    seed: Seed,
) -> Script:
    """Film several families that learn the same points, from the first step on.

    Trainings that are recorded, or that this server remembers, are shown at once, and the others run.
    """
    names = [NAMES[index] for index in dict.fromkeys(learn)]
    points = points_of(data, board, noise, n, seed)
    seconds = steps * SECONDS if clock == "seconds" else 0
    own = dict(zip(NAMES, knobs))
    rules = Rules(width, deeper, rate, batch, seed, own)
    task = task_of(data, board, noise, n, steps, width, deeper, rate, batch, seed)
    before = {} if seconds else recorded.recorded_looks(names, task, own)
    known = before if seconds else recent_looks(names, task, own) | before
    frames = len(question.snapshot_steps(steps))
    plan = Plan({name: (width, deeper, batch, own.get(name)) for name in names if name not in known}, steps, seconds)

    def scenes() -> Iterator[Scene]:
        seen, limit = [], round(chance.limit(points), 6)
        for done in question.steps(names, points, rules, steps, seconds, known):
            if isinstance(done, Piece):
                yield plan.units(done), None
                continue
            seen.append(done.looks)
            if len(seen) == frames:
                plan.learn()
                remember(seen, task, own) if not seconds else None
            shot = frame(done, points, limit, [*before])
            yield FRAME / GUESS, shot | {"report": texts.snapshot_report(shot, clock)}

    return Script(PLANE, SAMPLES, frames, plan.total, scenes)
