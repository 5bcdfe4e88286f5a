"""*The game*: generator and discriminator play in the plane, round by round, under rules that the visitor sets."""

import copy
import os
import re
from collections.abc import Iterator
from statistics import fmean
from typing import Annotated, Any

from safetensors import SafetensorError, safe_open

from explorer.data.toys import game_data
from explorer.fields import Field, Moves, OneOf, Real, Whole
from explorer.measures.coverage import optimal
from explorer.measures.game import EVERY, new_game
from explorer.measures.game_films import data_of, first_frame
from explorer.models.game import LOSSES, Game, gradient_penalty, loss_of_d, loss_of_g
from explorer.numbers.answer import Figure, Report
from explorer.numbers.words import num, percent
from explorer.serving.films import Scene, Script
from explorer.serving.kept import Kept, weight
from explorer.spaces import PLANE
from explorer.tabs.gan.rounds import (
    DATA_CONTROLS,
    LOSS_TITLES,
    MOST_APART,
    NORM_CONTROLS,
    RENEWS,
    RULE_CONTROLS,
    SEED_CONTROLS,
    STEP_CONTROLS,
    Frame,
    log,
    other,
    path_of,
    recorded_film,
    recording,
    settings,
    telling,
)
from explorer.tabs.gan.shared import ROUNDS, Data, DSteps, GameSeed, Live, Painted, RateD, RateG, Spectral
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Curves, Panel, Shows

LOSS = Field("loss", OneOf(LOSSES), "non-saturating", "the loss")
MOVES = Field("moves", Moves(60, ROUNDS.high), None, "moves")  # before the film starts
OVERLAY = Field("overlay", OneOf(("d", "optimal", "both")), "d", "the surface")
Loss = Annotated[str, LOSS]
Played = Annotated[str, MOVES]
GAME_REMEMBERED = 30_000_000  # bytes of remembered games


class States:
    """LRU cache of games and their frames by moves, bounded in bytes; only the film thread uses it."""

    def __init__(self, most: int = GAME_REMEMBERED):
        self._known = Kept(most)

    def keep(self, beginning: tuple, moves: str, game: Game, frame: dict) -> None:
        self._known.put((beginning, moves), (copy.deepcopy(game), frame), size_of(game) + weight(frame))

    def frame(self, beginning: tuple, moves: str) -> Frame | None:
        """Return the frame after these moves, or None if it is not cached."""
        _, frame = self._known.get((beginning, moves)) or (None, None)
        return frame

    def nearest(self, beginning: tuple, moves: str) -> tuple[Game | None, int]:
        """Return a copy of the game after the longest cached prefix of the moves, and the prefix's length."""
        for count in range(len(moves), -1, -1):
            if known := self._known.get((beginning, moves[:count])):
                return copy.deepcopy(known[0]), count
        return None, 0


STATES = States()
MOVES_TEXT = {"r": Game.round, "d": Game.d_step, "g": Game.g_step}
DATA = {
    "ring": "eight Gaussians on a ring",
    "grid": "25 Gaussians on a grid",
    "moons": "two moons, of 80 Gaussians that overlap",
    "painted": "the points that you painted",
}
KNOWN = {"data": "the data", "one mode": "one mode alone", "ring": "evenly on the ring"}
MODES, NEAR, ROUND = Figure("modes covered"), Figure("points within 3σ"), Figure("round", digits=0)
STEPS = Figure("steps of D · of G")
LOSS_D, LOSS_G = Figure("loss of D", digits=3), Figure("loss of G", digits=3)
NORM = Figure("norm of G's gradient", digits=3)
DIVERGENCE = Figure("JS divergence, nats", digits=3)
OFF_BEST = Figure("|D − best D|", digits=3)
PLAYED = (MODES, NEAR, ROUND, STEPS, LOSS_D, LOSS_G, NORM, DIVERGENCE, OFF_BEST)
ROWS = (
    *("moves", "round", "steps_d", "steps_g", "loss_d", "loss_g"),
    *("gradient", "modes", "near", "divergence", "gap"),
)
"""Columns of the table of a game."""
BOTH_LOSSES = Curves(
    "Losses over rounds",
    "loss",
    220,
    [{"colour": "ink", "width": 1.5, "label": "D"}, {"colour": "ink", "width": 1.5, "dash": [4, 3], "label": "G"}],
    includes=(0, 0.1),
    along="rounds",
)
SURFACE = Control(OVERLAY, "segments", "Surface", options={"d": "D", "optimal": "p ÷ (p + q)", "both": "both"})


def size_of(game: Game) -> int:
    """Return the approximate bytes of a game: weights, gradients, Adam's two moments of each, and codes."""
    numbers = sum(each.numel() for player in (game.g, game.d) for each in player.parameters())
    return 4 * (4 * numbers + game.codes.numel())


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
                MOVES_TEXT[move](game)
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
    return telling(made, lambda frame, _, before: play_report(frame, before, data, loss))


def rates(cell: Frame, times: int = 1) -> str:
    """Return the learning rate of both players, or those of D and of G, so many times as large."""
    of_d, of_g = (f"{times * cell[key]:g}" for key in ("lrd", "lrg"))
    return of_d if of_d == of_g else f"{of_d} · {of_g}"


def grid(known: Frame) -> dict[str, Any]:
    """Return the recorded grid of settings with the texts of its cells, and the same figures of known faults."""

    def cell(of: Frame, loss: str) -> dict[str, Any]:
        found, steps = of["losses"][loss], f"D-step{'' if of['dsteps'] == 1 else 's'}"
        modes, apart = fmean(found["modes"]), fmean(found["divergence"])
        settled = f"{'' if found['settled'] else 'not '}settled by round {found['rounds']:,}"
        return {
            "modes": num(modes, 1),
            "divergence": f"{num(apart)}{'' if found['settled'] else '…'}",
            "share": modes / known["of"],
            "words": f"{LOSS_TITLES[loss]}, {of['dsteps']} {steps} a round, rates {rates(of)}: {num(modes, 1)} of "
            f"{known['of']} modes ({', '.join(map(str, found['modes']))}), divergence {num(apart)}; {settled}",
        }

    cells = [
        {key: each[key] for key in ("dsteps", "lrd", "lrg")}
        | {"rates": rates(each, 1000), "losses": {loss: cell(each, loss) for loss in LOSS_TITLES}}
        for each in known["cells"]
    ]
    rounds = max(found["rounds"] for each in known["cells"] for found in each["losses"].values())
    seeds = len(known["seeds"])
    faults = [
        (name, f"{found['modes']} of {known['of']}", percent(found["near"]), num(found["divergence"]))
        for key, name in KNOWN.items()
        if (found := known["baselines"][key])
    ]
    return {
        "data": known["data"],
        "seed": known["seeds"][0],
        "cells": cells,
        "title": f"Modes covered, mean of {seeds} seeds, by D-steps a round",
        "words": f"In a cell: modes covered, and below them the divergence, both means of {seeds} seeds; the stronger "
        "the tint, the more modes. Two rates are those of D and G. A mode is covered if at least half of its share of "
        f"points lies within 3σ. Each game was played for {rounds:,} rounds, or until its divergence settled; … marks "
        f"those that had not. A divergence near {num(MOST_APART)}, the largest there is, does not tell whether a game "
        f"has settled. Recorded on {known['recorded']}, torch {known['torch']}. Choose a cell to play it; any other "
        "setting is trained live.",
        "faults": {"head": ["", "modes", "near", "divergence"], "rows": faults},
    }


def covered_modes(frame: Frame) -> str | None:
    """Return the number of covered modes; None if the data have no separate modes."""
    return None if frame["of"] is None else f"{frame['modes']} of {frame['of']}"


def play_report(frame: Frame, before: Frame | None, data: str, loss: str) -> Report:
    """Describe a frame of one game, after the one `before`: caption, sentence, text of the plane, and numbers."""
    single = frame["moves"][-1:].upper() if frame["moves"][-1:] in ("d", "g") else ""
    modes = covered_modes(frame)
    near = percent(frame["near"])
    counted = f"{modes} modes, " if modes else ""
    after = f", then one step of {single}" if single else ""
    caption = f"Round {frame['round']:,}{after}: {counted}{near} of points near the data."
    reach = f"from {num(frame['low'])} to {num(frame['high'])}"
    plane = f"D is off the best one by {num(frame['gap'])} at generated points"
    shown = f"{DATA[data]}; {caption} {f'The critic’s value goes {reach}' if frame['gap'] is None else plane}."
    return Report(
        [
            MODES.of(modes),
            NEAR.of(near),
            ROUND.of(frame["round"]),
            STEPS.of(f"{frame['steps_d']:,} · {frame['steps_g']:,}"),
            LOSS_D.of(frame["loss_d"]),
            LOSS_G.of(frame["loss_g"]),
            NORM.of(frame["gradient"]),
            DIVERGENCE.of(frame["divergence"]),
            OFF_BEST.of(frame["gap"]),
        ],
        f"{step_words(frame, before)}{game_words(frame, loss, reach)}",
        caption=caption,
        place=frame["round"],
        curves=[[frame["loss_d"], frame["loss_g"]]],
        row={key: frame[key] for key in ROWS},
        view={"plane": shown},
    )


def step_words(frame: Frame, before: Frame | None) -> str:
    """Return the sentence on what a single step changed since the frame `before` it; empty for whole rounds."""
    player = frame["moves"][-1:]
    if before is None or player not in ("d", "g"):
        return ""
    if player == "g":
        moved = (PLANE.decode(frame["x"]) - PLANE.decode(before["x"])).norm(dim=-1).mean()
        return f"This step of G moved its points by {num(float(moved), 3)} on average and left D as it was. "
    if frame["gap"] is None:
        values = [f"from {num(each['low'])} to {num(each['high'])}" for each in (before, frame)]
        return f"This step of D moved no point. Its values went {values[0]} before, and {values[1]} now. "
    gaps = [num(each["gap"], 3) for each in (before, frame)]
    return f"This step of D moved no point. Its distance from the best D went from {gaps[0]} to {gaps[1]}. "


def game_words(frame: Frame, loss: str, reach: str) -> str:
    """Return the sentence about a frame of one game; `reach` tells the values of a critic."""
    begun = frame["round"] or frame["steps_d"]
    when = f"After {frame['round']:,} round{'' if frame['round'] == 1 else 's'}" if begun else "Before the first step"
    near, modes = percent(frame["near"]), covered_modes(frame)
    lead = (
        f"{when} the generator covers {modes} modes. Of its points, {near} lie within 3σ of one"
        if modes
        else f"{when} {near} of the generated points lie near the data"
    )
    apart = (
        f"The Jensen–Shannon divergence from the data is {num(frame['divergence'])} nats, where 0 is no "
        f"difference and {num(MOST_APART)} the most"
    )
    if loss == "wgan-gp":
        own = (
            f"The critic's values in this plane go {reach}: they are no probabilities, and not to be compared with "
            "p ÷ (p + q)"
        )
    else:
        own = f"At the generated points D is off the best answer, p ÷ (p + q), by {num(frame['gap'])} on average"
    return f"{lead}. {apart}. {own}."


MODE = Mode(
    "game",
    "The game",
    "play",
    fields=[
        LOSS,
        MOVES,
        OVERLAY,
        Field("round", Whole(0, 100_000), None, "the round"),
        Field("speed", Real(0.1, 100), 1, "the speed"),
    ],
    functions=[play],
    panel=Panel(
        play,
        controls=[DATA_CONTROLS, [Control(LOSS, "segments", "Loss", options=LOSS_TITLES)]],
        more=[[NORM_CONTROLS, STEP_CONTROLS], *RULE_CONTROLS, *SEED_CONTROLS, [SURFACE]],
        tries=[
            ("Compare D with the best D", other(data="ring", loss="non-saturating", overlay="both")),
            ("25 modes", other(data="grid", loss="non-saturating", overlay="d")),
            ("D learns 10 times as fast as G", other(data="ring", loss="saturating", lrd=0.01, overlay="d")),
        ],
        renews=RENEWS,
        shows=Shows("Press Play: do the generated points reach all of the data?", PLAYED, curves=[BOTH_LOSSES]),
    ),
    code={
        "The game": [play.plain, Game.d_step, Game.g_step, loss_of_d, loss_of_g, gradient_penalty, optimal],
    },
)
