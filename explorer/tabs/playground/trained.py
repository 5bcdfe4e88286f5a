"""Looks at finished trainings, which this server remembers: a changed knob trains only its own family."""

from collections.abc import Mapping, Sequence

from explorer.data.playground import Points, drawn_points, preset_points
from explorer.models.live_training import Rules
from explorer.questions import learn_live
from explorer.questions.learn_live import Look, Snapshot
from explorer.serving.kept import Kept
from explorer.tabs.playground import recorded
from explorer.tabs.playground.shared import NAMES, OWN, SHORT

LOOK_BYTES = 7_000  # of memory, about
TRAINED = Kept(30_000_000)
"""Looks by what they depend on."""


def points_of(data: str, board: bytes | None, noise: float, n: int, seed: int) -> Points:
    """Return the points of a preset or of a drawing.

    Raises:
        ValueError: if there is no drawing, or too few points.
    """
    if data == OWN:
        return drawn_points(board or b"", seed)
    return preset_points(data, noise, n, seed)


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
    done = learn_live.steps(names, points, rules, steps, known=known)
    seen = [each.looks for each in done if isinstance(each, Snapshot)]
    remember(seen, task, own)
    return seen[-1]
