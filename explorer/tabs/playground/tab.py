"""The Playground tab: several families learn the visitor's points side by side."""

from pathlib import Path
from typing import Any

from explorer.data.playground import LEVELS, PLAYGROUND_DRAWN, PRESETS, VIEW, Preset
from explorer.models import chance, clouds
from explorer.models.learners import LEARNERS, Knob
from explorer.models.modes import Modes
from explorer.models.truth import Truth
from explorer.spaces import PLANE
from explorer.stages.playground import PlaygroundStage
from explorer.tabs.kit.ask.answers import frames, stop
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import AT, SEED
from explorer.tabs.kit.layout.mode import of_modes
from explorer.tabs.kit.layout.tab import Tab
from explorer.tabs.playground import given, maths, side
from explorer.tabs.playground.evidence import SHOWN
from explorer.tabs.playground.exercises import EXERCISES
from explorer.tabs.playground.shared import ONLY, PLAYGROUND_MOST, TRAINING
from explorer.tabs.playground.side import learn_live
from explorer.tabs.playground.whole_films import FILMS

FOLDER = Path(__file__).parent
MODES = [side.MODE]
CODE = {
    "The families": [getattr(each.family, "training_loss" if each.rate else "fit_steps") for each in LEARNERS.values()],
    "The measures": [
        clouds.squared_energy_distance,
        chance.drawn,
        clouds.memorisation,
        Truth.forth,
        Modes.count_missed,
    ],
    "This page": [maths.distance_of_pairs],
}
PICTURED = 90


def preview(preset: Preset) -> str:
    """Return some points of a preset, for its small picture."""
    return PLANE.encode(preset.make(preset.noise).sample(PICTURED, rng(1)))


def knob_props(knob: Knob | None) -> dict[str, Any] | None:
    """Return a family's own setting for the browser: its title and its choices."""
    return knob and {"title": knob.title, "choices": [*knob.choices]}


def value(found: object) -> dict[str, Any]:
    """Return the stage's data: the families, the presets, and the limits of the board."""
    learners = [
        {"name": name, "title": each.title, "group": each.group, "mark": each.mark, "knob": knob_props(each.knob)}
        for name, each in LEARNERS.items()
    ]
    presets = [
        {"name": name, "title": each.title, "noise": each.noise, "points": preview(each)}
        for name, each in PRESETS.items()
    ]
    board = {"view": VIEW, "levels": LEVELS, "most": PLAYGROUND_DRAWN, "families": PLAYGROUND_MOST}
    nets = {ONLY.default: {"title": "", "error": None}}
    films = {learn_live.__name__: FILMS}
    return {
        "nets": nets,
        "bundled": {},
        "learners": learners,
        "presets": presets,
        "board": board,
        "films": films,
    }


TAB = Tab(
    name="playground",
    title="Playground",
    group="first",
    question="Draw points. Several families learn where they lie, and draw new ones.",
    folder=FOLDER,
    stage=PlaygroundStage,
    shown=lambda: [SHOWN],
    value=value,
    quotes=lambda found: {},
    whose="",
    formulas=(maths.show_distance,),
    charts=(),
    **of_modes(
        MODES,
        [ONLY, *TRAINING, SEED, AT],
        FOLDER,
        exercises=EXERCISES,
        functions=[frames, stop, given.given_points],
        code=CODE,
    ),
)
