"""Panel of a mode, declared once: the server function that it asks, its controls, and its presets.

From the signature of the server function follow the request and the keys that ask again. From the controls follow
their elements and when each is in sight.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from explorer import fields
from explorer.fields import Field

Kind = Literal["seed", "class", "slider", "segments", "list", "number", "text"]


@dataclass(frozen=True)
class Control:
    """Control of one field.

    Arguments:
        field: Field of the address that it sets.
        kind: Kind of control; `seed` and `class` are those of the page.
        label: Text above the control, and its name for a screen reader.
        options: Titles of the values of segments.
        first: Number of the values that are segments; a list holds the others. All of them unless given.
        step: Step of a slider.
        digits: Decimal places of a slider's value.
        when: Values of other fields with which the control is in sight. Otherwise the request has the field's default.
    """

    field: Field
    kind: Kind
    label: str = ""
    options: Mapping[Any, str] = field(default_factory=dict)
    first: int | None = None
    step: float = 1
    digits: int = 0
    when: Mapping[str, Sequence[Any]] = field(default_factory=dict)

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
            "when": {key: list(values) for key, values in self.when.items()},
        }


Rows = Sequence[Sequence[Control]]


@dataclass(frozen=True)
class Panel:
    """Panel of a mode.

    Arguments:
        ask: Server function that answers; each of its parameters is a field of the address.
        named: Fields of the address that have another key than their parameter, by parameter.
        controls: Rows of controls in sight.
        more: Rows of controls that are wanted less often.
        tries: Presets: texts, the states that they set, and perhaps what is said of them.
        renews: State that a control of a parameter sets besides its own field: what belongs to the earlier answer goes.
    """

    ask: Callable
    controls: Rows
    more: Rows = ()
    named: Mapping[str, Field] = field(default_factory=dict)
    tries: Sequence[tuple] = ()
    renews: Mapping[str, Any] = field(default_factory=dict)

    def to_props(self) -> dict[str, Any]:
        """Return the description of this panel for the browser."""
        asked = fields.of(self.ask.plain) | self.named
        return {
            "ask": self.ask.__name__,
            "request": {name: each.key for name, each in asked.items()},
            "controls": _rows(self.controls),
            "more": _rows(self.more),
            "tries": self.tries,
            "renews": self.renews,
        }


def _rows(rows: Rows) -> list[list[dict[str, Any]]]:
    return [[control.to_props() for control in row] for row in rows]
