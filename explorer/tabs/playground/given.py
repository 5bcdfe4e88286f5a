"""Points that a visitor gives as a table of two columns or as a curve x(t), y(t), for the board of the playground."""

import base64
import math
import re
from typing import Annotated, Any

import numpy as np

from explorer.data.playground import LEVELS, PLAYGROUND_DRAWN, VIEW
from explorer.fields import Field, OneOf, Text
from explorer.lessons.expressions import Budget, Evaluator, parse
from explorer.lessons.vocabulary import ExpressionError
from explorer.numbers.answer import Answer
from explorer.tabs.kit.ask.answers import light

LONGEST_TABLE, LEAST_POINTS = 14_000, 5
CURVE_UNITS = 100_000  # of work for a whole curve: less than half a second
CURVE_POINTS = 400
BOARD_FILLED = 0.85  # share of the board that points take which do not lie on it already
MOST_REFUSED = 0.2  # share of the lines of a table that may be unreadable
FUNCTIONS = {"tan": math.tan, "atan": math.atan, "asin": math.asin, "acos": math.acos, "sinh": math.sinh}
CONSTANTS = {"e": math.e, "tau": math.tau}
FORM = Field("form", OneOf(("table", "curve")), title="the form of the points")
FIVE_POINTS = "0 0\n0 1\n1 0\n1 1\n0.5 0.5"
GIVEN = Field("given", Text(LONGEST_TABLE, 1), FIVE_POINTS, "the points")
Form = Annotated[str, FORM]
Given = Annotated[str, GIVEN]


@light
def given_points(form: Form, given: Given) -> Answer:
    """Return points as the bytes of a drawing, two each, and the sentence about what was done."""
    points, read = table(given) if form == "table" else curve(given)
    placed, done = place(points)
    drawn = base64.b64encode(placed.tobytes()).decode()
    return Answer(words=" ".join(filter(None, [read, done])), view={"bytes": drawn})


def table(text: str) -> tuple[np.ndarray, str]:
    """Return the points (N, 2) of a table with two columns of numbers, and what was read.

    Columns are separated by semicolons, tabs, commas or spaces. Numbers may have a decimal comma where no comma
    separates columns. A first line of words is a head.

    Raises:
        ValueError: if there are too few points, or too many lines that are none.
    """
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    found = [_pair(line) for line in lines]
    if found and found[0] is None:
        lines, found = lines[1:], found[1:]
    bad = [number for number, pair in enumerate(found, 1) if pair is None]
    if len(bad) > MOST_REFUSED * len(found):
        raise ValueError(f"The table needs two numbers a line. Line {bad[0]} has “{lines[bad[0] - 1]:.30}”.")
    points = np.array([pair for pair in found if pair], dtype=np.float64).reshape(-1, 2)
    if len(points) < LEAST_POINTS:
        raise ValueError(f"The table has {len(points)} points, and at least {LEAST_POINTS} are needed.")
    skipped = f" {len(bad)} lines without two numbers are left out." if bad else ""
    return points, f"{len(points):,} points.{skipped}"


def _pair(line: str) -> tuple[float, float] | None:
    """Return the two numbers of a line; None unless there are exactly two, both finite."""
    for between in (";", "\t", ",", None):
        if between is None or between in line:
            parts = [part.strip().strip('"') for part in line.split(between)]
            break
    comma = between != ","
    numbers = [_number(part.replace(",", ".") if comma else part) for part in parts if part]
    return (numbers[0], numbers[1]) if len(numbers) == 2 and None not in numbers else None  # type: ignore[return-value]


def _number(text: str) -> float | None:
    if not re.fullmatch(r"[+-]?(\d{1,40}\.?\d{0,40}|\.\d{1,40})([eE][+-]?\d{1,3})?", text):
        return None
    value = float(text)
    return value if abs(value) < 1e100 else None


def curve(text: str) -> tuple[np.ndarray, str]:
    """Return the points (N, 2) of a curve `x(t), y(t)` for t from 0 to 2π, and what was read.

    Raises:
        ValueError: if it is no pair of expressions of t, has too few values, or takes too long.
    """
    expression = parse(f"({text.replace('^', '**')})")
    evaluator = Evaluator({**CONSTANTS, "t": 0.0}, FUNCTIONS, Budget(CURVE_UNITS))
    found, fault = [], None
    for k in range(CURVE_POINTS):
        evaluator.names["t"] = math.tau * k / CURVE_POINTS
        try:
            found.append(_place(expression.value(evaluator)))
        except ExpressionError as error:
            if not _is_of_one_value(error):
                raise
            fault = error
    if len(found) < LEAST_POINTS:
        raise ValueError(f"The curve has {len(found)} points with values: {fault}.")
    points = np.array(found)
    left_out = f" {CURVE_POINTS - len(found)} values of t give none." if len(found) < CURVE_POINTS else ""
    return points, f"{len(found)} points of the curve, t from 0 to 2π.{left_out}"


def _is_of_one_value(error: ExpressionError) -> bool:
    """Return whether a fault belongs to one value of t, such as a division by 0, and not to the expression."""
    cause = error.__cause__
    if isinstance(cause, ExpressionError):
        return "number that is too large" in str(cause)
    return isinstance(cause, ArithmeticError | ValueError)


def _place(value: Any) -> tuple[float, float]:
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise ExpressionError("must be two expressions with a comma between, such as cos(t), sin(2*t)")
    if not all(isinstance(each, int | float) and not isinstance(each, bool) for each in value):
        raise ExpressionError("must give two numbers, such as cos(t), sin(2*t)")
    return float(value[0]), float(value[1])


def place(points: np.ndarray) -> tuple[np.ndarray, str]:
    """Return points (N, 2) as bytes on the board, at most as many as a drawing holds, and what was done.

    Points that do not lie on the board, or lie on a small part of it, are centred and scaled alike in x and y.
    """
    done = []
    if len(points) > PLAYGROUND_DRAWN:
        points = points[np.linspace(0, len(points) - 1, PLAYGROUND_DRAWN).round().astype(int)]
        done.append(f"{PLAYGROUND_DRAWN} of them are used, evenly spaced in the table.")
    low, high = points.min(0), points.max(0)
    half = float((high - low).max()) / 2
    if half == 0:
        raise ValueError("All points lie at one place.")
    if np.abs(points).max() > VIEW or half < VIEW / 4:
        scale = BOARD_FILLED * VIEW / half
        points = (points - (low + high) / 2) * scale
        done.append(f"Moved to the middle and scaled by {scale:.3g}.")
    levels = np.floor((points / VIEW + 1) / 2 * LEVELS).clip(0, LEVELS - 1)
    return levels.astype(np.uint8), " ".join(done)
