"""Shared questions of a family's tab: a mode for each, all but `LEARN` under the entry `ASK` of its navigation."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from torch import Tensor

from explorer.fields import Field, OneOf
from explorer.networks import checkpoints
from explorer.numbers.trained import Found
from explorer.questions import anomaly, complete, interpolate, learn, likelihood, make
from explorer.spaces import PLANE
from explorer.steps import last
from explorer.tabs.kit.ask import likely, odd, questions, says
from explorer.tabs.kit.layout.fields import ASKED, CLOCK, LABEL, SEED
from explorer.tabs.kit.layout.groups import ASK, COMPARED, LEARN, TITLES, with_shared
from explorer.tabs.kit.layout.panel import Control, Grid, Panel, Shows
from explorer.tabs.kit.layout.tab import Tab

CLOCKS = [
    Control(CLOCK, "segments", "Clock", options={"share": "Progress", "evaluations": "Evaluations", "seconds": "Time"})
]
PANELS = {
    "make": Panel(
        questions.ask_make,
        named={"words": None},
        controls=[CLOCKS, [Control(SEED, "seed")], [Control(LABEL, "class")]],
        shows=Shows(
            "Four images from one seed; below each, the nearest training image{leading}",
            (),
            module="questions/make",
        ),
        says=says.MAKE,
        rows=says.MAKE_ROWS,
    ),
    "complete": Panel(
        questions.ask_complete,
        named={"label": None, "words": None},
        controls=[[Control(SEED, "seed")]],
        more=[CLOCKS],
        shows=Shows("Drag the handle: {whose} fills in the rest", (), module="questions/complete"),
        says=says.COMPLETE,
        rows=says.COMPLETE_ROWS,
    ),
    "interpolate": Panel(
        questions.ask_interpolate,
        controls=[],
        more=[CLOCKS],
        shows=Shows("Choose two ends: what lies between them?", (), module="questions/interpolate"),
        says=says.INTERPOLATE,
        rows=says.INTERPOLATE_ROWS,
    ),
    "learn": Panel(
        questions.ask_learn,
        controls=[[Control(SEED, "seed")], [Control(LABEL, "class")]],
        shows=Shows("Samples of one seed at each snapshot of the training", (), module="questions/learn"),
        says=says.LEARN,
        rows=says.LEARN_ROWS,
    ),
    "likelihood": Panel(
        likely.ask_likely,
        named={"words": None},
        controls=[],
        shows=Shows(
            "How likely is one {x}{to}?",
            likely.HEADS,
            grids=[Grid("Picture", 1)],
            waits="The networks compute this…",
            module="questions/asked",
        ),
    ),
    "anomaly": Panel(
        odd.ask_odd,
        controls=[],
        shows=Shows(
            "How odd is each kind of {x}{to}?",
            odd.HEADS,
            grids=[Grid("Picture", 1)],
            details=True,
            waits="The figures are read…",
            module="questions/asked",
        ),
    ),
}
"""Panel of each question, apart from the suggestions of a mode."""
CODE = {
    "make": [questions.ask_make.plain, make.steps],
    "likelihood": [questions.ask_likelihood.plain, likelihood.ask],
    "complete": [questions.ask_complete.plain, complete.steps],
    "anomaly": [questions.ask_anomaly.plain, anomaly.ask],
    "interpolate": [questions.ask_interpolate.plain, interpolate.steps],
    "learn": [questions.ask_learn.plain, learn.steps],
}

ANSWERS: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "make": lambda column: column["can"]["sample"],
    "likelihood": lambda column: column["can"]["likelihood"] or column["can"].get("ratio"),
    "complete": lambda column: column["can"]["complete"],
    "anomaly": lambda column: column["card"].get("compare", {}).get("odd"),
    "interpolate": lambda column: column["can"]["interpolate"],
}
"""True, by question, for the column of a network that can answer it."""


def with_asks(tab: Tab, asks: Sequence[str], own: Mapping[str, str] = {}) -> Tab:
    """Return a tab with the modes of the shared questions, and with their fields and functions.

    Arguments:
        tab: Tab with its own modes. A field of its own takes the place of the shared field with the same key.
        asks: Shared questions that its networks answer, in the order of the entry.
        own: Modes of the tab that answer a question and show more than the shared one, by question. One that answers
            several leads to the first of them in the comparison.
    """
    shared = {each: TITLES[each] for each in asks if each not in own}
    modes = {each: own.get(each, each) for each in asks}
    entry = [*dict.fromkeys(mode for each, mode in modes.items() if each != LEARN)]
    there = {mode: COMPARED[each] for each, mode in reversed(modes.items()) if each != LEARN}
    fields = _with_asked(tab.fields, shared) if shared else tab.fields
    kinds = {field.key: field.kind for field in fields}
    compared = {
        "modes": {mode: there[mode] for mode in entry},
        "keys": [each.key for each in ASKED if kinds.get(each.key) == each.kind],
    }
    return replace(
        tab,
        fields=fields,
        modes={**tab.modes, **shared},
        value=lambda found: {**tab.value(found), "compared": compared, "opens": opens(found, shared)},
        functions=[*dict.fromkeys([*(questions.SERVER_FUNCTIONS if shared else ()), *tab.functions])],
        code={**tab.code, **{TITLES[each]: CODE[each] for each in shared}},
        questions={each: each for each in shared},
        panels={**tab.panels, **panels_of({each: each for each in shared}, tab.tries)},
        asked=modes,
        draws={**tab.draws, **({"make": first_images} if "make" in shared else {})},
        groups=with_shared(tab.groups, entry, learn=LEARN in shared),
        entries={**tab.entries, ASK: entry},
    )


def first_images(net: str, seed: int) -> Tensor:
    """Return the images that *Make* shows of a seed, of a VAE the decoder's means: (n, 1, 28, 28)."""
    model = checkpoints.load(net)
    step = last(make.steps(model, make.together(model), seed))
    return step.pictures.get("mean", step.x)


def opens(found: Mapping[str, Found], shared: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return what each of these shared questions opens with, if the first network has points or cannot answer.

    That is the first network of images that can. `always` says that the first network cannot answer at all.
    """
    known = {net: each.value.get("column") for net, each in found.items() if not each.error}
    columns = {net: column for net, column in known.items() if column}
    first = next(iter(found))
    if first not in columns:
        return {}
    opened = {}
    for question, answers in ANSWERS.items():
        able = [net for net, each in columns.items() if answers(each)]
        chosen = sorted(able, key=lambda net: columns[net]["space"] == PLANE.name)[:1]
        if question in shared and chosen and chosen != [first]:
            opened[question] = {"state": {"net": chosen[0]}, "always": first not in able}
    return opened


def panels_of(modes: Mapping[str, str], tries: Mapping[str, Sequence]) -> dict[str, Panel]:
    """Return the panels of the modes of some questions, with the suggestions of each mode."""
    return {mode: replace(PANELS[asked], tries=tries.get(mode, ())) for mode, asked in modes.items()}


def _with_asked(own: Sequence[Field], modes: Mapping[str, str]) -> Sequence[Field]:
    """Return the fields of a tab with these modes to choose, and the shared fields after that of the mode."""
    keys = [field.key for field in own]
    at = keys.index("mode")
    kind = own[at].kind
    assert isinstance(kind, OneOf)
    mode = replace(own[at], kind=replace(kind, choices=(*kind.choices, *modes)))
    return (*own[:at], mode, *(field for field in ASKED if field.key not in keys), *own[at + 1 :])
