"""Numbers and sentences of judged sets, and the matrix of all damages and metrics."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from explorer import verdicts
from explorer.measures.damages import DAMAGES
from explorer.measures.lab import METRICS, limit_of
from explorer.tabs.kit.numbers.answer import Answer, Figure, Table
from explorer.tabs.kit.numbers.rows import join_words
from explorer.tabs.kit.numbers.words import num, percent
from explorer.tabs.lab.by_number import within
from explorer.tabs.lab.fields import DAMAGED
from explorer.tabs.lab.slower import SLOWER

Rows = Sequence[Mapping[str, Any]]
SIGNS = {"notices": "●", "blind": "○", "fooled": "▲", "at times": "◐"}
MEANINGS = {
    "notices": "notices",
    "blind": "is blind",
    "fooled": "rates it above real images",
    "at times": "varies by set",
}
LEGEND = ",  ".join(f"{SIGNS[verdict]} {meaning}" for verdict, meaning in MEANINGS.items())
ALL = METRICS | SLOWER
NOTICE = Figure("metrics that notice")
BY_METRIC = {name: Figure(each.title) for name, each in ALL.items()}
CELLS = {
    "notices": Figure("cells that notice", digits=0),
    "blind": Figure("that notice nothing", digits=0),
    "fooled": Figure("that rate it above real images", digits=0),
    "at times": Figure("that vary by set", digits=0),
}
"""Counts of cells by verdict."""
HEADS = {"damage": (NOTICE, *BY_METRIC.values()), "matrix": tuple(CELLS.values())}
"""Figures of each mode, the headline first."""


def worse(deviations: float) -> str:
    """Return by how many standard deviations of the floor a figure is worse, or better."""
    return f"{num(abs(deviations), 1)} σ {'better' if deviations < 0 else 'worse'}"


def judge_answer(rows: Rows, n: int, floors: int) -> Answer:
    """Return the judgements of all metrics of a set of n images with their numbers, sentence and table.

    `floors` is the number of pairs of real sets that the floor was measured by.
    """
    by = {row["name"]: row for row in rows}
    fooled, blind = (
        [within(ALL[row["name"]].title) for row in rows if row["verdict"] == verdict] for verdict in ("fooled", "blind")
    )
    noticed = len(rows) - len(fooled) - len(blind)
    numbers = [
        NOTICE.of(f"{noticed} of {len(rows)}"),
        *(judged(each, by[name]) if name in by else each for name, each in BY_METRIC.items()),
    ]
    words = ""
    if len(fooled) > noticed:
        are, rate = ("is", "it rates") if len(fooled) == 1 else ("are", "they rate")
        words = f"{len(fooled)} of {len(rows)} metrics {are} fooled: {rate} this set better than real images. "
    words += f"Fooled: {join_words(fooled)}. " if fooled else ""
    words += f"Blind: {join_words(blind)}. " if blind else ""
    words += (
        f"{noticed} of {len(rows)} metrics {'notices' if noticed == 1 else 'notice'} this set.{beyond(rows, floors)}"
    )
    words += (
        f" Each set has {n} images. The floor is the figure of two sets of real images, with standard deviation σ. A "
        f"metric notices a figure that is {num(limit_of(floors), 1)} σ worse: 5 % of real sets leave this range."
    )
    table = [
        {
            "metric": row["name"],
            "value": row["value"],
            "floor": row["floor"],
            "floor_sd": row["deviation"],
            "worse_by_sd": row["worse"],
            "verdict": row["verdict"],
        }
        for row in rows
    ]
    shown = [
        {**row, "title": ALL[row["name"]].title, "says": f"{worse(row['worse'])}: {row['verdict']}"} for row in rows
    ]
    return Answer(numbers, words, Table(table), view={"rows": shown})


def judged(figure: Figure, row: Mapping[str, Any]) -> Figure:
    """Return the figure of a metric with its judgement: its value, its floor, and by how much it is worse."""
    return figure.of(f"{num(row['value'])} (floor {num(row['floor'])})", worse(row["worse"]))


def beyond(rows: Rows, floors: int) -> str:
    """Return whether the largest deviation exceeds what chance does by the largest of so many metrics."""
    limit = limit_of(floors, len(rows))
    if any(abs(row["worse"]) > limit for row in rows):
        return ""
    return f" Of {len(rows)} metrics, chance alone reaches {num(limit, 1)} σ: the set may be as real ones are."


def matrix(cells: Rows, dataset: str, level: int) -> Answer:
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
