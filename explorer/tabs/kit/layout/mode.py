"""Mode of a tab, declared whole in one file: its fields, its server functions, its panel, and the code that ran."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from explorer.fields import Field, OneOf
from explorer.lessons import exercises as kit
from explorer.numbers.answer import Figure
from explorer.tabs.kit.layout.fields import AT_STEP
from explorer.tabs.kit.layout.panel import Panel
from explorer.tabs.kit.layout.typical import Draws

Tries = Sequence[tuple]


@dataclass(frozen=True)
class Mode:
    """Mode of a tab.

    Arguments:
        name: Name in the address; the modules of that name hold it here, and its view under `stages/`.
        title: Displayed title.
        group: Group of the navigation, one of `GROUPS`; not grouped unless given.
        entry: Title of the entry of the navigation that it shares with others, if it does.
        former: Names that it had in earlier versions; addresses may still name them.
        fields: Fields of the address that it adds to those of the tab.
        functions: Server functions that it asks.
        panel: What it asks, its controls and presets.
        parts: Panels of its parts, by name, if it has several.
        tries: Presets, unless its panel has them.
        draws: Returns the images (n, 1, 28, 28) that it first shows, by network and seed: it opens on a typical seed.
        heads: Figures without their values, unless its panel shows them.
        code: Functions that ran, by the gesture that runs them.
    """

    name: str
    title: str
    group: str | None = None
    entry: str | None = None
    former: Sequence[str] = ()
    fields: Sequence[Field] = ()
    functions: Sequence[Callable] = ()
    panel: Panel | None = None
    parts: Mapping[str, Panel] = field(default_factory=dict)
    tries: Tries = ()
    draws: Draws | None = None
    heads: Sequence[Figure] = ()
    code: Mapping[str, Sequence[Callable]] = field(default_factory=dict)

    @property
    def panels(self) -> Mapping[str, Panel]:
        """Its panel under its own name, and those of its parts under theirs."""
        return ({self.name: self.panel} if self.panel else {}) | dict(self.parts)


def of_modes(
    modes: Sequence[Mode],
    fields: Iterable[Field],
    folder: Path,
    exercises: Sequence[kit.Exercise] = (),
    functions: Sequence[Callable] = (),
    tries: Mapping[str, Tries] = {},
    code: Mapping[str, Sequence[Callable]] = {},
    first: str | None = None,
) -> dict[str, Any]:
    """Return the arguments of `Tab` that follow from its modes.

    Arguments:
        modes: Its own modes in their order.
        fields: Fields of the address of no mode alone, which come first.
        folder: Folder of the tab; with a tour, the tour is a mode.
        exercises: Exercises, which are a mode, too.
        functions: Server functions of no mode alone.
        tries: Presets of the shared questions.
        code: Functions of no mode alone, by gesture.
        first: Mode in which the tab opens; the first of its own unless given.
    """
    titles = titles_of(modes, folder, exercises)
    return {
        "modes": titles,
        "fields": fields_of(modes, fields, titles, first or next(iter(titles)), exercises),
        "functions": [*dict.fromkeys([*functions, *(each for mode in modes for each in mode.functions)])],
        "exercises": exercises,
        "panels": {name: panel for each in modes for name, panel in each.panels.items()},
        "tries": {each.name: each.tries for each in modes if each.tries} | dict(tries),
        "heads": {each.name: each.heads for each in modes if each.heads},
        "draws": {each.name: each.draws for each in modes if each.draws},
        "groups": by(modes, "group"),
        "entries": by(modes, "entry"),
        "code": {title: functions for each in modes for title, functions in each.code.items()} | dict(code),
    }


def by(modes: Sequence[Mode], part: str) -> dict[str, list[str]]:
    """Return the names of the modes by their group, or by their entry; without those that have none."""
    found = [getattr(each, part) for each in modes]
    return {
        value: [each.name for each in modes if getattr(each, part) == value] for value in dict.fromkeys(found) if value
    }


def titles_of(modes: Sequence[Mode], folder: Path, exercises: Sequence[kit.Exercise]) -> dict[str, str]:
    """Return the titles of all modes of a tab, the tour and the exercises among them."""
    tour = {"tour": "Tour"} if (folder / "tour.md").exists() else {}
    return {each.name: each.title for each in modes} | tour | ({"exercises": kit.LESSONS_TITLE} if exercises else {})


def fields_of(
    modes: Sequence[Mode],
    fields: Iterable[Field],
    titles: Mapping[str, str],
    first: str,
    exercises: Sequence[kit.Exercise],
) -> tuple[Field, ...]:
    """Return the fields of a tab's address: those of no mode alone, that of the mode, and those of its modes."""
    former = tuple((name, each.name) for each in modes for name in each.former)
    choice = Field("mode", OneOf(tuple(titles), former=former), first, "the mode")
    own = [each for mode in modes for each in mode.fields]
    tour = (AT_STEP,) if "tour" in titles else ()
    return (*dict.fromkeys([*fields, choice, *own]), *tour, *(kit.fields(exercises) if exercises else ()))
