"""*The table*: the figures of some networks, in every order, with where each comes from."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from explorer.fields import Field, OneOf
from explorer.models import FAMILIES
from explorer.numbers import trained
from explorer.numbers.answer import Answer
from explorer.numbers.ranking import BOUNDS, Figure, alike, axis, beaten, best, range_of
from explorer.numbers.rows import join_words
from explorer.numbers.trained import Card
from explorer.numbers.words import percent
from explorer.tabs.compare.advice import NEEDS, advice, use
from explorer.tabs.compare.columns import COLUMNS, MANY, Column, Family, quality_blocks
from explorer.tabs.compare.provenance import SPACES, provenance
from explorer.tabs.families import group_of, settings_of, tab_of
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.column import column
from explorer.tabs.kit.ask.likely import SIGNS
from explorer.tabs.kit.ask.nets import OF_SCENES, UNTRAINED, Networks, family_of, is_untrained, title_of
from explorer.tabs.kit.layout.fields import ALL
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

SORT = Field("sort", OneOf(tuple(COLUMNS)), "likelihood", "the figure that sorts the table")
HEAD = ["network", "figure", "value", "standard error", "kind", "pixels", "setting", "training images", "images"]
ASIDE = "not comparable"
SAYS = {
    "none": "No card of this data set can be read.",
    "marks": "Bold: best. Dot: place in its column; line: interval. *: other pixels or fewer images.",
    "ties": "Bold: the best, or a tie with it. It is better than some figure of the same pixels and test images, and "
    "worse than none. A difference counts if chance exceeds it in at most 5 % of cases, divided by the number of pairs "
    "of a column. Figures of two seeds share one variance. Times were measured once, so none is bold. The line under a "
    "figure is its interval: 95 %, or the range over the seeds. Seeds are of drawing: another training may differ by "
    "more. "
    f"{BOUNDS}",
}
WANTED = {name: need.title for name, need in NEEDS.items()}


def family_value(net: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return the column of a network, as in the tab of its family."""
    family = family_of(net)
    return column(net, settings_of(family), tab_of(family), card, error) | {"group": group_of(family)}


@light
def trade(nets: Networks) -> Answer:
    """Return the table of some networks: its columns and rows, their order by each column, and what it advises."""
    return Answer(view=table([read(net) for net in sorted(nets, key=place_of)]))


def place_of(net: str) -> int:
    """Return the place of a network in the table: families in their order, those of scenes in theirs."""
    return [*OF_SCENES].index(net) if net in OF_SCENES else [*FAMILIES].index(family_of(net))


def read(net: str) -> Family:
    """Return the column of a network, or of one that cannot take part."""
    value = partial(family_value, net)
    if is_untrained(net):
        return value({}, f"{UNTRAINED}.")
    return trained.content_of(net, f"{title_of(net)} takes no part", value, lambda card: "").value


def table(families: Sequence[Family]) -> dict[str, Any]:
    """Return the table of some families."""
    known = {family["net"]: family for family in families}
    figures = {
        name: {net: figure for net, family in known.items() if (figure := each.read(family))}
        for name, each in COLUMNS.items()
    }
    cells = {name: column_cells(each, known, figures[name]) for name, each in COLUMNS.items()}
    lines = [line for net in known for name, each in COLUMNS.items() for line in lines_of(net, each, figures[name])]
    return {
        "columns": [
            {"id": name, "title": each.title, "unit": each.unit, "better": each.better}
            for name, each in COLUMNS.items()
        ],
        "rows": {
            net: {"title": family["title"], "note": latents(family), "tab": family["tab"], "group": family.get("group")}
            | {"cells": {name: cells[name][net] for name in COLUMNS}}
            for net, family in known.items()
        },
        "orders": {name: order(each, known, figures[name]) for name, each in COLUMNS.items()},
        "advice": {name: advise(name, families) for name in NEEDS},
        "judge": judge_words(families),
        "use": use(families),
        "table": [HEAD, *lines] if lines else None,
    }


def column_cells(column: Column, known: Mapping[str, Family], figures: Mapping[str, Figure]) -> dict[str, Any]:
    """Return the cells of a column by network: texts, whether it is among the best, and the place on the axis."""
    first = best(figures, column.better, column.is_log) if column.is_tested else []
    groups = alike(figures)
    of = {net: k for k, group in enumerate(groups) for net in group}
    places = [axis([figures[net] for net in group], column.is_log) for group in groups]
    cells = {}
    for net, family in known.items():
        cells[net] = {"source": provenance(family, column), "best": net in first}
        figure = figures.get(net)
        if figure is None:
            why = column.cannot(family)
            text, says = ("∅", "cannot") if why else ("–", "not measured")
        else:
            value = column.words(figure["value"])
            text = f"{SIGNS.get(figure.get('kind'), '')}{value.removesuffix(' %')}"
            place = places[of[net]]
            low, high = map(place, range_of(figure))
            cells[net]["note"] = in_short(figure) if of[net] else ""
            if len(groups[of[net]]) > 1:  # alone it has no place among others
                cells[net]["marks"] = [place(figure["value"]), low, high]
            says = f"{SIGNS.get(figure.get('kind'), '')}{value}"
        result = (f"{family['title']}, {column.title}: {says}", cells[net].get("note"))
        result += ("the best, or a tie with it" if net in first else "",)
        cells[net] |= {"text": text, "says": ", ".join(filter(None, result))}
    return cells


def order(column: Column, known: Mapping[str, Family], figures: Mapping[str, Figure]) -> list[dict[str, Any]]:
    """Return the networks by a column, those measured alike together; what cannot be compared is said in a title."""
    sign = -1 if column.better == "most" else 1
    groups = alike(figures)
    is_split = len(groups) > 1
    most = max((each.get("samples") or each.get("n") or 0 for each in figures.values()), default=0)
    found = []
    for k, group in enumerate(groups):
        title = of_what(figures[group[0]], most) if is_split else ""
        nets = sorted(group, key=lambda net: sign * figures[net]["value"])
        found.append({"title": f"{title}: {ASIDE}" if k else title, "nets": nets})
    rest = [net for net in known if net not in figures]
    return [*found, {"title": "no figure" if is_split else "", "nets": rest}] if rest else found


def of_what(figure: Figure, most: int) -> str:
    """Return what a figure is of, in a few words; its number of images alone if others have more."""
    if "pixels" in figure:
        samples = figure.get("samples")
        return f"{figure['pixels']} pixels" + (f", {samples:,} samples" if samples and samples < most else "")
    if "space" not in figure:
        return ""
    return f"{figure['n']:,} images" if figure["n"] < most else SPACES[figure["space"]].removesuffix(" pixels")


def in_short(figure: Figure) -> str:
    """Return the same for a cell, where room is scarce."""
    if "pixels" in figure:
        samples = figure.get("samples") or MANY
        return figure["pixels"] if samples >= MANY else f"{samples:,} samples"
    if "space" not in figure:
        return ""
    return f"{'grey' if figure['space'] == 'levels' else figure['space']}, {figure['n']:,} images"


def latents(family: Family) -> str:
    """Return the number of latents of a family, if its name does not tell it."""
    return f"{family['latent']} latents" if family["latent"] and "latent" not in family["title"] else ""


def advise(name: str, families: Sequence[Family]) -> dict[str, Any]:
    """Return the advice for a need, with the tabs of the families to take."""
    words, found = advice(name, families)
    tabs = [[family["title"], family["tab"]] for family in found if family["tab"]]
    return {"title": NEEDS[name].title, "words": words, "open": tabs}


def judge_words(families: Sequence[Family]) -> str:
    """Return how far the classifier that judges can be trusted, on real images of the same pixels."""
    floors = {block["pixels"]: block["floor"] for family in families for block in quality_blocks(family)}
    phrases = [
        f"on {percent(floor['accuracy'], 1)} of the real training images {pixels}"
        for pixels, floor in floors.items()
        if "accuracy" in floor
    ]
    if not phrases:
        return ""
    return (
        f"The classifier that judges was trained on grey images. It is right {join_words(phrases)}: where it is wrong "
        "on real images, its figures mean little."
    )


def lines_of(net: str, column: Column, figures: Mapping[str, Figure]) -> list[list[Any]]:
    """Return the lines of a figure in a table to save, those of other pixels among them."""
    figure = figures.get(net)
    if figure is None:
        return []
    return [
        [net, column.title, each["value"], each.get("se"), each.get("kind"), each.get("pixels", each.get("space"))]
        + [each.get("setting") or (f"by {each['way']}" if "way" in each else None), each.get("floor"), each.get("n")]
        for each in (figure, *figure.get("others", ()))
    ]


MODE = Mode(
    "table",
    "The table",
    "test",
    fields=[SORT],
    functions=[trade],
    panel=Panel(
        trade,
        [
            [Control(SORT, "segments", "What matters most?", options=WANTED)],
            [Control(ALL, "toggle", options={False: "", True: "All columns"})],
        ],
        shows=Shows("Tap figures for sources", [], waits="Reading every card…"),
        says=SAYS,
    ),
    code={"The table": [trade.plain, beaten]},
)
