"""Server function of the playground: the training of several families, filmed while it runs."""

import math
from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor

from explorer.data.playground import VIEW, Points, drawn_points, preset_points
from explorer.models import clouds
from explorer.models.live_density import REACH, SIDE
from explorer.models.live_training import Rules
from explorer.questions import learn_live as question
from explorer.questions.learn_live import SAMPLES, Look, Moment
from explorer.serving.films import Scene, Script
from explorer.spaces import PLANE
from explorer.spaces.packing import to_bytes
from explorer.steps import rounded
from explorer.tabs.kit.answers import film
from explorer.tabs.kit.fields import Seed
from explorer.tabs.playground.fields import (
    NAMES,
    OWN,
    SECONDS,
    Batch,
    Board,
    Clock,
    Count,
    Data,
    Learn,
    Noise,
    Rate,
    Steps,
    Width,
)

CUT = round(SIDE * (1 - VIEW / REACH) / 2)  # cells of the grid outside the board, on each side
BRIGHT = 0.995  # quantile of the density in the board that is shaded fully
FIGURES = ("steps", "cost", "loss", "distance", "memorised", "nll", "kl")


def points_of(data: str, board: bytes | None, noise: float, n: int, seed: int) -> Points:
    """Return the points of a preset or of a drawing.

    Raises:
        ValueError: if there is no drawing, or too few points.
    """
    if data == OWN:
        return drawn_points(board or b"", seed)
    return preset_points(data, noise, n, SAMPLES, seed)


def shade(density: Tensor) -> Tensor:
    """Return a density in the board as shares of its brightest cell, row by row from the upper left."""
    seen = density.view(SIDE, SIDE)[CUT : SIDE - CUT, CUT : SIDE - CUT].flatten()
    return (seen / seen.quantile(BRIGHT).clamp(min=1e-12)).clamp(max=1)


def told(look: Look) -> dict:
    """Return the figures of a look in JSON form; one that is not finite counts as not measured."""
    found = {name: getattr(look, name) for name in FIGURES}
    finite = {name: rounded(torch.tensor(value)) for name, value in found.items() if _finite(value)}
    return finite | {"over": look.over, "broken": look.x is None}


def _finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def frame(moment: Moment, points: Points, floor: float) -> dict:
    """Return a moment as a frame: samples and densities of all families, one after the other, and their names.

    The first frame also holds the points.
    """
    drawn = {name: look.x for name, look in moment.looks.items() if look.x is not None}
    dense = {name: look.density for name, look in moment.looks.items() if look.density is not None}
    shades = {name: shade(density) for name, density in dense.items() if bool(density.isfinite().all())}
    held = {"train": PLANE.encode(points.train), "held": PLANE.encode(points.held)}
    return {
        "x": PLANE.encode(torch.cat([torch.zeros(0, 2), *drawn.values()])),
        "drawn": [*drawn],
        "shades": to_bytes(torch.cat([torch.zeros(0), *shades.values()])),
        "shaded": [*shades],
        "pictures": {} if moment.index else held,
        "time": moment.time,
        "looks": {name: told(look) for name, look in moment.looks.items()},
        "floor": floor,
    }


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
    rate: Rate,
    batch: Batch,
    seed: Seed,
) -> Script:
    """Film several families that learn the same points, from the first step on."""
    names = [NAMES[index] for index in dict.fromkeys(learn)]
    points = points_of(data, board, noise, n, seed)
    seconds = steps * SECONDS if clock == "seconds" else 0

    def scenes() -> Iterator[Scene]:
        fresh = points.fresh
        floor = clouds.floor(fresh, SAMPLES, len(fresh), torch.Generator().manual_seed(seed))
        for moment in question.steps(names, points, Rules(width, rate, batch, seed), steps, seconds):
            yield 1, moment and frame(moment, points, round(floor, 5))

    frames = len(question.moments(steps))
    return Script(PLANE, SAMPLES, frames, steps + frames * (len(names) + 1), scenes)
