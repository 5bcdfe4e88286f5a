"""Declaration of a tab, and the layout of every tab: question, stage, maths, code, evidence."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from explorer import fields
from explorer.lessons import glossary, lesson, live, presets, scale
from explorer.lessons.exercises import Exercise, server_functions
from explorer.lessons.live import Formula
from explorer.numbers import plots
from explorer.numbers.answer import Figure, names_of
from explorer.numbers.trained import Card, Found, content_of, read_card, show_evidence
from explorer.serving import rooms
from explorer.stages import Stage
from explorer.stages.charts import ChartsStage
from explorer.tabs.kit.ask.along import offered, taken_along
from explorer.tabs.kit.ask.answers import waits
from explorer.tabs.kit.ask.cells import celled
from explorer.tabs.kit.ask.inside import INSIDE, inside
from explorer.tabs.kit.layout import contents, parts
from explorer.tabs.kit.layout.groups import Entries, Groups, in_order
from explorer.tabs.kit.layout.mechanism import Mechanism
from explorer.tabs.kit.layout.opening import AS_DECLARED, Opening
from explorer.tabs.kit.layout.panel import Panel
from explorer.tabs.kit.layout.typical import OPENING_SEED, Draws, typical_seeds

Value = dict[str, Any]
CHARTED = {"training", "histories"}  # parts of a card that have charts


@dataclass(frozen=True)
class Checkpoint:
    """Checkpoint of a tab, with its display.

    Arguments:
        name: Name of the checkpoint.
        title: Displayed title.
        value: Returns the stage's data for a card, or for an empty card and an error.
        evidence: Returns the measurements as Markdown.
        read: Reads the card.
        excuse: Start of the notice if the checkpoint is broken; by default, that the title cannot be shown.
    """

    name: str
    title: str
    value: Callable[[Card, str | None], Value]
    evidence: Callable[[Card], str]
    read: Callable[[str], Card] = read_card
    excuse: str | None = None

    def content(self) -> Found:
        """Return its displayed content, or what is wrong with it."""
        return content_of(
            self.name, self.excuse or f"{self.title} cannot be shown", self.value, self.evidence, self.read
        )


@dataclass(frozen=True)
class Tab:
    """Tab of the page.

    Arguments:
        name: Name in the address.
        title: Displayed title.
        question: Question that the tab answers, in one sentence.
        folder: Folder of the texts, each optional: `story.md`, its idea in a minute; `tour.md` with the tour's steps or
            `try.md` with suggestions; `maths.md`.
        stage: Interactive component.
        fields: Fields of the address.
        modes: Titles of the stage's modes by name.
        shown: Returns the checkpoints of the tab.
        value: Returns additional data for the stage, from the content of the checkpoints.
        quotes: Returns the quotes of the texts, from the content of the checkpoints.
        whose: Note on the source of the quoted figures.
        functions: Server functions of the stage.
        formulas: Live formulas of the maths.
        code: Functions that ran, by the gesture that runs them.
        questions: Shared questions by the names of their modes.
        asked: Modes that answer the shared questions about its networks, its own ones among them, by question.
        groups: Modes except the tour by group, one of `GROUPS`; not grouped unless given.
        entries: Modes that share an entry of the navigation, by its title; every other mode is an entry.
        short: Abbreviations with their meanings, listed before the maths.
        mechanism: Diagram of how the family works, shown beside the question; none unless given.
        tries: Suggestions by mode: texts, and the states that they set.
        panels: Declared panels by mode.
        heads: Figures of modes whose panel shows none, without their values.
        nets: Checkpoints whose missing files are fetched.
        shows: Display settings, for the comparison and for links, of each family of `MODELS` in this tab.
        anchor: Prefix of the evidence's addresses.
        charts: Charts of each card in the evidence.
        charted: Titles and readers of the cards with charts, by name; by default, those of its networks.
        exercises: Exercises; their address fields come from `kit.exercises.fields`.
        group: Place in the navigation, one of `TAB_GROUPS`.
        problems: Sentences about what is missing from the page, shown above the stage.
        opens: Returns the entry of a network that a visitor opened; None if the tab takes none.
        opening: State and movement with which it opens where the address says nothing of it.
        draws: Images that a mode first shows, by network and seed, for the modes that open on a typical seed.
    """

    name: str
    title: str
    question: str
    folder: Path
    stage: type[Stage]
    fields: Sequence[fields.Field]
    modes: Mapping[str, str]
    shown: Callable[[], Sequence[Checkpoint]]
    value: Callable[[Mapping[str, Found]], Value]
    quotes: Callable[[Mapping[str, Found]], Mapping[str, str]]
    whose: str
    functions: Sequence[Callable]
    formulas: Sequence[Formula]
    code: Mapping[str, Sequence[Callable]]
    questions: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)
    short: Mapping[str, str] = field(default_factory=dict)
    groups: Groups = field(default_factory=dict)
    entries: Entries = field(default_factory=dict)
    mechanism: Mechanism | None = None
    tries: Mapping[str, Sequence[tuple[str, Value]]] = field(default_factory=dict)
    panels: Mapping[str, Panel] = field(default_factory=dict)
    heads: Mapping[str, Sequence[Figure]] = field(default_factory=dict)
    nets: Sequence[str] = ()
    shows: Mapping[str, parts.Shown] = field(default_factory=dict)
    anchor: str = "evidence"
    charts: Sequence[plots.Charts] = (plots.training,)
    charted: Mapping[str, tuple[str, Callable[[], Card]]] | None = None
    exercises: Sequence[Exercise] = ()
    group: str = "none"
    problems: Sequence[str] = ()
    opens: Callable[[str], Checkpoint] | None = None
    opening: Opening = AS_DECLARED
    draws: Mapping[str, Draws] = field(default_factory=dict)

    def __post_init__(self):
        if self.is_opened and INSIDE not in self.fields:
            object.__setattr__(self, "fields", (*self.fields, INSIDE))

    @property
    def is_opened(self) -> bool:
        """Whether its mechanism has a network that a visitor can open, to look inside."""
        return bool(self.nets and self.mechanism and self.mechanism.has_network)

    def build(self) -> None:
        """Lay out the tab; a broken checkpoint becomes a notice, and the rest still works."""
        nets = {net.name: net.content() for net in self.shown()}
        parts.notices([*self.problems, *(each.error for each in nets.values() if each.error)])
        figures = self.quotes(nets)
        self.stage(
            self.to_props(nets, figures),
            server_functions=self.asks(),
            elem_id=self.stage_id,
            elem_classes="stage-block",
        )
        rooms.text_room(lambda: self._below(nets, figures))

    def to_props(self, nets: Mapping[str, Found], figures: Mapping[str, str]) -> dict[str, Any]:
        """Return the value of the stage: the tab's data about its networks, and what every stage has.

        Raises:
            ValueError: if the tab takes a name that every stage has.
        """
        own = dict(self.value(nets))
        opens = own.pop("opens", {})
        declared = {mode: panel.shows.heads for mode, panel in self.panels.items() if panel.shows}
        common = {
            "tab": self.name,
            "title": self.title,
            "question": self.question,
            "tour": self.tour(figures),
            "story": (self.folder / "story.md").exists(),
            "fields": fields.to_props(self.fields),
            "modes": self.mode_props(),
            "tries": self.tries,
            "preset_pictures": presets.to_props(self.name, self.presets()),
            "panels": {mode: panel.to_props() for mode, panel in self.panels.items()},
            "heads": {mode: names_of(each) for mode, each in (declared | dict(self.heads)).items()},
            "mechanism": self.mechanism.to_props(self.full_titles) if self.mechanism else [],
            "exercises": [each.to_props() for each in self.exercises],
            "along": offered(self.nets, self.questions),
        }
        seeds = typical_seeds().get(self.name, {})
        opening = self.opening.with_seed(self.fields, seeds)
        if seeds:
            common["fields"]["seed"]["help"] += f". {OPENING_SEED}"
        common["fields"]["mode"] |= {"opens": opens, "opening": opening.to_props(self.fields), "seeds": seeds}
        if taken := own.keys() & common.keys():
            raise ValueError(f"{self.name}: every stage has its own {', '.join(sorted(taken))}")
        return own | common

    def _below(self, nets: Mapping[str, Found], figures: Mapping[str, str]) -> None:
        """Lay out the text below the stage, its table of contents, the code and the evidence."""
        with gr.Row(elem_classes="below"):
            beside = gr.HTML(elem_classes="contents", apply_default_css=False)
            with gr.Column(elem_classes="text") as text:
                self._texts(figures)
                parts.heading("The code that ran")
                parts.code(self.code)
                parts.heading("The evidence")
                self._charts(nets)
                show_evidence(nets, anchor=self.anchor)
            prose = [each for each in text.children if parts.is_prose(each)]
            for each, explained in zip(prose, glossary.explain(each.value for each in prose), strict=True):
                each.value = explained
            beside.value = contents.table_of_contents(self.name, contents.address(self.name, text.children))
            gr.HTML(contents.back(self.name), elem_classes="to-stage", apply_default_css=False)

    def mode_props(self) -> list[dict[str, str | None]]:
        """Return the modes in display order, each with its group, its entry and its module under `stages/`."""
        own = Path(inspect.getfile(self.stage)).parent
        declared = {mode: panel.shows for mode, panel in self.panels.items() if panel.shows}
        module = {mode: shows.module for mode, shows in declared.items() if not (own / f"{mode}.js").exists()}
        return [
            {
                "id": mode,
                "title": self.modes[mode],
                "group": group,
                "entry": self.entry_of.get(mode),
                "module": module.get(mode, f"{own.name}/{mode}"),
            }
            for mode, group in in_order([*self.modes], self.groups).items()
        ]

    @property
    def entry_of(self) -> dict[str, str]:
        """Title of the entry that a mode shares, for each such mode."""
        return {mode: title for title, modes in self.entries.items() for mode in modes}

    @property
    def full_titles(self) -> dict[str, str]:
        """Titles of the modes, each after that of the entry that it shares."""
        entry = self.entry_of
        return {mode: f"{entry[mode]}: {title}" if mode in entry else title for mode, title in self.modes.items()}

    @property
    def preface(self) -> str:
        """Source of the quoted figures, and the abbreviations."""
        spelt = ", ".join(f"**{short}** {long}" for short, long in self.short.items())
        return f"{self.whose}\n\nShort for: {spelt}." if spelt else self.whose

    def tour(self, figures: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return the steps of the tour, which quotes these figures; empty if the tab has no tour."""
        path = self.folder / "tour.md"
        return lesson.read(path, figures, self.fields) if path.exists() else []

    def tries_of(self, mode: str) -> Sequence[tuple]:
        """Return the presets of a mode: labels, the states that they set, and an optional sentence about each."""
        return self.tries.get(mode, self.panels[mode].tries if mode in self.panels else ())

    def presets(self) -> Iterator[presets.Preset]:
        """Yield the mode, the label and the state of every preset."""
        for mode in self.modes:
            for label, state, *_ in self.tries_of(mode):
                yield mode, label, state

    @property
    def stage_id(self) -> str:
        """Id of the stage in the page."""
        return f"{self.name}-stage"

    @property
    def charts_id(self) -> str:
        """Id of the charts in the page."""
        return f"{self.name}-charts"

    def functions_by_id(self) -> dict[str, list[Callable]]:
        """Return the server functions of the tab by the ids of their components."""
        return {self.stage_id: self.asks(), self.charts_id: [self.asks_charts()]}

    def asks(self) -> list[Callable]:
        """Return the server functions of the stage."""
        functions = [*self.functions, *self.asks_exercises(), *([inside] if self.is_opened else [])]
        return [*functions, waits(functions), celled(functions), taken_along(functions)] if functions else []

    def asks_exercises(self) -> list[Callable]:
        """Return the server functions of the exercises."""
        return server_functions(self.exercises, self.fields)

    def asks_charts(self) -> Callable:
        """Return the server function that returns the charts of a network, or of anything else with charts."""
        charted = self.charted or {net.name: (net.title, partial(net.read, net.name)) for net in self.shown()}
        return plots.charts_function({name: read for name, (_, read) in charted.items()}, self.charts)

    def _charts(self, nets: Mapping[str, Found]) -> None:
        """Lay out the charts of the available cards; the browser requests them when they become visible."""
        titles = {net.name: net.title for net in self.shown() if CHARTED & nets[net.name].card.keys()}
        if self.charted is not None:
            titles = {name: title for name, (title, _) in self.charted.items()}
        if titles and self.charts:
            ChartsStage(titles, server_functions=[self.asks_charts()], elem_id=self.charts_id)

    def _texts(self, figures: Mapping[str, str]) -> None:
        path = self.folder / "try.md"
        if path.exists():
            parts.heading("Try this")
            parts.prose(self.preface)
            live.text(path, figures)
        maths = self.folder / "maths.md"
        if maths.exists():
            parts.heading("The maths")
            if not path.exists():
                parts.prose(self.preface)
            live.text(maths, figures, self.formulas)
        scale.show(self.folder / "scale.md")
