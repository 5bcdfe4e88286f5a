"""What a card holds: the figures that were measured of a network, each a row.

    {"name": "accuracy", "value": 0.984, "se": 0.004, "n": 1000, "seed": 0, "kind": "estimate", "w": 1}

`value` is the figure, in its `unit`; `se` its standard error over `n` items; `seed` that of what was drawn at random;
`kind` how it stands to the truth: "exact", a "bound" on it, or an "estimate". Any other key says at which *setting* it
was measured: β, a guidance scale, the way of drawing, the judge. What a row does not have is left out.

A card has `sha256` and `training`, its `rows` with the circumstances under which they were measured, and parts that
were measured apart, each with `rows` and circumstances of its own: "quality", "bounds", "decided" and so on.

No rows are what is drawn, played or told as a whole: curves over β, over time and over noise levels, the training's
losses, histograms and reliabilities with what is read off them, the grid of games, and what drawing costs.
"""

from collections.abc import Mapping
from pathlib import Path
from statistics import fmean
from typing import Any

from explorer import checkpoints

Card = Mapping[str, Any]
Row = Mapping[str, Any]
KINDS = ("exact", "bound", "estimate")
KEYS = ("name", "value", "se", "n", "seed", "unit", "kind")


def row(
    name: str,
    value: float,
    kind: str = "estimate",
    *,
    unit: str | None = None,
    se: float | None = None,
    n: int | None = None,
    seed: int | None = None,
    **setting: float | str,
) -> dict[str, Any]:
    """A figure as a card keeps it."""
    known = dict(zip(KEYS, (name, value, se, n, seed, unit, kind)))
    return {key: each for key, each in (known | setting).items() if each is not None}


def read(path: Path, wanted: Mapping[str, type] = {}) -> dict[str, Any]:
    """Read a card that has at least the entries `wanted`, of these types.

    Raises:
        CheckpointError: if it is missing, or not of the form of a card.
    """
    card = checkpoints.read_json(path, wanted)
    for part in _parts(card):
        if not isinstance(part["rows"], list) or not all(map(_is_row, part["rows"])):
            raise checkpoints.damaged(path, "holds rows that are no figures")
    return card


def of(name: str, wanted: Mapping[str, type] = {}) -> dict[str, Any]:
    """Read the card of a checkpoint by its name, as `read` does."""
    return read(checkpoints.folder_of(name) / "card.json", wanted)


def rows(content: Card, name: str | None = None, **setting: float | str | None) -> list[Row]:
    """The rows of a card, or of a part of it, that have this name and at least this setting, in their order.

    Where None is asked for, a row has no such key.
    """
    wanted = setting | ({} if name is None else {"name": name})
    found = [row for part in _parts(content) for row in part["rows"]]
    return [row for row in found if all(row.get(key) == each for key, each in wanted.items())]


def find(content: Card, name: str, **setting: float | str) -> Row:
    """The row of this name that was measured at this setting and no other; with `-` before the name its negative.

    Several differ in their seeds: their mean, without a seed.

    Raises:
        KeyError: if there is none.
    """
    found = [each for each in rows(content, name.lstrip("-"), **setting) if setting_of(each).keys() == setting.keys()]
    if not found:
        raise KeyError(name)
    value = fmean(each["value"] for each in found) if len(found) > 1 else found[0]["value"]
    one = {**found[0], "value": -value if name.startswith("-") else value}
    return one if len(found) == 1 else {key: each for key, each in one.items() if key != "seed"}


def setting_of(each: Row) -> dict[str, float | str]:
    """At which setting a row was measured."""
    return {key: value for key, value in each.items() if key not in KEYS}


def _parts(content: Card) -> list[Card]:
    """The card and its parts, as far as they have rows."""
    return [part for part in (content, *content.values()) if isinstance(part, Mapping) and "rows" in part]


def _is_row(each: Any) -> bool:
    if not isinstance(each, dict) or each.get("kind") not in KINDS or not isinstance(each.get("name"), str):
        return False
    numbers = [each.get(key) for key in ("value", "se", "n", "seed") if key in each]
    return "value" in each and all(isinstance(number, int | float) for number in numbers)
