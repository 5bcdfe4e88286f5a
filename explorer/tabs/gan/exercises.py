"""Exercises on GANs: transports between points, and the modes that the losses found in the recorded games."""

import itertools
from pathlib import Path
from statistics import fmean
from typing import Any

from explorer.lessons.written import read
from explorer.networks import card as cards
from explorer.tabs.foundations.exercises import js_of_coins
from explorer.tabs.gan.maths import best_discriminator, penalty, sigmoid


def transport(left: list[float], right: list[float]) -> float:
    """Return the least mean distance of a transport from points on a line to equally many others."""
    return min(sum(abs(a - b) for a, b in zip(left, each)) for each in itertools.permutations(right)) / len(left)


def _figures() -> dict[str, Any]:
    return cards.of("gan-game", {"figures": dict})["figures"]


def played() -> dict[str, Any]:
    """Return the points of the recorded games, and the number of their modes."""
    return {key: _figures()[key] for key in ("data", "of")}


def modes_found(*rules: float) -> tuple[float, ...] | None:
    """Return the numbers of modes found by WGAN-GP and by the non-saturating loss, as means over the card's seeds.

    `rules` are the steps of D and the learning rates of D and of G. The result is None if these were not played.
    """
    for cell in _figures()["cells"]:
        if (cell["dsteps"], cell["lrd"], cell["lrg"]) == rules:
            return tuple(fmean(cell["losses"][loss]["modes"]) for loss in ("wgan-gp", "non-saturating"))
    return None


def behind(least: int) -> tuple[float, ...] | None:
    """Return the first rules by which WGAN-GP finds so many modes fewer, if there are any."""
    games = ((cell["dsteps"], cell["lrd"], cell["lrg"]) for cell in _figures()["cells"])
    found = ((rules, modes_found(*rules)) for rules in games)
    return next((rules for rules, (wgan, plain) in found if plain - wgan >= least), None)


GIVEN = {
    each.__name__: each
    for each in (behind, best_discriminator, js_of_coins, modes_found, penalty, played, sigmoid, transport)
}
EXERCISES = read(Path(__file__).with_suffix(".md"), GIVEN)
