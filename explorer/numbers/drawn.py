"""Types of what an answer draws, part by part: what charts, rows of bars, grids, strips and matrices take.

A part is a mapping whose keys are those of its type. Pyright checks it where it is written, and `check` where it is
made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Required, TypedDict

Props = dict[str, Any]
"""Values in the form that the browser reads."""
Point = Sequence[float]
"""Place on both axes of a chart."""
Colour = str | int
"""Name of a colour of the page, or number of a class."""


class Line(TypedDict, total=False):
    """Line of a chart; its label stands at the end or at the point number `at`, or where it has room `beside` it."""

    points: Required[Sequence[Point]]
    colour: Required[Colour]
    width: float
    dash: Sequence[float]
    label: str
    at: int
    below: bool
    over: bool
    beside: bool


class Area(TypedDict, total=False):
    """Area of a chart, such as a band around a line or that below a histogram."""

    points: Required[Sequence[Point]]
    colour: Required[Colour]
    alpha: float


class Column(TypedDict, total=False):
    """Upright bar of a chart, from `x0` to `x1`."""

    x0: Required[float]
    x1: Required[float]
    y: Required[float]
    colour: Colour


class Circle(TypedDict, total=False):
    """Unit of a network, with its number; `on` in the visitor's colour."""

    at: Required[Point]
    text: Required[str]
    on: bool
    ringed: bool


class Place(TypedDict, total=False):
    """Part of a chart that changes by the value of a field: its cursor, its dot, or its lines with their axes."""

    cursor: float
    dot: Point | None
    lines: Sequence[Line]
    areas: Sequence[Area]
    circles: Sequence[Circle]
    xs: Sequence[float]
    ys: Sequence[float]
    ticks: Mapping[str, Sequence[float]]
    name: str
    words: str


class Bar(TypedDict, total=False):
    """Row with a bar: the lengths of its parts from 0 to 1, its number as text, and what this says in full."""

    title: Required[str | int]
    text: Required[str]
    says: str
    marked: bool
    net: str | None
    kind: str
    share: float
    hatched: float
    pale: float


class Bars(TypedDict):
    """Rows of bars with their name."""

    name: str
    rows: Sequence[Bar]


class Images(TypedDict, total=False):
    """Images of a grid, encoded: `given` is how many of them, the first, are no result; `empty` are not shown."""

    images: Required[str | Sequence[str]]
    captions: Sequence[str]
    words: str
    title: str
    given: int
    marks: Mapping[str, str]
    empty: Sequence[int]
    heads: Sequence[str]
    names: Sequence[str]


class Strip(TypedDict, total=False):
    """Row of images; one of them is marked, and a click on one sets a state."""

    name: str
    images: str
    says: str
    sets: Sequence[Any]
    at: int


class Cells(TypedDict, total=False):
    """Matrix of cells; its legend explains their signs."""

    head: Required[Sequence[str]]
    rows: Required[Sequence[Mapping[str, Any]]]
    legend: str


def check(part: Mapping[str, Any], kind: type) -> None:
    """Raise TypeError unless a part has the keys of its type (one of those above)."""
    known = kind.__required_keys__ | kind.__optional_keys__
    if unknown := part.keys() - known:
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}: choose among {', '.join(sorted(known))}")
    if missing := kind.__required_keys__ - part.keys():
        raise TypeError(f"{kind.__name__} needs {', '.join(sorted(missing))}")


CHART = {"lines": Line, "areas": Area, "bars": Column, "circles": Circle}
"""Types of what a chart draws."""


@dataclass(frozen=True)
class Axis:
    """Axis of a chart.

    Arguments:
        title: Name of what it measures.
        unit: Unit of its values.
        note: What the chart shows besides, such as bands.
        scale: Scale of the axis; the places of a logarithmic one are logarithms.
        ends: Places at its ends.
        ticks: Places that it names; round ones unless given.
        names: Texts of these places; their numbers unless given.
    """

    title: str = ""
    unit: str = ""
    note: str = ""
    scale: Literal["", "log"] = ""
    ends: Sequence[float] = (0, 1)
    ticks: Sequence[float] | None = None
    names: Sequence[str] | None = None

    @property
    def label(self) -> str:
        """Title, unit, scale and note as one text."""
        named = ", ".join(filter(None, (self.title, self.unit)))
        scaled = f"{named} ({self.scale})" if self.scale else named
        return "; ".join(filter(None, (scaled, self.note)))


@dataclass(frozen=True)
class Chart:
    """Chart over two axes (`stages/kit/chart/chart.js`).

    Arguments:
        x: Axis below; its label stands at its last value.
        y: Upright axis; its label stands above the chart.
        words: Text alternative.
        lines: Lines.
        areas: Areas, such as bands around a line.
        bars: Upright bars.
        circles: Units with their numbers.
        cursor: Place of the cursor.
        dot: Point that stands out.

    Raises:
        TypeError: if a part has other keys than its type.
    """

    x: Axis
    y: Axis
    words: str = ""
    lines: Sequence[Line] | None = None
    areas: Sequence[Area] | None = None
    bars: Sequence[Column] | None = None
    circles: Sequence[Circle] | None = None
    cursor: float | None = None
    dot: Sequence[float] | None = None

    def __post_init__(self):
        for name, kind in CHART.items():
            for part in getattr(self, name) or ():
                check(part, kind)

    def to_props(self) -> Props:
        """Return the chart for the browser."""
        axes = {"x": self.x, "y": self.y}
        named = {
            "ticks": {name: axis.ticks for name, axis in axes.items() if axis.ticks is not None},
            "names": {name: axis.names for name, axis in axes.items() if axis.names is not None},
            "along": self.x.label,
        }
        ends = {"xs": self.x.ends, "ys": self.y.ends, "name": self.y.label, "words": self.words}
        parts = {key: each for key in (*CHART, "cursor", "dot") if (each := getattr(self, key)) is not None}
        return ends | {key: each for key, each in named.items() if each} | parts
