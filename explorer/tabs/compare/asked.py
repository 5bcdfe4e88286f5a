"""The shared questions, each of which the comparison asks of every family: their modes and presets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from explorer.fields import Field
from explorer.models.raster import PIXELS, RasterModel
from explorer.models.search import search_steps
from explorer.models.spherical import spherical_path
from explorer.questions import anomaly, complete, interpolate, likelihood, make
from explorer.tabs.compare import scenes
from explorer.tabs.kit.ask import asks, questions
from explorer.tabs.kit.layout.fields import CAPTION, HOLE, KEPT
from explorer.tabs.kit.layout.groups import COMPARED, TITLES
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel, Rows

KEPT_OR_HOLE = replace(KEPT, parts=(*KEPT.parts, HOLE.key))
QUESTIONS = {mode: question for question, mode in COMPARED.items()}
TRIES = {
    "make": [
        ("After 50 evaluations", {"clock": "evaluations", "at": 50 / PIXELS}),
        ("A tenth of the time", {"clock": "seconds", "at": 0.1}),
        ("A 3 from each", {"data": "mnist", "label": 3}),
        ("Bags from each", {"data": "fashion-mnist", "label": 8}),
        ("A prompt", {"data": "scenes", "prompt": "a yellow cat left of a blue car on grass"}),
        ("Three objects", {"data": "scenes", "prompt": "a red apple above a dog above a star on sky"}),
    ],
    "likely": [
        ("A plain 1", {"data": "mnist", "img": 330, "draw": None, "source": None}),
        ("A strange 2", {"data": "mnist", "img": 29, "draw": None, "source": None}),
        ("A test scene", {"data": "scenes", "img": 3}),
        ("A boot", {"data": "fashion-mnist", "img": 30, "draw": None, "source": None}),
    ],
    "finish": [
        ("A quarter is kept", {"keep": 7}),
        ("Three quarters are kept", {"keep": 21}),
        ("The rest of a scene", {"data": "scenes", "img": 3, "hole": [0.0, 6.0, 12.0, 12.0]}),
        ("A hole in a scene", {"data": "scenes", "img": 8, "hole": [4.0, 6.0, 9.0, 12.0]}),
        ("Half a shirt", {"data": "fashion-mnist", "img": 6, "draw": None, "source": None, "keep": 14}),
    ],
    "between": [
        ("One word", {"data": "scenes", "prompt2": "a yellow cat left of a red car on grass", "seed2": 7}),
        ("Two prompts", {"data": "scenes", "prompt2": "a red boat above two stars on black", "seed2": 8}),
    ],
    "odd": [
        ("Nothing at all", {"data": "mnist", "kind": "blank"}),
        ("Digits, to the clothes' networks", {"data": "fashion-mnist", "kind": "mnist"}),
        ("Digits, turned", {"data": "mnist", "kind": "rotated"}),
    ],
}
FOR_SCENES = {
    "make": {"named": {"words": CAPTION}, "controls": [scenes.PROMPTED]},
    "finish": {"named": {"label": None, "words": CAPTION, "known": KEPT_OR_HOLE}, "controls": scenes.GIVEN_WORDS},
    "likely": {"named": {"words": CAPTION}, "controls": scenes.GIVEN_WORDS},
    "between": {"controls": scenes.ENDS},
}
"""What a mode's panel has besides, for scenes: the field of the given words, and controls that only scenes show."""


def with_words(panel: Panel, named: Mapping[str, Field | None] = {}, controls: Rows = ()) -> Panel:
    """Return a panel with what it has for scenes."""
    return replace(panel, named={**panel.named, **named}, controls=[*panel.controls, *controls])


PANELS = {
    mode: with_words(panel, **FOR_SCENES.get(mode, {})) for mode, panel in asks.panels_of(QUESTIONS, TRIES).items()
}


def mode_of(name: str, group: str, ran: Sequence[Callable], entry: str | None = None) -> Mode:
    """Return the mode of a shared question, with its panel and its presets."""
    title = TITLES[QUESTIONS[name]]
    return Mode(name, title, group, entry, panel=PANELS[name], tries=TRIES.get(name, ()), code={title: ran})


BY_NAME = {
    each.name: each
    for each in (
        mode_of("make", "look", [questions.ask_make.plain, make.steps, questions.script], "Samples"),
        mode_of("likely", "test", [questions.ask_likelihood.plain, likelihood.ask, likelihood.log_prob], "Likelihood"),
        mode_of(
            "finish",
            "play",
            [questions.ask_complete.plain, complete.steps, RasterModel.complete_steps, search_steps],
        ),
        mode_of("odd", "test", [questions.ask_anomaly.plain, anomaly.ask, anomaly.score]),
        mode_of("between", "play", [questions.ask_interpolate.plain, interpolate.steps, spherical_path]),
    )
}
"""The mode of each shared question, by its name in the address."""
