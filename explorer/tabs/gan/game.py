"""Server functions of the game in the plane: games trained while they are watched, or recorded before.

The answers are films; a step of the film is a round of the game, or a step of one player. A game depends only on the
question: it is played again from its seed, or continued from a remembered state.
"""

import copy
import logging
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from safetensors import SafetensorError, safe_open

from explorer.data.toys import game_data
from explorer.measures.game import EVERY, EVERY_STEP, SEEDS, face_film, name_of, new_game, race_film
from explorer.measures.game_films import Frames, data_of, first_frame
from explorer.models.game import LOSSES, Game
from explorer.networks import checkpoints
from explorer.serving.films import Scene, Script
from explorer.serving.kept import Kept, weight
from explorer.spaces import PLANE
from explorer.tabs.gan import game_answers
from explorer.tabs.gan.fields import (
    Data,
    DSteps,
    GameSeed,
    Live,
    Loss,
    Painted,
    Played,
    RateD,
    RateG,
    Rounds,
    Spectral,
    Start,
    Steps,
)
from explorer.tabs.kit.ask.answers import film

NAME = "gan-game"
RECORDING = {"question": dict, "date": str, "torch": str, "frames": list}
REMEMBERED = 30_000_000  # bytes of remembered games

log = logging.getLogger(__name__)


class States:
    """LRU cache of games and their frames by moves, bounded in bytes; only the film thread uses it."""

    def __init__(self, most: int = REMEMBERED):
        self._known = Kept(most)

    def keep(self, beginning: tuple, moves: str, game: Game, frame: dict) -> None:
        self._known.put((beginning, moves), (copy.deepcopy(game), frame), size_of(game) + weight(frame))

    def frame(self, beginning: tuple, moves: str) -> dict | None:
        """Return the frame after these moves, or None if it is not cached."""
        _, frame = self._known.get((beginning, moves)) or (None, None)
        return frame

    def nearest(self, beginning: tuple, moves: str) -> tuple[Game | None, int]:
        """Return a copy of the game after the longest cached prefix of the moves, and the prefix's length."""
        for count in range(len(moves), -1, -1):
            if known := self._known.get((beginning, moves[:count])):
                return copy.deepcopy(known[0]), count
        return None, 0


def size_of(game: Game) -> int:
    """Return the approximate bytes of a game: weights, gradients, Adam's two moments of each, and codes."""
    numbers = sum(each.numel() for player in (game.g, game.d) for each in player.parameters())
    return 4 * (4 * numbers + game.codes.numel())


STATES = States()
MOVES = {"r": Game.round, "d": Game.d_step, "g": Game.g_step}


def path_of(kind: str, question: dict, ending: str) -> Path:
    """Return the path of a recorded file of a question."""
    return checkpoints.pretrained_folder() / NAME / "runs" / f"{name_of(kind, question)}.{ending}"


def recording(kind: str, question: dict) -> list[dict]:
    """Return the recorded frames of a question, each with its date; [] without a valid recording."""
    path = path_of(kind, question, "json")
    try:
        kept = checkpoints.read_json(path, RECORDING) if os.path.exists(path) else {}
    except checkpoints.CheckpointError as error:
        log.warning("%s", error)
        return []
    asked = kept.get("question", {})
    if {name: asked.get(name) for name in question} != question or not all(isinstance(x, dict) for x in kept["frames"]):
        return []
    when = {"recorded": kept["date"], "torch": kept["torch"]}
    return [frame | when | {"moves": str(frame.get("round", ""))} for frame in kept["frames"]]


def recorded_film(kind: str, question: dict) -> Script | None:
    """Return the recorded film of exactly this question, or None."""
    frames = recording(kind, question)
    return Script(PLANE, 1, len(frames), 0, lambda: ((0, frame) for frame in frames)) if frames else None


def recorded_game(question: dict, rounds: int) -> Game | None:
    """Return the last recorded state of a game within `rounds` rounds, ready to play on; None if there is none."""
    path = path_of("play", question, "safetensors")
    if not os.path.exists(path):
        return None
    try:
        with safe_open(path, "pt") as kept:
            names = [name.partition("/") for name in kept.offset_keys()]
            at = max((when for text, _, _ in names if (when := int(text)) <= rounds), default=0)
            state = {key: kept.get_tensor(f"{at}/{key}") for text, _, key in names if int(text) == at}
        game = new_game(question, question["loss"])
        game.restore(state)
    except (OSError, SafetensorError, KeyError, ValueError, RuntimeError) as error:
        log.warning("%s: %s", path.name, error)
        return None
    return game


def live_scenes(frames: Frames) -> Iterator[Scene]:
    """Return the scenes of a film that is computed now."""
    return ((1, frame and frame | {"recorded": None}) for frame in frames)


def frames_of(steps: int, every: int) -> int:
    """Return the number of frames of a film, including the first."""
    return 1 + -(-steps // every)


def stops(moves: str) -> list[int]:
    """Return the numbers of moves after which there is a frame: around single steps, and every `EVERY` rounds."""
    rounds = [moves[:count].count("r") for count in range(len(moves) + 1)]
    single = [count for count in range(len(moves) + 1) if set(moves[max(0, count - 1) : count + 1]) & {"d", "g"}]
    every = [count for count in range(len(moves)) if rounds[count] % EVERY == 0]
    return sorted({*single, *every, len(moves)})


def moves_text(moves: str) -> str:
    """Return moves as the address writes them: "200ddg"."""
    return re.sub("r+", lambda run: str(len(run[0])), moves)


def play_moves(question: dict, moves: str, live: bool) -> Iterator[Scene]:
    """Yield the scenes of a game along these moves; cached and recorded states are not computed again."""
    beginning, game, at = (*question.items(), live), None, 0
    kept = {} if live else {frame.get("round"): frame for frame in recording("play", question)}
    for stop in stops(moves):
        begun = moves[:stop]
        frame = STATES.frame(beginning, begun) or (kept.get(stop) if set(begun) <= {"r"} else None)
        if frame is None:
            if game is None:
                game, at = nearest(beginning, question, begun, recalls=bool(kept))
            for move in moves[at:stop]:
                MOVES[move](game)
                yield 1, None
            at, frame = stop, first_frame(game) | {"moves": moves_text(begun), "recorded": None}
            frame |= {} if stop else data_of(game)
            STATES.keep(beginning, begun, game, frame)
        yield 0, frame


def nearest(beginning: tuple, question: dict, moves: str, recalls: bool) -> tuple[Game, int]:
    """Return the game after the longest cached or recorded prefix of the moves, and the prefix's length."""
    game, at = STATES.nearest(beginning, moves)
    rounds = len(moves) - len(moves.lstrip("r"))
    if recalls and rounds > at and (kept := recorded_game(question, rounds)) and kept.rounds > at:
        return kept, kept.rounds
    return game or new_game(question, question["loss"]), at


def settings(data: str, dsteps: int, lrd: float, lrg: float, gseed: int, **more) -> dict:
    """Return a question in the form of a recipe."""
    return {"data": data, "dsteps": dsteps, "lrd": lrd, "lrg": lrg, "gseed": gseed} | more


@film
def play(
    data: Data,
    points: Painted,
    loss: Loss,
    spectral: Spectral,
    dsteps: DSteps,
    lrd: RateD,
    lrg: RateG,
    gseed: GameSeed,
    moves: Played,
    live: Live,
) -> Script:
    """Film one game: a frame at the start, every few rounds, and at each single step of one player."""
    game_data(data, points)
    question = settings(data, dsteps, lrd, lrg, gseed, loss=loss, spectral=spectral)
    known = None if live or set(moves) - {"r"} else recorded_film("play", question | {"rounds": len(moves)})
    if data == "painted":
        question["points"] = points
    made = known or Script(PLANE, 1, len(stops(moves)), len(moves), lambda: play_moves(question, moves, live))
    return game_answers.telling(made, lambda frame, first: game_answers.play_report(frame, data, loss))


def choose_film(kind: str, question: dict, points: tuple, live: bool, live_film: Callable[[dict], Script]) -> Script:
    """Return the recorded film, or a live one if it is requested or nothing is recorded."""
    game_data(question["data"], points)
    known = None if live else recorded_film(kind, question)
    return known or live_film(question | {"points": points})


@film
def race(
    data: Data,
    points: Painted,
    spectral: Spectral,
    dsteps: DSteps,
    lrd: RateD,
    lrg: RateG,
    gseed: GameSeed,
    rounds: Rounds,
    live: Live,
) -> Script:
    """Film games with each of the three losses in parallel, each with the same five seeds."""
    question = settings(data, dsteps, lrd, lrg, gseed, spectral=spectral, rounds=rounds)

    def live_film(asked: dict) -> Script:
        scenes = 1 + (len(LOSSES) + 1) * rounds  # a round of each game, and a look at them all
        return Script(PLANE, SEEDS, frames_of(rounds, EVERY), scenes, lambda: live_scenes(race_film(asked)))

    known = choose_film("race", question, points, live, live_film)
    return game_answers.telling(known, lambda frame, first: game_answers.race_report(frame, gseed, dsteps))


@film
def face(
    data: Data,
    points: Painted,
    dsteps: DSteps,
    lrd: RateD,
    lrg: RateG,
    gseed: GameSeed,
    start: Start,
    steps: Steps,
    live: Live,
) -> Script:
    """Film new discriminators trained against a fixed generator that has played `start` rounds."""
    question = settings(data, dsteps, lrd, lrg, gseed, start=start, steps=steps)

    def live_film(asked: dict) -> Script:
        return Script(PLANE, 1, frames_of(steps, EVERY_STEP), start + steps + 1, lambda: live_scenes(face_film(asked)))

    return game_answers.telling(choose_film("face", question, points, live, live_film), game_answers.face_report)


SERVER_FUNCTIONS = [play, race, face]
