"""Fields: the values that a visitor can change and a browser can send, each declared once.

One declaration gives a field's key in the address, its parsing in the browser, and the bounds of its control. It also
gives the check of untrusted values, and the values that a lesson may set. A server function names the fields of its
parameters in their types: with `Seed = Annotated[int, SEED]`, `def draw(seed: Seed)` receives checked seeds only.
"""

import base64
import inspect
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, get_type_hints

Asked = TypeVar("Asked", bound=Callable)
COUNTED = {2: "two", 3: "three"}


@dataclass(frozen=True)
class Kind:
    """Type of a field's values; the browser parses the kinds of `stages/kit/shell/address.js` from its address."""

    def check(self, value: Any, title: str) -> Any:
        """Return the value in the hashable form that a server function takes.

        Raises:
            ValueError: if the value is not of this kind; the message says what is wanted.
        """
        raise NotImplementedError

    def to_props(self) -> dict[str, Any]:
        """Return the description of this kind for the browser."""
        return {"kind": type(self).__name__.lower(), **vars(self)}

    def to_schema(self) -> dict[str, Any]:
        """Return the bounds of this kind as JSON Schema, for programs."""
        raise NotImplementedError


@dataclass(frozen=True)
class Field:
    """A named value.

    Arguments:
        key: Key in the address.
        kind: Type of the values.
        default: Value if none is given; the address leaves it out. None has no other form in the address.
        title: Name in error messages.
        help: Help text of its control.
        optional: True if a request may leave it out; the default is then used.
        parts: Keys of the address that its value is made of; its own unless given.
    """

    key: str
    kind: Kind
    default: Any = None
    title: str = ""
    help: str = ""
    optional: bool = False
    parts: tuple[str, ...] = ()

    def check(self, value: Any) -> Any:
        """Return the value as a server function takes it.

        Raises:
            ValueError: if the value is not of this field's kind; the message says what is wanted.
        """
        return self.default if value is None and self.optional else self.kind.check(value, self.title)

    def to_props(self) -> dict[str, Any]:
        """Return the description of this field for the browser."""
        return self.kind.to_props() | {"initial": self.default} | ({"help": self.help} if self.help else {})

    def to_schema(self) -> dict[str, Any]:
        """Return the description of this field for programs, as JSON Schema."""
        schema = {"description": ". ".join(filter(None, (self.title, self.help)))} | self.kind.to_schema()
        return {"anyOf": [schema, {"type": "null"}], "default": self.default} if self.optional else schema


def to_props(fields: Iterable[Field]) -> dict[str, Any]:
    """Return the descriptions of a stage's address fields for the browser, by key."""
    return {each.key: each.to_props() for each in fields}


def of(function: Callable) -> dict[str, Field]:
    """Return the fields of a function's parameters, by name.

    Raises:
        TypeError: if a parameter has none.
    """
    hints = get_type_hints(function, include_extras=True)
    found = {name: _field(hints.get(name)) for name in inspect.signature(function).parameters}
    if missing := [name for name, field in found.items() if field is None]:
        where = f"{function.__module__}.{function.__qualname__}"
        raise TypeError(f"{where}: no field says what {', '.join(missing)} may be; name one by a type, as `seed: Seed`")
    return {name: field for name, field in found.items() if field}


def given(**known: Field) -> Callable[[Asked], Asked]:
    """Give parameters of a function fields that are known only when it is made."""

    def decorate(function: Asked) -> Asked:
        function.__annotations__ |= {name: Annotated[Any, field] for name, field in known.items()}
        return function

    return decorate


def _field(hint: Any) -> Field | None:
    return next((each for each in getattr(hint, "__metadata__", ()) if isinstance(each, Field)), None)


def _number(value: Any, title: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"{title} must be a number from {low:g} to {high:g}")
    return value


def _decode(value: Any, size: int) -> bytes:
    """Decode base64 of about `size` bytes; return no bytes if it is invalid or far too long."""
    try:
        return base64.b64decode(value, validate=True) if isinstance(value, str) and len(value) <= 2 * size else b""
    except ValueError:
        return b""


def _list_schema(each: dict[str, Any], least: int, most: int | None) -> dict[str, Any]:
    """Return the JSON Schema of a list with a number of items between two bounds."""
    bounds = {"minItems": least} | ({} if most is None else {"maxItems": most})
    return {"type": "array", "items": each} | bounds


def _base64_schema(least: int, most: int) -> dict[str, Any]:
    """Return the JSON Schema of base64 with a number of bytes between two bounds."""
    letters = {"minLength": 4 * math.ceil(least / 3), "maxLength": 4 * math.ceil(most / 3)}
    return {"type": "string", "contentEncoding": "base64"} | letters


@dataclass(frozen=True)
class OneOf(Kind):
    """One of a few texts or integers.

    Arguments:
        choices: The values.
        former: Values of earlier versions, each as in an address, with the choice that has replaced it.
    """

    choices: tuple[str | int, ...]
    former: tuple[tuple[str, str], ...] = ()

    def check(self, value: Any, title: str) -> str | int:
        if not any(type(value) is type(choice) and value == choice for choice in self.choices):
            raise ValueError(f"{title} must be one of {', '.join(map(str, self.choices))}")
        return value

    def to_props(self) -> dict[str, Any]:
        return {"kind": "oneof", "choices": self.choices} | ({"former": self.former} if self.former else {})

    def to_schema(self) -> dict[str, Any]:
        return {"enum": [*self.choices]}


@dataclass(frozen=True)
class Flag(Kind):
    """A boolean."""

    def check(self, value: Any, title: str) -> bool:
        return bool(OneOf((True, False)).check(value, title))

    def to_schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Whole(Kind):
    """An integer from `low` to `high`, inclusive."""

    low: int
    high: int

    def check(self, value: Any, title: str) -> int:
        number = _number(value, title, self.low, self.high)
        if number != int(number):
            raise ValueError(f"{title} must be a whole number")
        return int(number)

    def to_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class Real(Kind):
    """A number from `low` to `high`, inclusive.

    With `zero`, 0 is also allowed, and a value between 0 and `low` becomes `low`.
    """

    low: float
    high: float
    zero: bool = False

    def check(self, value: Any, title: str) -> float:
        number = _number(value, title, 0 if self.zero else self.low, self.high)
        return float(max(number, self.low)) if number else 0.0

    def to_schema(self) -> dict[str, Any]:
        return {"type": "number", "minimum": 0 if self.zero else self.low, "maximum": self.high}


@dataclass(frozen=True)
class Reals(Kind):
    """A fixed number of numbers, each with a name and its own bounds."""

    parts: tuple[tuple[str, float, float], ...]

    def check(self, value: Any, title: str) -> tuple[float, ...]:
        count = len(self.parts)
        if not isinstance(value, list) or len(value) != count:
            raise ValueError(f"{title} must be {COUNTED.get(count, count)} numbers")
        return tuple(Real(low, high).check(each, name) for each, (name, low, high) in zip(value, self.parts))

    def to_props(self) -> dict[str, Any]:
        return {"kind": "reals", "bounds": [bounds for _, *bounds in self.parts]}

    def to_schema(self) -> dict[str, Any]:
        names, lows, highs = zip(*self.parts)
        each = {"type": "number", "minimum": min(lows), "maximum": max(highs)}
        return _list_schema(each, len(names), len(names)) | {"description": ", ".join(names)}


@dataclass(frozen=True)
class Points(Kind):
    """Points of the plane as alternating x and y; no coordinate exceeds `reach` in absolute value."""

    most: int
    reach: float
    each: str

    def check(self, value: Any, title: str) -> tuple[tuple[float, float], ...]:
        if not isinstance(value, list) or len(value) % 2 or len(value) > 2 * self.most:
            raise ValueError(f"{title} are x and y in turn, at most {self.most} points")
        found = [Real(-self.reach, self.reach).check(each, self.each) for each in value]
        return tuple(zip(found[::2], found[1::2]))

    def to_schema(self) -> dict[str, Any]:
        return _list_schema({"type": "number", "minimum": -self.reach, "maximum": self.reach}, 0, 2 * self.most)


@dataclass(frozen=True)
class Wholes(Kind):
    """Integers from 0 to `high`, at least `least` and at most `most` of them unless that is None."""

    high: int
    most: int | None = None
    least: int = 0

    def check(self, value: Any, title: str) -> tuple[int, ...]:
        if not isinstance(value, list) or len(value) < self.least or (self.most is not None and len(value) > self.most):
            least = f", at least {self.least}" if self.least else ""
            most = "" if self.most is None else f", at most {self.most}"
            raise ValueError(f"{title} must be a list of whole numbers{least}{most}")
        return tuple(Whole(0, self.high).check(each, f"each of {title}") for each in value)

    def to_schema(self) -> dict[str, Any]:
        return _list_schema({"type": "integer", "minimum": 0, "maximum": self.high}, self.least, self.most)


@dataclass(frozen=True)
class Distinct(Kind):
    """Exactly `count` different integers from 0 to `high`; `what` names the things that they number."""

    count: int
    high: int
    what: str

    def check(self, value: Any, title: str) -> tuple[int, ...]:
        if not isinstance(value, list) or len(value) != self.count:
            raise ValueError(f"{title} must be {self.count} {self.what}")
        found = tuple(Whole(0, self.high).check(each, f"each of {title}") for each in value)
        if len(set(found)) < self.count:
            raise ValueError(f"{title} must be {self.count} different {self.what}")
        return found

    def to_schema(self) -> dict[str, Any]:
        each = {"type": "integer", "minimum": 0, "maximum": self.high}
        return _list_schema(each, self.count, self.count) | {"uniqueItems": True}


@dataclass(frozen=True)
class Bytes(Kind):
    """Exactly `size` bytes, or a `further` number of them: base64 in a request, unpadded base64url in the address."""

    size: int
    further: tuple[int, ...] = ()

    def check(self, value: Any, title: str) -> bytes:
        sizes = (self.size, *self.further)
        raw = _decode(value, max(sizes))
        if len(raw) not in sizes:
            raise ValueError(f"{title} must be {' or '.join(map(str, sizes))} bytes in base64")
        return raw

    def to_props(self) -> dict[str, Any]:
        return {"kind": "bytes", "size": self.size} | ({"further": self.further} if self.further else {})

    def to_schema(self) -> dict[str, Any]:
        sizes = (self.size, *self.further)
        return _base64_schema(min(sizes), max(sizes))


@dataclass(frozen=True)
class UpTo(Kind):
    """From `least` to `most` bytes: base64 in a request."""

    most: int
    least: int = 1

    def check(self, value: Any, title: str) -> bytes:
        raw = _decode(value, self.most)
        if not self.least <= len(raw) <= self.most:
            raise ValueError(f"{title} must be {self.least:,} to {self.most:,} bytes in base64")
        return raw

    def to_schema(self) -> dict[str, Any]:
        return _base64_schema(self.least, self.most)


@dataclass(frozen=True)
class Drawing(Kind):
    """At most `most` points of the plane, two bytes each, at least one: base64 as for `Bytes`."""

    most: int

    def check(self, value: Any, title: str) -> bytes:
        raw = _decode(value, 2 * self.most)
        if not 0 < len(raw) <= 2 * self.most or len(raw) % 2:
            raise ValueError(f"{title} must be 1 to {self.most} points, two bytes each, in base64")
        return raw

    def to_schema(self) -> dict[str, Any]:
        return _base64_schema(2, 2 * self.most)


@dataclass(frozen=True)
class Text(Kind):
    """A text of `least` to `most` characters; whoever reads it checks the characters."""

    most: int
    least: int = 0

    def check(self, value: Any, title: str) -> str:
        if not isinstance(value, str) or not self.least <= len(value) <= self.most:
            raise ValueError(f"{title} must have {self.least} to {self.most} characters")
        return value

    def to_schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": self.least, "maxLength": self.most}


@dataclass(frozen=True)
class Flags(Kind):
    """One bit for each part of an x with at most `most` parts, in base64; the space of x checks the exact number."""

    most: int

    def check(self, value: Any, title: str) -> bytes:
        size = math.ceil(self.most / 8)
        raw = _decode(value, size)
        if not 0 < len(raw) <= size:
            raise ValueError(f"{title} must be at most {size} bytes in base64, a bit for each part")
        return raw

    def to_schema(self) -> dict[str, Any]:
        return _base64_schema(1, math.ceil(self.most / 8))


@dataclass(frozen=True)
class Moves(Kind):
    """Moves of a game, "200ddg" for 200 rounds, two steps of D and one of G; empty if the request gives none.

    The text has at most `letters` letters and stands for at most `most` rounds and steps.
    """

    letters: int
    most: int

    def check(self, value: Any, title: str) -> str:
        """Return one letter for each move, with r for a round."""
        text = "" if value is None else value
        if not isinstance(text, str) or not re.fullmatch("[0-9dg]*", text):
            raise ValueError(f"{title} are numbers of rounds, d for a step of D and g for one of G, such as 200ddg")
        if len(text) > self.letters:
            raise ValueError(f"at most {self.letters} letters can tell what was played: play whole rounds in between")
        moves = "".join("r" * int(move) if move.isdigit() else move for move in re.findall("[0-9]{1,4}|[dg]", text))
        if len(moves) > self.most:
            raise ValueError(f"at most {self.most:,} rounds can be played before")
        return moves

    def to_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9dg]*$", "maxLength": self.letters}
