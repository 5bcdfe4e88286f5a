"""The Playground tab: several families learn the visitor's points side by side."""

from pathlib import Path
from typing import Any

import torch

from explorer.data.playground import DRAWN, LEVELS, PRESETS, VIEW, Preset
from explorer.models import clouds, live_density
from explorer.models.learners import LEARNERS
from explorer.models.live_training import Trainee
from explorer.questions import learn_live
from explorer.spaces import PLANE
from explorer.stages.playground import PlaygroundStage
from explorer.tabs.kit.answers import frames, stop
from explorer.tabs.kit.tab import Tab
from explorer.tabs.playground import maths, server
from explorer.tabs.playground.evidence import SHOWN
from explorer.tabs.playground.fields import FIELDS, MODES, MOST, ONLY

CODE = {
    "The training": [server.learn_live.plain, learn_live.steps, Trainee.step],
    "The families": [getattr(each.family, "training_loss" if each.rate else "fit_steps") for each in LEARNERS.values()],
    "The measures": [clouds.distance, clouds.floor, clouds.memorised, live_density.divergence],
    "This page": [maths.distance_of_two],
}
PICTURED = 90
START = {"data": "moons", "noise": 0.1, "n": 1_000}
TRIES = {
    "side": [
        ("20 points", START | {"n": 20, "figure": "memorised", "learn": [9, 1, 2, 4, 5, 7]}),
        ("Islands", {"data": "five", "noise": 0.05, "learn": [1, 2, 4, 5, 6, 7]}),
        ("Rate × 30", START | {"rate": 30, "steps": 500}),
        ("Equal time", START | {"clock": "seconds"}),
        ("16 units", {"data": "spiral", "noise": 0.08, "width": 16}),
    ]
}


def pictured(preset: Preset) -> str:
    """Return some points of a preset, for its small picture."""
    return PLANE.encode(preset.make(preset.noise).sample(PICTURED, torch.Generator().manual_seed(1)))


def value(found: object) -> dict[str, Any]:
    """Return the stage's data: the families, the presets, and the limits of the board."""
    learners = [
        {"name": name, "title": each.title, "group": each.group, "mark": each.mark} for name, each in LEARNERS.items()
    ]
    presets = [
        {"name": name, "title": each.title, "noise": each.noise, "points": pictured(each)}
        for name, each in PRESETS.items()
    ]
    board = {"view": VIEW, "levels": LEVELS, "most": DRAWN, "families": MOST}
    nets = {ONLY.default: {"title": "", "error": None}}
    return {"nets": nets, "bundled": {}, "learners": learners, "presets": presets, "board": board}


TAB = Tab(
    name="playground",
    title="Playground",
    group="first",
    question="Draw points. Several families learn where they lie, and draw new ones.",
    folder=Path(__file__).parent,
    stage=PlaygroundStage,
    fields=FIELDS,
    modes=MODES,
    shown=lambda: [SHOWN],
    value=value,
    quotes=lambda found: {},
    whose="",
    functions=(server.learn_live, frames, stop),
    formulas=(maths.show_distance,),
    code=CODE,
    tries=TRIES,
    charts=(),
    groups={"look": ["side"]},
)
