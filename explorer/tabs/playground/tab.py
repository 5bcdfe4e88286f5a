"""The Playground tab: several families learn the visitor's points side by side."""

from pathlib import Path
from typing import Any

import torch

from explorer.data.playground import DRAWN, LEVELS, PRESETS, VIEW, Preset
from explorer.models import clouds, live_density
from explorer.models.learners import LEARNERS, Knob
from explorer.models.live_training import Trainee
from explorer.questions import learn_live
from explorer.spaces import PLANE
from explorer.stages.playground import PlaygroundStage
from explorer.tabs.kit.answers import frames, stop
from explorer.tabs.kit.exercises import fields as at_exercise
from explorer.tabs.kit.tab import Tab
from explorer.tabs.playground import maths, server
from explorer.tabs.playground.evidence import SHOWN
from explorer.tabs.playground.exercises import EXERCISES
from explorer.tabs.playground.fields import FIELDS, KNOBS, MODES, MOST, ONLY

CODE = {
    "The training": [server.learn_live.plain, learn_live.steps, Trainee.step],
    "The families": [getattr(each.family, "training_loss" if each.rate else "fit_steps") for each in LEARNERS.values()],
    "The measures": [clouds.distance, clouds.floor, clouds.memorised, live_density.divergences],
    "This page": [maths.distance_of_two],
}
PICTURED = 90
START = {"data": "moons", "noise": 0.1, "n": 1_000}


def knobs(**places: int) -> list[int]:
    """Return the families' own settings: the usual ones but for these."""
    return [places.get(name, usual) for name, usual in zip(LEARNERS, KNOBS.default)]


TRIES = {
    "side": [
        ("20 points", START | {"n": 20, "figure": "memorised", "learn": [9, 1, 2, 4, 5, 7]}),
        ("Islands", {"data": "five", "noise": 0.05, "learn": [1, 2, 4, 5, 6, 7]}),
        ("Rate × 30", START | {"rate": 30, "steps": 500}),
        ("Equal time", START | {"clock": "seconds"}),
        ("16 units", {"data": "spiral", "noise": 0.08, "width": 16}),
        ("One latent", {"data": "eight", "noise": 0.12, "learn": [2, 7], "knobs": knobs(vae=0)}),
        ("Fast D", {"data": "eight", "noise": 0.12, "learn": [6, 7], "steps": 500, "knobs": knobs(gan=1)}),
        ("Short chains", {"data": "eight", "noise": 0.12, "learn": [6], "steps": 500, "knobs": knobs(energy=1)}),
        ("Two noise levels", START | {"learn": [4, 5], "steps": 500, "knobs": knobs(diffusion=0)}),
        ("Two affine layers", {"data": "rings", "learn": [1], "steps": 500, "knobs": knobs(flow=3)}),
        ("Kernels of width 0", START | {"n": 50, "learn": [8, 9], "figure": "memorised", "knobs": knobs(kernels=1)}),
    ]
}


def pictured(preset: Preset) -> str:
    """Return some points of a preset, for its small picture."""
    return PLANE.encode(preset.make(preset.noise).sample(PICTURED, torch.Generator().manual_seed(1)))


def offered(knob: Knob | None) -> dict | None:
    """Return a family's own setting for the browser: its title and its choices."""
    return knob and {"title": knob.title, "choices": [*knob.choices]}


def value(found: object) -> dict[str, Any]:
    """Return the stage's data: the families, the presets, and the limits of the board."""
    learners = [
        {"name": name, "title": each.title, "group": each.group, "mark": each.mark, "knob": offered(each.knob)}
        for name, each in LEARNERS.items()
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
    fields=(*FIELDS, *at_exercise(EXERCISES)),
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
    exercises=EXERCISES,
)
