"""The grid of settings: every loss with every number of D-steps and every pair of learning rates, five seeds each.

One recipe decides which loss looks best, so no loss is judged by one. Each game is played to where it settles, and
judged beside points whose faults are known.
"""

import math
from collections.abc import Iterator
from statistics import fmean

import torch
from torch import Tensor

from explorer.data.toys import Mixture, game_data
from explorer.measures.coverage import judged
from explorer.measures.game_films import MANY, figures_of, many
from explorer.models.game import LOSSES, Game, Rules, play

SEEDS = 5
CHECK = 100  # rounds between two measurements
WINDOW = 5  # measurements that are averaged
TOLERANCE = 0.01  # nats by which two such averages may differ where a game has settled
SHORTEST = 1_000  # rounds of a game that can be known to have settled
APART = 0.9 * math.log(2)  # nats: hardly a point lies where the data are, and a divergence cannot rise much further


def cells(recipe: dict) -> Iterator[dict]:
    """The settings of a recipe's grid, one after another."""
    for cell in recipe["cells"]:
        yield {"data": recipe["data"], "gseed": recipe["gseed"]} | cell


def file_of(cell: dict) -> str:
    """The file in which a cell is kept."""
    return f"cell-{cell['data']}-{cell['dsteps']}-{cell['lrd']:g}-{cell['lrg']:g}.json"


def measured(cell: dict) -> dict:
    """What every loss comes to with the settings of a cell."""
    first = cell["gseed"]
    rules = {loss: Rules(loss, False, cell["dsteps"], cell["lrd"], cell["lrg"]) for loss in LOSSES}
    data, seeds = game_data(cell["data"]), range(first, first + SEEDS)
    return {"losses": {loss: settled_game(Game(data, each, seeds), cell["rounds"]) for loss, each in rules.items()}}


def settled_game(game: Game, rounds: int) -> dict:
    """Play a game to where it settles, or so many rounds at most; what is measured of each seed at its end."""
    course: list[float] = []
    while not settles(course) and game.rounds < rounds:
        for _ in play(game, CHECK):
            pass
        found = figures_of(judged(many(game), game.data))
        course.append(fmean(found["divergence"]))
    return found | {"rounds": game.rounds, "settled": settles(course)}


def settles(course: list[float]) -> bool:
    """Whether the mean divergence of all seeds, every 100 rounds, was over 500 rounds as over the 500 before.

    One that stands at its largest value says of no game that it has settled.
    """
    if len(course) < SHORTEST // CHECK or fmean(course[-WINDOW:]) > APART:
        return False
    return abs(fmean(course[-WINDOW:]) - fmean(course[-2 * WINDOW : -WINDOW])) < TOLERANCE


def baselines(data: Mixture) -> dict[str, dict]:
    """What is measured of points whose faults are known: evenly along a ring, one mode alone, and none at all."""
    made = {
        "ring": around(data, MANY),
        "one mode": Mixture(data.means[:1], data.sigma).sample(MANY, _generator()),
        "data": data.sample(MANY, _generator()),
    }
    return {name: figures_of(judged(points.unsqueeze(0), data), 0) for name, points in made.items()}


def around(data: Mixture, n: int) -> Tensor:
    """Points (n, 2) at the modes' distance from the origin and as wide as they are, but at any angle."""
    generator = _generator()
    angles = 2 * math.pi * torch.rand(n, generator=generator)
    radii = data.means.norm(dim=-1).mean() + data.sigma * torch.randn(n, generator=generator)
    return radii.unsqueeze(-1) * torch.stack([angles.cos(), angles.sin()], dim=-1)


def _generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)
