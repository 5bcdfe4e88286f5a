"""Vocabulary of a written exercise: operators and functions of numbers, lists and texts.

Whatever could grow without bounds is checked before it is computed: powers, factorials, ranges and digits.
"""

import ast
import math
import operator
from collections.abc import Callable, Sequence
from statistics import fmean, median
from typing import Any

from explorer.lessons import exercises

MOST_ITEMS = 1_000  # of a list
MOST_DIGITS, MOST_FACTORS, MOST_CHOSEN = 12, 30, 100
MOST_BITS = 200  # of a power of whole numbers; a larger one is computed with floats


class ExpressionError(ValueError):
    """Fault of an expression; the message goes on after the expression itself."""


def _numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the operator for numbers alone: lists and texts are neither repeated nor formatted by it."""

    def checked(*values: Any) -> Any:
        if not all(isinstance(each, int | float) for each in values):
            raise ExpressionError("computes with something that is no number")
        return function(*values)

    return checked


def _of_list(function: Callable[..., float]) -> Callable[[Sequence[float]], float]:
    """Return the function of a list of numbers, and of nothing else: a product would repeat a list."""
    return lambda values: _numbers(lambda *each: function(each))(*values)


def _power(base: float, exponent: float) -> float:
    is_whole = isinstance(base, int) and isinstance(exponent, int)
    is_large = is_whole and abs(exponent) * max(1, int(base).bit_length()) > MOST_BITS
    return (float(base) if is_large else base) ** exponent


def _at_most(most: int, value: int) -> int:
    if not isinstance(value, int) or not 0 <= value <= most:
        raise ExpressionError(f"needs a whole number from 0 to {most}, not {str(value)[:20]}")
    return value


def _range(*ends: int) -> list[int]:
    found = range(*ends)
    _at_most(MOST_ITEMS, len(found))
    return [*found]


def _round(value: float, digits: int | None = None) -> float:
    if digits is None:
        return round(value)
    _at_most(MOST_DIGITS, abs(digits))
    return round(value, digits)


def _each(function: Callable[..., str]) -> Callable[..., str]:
    """Return the function of a number that also takes a list, whose texts it joins with commas."""

    def joined(value: Any, *digits: int) -> str:
        several = value if isinstance(value, list | tuple) else [value]
        return ", ".join(function(each, *(_at_most(MOST_DIGITS, count) for count in digits)) for each in several)

    return joined


def _join(words: Sequence[Any], between: str = ", ") -> str:
    return between.join(map(str, words))


OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, other: one in other,
    ast.NotIn: lambda one, other: one not in other,
    ast.Mult: _numbers(operator.mul),
    ast.Pow: _numbers(_power),
    ast.Mod: _numbers(operator.mod),
    ast.FloorDiv: _numbers(operator.floordiv),
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{each.__name__: each for each in (abs, min, max, len, sorted, any, all, int, float)},
    **{name: getattr(math, name) for name in ("exp", "log", "log2", "log10", "log1p", "sqrt", "hypot")},
    **{name: getattr(math, name) for name in ("sin", "cos", "tanh", "atanh", "erf", "floor", "ceil")},
    "sum": _of_list(sum),
    "prod": _of_list(math.prod),
    "factorial": lambda n: math.factorial(_at_most(MOST_FACTORS, n)),
    "comb": lambda n, k: math.comb(_at_most(MOST_CHOSEN, n), _at_most(MOST_CHOSEN, k)),
    "range": _range,
    "round": _round,
    "zip": lambda *lists: [*zip(*lists, strict=True)],
    "mean": fmean,
    "median": median,
    "brief": _each(exercises.shortest),
    "say": _each(exercises.say),
    "join": _join,
}
CONSTANTS = {"pi": math.pi}


def of_draw(draw: exercises.Draw) -> dict[str, Callable[..., Any]]:
    """Return the functions that draw numbers."""
    return {
        "whole": draw.whole,
        "real": lambda low, high, digits=1: draw.real(low, high, _at_most(MOST_DIGITS, digits)),
        "one_of": draw.one_of,
        "some_of": draw.some_of,
        "order": lambda count: draw.order(_at_most(MOST_ITEMS, count)),
    }


DRAWS = frozenset(of_draw(exercises.Draw("", 0)))
