"""Figures, columns and axes of answers whose values are those of a card, found by the values themselves.

A value of many digits that equals a card's to the last bit comes from it. Its unit must be that of the card's row, or
the one that a conversion of it has.
"""

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from explorer.models.raster import PIXELS
from explorer.networks import card, checkpoints
from explorer.numbers.answer import Chart, Figure, Table

DIGITS, BITS = 8, 24  # decimal ones, and those of a mantissa: values with more of both are hardly equal by chance
CONVERSIONS = {
    "": {"%": 100.0},
    "nats": {"bits": 1 / math.log(2), "bits/dim": 1 / (PIXELS * math.log(2))},
    "nats/character": {"bits/character": 1 / math.log(2)},
    "nats/sample": {"bits/sample": 1 / math.log(2)},
    "bits/dim": {"nats": PIXELS * math.log(2)},
    "seconds": {"ms": 1000.0},
    "ms": {"seconds": 1 / 1000},
}
"""Factors to other units, by unit."""
ANY = re.compile(r"(?<![\w/])(?:nats|bits|ms|seconds|pixels|degrees|%)(?!\w)")
"""Unit that a figure without one must not have."""


@dataclass(frozen=True)
class Place:
    """Place of values in an answer: a "figure", a "column" or an "axis", and what stands there of its unit."""

    kind: str
    said: str
    values: tuple[float, ...]


@cache
def units() -> Mapping[float, set[str]]:
    """Return the units of the values of all cards, as they are and converted, by their absolute value.

    A value that is no row has the unit of the rows of its name, if these have only one.
    """
    paths = checkpoints.pretrained_folder().glob("*/card.json")
    cards = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    rows = [row for each in cards for row in card.rows(each)]
    of_name: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        of_name[row["name"]].add(row.get("unit", ""))
    alike = {name: unit for name, (unit, *others) in of_name.items() if unit and not others}
    known = [(row["value"], row.get("unit", "")) for row in rows]
    found: dict[float, set[str]] = defaultdict(set)
    for value, unit in [*known, *((value, alike[key]) for key, value in _values(cards) if key in alike)]:
        for other, factor in {unit: 1.0, **CONVERSIONS.get(unit, {})}.items():
            if is_precise(value):
                found[abs(value * factor)].add(other)
    return found


def _values(part: Any) -> Iterator[tuple[str, Any]]:
    """Yield the numbers of curves and histories, with their keys."""
    for key, each in part.items() if isinstance(part, Mapping) else enumerate(part):
        if isinstance(each, Mapping | list):
            yield from _values(each)
        elif isinstance(key, str):
            yield key, each


def is_precise(value: Any) -> bool:
    """Return whether a value has so many digits that another one is hardly equal to it by chance."""
    if not isinstance(value, float) or not math.isfinite(value):
        return False
    digits = repr(value).partition("e")[0].replace(".", "").lstrip("-0")
    return len(digits) > DIGITS and bool(math.frexp(value)[0] * 2**BITS % 1)


def places(part: Any) -> Iterator[Place]:
    """Yield the figures, the columns of tables and the upright axes of charts of an answer."""
    if isinstance(part, Figure):
        yield Place("figure", f"{part.name} {part.unit}", (part.value,) if is_precise(part.value) else ())
    elif isinstance(part, Table):
        for column in part.names:
            yield Place("column", column, tuple(row[column] for row in part.rows if is_precise(row[column])))
    elif isinstance(part, Chart):
        drawn = [y for line in part.lines or () for _, y in line["points"]] + [each["y"] for each in part.bars or ()]
        yield Place("axis", part.y.label, tuple(filter(is_precise, drawn)))
    elif is_dataclass(part):
        for each in fields(part):
            yield from places(getattr(part, each.name))
    elif isinstance(part, Mapping | list | tuple):
        for each in part.values() if isinstance(part, Mapping) else part:
            yield from places(each)


def from_cards(answer: Any) -> Iterator[tuple[Place, set[str]]]:
    """Yield the places of an answer that show a value of a card, with the units that it may have.

    A share may equal a height of a histogram by chance. So a value without a unit does not count on an axis.
    """
    for place in places(answer):
        found = [wanted for value in place.values if (wanted := units().get(abs(value)))]
        with_unit = [wanted for wanted in found if not {"", "%"} & wanted]
        if counting := with_unit if place.kind == "axis" else found:
            yield place, counting[0]


def says(text: str, unit: str) -> bool:
    """Return whether a text names a unit as a word of its own, or none; “bits per dimension” is bits/dim."""
    plain = re.sub(r" (?:per|a) ", "/", text.replace("dimension", "dim"))
    return re.search(rf"(?<![\w/]){re.escape(unit)}(?![\w/])", plain) is not None if unit else not ANY.search(plain)
