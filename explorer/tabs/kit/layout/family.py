"""Declaration of a family's tab in one call: the shared questions need no JavaScript of their own."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from explorer import data
from explorer.data import PointSet
from explorer.fields import Field
from explorer.lessons import exercises as kit
from explorer.lessons.live import Formula
from explorer.models import FAMILIES
from explorer.networks.card import Card
from explorer.numbers import plots, quality, rows
from explorer.numbers.trained import cards_of, read_card, training
from explorer.spaces import PLANE
from explorer.stages import Stage
from explorer.stages.questions import QuestionsStage
from explorer.tabs.kit.ask.asks import with_asks
from explorer.tabs.kit.ask.column import column
from explorer.tabs.kit.ask.common import SHEETS
from explorer.tabs.kit.ask.nets import Nets, dataset_of, family_of, is_compared, own_title
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.groups import tab_group
from explorer.tabs.kit.layout.mechanism import Mechanism
from explorer.tabs.kit.layout.mode import Mode, Tries, of_modes
from explorer.tabs.kit.layout.opening import AS_DECLARED, Opening
from explorer.tabs.kit.layout.tab import Checkpoint, Tab

POINTS = 400  # shown points of a data set of the plane, behind the samples of a family


def family_tab(
    family: str,
    *,
    name: str,
    question: str,
    folder: Path,
    nets: Sequence[str],
    asks: Sequence[str],
    own: Mapping[str, str] = {},
    modes: Sequence[Mode] = (),
    fields: Sequence[Field] = (),
    stage: type[Stage] = QuestionsStage,
    formulas: Sequence[Formula] = (),
    code: Mapping[str, Sequence[Callable]] = {},
    readings: Mapping[str, Callable[[Any], str]] = {},
    whose: str = "What is quoted here names its network; *The evidence* below has all of them.",
    tries: Mapping[str, Tries] = {},
    to_props: Callable[[str, Card], Mapping[str, Any]] = lambda net, card: {},
    title: str | None = None,
    charts: Sequence[plots.Charts] = (),
    short: Mapping[str, str] = {},
    mechanism: Mechanism | None = None,
    exercises: Sequence[kit.Exercise] = (),
    group: str | None = None,
    opening: Opening = AS_DECLARED,
) -> Tab:
    """Return the tab of a family of `FAMILIES`; its model and its cards determine everything not given here.

    Arguments:
        family: Name in `FAMILIES`.
        name: Name in the address.
        question: Question that the tab answers, in one sentence.
        folder: Folder of `tour.md`, `try.md` and `maths.md`; each is optional.
        nets: Checkpoints, each named after a family and a data set; the first is the default.
        asks: Shared questions that the family answers, in the order of their entry.
        own: Own modes that answer a shared question and show more, by question.
        modes: Its own modes, in their order.
        fields: Address fields of no mode alone.
        formulas: Live formulas of the maths.
        code: Functions of no mode alone, by gesture.
        readings: Sentences computed from all cards, which the texts quote beside the rows of the cards.
        whose: Note on the source of the quoted figures.
        tries: Presets of the shared questions.
        to_props: Returns additional data for the stage, by the name and the card of a network.
        title: Title of the tab, needed if its networks are of several families; else the family's title.
        charts: Charts of each card in the evidence, besides the training curves.
        short: Abbreviations with their meanings.
        mechanism: Diagram of how the family works, shown beside the question; none unless given.
        exercises: Exercises, which form a mode after the tour.
        group: Place of the tab in the navigation; by default, that of its model's answer for p(x).
        opening: State and movement with which it opens where the address says nothing of it.
    """
    shows = {each: with_settings(each, asks) for each in {family, *map(family_of, nets)}}
    several = len(set(map(family_of, nets))) > 1

    def checkpoint_of(net: str) -> Checkpoint:
        net_title = title_in_tab(net, several)
        return family_net(net, net_title, name, shows, to_props, partial(evidence, net, net_title))

    tab = Tab(
        name=name,
        title=title or FAMILIES[family].title,
        question=question,
        opening=opening,
        folder=folder,
        stage=stage,
        shown=lambda: [*map(checkpoint_of, nets)],
        opens=checkpoint_of,
        value=lambda found: {"nets": {net: found[net].value for net in nets}, "bundled": SHEETS},
        quotes=lambda found: rows.Quotes(cards_of(found), nets[0], readings),
        whose=whose,
        formulas=formulas,
        nets=nets,
        shows=shows,
        charts=[plots.training, *charts],
        short=short,
        mechanism=mechanism,
        group=group or tab_group(FAMILIES[family]),
        **of_modes(
            modes,
            [Field("net", Nets(tuple(nets)), nets[0], "the network"), *fields],
            folder,
            exercises=exercises,
            tries=tries,
            code=code,
            first=next(iter([*(each.name for each in modes), *asks])),
        ),
    )
    return with_asks(tab, asks, own)


def with_settings(family: str, asks: Sequence[str]) -> parts.Shown:
    """Return the display settings of a family: the address of samples from a seed, and of a class if it has any."""
    label = {} if "label" in getattr(FAMILIES[family], "cannot", {}) else {"label": "{label}"}
    return parts.Shown({"net": "{net}", "mode": "make", "seed": "{seed}"} | label if "make" in asks else {})


def family_net(
    net: str,
    title: str,
    tab: str,
    shows: Mapping[str, parts.Shown],
    to_props: Callable[[str, Card], Mapping[str, Any]],
    evidence: Callable[[Card], str],
    read: Callable[[str], Card] = read_card,
) -> Checkpoint:
    """Return a network of a tab: the stage's data are its column, its rows, its data set and the result of `to_props`.

    Arguments:
        net: Name of the network.
        title: Displayed title.
        tab: Name of the tab.
        shows: Display settings of its families.
        to_props: Returns additional data by the name and the card, which is empty if there is an error.
        evidence: Returns the measurements as Markdown.
        read: Reads the card.
    """
    return Checkpoint(net, title, partial(net_value, net, shows[family_of(net)], tab, title, to_props), evidence, read)


def title_in_tab(net: str, several: bool) -> str:
    """Return the title of a network, its data set or its own name, preceded by its family if the tab has several."""
    name = own_title(net) or data.DATASETS[dataset_of(net)].title
    return f"{FAMILIES[family_of(net)].title} · {name}" if several else name


def net_value(
    net: str,
    how: parts.Shown,
    tab: str,
    title: str,
    to_props: Callable[[str, Card], Mapping[str, Any]],
    card: Card,
    error: str | None,
) -> dict[str, Any]:
    """Return the stage's data for one network: its column, its rows, its data set and the result of `to_props`."""
    own = {"error": error, "column": column(net, how, tab, card, error), "rows": parts.rounded(card.get("rows", []))}
    known = facts(dataset_of(net)) | {"compared": is_compared(net)}
    return {**own, **known, "title": title, "of": own_title(net) or known["title"], **to_props(net, card)}


def facts(dataset: str) -> dict[str, Any]:
    """Return the stage's data for a data set: its classes, or some of its test points."""
    known = data.DATASETS[dataset]
    props = {"title": known.title, "dataset": dataset, "classes": data.classes_of(dataset)}
    if isinstance(known, PointSet):
        props["points"] = PLANE.encode(known.load("test").points[:POINTS])
    return props


def evidence(net: str, title: str, card: Card) -> str:
    """Return the evidence for a network: its training, and the rows of its card and of the card's parts."""
    parts_of_card = [part for key, part in card.items() if isinstance(part, Mapping) and key != "quality"]
    measured = [_measured(part) for part in (card, *parts_of_card) if part.get("rows")]
    judged = [quality.table(net, card)] if "quality" in card else []
    return "\n\n".join([f"### {title}", training(card), *measured, *judged])


def _measured(part: Card) -> str:
    table = rows.evidence_table((rows.name_with_setting(row), row) for row in part["rows"])
    return f"{table}\n\n{rows.circumstances(part)}"
