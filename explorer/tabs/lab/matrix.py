"""*Which notices?*: which metric notices which damage."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from explorer import verdicts
from explorer.measures import lab
from explorer.measures.damages import DAMAGES
from explorer.measures.intervals import wilson
from explorer.measures.lab import METRICS, verdict
from explorer.networks import card as cards
from explorer.networks.card import rows
from explorer.numbers.answer import Answer, Figure, Table
from explorer.numbers.rows import join_words
from explorer.numbers.words import percent
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.lab.shared import DAMAGED, LEVEL, Dataset, Level, Rows, record, worse

SIGNS = {"notices": "●", "blind": "○", "fooled": "▲", "at times": "◐"}
MEANINGS = {
    "notices": "notices",
    "blind": "is blind",
    "fooled": "rates it above real images",
    "at times": "varies by set",
}
LEGEND = ",  ".join(f"{SIGNS[verdict]} {meaning}" for verdict, meaning in MEANINGS.items())
CELLS = {
    "notices": Figure("cells that notice", digits=0),
    "blind": Figure("that notice nothing", digits=0),
    "fooled": Figure("that rate it above real images", digits=0),
    "at times": Figure("that vary by set", digits=0),
}
"""Counts of cells by verdict."""
HEADS = tuple(CELLS.values())


def matrix_answer(cells: Rows, dataset: str, level: int) -> Answer:
    """Return the matrix of damages and metrics, each cell with the state that opens its case."""
    if not cells:
        return Answer([*CELLS.values()], "This data set was not measured yet.")
    counts = {verdict: sum(cell["verdict"] == verdict for cell in cells) for verdict in SIGNS}
    measured = dict.fromkeys(cell["damage"] for cell in cells)
    state = {"mode": "damage", "data": dataset, "of": DAMAGED, "strength": level / 100}
    rows = [
        {
            "name": DAMAGES[damage].title,
            "cells": [case(cell, state | {"damage": damage}) for cell in cells if cell["damage"] == damage],
        }
        for damage in measured
    ]
    return Answer(
        [each.of(counts[verdict], f"of {len(cells)}") for verdict, each in CELLS.items()],
        escapes(cells, [*measured]),
        Table([cell_row(cell) for cell in cells]),
        matrix={"head": [each.short for each in METRICS.values()], "rows": rows, "legend": LEGEND},
    )


def cell_row(cell: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of a cell in the table to keep: its shares have 95 % intervals."""
    shares = {
        f"{name}{end}": value
        for name in ("noticed", "fooled")
        for end, value in zip(("", "_low", "_high"), cell[name], strict=True)
    }
    named = {"damage": cell["damage"], "metric": cell["metric"], "verdict": cell["verdict"]}
    return named | {"worse_by_sd": cell["worse"]} | shares | {"sets": cell["n"]}


def case(cell: Mapping[str, Any], state: Mapping[str, Any]) -> dict[str, Any]:
    """Return a cell: its sign, what it says of the recorded sets, and the state that opens its case."""
    noticed, fooled = (
        f"{percent(share)} [{percent(low)}, {percent(high)}]" for share, low, high in (cell["noticed"], cell["fooled"])
    )
    says = (
        f"{DAMAGES[cell['damage']].title}, {METRICS[cell['metric']].title}: {cell['verdict']}, {worse(cell['worse'])}; "
        f"notices {noticed} of {cell['n']} sets, is fooled by {fooled}"
    )
    return {"sign": SIGNS[cell["verdict"]], "says": says, "kind": cell["verdict"], "sets": state}


def escapes(cells: Rows, damages: Sequence[str]) -> str:
    """Return which damages escape most metrics, and which metrics notice most damages: those that no other beats."""
    escaped = extreme("damage", [f"“{DAMAGES[name].title}”" for name in damages], cells, damages, is_noticed=False)
    noticed = extreme("metric", [each.title for each in METRICS.values()], cells, [*METRICS], is_noticed=True)
    return (
        f"{escaped} {noticed} Each cell was measured on {cells[0]['n']} random sets; its label has the shares with "
        "95 % intervals. A cell opens its case in Damage."
    )


def extreme(key: str, titles: Sequence[str], cells: Rows, names: Sequence[str], is_noticed: bool) -> str:
    """Return the sentence on the damages or metrics with the largest share of sets, noticed or not."""
    of = {name: [cell for cell in cells if cell[key] == name] for name in names}
    most = verdicts.best_of({name: share_of(own, is_noticed) for name, own in of.items()})
    counts = sorted({sum((cell["verdict"] == "notices") == is_noticed for cell in of[name]) for name in most})
    does = "notices more damages" if is_noticed else "escapes more metrics"
    count = f"{' to '.join(map(str, dict.fromkeys((counts[0], counts[-1]))))} of {len(of[names[0]])}"
    shown = [title for title, name in zip(titles, names, strict=True) if name in most]
    if len(most) == 1:
        return f"{shown[0]} {does} than others: {count}."
    asked = f"{verdicts.pairs_of(len(names))} pairs were compared"
    if len(most) == len(names):
        return f"None {does} than any other: {count}; {asked}."
    return f"None {does} than {join_words(shown, 'or')}: {count}. They tie; {asked}."


def share_of(cells: Rows, is_noticed: bool) -> verdicts.Estimate:
    """Return the mean share of sets that are noticed, or not, in some cells.

    The cells share their sets, so the error of the mean is at most the mean of their errors.
    """
    shares = [cell["noticed"][0] if is_noticed else 1 - cell["noticed"][0] for cell in cells]
    each = [verdicts.of_share(share * cell["n"], cell["n"]) for share, cell in zip(shares, cells, strict=True)]
    return verdicts.Estimate(fmean(one.value for one in each), fmean(one.se for one in each))


@light
def matrix(data: Dataset, level: Level) -> Answer:
    """Return what each metric did with each damage of one strength, as recorded on several sets."""
    found = rows(record(), dataset=data, strength=level / 100)
    by = {(row["damage"], row["metric"], row["name"]): row for row in found}
    measured = [damage for damage in DAMAGES if any(row["damage"] == damage for row in found)]
    return matrix_answer([cell(by, damage, metric) for damage in measured for metric in METRICS], data, level)


def cell(by: dict[tuple[str, str, str], cards.Row], damage: str, metric: str) -> Mapping[str, Any]:
    """Return one cell of the matrix."""
    noticed, fooled, worse = (by[damage, metric, name] for name in ("noticed", "fooled", "worse_by"))
    return {
        "damage": damage,
        "metric": metric,
        "n": noticed["n"],
        "worse": worse["value"],
        "noticed": [noticed["value"], *wilson(noticed["value"] * noticed["n"], noticed["n"])],
        "fooled": [fooled["value"], *wilson(fooled["value"] * fooled["n"], fooled["n"])],
        "verdict": verdict(noticed["value"], fooled["value"], noticed["n"]),
    }


MODE = Mode(
    "matrix",
    "Which notices?",
    "test",
    functions=[matrix],
    panel=Panel(
        matrix,
        controls=[[Control(LEVEL, "segments", "Strength", options={25: "0.25", 50: "0.5", 100: "1"})]],
        tries=[("Weak damages", {"level": 25}), ("Full strength", {"level": 100})],
        shows=Shows(
            "Tap a cell to open its case",
            HEADS,
            matrix="Damages by metrics",
        ),
    ),
    code={
        "Which notices?": [lab.measure_damage, lab.worse_by, lab.verdict],
    },
)
