"""Model cards: the figures measured on a network, each a row.

    {"name": "accuracy", "value": 0.984, "se": 0.004, "n": 1000, "seed": 0, "kind": "estimate", "w": 1}

`value` is the figure, in its `unit`. `se` is its standard error over `n` items. `seed` is the seed of the random draws.
`kind` relates the figure to the true value: "exact", a "bound" on it, or an "estimate". Every other key is a *setting*
at which the figure was measured: β, a guidance scale, the sampler, the judge. A row leaves out the keys it does not
have.

A card has `sha256`, `training`, and its `rows` with the circumstances of their measurement. It also has parts that were
measured separately, each with its own `rows` and circumstances: "quality", "bounds", "decided" and so on.

Results that are displayed as a whole are not rows. These are curves over β, over time and over noise levels, and the
training losses. They also include histograms, reliability curves with the figures derived from them, the grid of games,
and the cost of sampling.
"""

from collections.abc import Mapping
from pathlib import Path
from statistics import fmean
from typing import Any

from explorer.networks import checkpoints

Card = Mapping[str, Any]
Row = Mapping[str, Any]
CARD_KINDS = ("exact", "bound", "estimate")
KEYS = ("name", "value", "se", "n", "seed", "unit", "kind")
NORMAL = 1.96
"""97.5 % quantile of the normal distribution: so many standard errors lie on either side of a 95 % interval."""


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
    """Return a figure in the form in which a card stores it."""
    known = dict(zip(KEYS, (name, value, se, n, seed, unit, kind)))
    return {key: each for key, each in (known | setting).items() if each is not None}


def read(path: Path, wanted: Mapping[str, type] = {}) -> dict[str, Any]:
    """Read a card and check that it has at least the entries `wanted`, with these types.

    Raises:
        CheckpointError: if the card is missing or malformed.
    """
    return check(checkpoints.read_json(path, wanted), path)


def check(card: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return the card of a file if its rows are figures.

    Raises:
        CheckpointError: if they are not.
    """
    for part in _parts(card):
        if not isinstance(part["rows"], list) or not all(map(_is_row, part["rows"])):
            raise checkpoints.file_error(path, "holds rows that are no figures")
    return card


def of(name: str, wanted: Mapping[str, type] = {}) -> dict[str, Any]:
    """Read the card of a checkpoint by its name, as `read` does."""
    return read(checkpoints.folder_of(name) / "card.json", wanted)


def rows(content: Card, name: str | None = None, **setting: float | str | None) -> list[Row]:
    """Return the rows of a card, or of a part of it, with this name and at least this setting, in their order.

    The value None in a setting selects rows without that key.
    """
    wanted = setting | ({} if name is None else {"name": name})
    found = [row for part in _parts(content) for row in part["rows"]]
    return [row for row in found if all(row.get(key) == each for key, each in wanted.items())]


def find(content: Card, name: str, **setting: float | str) -> Row:
    """Return the row of this name that was measured at exactly this setting; `-` before the name negates its value.

    Several matching rows differ in their seeds; their mean is returned, without a seed.

    Raises:
        KeyError: if there is no such row.
    """
    found = [each for each in rows(content, name.lstrip("-"), **setting) if setting_of(each).keys() == setting.keys()]
    if not found:
        raise KeyError(name)
    value = fmean(each["value"] for each in found) if len(found) > 1 else found[0]["value"]
    one = {**found[0], "value": -value if name.startswith("-") else value}
    return one if len(found) == 1 else {key: each for key, each in one.items() if key != "seed"}


def setting_of(each: Row) -> dict[str, float | str]:
    """Return the setting at which a row was measured."""
    return {key: value for key, value in each.items() if key not in KEYS}


def _parts(content: Card) -> list[Card]:
    """Return the card and its parts, if they have rows."""
    return [part for part in (content, *content.values()) if isinstance(part, Mapping) and "rows" in part]


def _is_row(each: Any) -> bool:
    if not isinstance(each, dict) or each.get("kind") not in CARD_KINDS or not isinstance(each.get("name"), str):
        return False
    numbers = [each.get(key) for key in ("value", "se", "n", "seed") if key in each]
    return "value" in each and all(isinstance(number, int | float) for number in numbers)
