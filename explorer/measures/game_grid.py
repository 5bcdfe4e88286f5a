"""Grid of settings: every loss with every number of D-steps and every pair of learning rates, five seeds each.

The best loss depends on the setting, so each loss is measured on all of them. Each game is played until it settles. Its
figures are compared with those of points with known faults.
"""

import math
from collections.abc import Iterator
from statistics import fmean

import torch
from torch import Tensor

from explorer.data.toys import Mixture, game_data
from explorer.measures.coverage import mode_coverage
from explorer.measures.game_films import GAME_FILM_MANY, figures_of, many
from explorer.models.game import LOSSES, Game, Rules, play

SEEDS = 5
CHECK = 100  # rounds between two measurements
WINDOW = 5  # measurements per average
TOLERANCE = 0.01  # nats: largest difference of two such averages in a settled game
SHORTEST = 1_000  # rounds before a game can count as settled
APART = 0.9 * math.log(2)  # nats: hardly a point lies near the data, and the divergence is close to its maximum


def cells(recipe: dict) -> Iterator[dict]:
    """Yield the settings of each cell in a recipe's grid."""
    for cell in recipe["cells"]:
        yield {"data": recipe["data"], "gseed": recipe["gseed"]} | cell


def file_of(cell: dict) -> str:
    """Return the file name of a cell."""
    return f"cell-{cell['data']}-{cell['dsteps']}-{cell['lrd']:g}-{cell['lrg']:g}.json"


def measure_cell(cell: dict) -> dict:
    """Measure every loss with the settings of a cell."""
    first = cell["gseed"]
    rules = {loss: Rules(loss, False, cell["dsteps"], cell["lrd"], cell["lrg"]) for loss in LOSSES}
    data, seeds = game_data(cell["data"]), range(first, first + SEEDS)
    return {"losses": {loss: settled_figures(Game(data, each, seeds), cell["rounds"]) for loss, each in rules.items()}}


def settled_figures(game: Game, rounds: int) -> dict:
    """Play a game until it settles, for at most `rounds` rounds; return the figures of each seed at the end."""
    course: list[float] = []
    while not settles(course) and game.rounds < rounds:
        for _ in play(game, CHECK):
            pass
        found = figures_of(mode_coverage(many(game), game.data))
        course.append(fmean(found["divergence"]))
    return found | {"rounds": game.rounds, "settled": settles(course)}


def settles(course: list[float]) -> bool:
    """Return True if the mean divergence over the last 500 rounds equals that over the 500 before, within tolerance.

    The divergence is the mean of all seeds, measured every 100 rounds. A divergence near its maximum never counts as
    settled.
    """
    if len(course) < SHORTEST // CHECK or fmean(course[-WINDOW:]) > APART:
        return False
    return abs(fmean(course[-WINDOW:]) - fmean(course[-2 * WINDOW : -WINDOW])) < TOLERANCE


def baselines(data: Mixture) -> dict[str, dict]:
    """Measure points with known faults: spread along a ring, or from one mode alone; and points of the data."""
    made = {
        "ring": around(data, GAME_FILM_MANY),
        "one mode": Mixture(data.means[:1], data.sigma).sample(GAME_FILM_MANY, _generator()),
        "data": data.sample(GAME_FILM_MANY, _generator()),
    }
    return {name: figures_of(mode_coverage(points.unsqueeze(0), data), 0) for name, points in made.items()}


def around(data: Mixture, n: int) -> Tensor:
    """Draw points (n, 2) with the modes' distance from the origin and the modes' width, at uniform angles."""
    generator = _generator()
    angles = 2 * math.pi * torch.rand(n, generator=generator)
    radii = data.means.norm(dim=-1).mean() + data.sigma * torch.randn(n, generator=generator)
    return radii.unsqueeze(-1) * torch.stack([angles.cos(), angles.sin()], dim=-1)


def _generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)
