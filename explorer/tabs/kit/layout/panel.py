"""Panel of a mode, declared once: the server function that it asks, its controls, and its presets.

From the signature of the server function follow the request and the keys that ask again. From the controls follow
their elements and when each is in sight.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as part
from typing import Any, Literal

from explorer import fields
from explorer.fields import Field
from explorer.numbers.answer import Figure, names_of, to_props

Kind = Literal[
    "seed", "class", "points", "family", "dataset", "maker", "slider", "segments", "toggle", "list", "number", "text"
]


@dataclass(frozen=True)
class Control:
    """Control of one field.

    Arguments:
        field: Field of the address that it sets.
        kind: Kind of control; `seed` and `class` are those of the page, `points` chooses a network of points, `family`
            and `dataset` one part of a network's name, `maker` the family of a compared network.
        label: Text above the control, and its name for a screen reader; text on the button of a seed, and tooltip of a
            toggle.
        options: Titles of the values of segments, of a list, or of a slider.
        first: Number of the values that are segments; a list holds the others. All of them unless given.
        step: Step of a slider.
        digits: Decimal places of a slider's value.
        initial: Value in this mode while the field has none.
        most: Largest value in this mode, if that is less than the field's.
        live: Whether a slider sets the field while it is dragged, too.
        when: Values of other fields, or facts of the network, with which the control is in sight. Otherwise the request
            has the field's default.
        also: What a value of it sets besides.
    """

    field: Field
    kind: Kind
    label: str = ""
    options: Mapping[Any, str] = part(default_factory=dict)
    first: int | None = None
    step: float = 1
    digits: int = 0
    initial: float | str | None = None
    most: float | None = None
    live: bool = False
    when: Mapping[str, Sequence[Any]] = part(default_factory=dict)
    also: Mapping[Any, Mapping[str, Any]] = part(default_factory=dict)

    def to_props(self) -> dict[str, Any]:
        """Return the description of this control for the browser."""
        return {
            "key": self.field.key,
            "kind": self.kind,
            "label": self.label,
            "options": [[value, title] for value, title in self.options.items()],
            "first": len(self.options) if self.first is None else self.first,
            "step": self.step,
            "digits": self.digits,
            "live": self.live,
            "most": self.most,
            "initial": self.initial,
            "also": [[value, state] for value, state in self.also.items()],
            "when": {key: list(values) for key, values in self.when.items()},
        }


@dataclass(frozen=True)
class Grid:
    """Images in rows and columns (`stages/kit/image/grid.js`).

    Arguments:
        label: Name of the images.
        columns: Number of images side by side.
        rows: Number of rows that a screen is to hold; as many as there are unless given.
        place: Where they stand.
        titled: Whether the name stands above them.
        sets: Field that a click on an image sets to its number, if there is one.
    """

    label: str
    columns: int
    rows: float = 0
    place: Literal["main", "side", "panel"] = "main"
    titled: bool = False
    sets: str = ""


@dataclass(frozen=True)
class Curves:
    """Chart of a film's figures over its frames, a line for each (`stages/kit/film/curves.js`).

    The `report` of each frame has its `place` on the axis, and for each chart under `curves` the values of its lines,
    None for those that it does not have. That of the first has the `end` of the axis, if that is not the last place.

    Arguments:
        label: Name for a screen reader.
        name: Text above the chart.
        height: Height in pixels.
        lines: How each line looks: `colour`, a name or the number of a class, and perhaps `width` and `dash`.
        ys: Ends of the axis; the least and the greatest value unless given.
        ticks: Values that the axis names; round ones unless given.
        includes: Values that the axis reaches, besides those of the frames.
        along: Unit of the axis below, which its last value has.
    """

    label: str
    name: str
    height: int
    lines: Sequence[Mapping[str, Any]]
    ys: tuple[float, float] | None = None
    ticks: Sequence[float] | None = None
    includes: Sequence[float] = ()
    along: str = ""


@dataclass(frozen=True)
class Shows:
    """Layout of a mode whose answers bring all that it shows.

    An answer has `charts`, what `Chart.show` takes of each; `strips`, rows of images with their `name`; `grids` of
    images; `matrix`, its `head`, `rows` and `legend`; `bars`, what `Bars.show` takes; `stops`, by field the places on
    a chart's axis with the values that a drag or an arrow key sets; `chosen`, by field the value while the address says
    none; `fed`, what the network is fed, where that is not the picture; `numbers` and `words`, perhaps under `report`;
    `table`. Where a field asks nothing anew, `each` has its `key`, its `values`, and for each of them the parts that
    differ.

    Arguments:
        hint: How the mode is used, in one line.
        heads: The numbers without their values, the headline first.
        charts: Name, height, and perhaps the field that a drag sets, of each chart.
        curves: Charts of a film over its frames.
        strips: Number of images and their side, and perhaps whether a click sets what the answer says, of each row.
        grids: Grids of images, before the charts.
        matrix: Name of a matrix, if there is one.
        slider: Main control, under the grids.
        beside: Whether the rows, or the grids, stand beside the charts.
        details: Whether an answer has a table of figures, shown on demand.
        waits: What is shown until the first answer.
        others: Whether the picture may be of another data set than the network's.
        examples: Numbers of the test images that a first visit finds; those of the page unless given.
        kinds: Whether the picture may be a blank page or noise.
        bars: Name of the rows of bars.
        texts: Titles of texts whose characters can be chosen, for `stages/text/texts.js`.
        module: Module under `stages/` that shows the answers.
    """

    hint: str
    heads: Sequence[Figure] = ()
    charts: Sequence[tuple] = ()
    curves: Sequence[Curves] = ()
    strips: Sequence[tuple] = ()
    grids: Sequence[Grid] = ()
    matrix: str = ""
    slider: Control | None = None
    beside: bool = False
    details: bool = False
    waits: str = "The network computes this…"
    others: bool = False
    examples: Sequence[int] = ()
    kinds: bool = False
    bars: str = ""
    texts: Sequence[str] = ()
    module: str = "kit/panel/exhibit"

    def to_props(self) -> dict[str, Any]:
        """Return the layout for the browser."""
        charts = [dict(zip(("label", "height", "sets"), chart)) for chart in self.charts]
        more = {
            "grids": [vars(grid) for grid in self.grids],
            "curves": [vars(curve) for curve in self.curves],
            "slider": self.slider and self.slider.to_props(),
            "heads": names_of(self.heads),
        }
        return vars(self) | more | {"charts": charts, "failed": "The answer did not arrive."}


Rows = Sequence[Sequence[Control]]
Declared = Figure | tuple[str, str, str]


@dataclass(frozen=True)
class Panel:
    """Panel of a mode.

    Arguments:
        ask: Server function that answers; each of its parameters is a field of the address. None: the browser computes.
        named: Fields of the address that have another key than their parameter, by parameter; None for an optional
            parameter that is not asked.
        controls: Rows of controls in sight.
        more: Rows of controls that are wanted less often.
        tries: Presets: texts, the states that they set, and perhaps what is said of them.
        shows: Layout of what the answers bring.
        nets: Networks that the mode can be about; all of the tab unless given.
        renews: State that a control of a parameter sets besides its own field: what belongs to the earlier answer goes.
        says: Sentences by name, in which the browser fills in its numbers (`stages/kit/panel/says.js`).
        rows: Figures of the same kind: names, values and units; several lists of them by name, if there are several.
        parts: Panels of which the first control chooses one, by its values (`stages/kit/panel/parted.js`).
    """

    ask: Callable | None
    controls: Rows
    more: Rows = ()
    named: Mapping[str, Field | None] = part(default_factory=dict)
    tries: Sequence[tuple] = ()
    shows: Shows | None = None
    nets: Sequence[str] = ()
    renews: Mapping[str, Any] = part(default_factory=dict)
    says: Mapping[str, str] = part(default_factory=dict)
    rows: Sequence[Declared] | Mapping[str, Sequence[Declared]] = ()
    parts: Mapping[str, str] = part(default_factory=dict)

    def to_props(self) -> dict[str, Any]:
        """Return the description of this panel for the browser."""
        known = {**fields.of(self.ask.plain), **self.named} if self.ask else {}
        asked = {name: each for name, each in known.items() if each}
        return {
            "ask": self.ask and self.ask.__name__,
            "request": {name: each.key for name, each in asked.items()},
            "asks": [key for each in asked.values() for key in each.parts or (each.key,)],
            "controls": _rows(self.controls),
            "more": _rows(self.more),
            "tries": self.tries,
            "shows": self.shows and self.shows.to_props(),
            "nets": list(self.nets),
            "renews": self.renews,
            "says": self.says,
            "rows": to_props(self.rows),
            "parts": self.parts,
        }


def _rows(rows: Rows) -> list[list[dict[str, Any]]]:
    return [[control.to_props() for control in row] for row in rows]
