"""What is measured of the game in the plane: every loss at a grid of settings, and films of some games.

There are no weights to load: the games are played while they are measured. What is kept in `runs/` the tab shows as
recorded: films, whole states of a game from which it goes on, and the cells of the grid. Whatever was made by the same
recipe is kept, so a measurement that was broken off goes on.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import save_file

from explorer.checkpoints import read_json, write_json
from explorer.data.toys import game_data
from explorer.measures import game_grid
from explorer.measures.game_films import Frames, faced, played, raced
from explorer.measures.game_grid import SEEDS
from explorer.models.game import LOSSES, Game, Rules, play

EVERY, EVERY_STEP = 50, 10  # rounds from frame to frame, and steps where the discriminators alone are trained
EVERY_STATE = 250  # rounds from a kept state to the next
Question = dict  # what a film answers: the values of the server function's parameters


def rules_of(question: Question, loss: str) -> Rules:
    """The rules that a question asks for."""
    return Rules(loss, question.get("spectral", False), question["dsteps"], question["lrd"], question["lrg"])


def new_game(question: Question, loss: str, seeds: int = 1) -> Game:
    """A game as it begins."""
    first = question["gseed"]
    data = game_data(question["data"], question.get("points", ()))
    return Game(data, rules_of(question, loss), range(first, first + seeds))


def play_film(question: Question) -> Frames:
    """One game from its beginning."""
    return played(new_game(question, question["loss"]), question["rounds"], EVERY)


def race_film(question: Question) -> Frames:
    """The three losses beside each other, each with several seeds."""
    return raced({loss: new_game(question, loss, SEEDS) for loss in LOSSES}, question["rounds"], EVERY)


def face_film(question: Question) -> Frames:
    """A generator that has played `start` rounds, and stands still before new discriminators."""
    first = new_game(question, "non-saturating")
    for _ in play(first, question["start"]):
        yield None
    game, critic = new_game(question, "non-saturating"), new_game(question, "wgan-gp")
    for each in (game, critic):
        each.g.load_state_dict(first.g.state_dict())
    yield from faced(game, critic, question["steps"], EVERY_STEP)


FILMS: dict[str, Callable[[Question], Frames]] = {"play": play_film, "race": race_film, "face": face_film}


def name_of(kind: str, question: Question) -> str:
    """The file of a film, if it is recorded, without its ending."""
    parts = [kind, question["data"], question.get("loss"), "spectral" if question.get("spectral") else None]
    settings = [f"{question[name]:g}" for name in ("dsteps", "lrd", "lrg")]
    return "-".join([part for part in parts if part] + settings)


def questions(recipe: dict) -> Iterator[tuple[str, Question]]:
    """The films that a recipe asks for: their kinds, and their questions."""
    for film in recipe["films"]:
        asked = recipe["training"] | film
        yield asked.pop("kind"), asked


def record(recipe: dict, folder: Path) -> dict:
    """Record what is not there yet; what the card says of the games."""
    for kind, question in questions(recipe):
        path = folder / "runs" / f"{name_of(kind, question)}.json"
        _kept(path, question, partial(_film, kind, question, path))
    return {"figures": _grid(recipe["grid"], folder)}


def _kept(path: Path, question: Question, make: Callable[[], dict]) -> dict:
    """What a file holds, which is made unless it answers the same question."""
    kept = read_json(path) if path.exists() else {}
    if kept.get("question") != question:
        kept = {"question": question, "date": date.today().isoformat(), "torch": torch.__version__} | make()
        write_json(path, kept)
    return kept


def _film(kind: str, question: Question, path: Path) -> dict:
    """The frames of a film; of one game also its states, which are written beside."""
    if kind != "play":
        return {"frames": [frame for frame in FILMS[kind](question) if frame]}
    frames, states, game = [], {}, new_game(question, question["loss"])
    for frame in played(game, question["rounds"], EVERY):
        if frame:
            frames.append(frame)
        if frame and game.rounds and game.rounds % EVERY_STATE == 0:
            states |= {f"{game.rounds}/{name}": value.clone() for name, value in game.state().items()}
    save_file(states, path.with_suffix(".safetensors"))
    return {"frames": frames}


def _grid(recipe: dict, folder: Path) -> dict:
    """What every loss came to in every cell, and what is measured of points whose faults are known."""
    found = []
    for cell in game_grid.cells(recipe):
        kept = _kept(folder / "runs" / game_grid.file_of(cell), cell, partial(game_grid.measured, cell))
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
    """What the command line says when the measuring is done."""
    cells = card["figures"]["cells"]
    whole = {
        loss: sum(min(cell["losses"][loss]["modes"]) == card["figures"]["of"] for cell in cells) for loss in LOSSES
    }
    counted = ", ".join(f"{loss} in {count}" for loss, count in whole.items())
    return f"of {len(cells)} settings all modes are covered with every seed: {counted}"
