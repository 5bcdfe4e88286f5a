"""What is measured of the game in the plane: how many modes a generator covers, loss by loss, over several seeds.

There are no weights to load: the games are played while they are measured, and kept as films in `runs/`, which the tab
shows as recorded. A film whose file was made by the same recipe is kept, so a measurement that was broken off goes on.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import torch

from explorer.checkpoints import read_json, write_json
from explorer.measures.game_films import Frames, faced, played, raced
from explorer.models.game import LOSSES, Game, Rules, play
from explorer.toys import game_data

SEEDS = 5
EVERY, EVERY_STEP = 25, 10  # rounds from frame to frame, and steps where the discriminators alone are trained
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
    """The file of a film, if it is recorded."""
    parts = [kind, question["data"], question.get("loss"), "spectral" if question.get("spectral") else None]
    return "-".join(part for part in parts if part) + ".json"


def questions(recipe: dict) -> Iterator[tuple[str, Question]]:
    """The films that a recipe asks for: their kinds, and their questions."""
    for film in recipe["films"]:
        asked = recipe["training"] | film
        yield asked.pop("kind"), asked


def record(recipe: dict, folder: Path) -> dict:
    """Record the films that are not there yet; what the card says of all."""
    figures = {}
    for kind, question in questions(recipe):
        path = folder / "runs" / name_of(kind, question)
        kept = read_json(path) if path.exists() else {}
        if kept.get("question") != question:
            frames = [frame for frame in FILMS[kind](question) if frame]
            kept = {
                "question": question,
                "date": date.today().isoformat(),
                "torch": torch.__version__,
                "frames": frames,
            }
            write_json(path, kept)
        if kind == "race":
            figures[path.stem.removeprefix("race-")] = _figures(question, kept["frames"][-1])
    return {"figures": figures}


def _figures(question: Question, end: dict) -> dict:
    """Modes covered and shares of high quality at the end of a race, by loss and seed."""
    seeds = list(range(question["gseed"], question["gseed"] + SEEDS))
    return {"rounds": end["round"], "seeds": seeds, "modes": end["modes"], "good": end["good"]}


def headline(card: dict) -> str:
    """What the command line says when the measuring is done."""
    modes = card["figures"]["ring"]["modes"]
    return "modes covered by seed: " + ", ".join(f"{loss} {counts}" for loss, counts in modes.items())
