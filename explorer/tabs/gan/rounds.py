"""Shared by the modes of the game in the plane: its rules, the recorded games, and how frames are served."""

import logging
import math
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from explorer.data.toys import game_data
from explorer.measures.game import name_of
from explorer.measures.game_films import Frames
from explorer.networks import checkpoints
from explorer.numbers.answer import Report
from explorer.serving.films import Scene, Script
from explorer.spaces import PLANE
from explorer.tabs.gan.shared import D_STEPS, GAME_SEED, POINTS, RATE_D, RATE_G, SPECTRAL
from explorer.tabs.kit.layout.panel import Control

NAME = "gan-game"
RECORDING = {"question": dict, "date": str, "torch": str, "frames": list}
log = logging.getLogger(__name__)
Frame = Mapping[str, Any]
MOST_APART = math.log(2)  # the greatest Jensen–Shannon divergence, in nats
LOSS_TITLES = {"saturating": "Saturating", "non-saturating": "Non-saturating", "wgan-gp": "WGAN-GP"}
STYLES = {
    "saturating": {"colour": "ink", "dash": [2, 3]},
    "non-saturating": {"colour": 3, "dash": [7, 4]},
    "wgan-gp": {"colour": 2},
}
"""Line of each loss in the charts."""
RATES = {rate: f"{rate:g}" for rate in (0.0001, 0.0003, 0.001, 0.003, 0.005, 0.01)}
RENEWS = {"moves": None, "round": None, "at": None}  # another game has other places
RECIPE = {field.key: field.default for field in (SPECTRAL, D_STEPS, RATE_D, RATE_G, GAME_SEED)}
"""The rules of most recordings: the algorithm of Goodfellow et al. (2014) with k = 1."""
DATA_CONTROLS = [
    Control(
        POINTS,
        "segments",
        "Points",
        options={"ring": "Ring", "grid": "5×5 grid", "moons": "Two moons", "painted": "Paint"},
    )
]
STEP_CONTROLS = Control(D_STEPS, "number", "D-steps a round")
NORM_CONTROLS = Control(SPECTRAL, "segments", "Spectral norm in D", options={False: "no", True: "yes"})
RULE_CONTROLS = [[Control(RATE_D, "list", "Rate of D", options=RATES), Control(RATE_G, "list", "of G", options=RATES)]]
SEED_CONTROLS = [[Control(GAME_SEED, "seed")]]


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


def live_scenes(frames: Frames) -> Iterator[Scene]:
    """Return the scenes of a film that is computed now."""
    return ((1, frame and frame | {"recorded": None}) for frame in frames)


def frames_of(steps: int, every: int) -> int:
    """Return the number of frames of a film, including the first."""
    return 1 + -(-steps // every)


def settings(data: str, dsteps: int, lrd: float, lrg: float, gseed: int, **more: Any) -> dict[str, Any]:
    """Return a question in the form of a recipe."""
    return {"data": data, "dsteps": dsteps, "lrd": lrd, "lrg": lrg, "gseed": gseed} | more


def choose_film(kind: str, question: dict, points: tuple, live: bool, live_film: Callable[[dict], Script]) -> Script:
    """Return the recorded film, or a live one if it is requested or nothing is recorded."""
    game_data(question["data"], points)
    known = None if live else recorded_film(kind, question)
    return known or live_film(question | {"points": points})


def telling(script: Script, say: Callable[[Frame, Frame, Frame | None], Report]) -> Script:
    """Return a film whose frames have what `say(frame, first, before)` tells of them.

    `first` is the first frame, and `before` the one before; None before the first.
    """

    def scenes():
        first = before = None
        for cost, frame in script.scenes():
            first = first or frame
            yield cost, frame and {**frame, "report": say(frame, first, before).to_props()}
            before = frame or before

    return replace(script, scenes=scenes)


def other(**rules: Any) -> dict[str, Any]:
    """Return the state of another game, by the usual rules but for these."""
    return RENEWS | RECIPE | rules
