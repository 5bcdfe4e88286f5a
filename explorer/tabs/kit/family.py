"""A family by the shared questions: its tab is declared in one call, without a line of JavaScript."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from explorer import data
from explorer.card import Card, Row, setting_of
from explorer.data import PointSet
from explorer.fields import Field, OneOf
from explorer.models import FAMILIES
from explorer.questions import anomaly, complete, interpolate, learn, likelihood, make
from explorer.spaces import PLANE
from explorer.stages import Stage
from explorer.stages.questions import QuestionsStage
from explorer.tabs.kit import exercises as kit
from explorer.tabs.kit import parts, plots, quality, questions, rows
from explorer.tabs.kit.column import column
from explorer.tabs.kit.common import SHEETS
from explorer.tabs.kit.fields import ASKED, AT_STEP
from explorer.tabs.kit.groups import with_shared
from explorer.tabs.kit.mechanism import Mechanism
from explorer.tabs.kit.nets import dataset_of, family_of
from explorer.tabs.kit.tab import Net, Tab
from explorer.tabs.kit.trained import cards_of, training

TITLES = {
    "make": "Make",
    "likelihood": "How likely?",
    "complete": "Complete",
    "anomaly": "Anomaly",
    "interpolate": "Between two",
    "learn": "Watch it learn",
    "tour": "Tour",
}
CODE = {
    "make": [questions.ask_make.plain, make.steps],
    "likelihood": [questions.ask_likelihood.plain, likelihood.ask],
    "complete": [questions.ask_complete.plain, complete.steps],
    "anomaly": [questions.ask_anomaly.plain, anomaly.ask],
    "interpolate": [questions.ask_interpolate.plain, interpolate.steps],
    "learn": [questions.ask_learn.plain, learn.steps],
}
POINTS = 400  # of a data set of the plane, behind what a family makes of it


def family_tab(
    family: str,
    *,
    name: str,
    question: str,
    folder: Path,
    nets: Sequence[str],
    asks: Sequence[str],
    modes: Mapping[str, str] = {},
    fields: Sequence[Field] = (),
    stage: type[Stage] = QuestionsStage,
    functions: Sequence[Callable] = (),
    formulas: Sequence[Callable[..., str]] = (),
    code: Mapping[str, Sequence[Callable]] = {},
    readings: Mapping[str, Callable[[Any], str]] = {},
    whose: str = "What is quoted here names its network; *The evidence* below has all of them.",
    tries: Mapping[str, Sequence[tuple[str, dict[str, Any]]]] = {},
    told: Callable[[str, Card], Mapping[str, Any]] = lambda net, card: {},
    title: str | None = None,
    charts: Sequence[plots.Charts] = (),
    short: Mapping[str, str] = {},
    groups: Mapping[str, Sequence[str]] = {},
    mechanism: Mechanism | None = None,
    exercises: Sequence[kit.Exercise] = (),
) -> Tab:
    """Return the tab of a family of `FAMILIES`; what is not said here follows from its model and its cards.

    Arguments:
        family: Its name in `FAMILIES`.
        name: Its name in the address.
        question: The one sentence that the tab answers.
        folder: Where `tour.md`, `try.md` and `maths.md` lie, as far as there are any.
        nets: Its checkpoints, each named after a family and a data set; the first is in use at first.
        asks: Which shared questions it answers, in the order of its modes.
        modes: Its own modes, which come before these, by name; they are drawn by modules in the folder of `stage`.
        fields: What its own modes add to the address.
        functions: What these ask.
        formulas: The live formulas of the maths.
        code: The functions that its own modes run, by gesture.
        readings: Sentences that its texts quote beside the rows of its cards, made of all cards.
        whose: Whose figures are quoted.
        tries: What to try in a mode.
        told: Says what the stage is told of a network besides, by its name and its card.
        title: What the tab is called, where its networks are of several families; else as the family is.
        charts: What is drawn of each card in the evidence, beside how its training went.
        short: What its abbreviations are short for.
        groups: Its own modes by what one does there, each list before the shared questions of that group.
        mechanism: The picture of how the family works, beside the question; none unless given.
        exercises: Its exercises, which are a mode after the tour.
    """
    known = Field("net", OneOf(tuple(nets)), nets[0], "the network")
    shared = {each: TITLES[each] for each in asks}
    tour = {"tour": TITLES["tour"]} if (folder / "tour.md").exists() else {}
    every = {**modes, **shared, **tour} | ({"exercises": kit.TITLE} if exercises else {})
    shows = {each: shown_as(each, asks) for each in {family, *map(family_of, nets)}}
    titles = {net: titled(net, len(set(map(family_of, nets))) > 1) for net in nets}
    said = kit.fields(exercises) if exercises else ()
    return Tab(
        name=name,
        title=title or FAMILIES[family].title,
        question=question,
        folder=folder,
        stage=stage,
        fields=(
            *(known, Field("mode", OneOf(tuple(every)), next(iter(every)), "the mode")),
            *(*ASKED, *fields, AT_STEP, *said),
        ),
        modes=every,
        shown=lambda: [
            Net(
                net,
                title,
                partial(net_value, net, shows[family_of(net)], name, title, told),
                partial(evidence, net, title),
            )
            for net, title in titles.items()
        ],
        value=lambda found: {"nets": {net: found[net].value for net in nets}, "bundled": SHEETS},
        quotes=lambda found: rows.Quotes(cards_of(found), nets[0], readings),
        whose=whose,
        functions=[*questions.SERVER_FUNCTIONS, *functions],
        formulas=formulas,
        code={**code, **{TITLES[each]: CODE[each] for each in asks}},
        questions={each: each for each in asks},
        tries=tries,
        nets=nets,
        shows=shows,
        charts=[plots.training, *charts],
        short=short,
        groups=with_shared(groups, asks),
        mechanism=mechanism,
        exercises=exercises,
    )


def shown_as(family: str, asks: Sequence[str]) -> parts.Shown:
    """Return where the tab shows what a family draws from a seed, and of which class where it knows classes."""
    label = {} if "label" in getattr(FAMILIES[family], "cannot", {}) else {"label": "{label}"}
    return parts.Shown({"net": "{net}", "mode": "make", "seed": "{seed}"} | label if "make" in asks else {})


def titled(net: str, several: bool) -> str:
    """Return what a network is called: by its data set, and by its family where the tab has several."""
    dataset = data.DATASETS[dataset_of(net)].title
    return f"{FAMILIES[family_of(net)].title} · {dataset}" if several else dataset


def net_value(
    net: str,
    how: parts.Shown,
    tab: str,
    title: str,
    told: Callable[[str, Card], Mapping[str, Any]],
    card: Card,
    error: str | None,
) -> dict[str, Any]:
    """Return what the stage is told of one network: its column, its rows, its data set, and what else is `told`."""
    own = {"error": error, "column": column(net, how, tab, card, error), "rows": parts.brief(card.get("rows", []))}
    known = facts(dataset_of(net))
    return own | known | {"title": title, "of": known["title"]} | told(net, card)


def facts(dataset: str) -> dict[str, Any]:
    """Return what a stage is told of a data set: its classes, or some of its test points."""
    known = data.DATASETS[dataset]
    told = {"title": known.title, "dataset": dataset, "classes": data.CLASSES.get(dataset, [])}
    return told | {"points": PLANE.encode(known.load("test").points[:POINTS])} if isinstance(known, PointSet) else told


def evidence(net: str, title: str, card: Card) -> str:
    """Return what was measured of a network: the rows of its card and of the card's parts, and how they came to be."""
    parts_of_card = [part for key, part in card.items() if isinstance(part, Mapping) and key != "quality"]
    measured = [_measured(part) for part in (card, *parts_of_card) if part.get("rows")]
    judged = [quality.table(net, card)] if "quality" in card else []
    return "\n\n".join([f"### {title}", training(card), *measured, *judged])


def _measured(part: Card) -> str:
    table = rows.evidence_table((_title(row), row) for row in part["rows"])
    return f"{table}\n\n{rows.circumstances(part)}"


def _title(row: Row) -> str:
    """What a row is, with the setting at which it was measured."""
    setting = ", ".join(f"{key} {value}" for key, value in setting_of(row).items())
    name = row["name"].replace("_", " ")
    return f"{name}, {setting}" if setting else name
