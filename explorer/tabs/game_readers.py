"""Reads what strangers ask of a game in the plane."""

import re
from collections.abc import Callable
from typing import Any

from explorer.data.toys import GAMES
from explorer.models.game import LOSSES
from explorer.tabs.readers import READERS, _choice, _number, _whole

PAINT, REACH = 200, 2.2  # points that can be painted, and how far out
MOST = 3_000  # rounds that can have been played, and of a film
SINGLE = 60  # letters of moves


def _read_points(value: Any) -> tuple[tuple[float, float], ...]:
    """The painted points, from x and y of one after the other."""
    if not isinstance(value, list) or len(value) % 2 or len(value) > 2 * PAINT:
        raise ValueError(f"painted points are x and y in turn, at most {PAINT} points")
    found = [_number(each, "a painted point", -REACH, REACH) for each in value]
    return tuple(zip(found[::2], found[1::2]))


def _read_moves(value: Any) -> str:
    """What was played, "200ddg" for 200 rounds, two steps of D and one of G, as a letter a move, r for a round."""
    text = "" if value is None else value
    if not isinstance(text, str) or not re.fullmatch("[0-9dg]*", text):
        raise ValueError("moves are numbers of rounds, d for a step of D and g for one of G, such as 200ddg")
    if len(text) > SINGLE:
        raise ValueError(f"at most {SINGLE} letters can tell what was played: play whole rounds in between")
    moves = "".join("r" * int(move) if move.isdigit() else move for move in re.findall("[0-9]{1,4}|[dg]", text))
    if len(moves) > MOST:
        raise ValueError(f"at most {MOST:,} rounds can be played before")
    return moves


GAME_READERS: dict[str, Callable[[Any], Any]] = READERS | {
    "data": _choice("the points", *GAMES, "painted"),
    "points": _read_points,
    "loss": _choice("the loss", *LOSSES),
    "spectral": _choice("spectral norm", True, False),
    "dsteps": _whole("the steps of D in a round", 1, 10),
    "lrd": lambda value: _number(value, "the learning rate of D", 0.00001, 0.1),
    "lrg": lambda value: _number(value, "the learning rate of G", 0.00001, 0.1),
    "gseed": _whole("the seed", 0, 2**31 - 1),
    "moves": _read_moves,
    "rounds": _whole("the number of rounds", 0, MOST),
    "start": _whole("the rounds that the generator has played", 0, MOST),
    "steps": _whole("the steps of the discriminators", 1, MOST),
    "live": _choice("whether to train it anew", True, False),
}
"""A reader for every name of a parameter of the game's server functions."""
