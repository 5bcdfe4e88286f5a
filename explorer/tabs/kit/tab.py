"""A tab as it is declared, and the skeleton that every tab has: question, stage, maths, code, evidence."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from explorer import fields
from explorer.stages import Stage
from explorer.stages.charts import ChartsStage
from explorer.tabs.kit import contents, glossary, lesson, live, parts, plots
from explorer.tabs.kit.exercises import Exercise, server_functions
from explorer.tabs.kit.groups import Groups, in_order
from explorer.tabs.kit.mechanism import Mechanism
from explorer.tabs.kit.trained import Card, Found, found, read_card, show_evidence

Value = dict[str, Any]
CHARTED = {"training", "histories"}  # of a card, what charts are drawn of


@dataclass(frozen=True)
class Net:
    """A checkpoint of a tab, and what is shown of it.

    Arguments:
        name: The checkpoint.
        title: What it is called.
        value: What the stage is told of its card, or of an error, with which goes an empty card.
        evidence: What was measured, as Markdown.
        read: What is read of it.
        excuse: What the notice says first where it is broken; that the title cannot be shown, unless given.
    """

    name: str
    title: str
    value: Callable[[Card, str | None], Value]
    evidence: Callable[[Card], str]
    read: Callable[[str], Card] = read_card
    excuse: str | None = None

    def found(self) -> Found:
        """Return what is shown of it, or show a notice."""
        return found(self.name, self.excuse or f"{self.title} cannot be shown", self.value, self.evidence, self.read)


@dataclass(frozen=True)
class Tab:
    """A tab of the page.

    Arguments:
        name: Its name in the address.
        title: What stands on it.
        question: The one sentence that it answers.
        folder: Where its texts lie: `tour.md`, the steps of its tour, or `try.md`, what to try; and `maths.md`;
            as far as there are any.
        stage: What is drawn and touched.
        fields: What the address can say.
        modes: The modes of the stage, by name.
        shown: Returns what it shows of its checkpoints.
        value: Returns what the stage is told beside, of what was found of the checkpoints.
        quotes: Returns what the texts quote of the cards, and of what was found.
        whose: Whose figures are quoted.
        functions: What the stage may ask.
        formulas: The live formulas of the maths.
        code: The functions that ran, by the gesture that runs them.
        questions: Which of the modes are shared questions, by name.
        groups: Its modes but for the tour by what one does there, one of `GROUPS`; not grouped unless given.
        short: What its abbreviations are short for, said before its maths.
        mechanism: The picture of how its family works, beside the question; none unless given.
        tries: What to try in a mode, by its name: words, and what they set.
        nets: The checkpoints whose files are fetched where they are missing.
        shows: How the comparison calls each family of `MODELS` that is shown here, and leads here.
        anchor: With what the addresses of the evidence begin.
        charts: What is drawn of each card in the evidence.
        charted: What is drawn there, each with its title and how it is read; the cards of its networks unless given.
        exercises: Its exercises; the address says of them what `kit.exercises.fields` has.
    """

    name: str
    title: str
    question: str
    folder: Path
    stage: type[Stage]
    fields: Sequence[fields.Field]
    modes: Mapping[str, str]
    shown: Callable[[], Sequence[Net]]
    value: Callable[[Mapping[str, Found]], Value]
    quotes: Callable[[Mapping[str, Found]], Mapping[str, str]]
    whose: str
    functions: Sequence[Callable]
    formulas: Sequence[Callable[..., str]]
    code: Mapping[str, Sequence[Callable]]
    questions: Mapping[str, str] = field(default_factory=dict)
    short: Mapping[str, str] = field(default_factory=dict)
    groups: Groups = field(default_factory=dict)
    mechanism: Mechanism | None = None
    tries: Mapping[str, Sequence[tuple[str, Value]]] = field(default_factory=dict)
    nets: Sequence[str] = ()
    shows: Mapping[str, parts.Shown] = field(default_factory=dict)
    anchor: str = "evidence"
    charts: Sequence[plots.Charts] = (plots.training,)
    charted: Mapping[str, tuple[str, Callable[[], Card]]] | None = None
    exercises: Sequence[Exercise] = ()

    def build(self) -> None:
        """Lay out the tab; a broken checkpoint becomes a notice, and the rest still works."""
        parts.question(self.question, beside=self.mechanism is not None)
        nets = {net.name: net.found() for net in self.shown()}
        figures = self.quotes(nets)
        value = {"tab": self.name, "tour": self.tour(figures), **self.value(nets)}
        value |= {"fields": fields.told(self.fields), "modes": self.told_modes(), "tries": self.tries}
        value["mechanism"] = self.mechanism.told(self.modes) if self.mechanism else []
        value |= {"exercises": [each.told() for each in self.exercises]}
        self.stage(
            value,
            server_functions=[*self.functions, *self.asks_exercises()],
            elem_id=f"{self.name}-stage",
            elem_classes="stage-block",
        )
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
            for each, told in zip(prose, glossary.explained(each.value for each in prose), strict=True):
                each.value = told
            beside.value = contents.listed(self.name, contents.address(self.name, text.children))
            gr.HTML(contents.back(self.name), elem_classes="to-stage", apply_default_css=False)

    def told_modes(self) -> list[dict[str, str | None]]:
        """Return the modes as they stand, each with its group and the module under `stages/` that draws it."""
        own = Path(inspect.getfile(self.stage)).parent.name
        module = {mode: f"questions/{question}" for mode, question in self.questions.items()}
        return [
            {"id": mode, "title": self.modes[mode], "group": group, "module": module.get(mode, f"{own}/{mode}")}
            for mode, group in in_order([*self.modes], self.groups).items()
        ]

    @property
    def said_first(self) -> str:
        """Whose figures are quoted, and what is short for what."""
        spelt = ", ".join(f"**{short}** {long}" for short, long in self.short.items())
        return f"{self.whose}\n\nShort for: {spelt}." if spelt else self.whose

    def tour(self, figures: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return the steps of the tour, which quotes these figures; none where the tab has no tour."""
        path = self.folder / "tour.md"
        return lesson.read(path, figures, self.fields) if path.exists() else []

    def asks_exercises(self) -> list[Callable]:
        """Return the server functions of its exercises."""
        return server_functions(self.exercises, self.fields)

    def asks_charts(self) -> Callable:
        """Return the server function that answers with the charts of a network, or of whatever else is charted."""
        charted = self.charted or {net.name: (net.title, partial(net.read, net.name)) for net in self.shown()}
        return plots.served({name: read for name, (_, read) in charted.items()}, self.charts)

    def _charts(self, nets: Mapping[str, Found]) -> None:
        """Lay out the charts of what can be shown; the browser asks for them when they come into sight."""
        titles = {net.name: net.title for net in self.shown() if CHARTED & nets[net.name].card.keys()}
        if self.charted is not None:
            titles = {name: title for name, (title, _) in self.charted.items()}
        if titles and self.charts:
            ChartsStage(titles, server_functions=[self.asks_charts()], elem_id=f"{self.name}-charts")

    def _texts(self, figures: Mapping[str, str]) -> None:
        path = self.folder / "try.md"
        if path.exists():
            parts.heading("Try this")
            parts.prose(self.said_first)
            live.text(path, figures)
        maths = self.folder / "maths.md"
        if not maths.exists():
            return
        parts.heading("The maths")
        if not path.exists():
            parts.prose(self.said_first)
        live.text(maths, figures, self.formulas)
