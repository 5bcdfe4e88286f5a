"""Numbers and sentences of judged sets, and the matrix of all damages and metrics."""

from collections.abc import Mapping, Sequence
from typing import Any

from explorer.damages import DAMAGES
from explorer.measures.lab import METRICS
from explorer.tabs.kit.rows import join_words
from explorer.tabs.kit.words import num, percent
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
HEADS = {
    "damage": ("metrics that notice", *(each.title for each in ALL.values())),
    "matrix": (
        "cells that notice",
        "that notice nothing",
        "that rate it above real images",
        "that vary by set",
    ),
}
"""Names of the numbers of each mode, the headline first."""
COLUMNS = ["damage", "metric", "verdict", "worse_by_sd", "noticed", "low", "high", "fooled", "low", "high", "sets"]


def worse(deviations: float) -> str:
    """Return by how many standard deviations of the floor a figure is worse, or better."""
    return f"{num(abs(deviations), 1)} σ {'better' if deviations < 0 else 'worse'}"


def judge_answer(rows: Rows, n: int) -> dict[str, Any]:
    """Return the judgements of all metrics of a set of n images with their numbers, sentence and table."""
    by = {row["name"]: row for row in rows}
    numbers = []
    for name, each in ALL.items():
        row = by.get(name)
        value = f"{num(row['value'])} (floor {num(row['floor'])})" if row else "–"
        numbers.append((each.title, value, worse(row["worse"]) if row else ""))
    fooled, blind = (
        [within(ALL[row["name"]].title) for row in rows if row["verdict"] == verdict] for verdict in ("fooled", "blind")
    )
    noticed = len(rows) - len(fooled) - len(blind)
    numbers.insert(0, (HEADS["damage"][0], f"{noticed} of {len(rows)}", ""))
    words = ""
    if len(fooled) > noticed:
        are, rate = ("is", "it rates") if len(fooled) == 1 else ("are", "they rate")
        words = f"{len(fooled)} of {len(rows)} metrics {are} fooled: {rate} this set better than real images. "
    words += f"Fooled: {join_words(fooled)}. " if fooled else ""
    words += f"Blind: {join_words(blind)}. " if blind else ""
    words += f"{noticed} of {len(rows)} metrics {'notices' if noticed == 1 else 'notice'} that this set is not real."
    words += (
        f" Each set has {n} images. The floor is the figure of two sets of real images. A metric notices a figure "
        f"that is "
        "worse than its floor by more than two standard deviations (σ)."
    )
    keys = ("name", "value", "floor", "deviation", "worse", "verdict")
    table = [("metric", "value", "floor", "floor_sd", "worse_by_sd", "verdict")]
    table += [tuple(row[key] for key in keys) for row in rows]
    shown = [
        {**row, "title": ALL[row["name"]].title, "says": f"{worse(row['worse'])}: {row['verdict']}"} for row in rows
    ]
    return {"rows": shown, "numbers": numbers, "words": words, "table": table}


def matrix(cells: Rows, dataset: str, level: int) -> dict[str, Any]:
    """Return the matrix of damages and metrics, each cell with the state that opens its case."""
    if not cells:
        return {
            "numbers": [(name, "–", "") for name in HEADS["matrix"]],
            "words": "This data set was not measured yet.",
        }
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
    line = [
        (*(cell[key] for key in ("damage", "metric", "verdict", "worse")), *cell["noticed"], *cell["fooled"], cell["n"])
        for cell in cells
    ]
    return {
        "matrix": {"head": [each.short for each in METRICS.values()], "rows": rows, "legend": LEGEND},
        "numbers": [(name, str(count), f"of {len(cells)}") for name, count in zip(HEADS["matrix"], counts.values())],
        "words": escapes(cells, [*measured]),
        "table": [COLUMNS, *line],
    }


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
    """Return which damage escapes most metrics, and which metric notices most damages."""

    def of(key: str, name: str, is_noticed: bool) -> int:
        return sum(cell[key] == name and (cell["verdict"] == "notices") == is_noticed for cell in cells)

    hardest = max(damages, key=lambda damage: of("damage", damage, False))
    best = max(METRICS, key=lambda metric: of("metric", metric, True))
    return (
        f"“{DAMAGES[hardest].title}” escapes more metrics than others: {of('damage', hardest, False)} of "
        f"{len(METRICS)}. {METRICS[best].title} notices most damages, {of('metric', best, True)} of "
        f"{len(damages)}. Each cell was measured on {cells[0]['n']} random sets; its label has the shares with 95 % "
        "intervals. A cell opens its case in Damage."
    )
