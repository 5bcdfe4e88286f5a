"""Measures of the game in the plane: every loss on a grid of settings, and films of some games.

There are no weights to load: the games are played during the measurement. The tab replays the contents of `runs/`:
films, complete states from which a game can continue, and the cells of the grid. Results of the same recipe are kept,
so an interrupted measurement can continue.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from safetensors.torch import save_file

from explorer.data.toys import game_data
from explorer.measures import game_grid
from explorer.measures.common import load_or_measure
from explorer.measures.game_films import Frames, facing_frames, game_frames, race_frames
from explorer.measures.game_grid import SEEDS
from explorer.models.game import LOSSES, Game, Rules, play

EVERY, EVERY_STEP = 50, 10  # rounds between frames, and steps between frames if only discriminators are trained
EVERY_STATE = 250  # rounds between two kept states
Question = dict  # settings of a film: the values of the server function's parameters


def rules_of(question: Question, loss: str) -> Rules:
    """Return the rules of a question for one loss."""
    return Rules(loss, question.get("spectral", False), question["dsteps"], question["lrd"], question["lrg"])


def new_game(question: Question, loss: str, seeds: int = 1) -> Game:
    """Return a game at its start."""
    first = question["gseed"]
    data = game_data(question["data"], question.get("points", ()))
    return Game(data, rules_of(question, loss), range(first, first + seeds))


def play_film(question: Question) -> Frames:
    """Yield the frames of one game from its start."""
    return game_frames(new_game(question, question["loss"]), question["rounds"], EVERY)


def race_film(question: Question) -> Frames:
    """Yield the frames of games with each of the three losses, each with several seeds."""
    return race_frames({loss: new_game(question, loss, SEEDS) for loss in LOSSES}, question["rounds"], EVERY)


def face_film(question: Question) -> Frames:
    """Yield the frames of new discriminators trained against a fixed generator that has played `start` rounds."""
    first = new_game(question, "non-saturating")
    for _ in play(first, question["start"]):
        yield None
    game, critic = new_game(question, "non-saturating"), new_game(question, "wgan-gp")
    for each in (game, critic):
        each.g.load_state_dict(first.g.state_dict())
    yield from facing_frames(game, critic, question["steps"], EVERY_STEP)


FILMS: dict[str, Callable[[Question], Frames]] = {"play": play_film, "race": race_film, "face": face_film}


def name_of(kind: str, question: Question) -> str:
    """Return the file name of a recorded film, without its suffix."""
    parts = [kind, question["data"], question.get("loss"), "spectral" if question.get("spectral") else None]
    settings = [f"{question[name]:g}" for name in ("dsteps", "lrd", "lrg")]
    return "-".join([part for part in parts if part] + settings)


def questions(recipe: dict) -> Iterator[tuple[str, Question]]:
    """Yield the kind and the question of each film in a recipe."""
    for film in recipe["films"]:
        asked = recipe["training"] | film
        yield asked.pop("kind"), asked


def record(recipe: dict, folder: Path) -> dict:
    """Record the films and cells that are missing; return the card's figures of the games."""
    for kind, question in questions(recipe):
        path = folder / "runs" / f"{name_of(kind, question)}.json"
        load_or_measure(question, path, partial(_film, kind, question, path))
    return {"figures": _grid(recipe["grid"], folder)}


def _film(kind: str, question: Question, path: Path) -> dict:
    """Record the frames of a film; for a single game also write its states to a second file."""
    if kind != "play":
        return {"frames": [frame for frame in FILMS[kind](question) if frame]}
    frames, states, game = [], {}, new_game(question, question["loss"])
    for frame in game_frames(game, question["rounds"], EVERY):
        if frame:
            frames.append(frame)
        if frame and game.rounds and game.rounds % EVERY_STATE == 0:
            states |= {f"{game.rounds}/{name}": value.clone() for name, value in game.state().items()}
    save_file(states, path.with_suffix(".safetensors"))
    return {"frames": frames}


def _grid(recipe: dict, folder: Path) -> dict:
    """Measure every loss in every cell, and the baselines: points with known faults."""
    found = []
    for cell in game_grid.cells(recipe):
        kept = load_or_measure(cell, folder / "runs" / game_grid.file_of(cell), partial(game_grid.measure_cell, cell))
        found.append({name: cell[name] for name in ("dsteps", "lrd", "lrg")} | {"losses": kept["losses"]})
    data = game_data(recipe["data"])
    return {
        "data": recipe["data"],
        "of": len(data.means),
        "seeds": list(range(recipe["gseed"], recipe["gseed"] + SEEDS)),
        "cells": found,
        "baselines": game_grid.baselines(data),
    }


def headline(card: dict) -> str:
    """Return the summary that the command line prints after measuring."""
    cells = card["figures"]["cells"]
    whole = {
        loss: sum(min(cell["losses"][loss]["modes"]) == card["figures"]["of"] for cell in cells) for loss in LOSSES
    }
    counted = ", ".join(f"{loss} in {count}" for loss, count in whole.items())
    return f"of {len(cells)} settings all modes are covered with every seed: {counted}"
