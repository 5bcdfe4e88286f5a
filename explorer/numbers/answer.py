"""Types of an answer: figures, charts and tables, each with its name and its unit, in the form that the browser reads.

A name, its value and its unit are bound in one expression. A mode declares its figures once, without values, and an
answer gives each its value: `COST.of(82.1)`. A row of a table names the value of each column.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

from explorer.numbers.drawn import Axis, Bar, Bars, Cells, Chart, Images, Place, Props, Strip, check
from explorer.numbers.words import num

__all__ = [
    "Answer",
    "Axis",
    "Chart",
    "Details",
    "Each",
    "FINDING",
    "Figure",
    "Finding",
    "Place",
    "Props",
    "Report",
    "Table",
    "Value",
    "in_props",
    "names_of",
    "to_props",
]
Value = float | str | bool | None


@dataclass(frozen=True)
class Figure:
    """A number with its name and its unit.

    Arguments:
        name: Displayed name.
        value: The number, or its text; None where it is not known.
        unit: Displayed unit.
        digits: Decimal places of the number.
    """

    name: str
    value: float | str | None = None
    unit: str = ""
    digits: int = 2

    def of(self, value: float | str | None, unit: str | None = None, *, name: str | None = None) -> Self:
        """Return this figure with a value, and perhaps a unit or a name that depends on it."""
        return replace(self, value=value, unit=self.unit if unit is None else unit, name=name or self.name)

    def of_row(self, row: Mapping[str, Any], shown: float | str | None = None) -> Self:
        """Return this figure with the unit of a card's row, and with its value, or with what is `shown` of it.

        Raises:
            ValueError: if it declares another unit.
        """
        unit = row.get("unit", "")
        if self.unit and self.unit != unit:
            named = row.get("name", "row")
            raise ValueError(f"“{self.name}” is in {self.unit}, and the card's {named} in {unit or 'no unit'}")
        return self.of(row["value"] if shown is None else shown, unit)

    @property
    def unknown(self) -> Self:
        """This figure without a value and without a unit."""
        return replace(self, value=None, unit="")

    @property
    def text(self) -> str:
        """Value as text; a dash where it is not known."""
        return self.value if isinstance(self.value, str) else num(self.value, self.digits)

    def to_props(self) -> tuple[str, str, str]:
        """Return name, value and unit for the browser."""
        return self.name, self.text, self.unit


@dataclass(frozen=True)
class Finding(Figure):
    """Headline of a mode that no single number answers: a sentence, chosen by rule from what was computed.

    It has at most twelve words and one number. The figures follow it under *All numbers*.
    """

    name: str = "finding"


FINDING = Finding()


@dataclass(frozen=True)
class Table:
    """Table of an answer, which a visitor can keep as CSV.

    Arguments:
        rows: Values by the names of their columns, the same names in every row.
        columns: Names of the columns; those of the first row unless given.

    Raises:
        ValueError: if the rows have different columns.
    """

    rows: Sequence[Mapping[str, Value]]
    columns: Sequence[str] = ()

    def __post_init__(self):
        if any([*row] != self.names for row in self.rows):
            raise ValueError("every row of a table must have the same columns in the same order")

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return [*(self.columns or next(iter(self.rows), ()))]

    def to_props(self) -> list[tuple[Value, ...]]:
        """Return the names of the columns, then the rows."""
        return [tuple(self.names), *(tuple(row.values()) for row in self.rows)]


@dataclass(frozen=True)
class Details:
    """Table of figures that the page shows on demand, from rows like those of `Table`."""

    rows: Sequence[Mapping[str, Value]]
    columns: Sequence[str] = ()

    def to_props(self) -> Props:
        """Return head and rows for the browser."""
        head, *rows = Table(self.rows, self.columns).to_props()
        return {"head": head, "rows": rows}


@dataclass(frozen=True)
class Each:
    """Parts of an answer that differ by the value of a field which asks nothing anew.

    Arguments:
        key: Key of the field.
        values: Its values.
        parts: Part of the answer for each value.
    """

    key: str
    values: Sequence[Any]
    parts: Sequence["Answer"]

    def to_props(self) -> Props:
        """Return the parts for the browser."""
        return {"key": self.key, "values": self.values, "parts": [each.to_props() for each in self.parts]}


@dataclass(frozen=True)
class Answer:
    """Answer of a server function, or a part of one; what is None is left out (see `Shows`).

    Arguments:
        numbers: Figures, the headline first, which may be a finding.
        words: Sentences.
        table: Table to keep.
        charts: Charts, or what changes in them; None for one that is not shown.
        grids: Grids of images; None for one that is not shown.
        strips: Rows of images.
        matrix: Matrix of cells.
        bars: Rows of bars.
        details: Table that is shown on demand.
        stops: Places on an axis with the values that a drag or an arrow key sets, by field.
        chosen: Value of a field while the address has none.
        each: Parts by the value of a field.
        pictures: Images of the mechanism by name.
        fed: Input of the network, where that is not the picture.
        more: Whether there are more parts to compute.
        report: Figures and sentences, apart from what the mode's own view reads.
        view: Data that only the mode's own view reads.

    Raises:
        TypeError: if a part has other keys than its type.
    """

    numbers: Sequence[Figure] | None = None
    words: str | None = None
    table: Table | None = None
    charts: Sequence[Chart | Place | None] | None = None
    grids: Sequence[Images | None] | None = None
    strips: Sequence[Strip] | None = None
    matrix: Cells | None = None
    bars: Bars | None = None
    details: Details | None = None
    stops: Mapping[str, Sequence[Any]] | None = None
    chosen: Mapping[str, Any] | None = None
    each: Each | None = None
    pictures: Mapping[str, str] | None = None
    fed: str | None = None
    more: bool | None = None
    report: "Answer | None" = None
    view: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        places = [each for each in self.charts or () if not isinstance(each, Chart)]
        parts = [(Place, places), (Images, self.grids), (Strip, self.strips), (Cells, [self.matrix])]
        parts += [(Bars, [self.bars]), (Bar, self.bars["rows"])] if self.bars else []
        for kind, found in parts:
            for each in found or ():
                if each is not None:
                    check(each, kind)

    def __or__(self, other: "Answer") -> "Answer":
        """Return this answer with the parts of another one, which replace its own."""
        given = {each.name: value for each in fields(other) if (value := getattr(other, each.name)) is not None}
        return replace(self, **given | {"view": {**self.view, **other.view}})

    def to_props(self) -> Props:
        """Return what the browser reads."""
        return _given(self)


@dataclass(frozen=True)
class Report:
    """Report of a frame of a film (`stages/kit/film/report_film.js`); what is None is left out.

    Arguments:
        numbers: Figures, the headline first.
        words: Sentences.
        caption: Text of the player.
        row: Row that the frame adds to the table, or several: values by the names of their columns.
        place: Place of the frame on the axis of the curves.
        end: End of that axis.
        curves: Values of the lines of each chart.
        view: Data that only the mode's own view reads.
    """

    numbers: Sequence[Figure] | None = None
    words: str | None = None
    caption: str | None = None
    row: Mapping[str, Value] | Sequence[Mapping[str, Value]] | None = None
    place: float | None = None
    end: float | None = None
    curves: Sequence[Sequence[float | None]] | None = None
    view: Mapping[str, Any] = field(default_factory=dict)

    def to_props(self) -> Props:
        """Return what the browser reads."""
        return _given(self)


def _given(part: Answer | Report) -> Props:
    """Return the parts of an answer that are given, and its view, for the browser."""
    named = {each.name: getattr(part, each.name) for each in fields(part) if each.name != "view"}
    return to_props({name: value for name, value in named.items() if value is not None} | dict(part.view))


def to_props(value: Any) -> Any:
    """Return a value with every typed part in the form that the browser reads."""
    if hasattr(value, "to_props"):
        return value.to_props()
    if isinstance(value, Mapping):
        return {key: to_props(each) for key, each in value.items()}
    if isinstance(value, list | tuple) and any(not isinstance(each, int | float | str) for each in value):
        return type(value)(map(to_props, value)) if type(value) in (list, tuple) else value
    return value


def in_props(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function whose answers have the form that the browser reads."""

    @functools.wraps(function)
    def ask(*values: Any, **named: Any) -> Any:
        return to_props(function(*values, **named))

    return ask


def names_of(figures: Sequence[Figure]) -> list[str]:
    """Return the names of figures, as a panel shows them before there is an answer."""
    return [each.name for each in figures]
