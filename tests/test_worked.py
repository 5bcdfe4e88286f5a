"""Every worked line adds up: what stands on both sides of its equals signs is calculated again."""

import ast
import math
import operator
import re
from collections.abc import Iterator
from typing import Any

import pytest

from explorer.tabs.kit.exercises import Exercise
from tests.test_exercises import every

SEEDS = range(1, 6)
SIGNS = str.maketrans({"−": "-", "·": "*", "×": "*", "÷": "/", "½": "0.5", "²": "^", "[": "(", "]": ")"})
ARITHMETIC = re.compile(r"[-+*/^(). 0-9]+")
OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


def value_of(text: str) -> float | None:
    """Return the value of a side of an equation; None if it has more than numbers, signs and brackets."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text.translate(SIGNS)).strip().rstrip(".:;")
    text = re.sub(r"\s(nats|bits|bytes|%)$", "", text)
    text = re.sub(r"(\d|\))\s*\(", r"\1 * (", text).replace("^", "**2")
    if not text or not ARITHMETIC.fullmatch(text):
        return None
    try:
        return _value(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ZeroDivisionError):
        return None


def _value(node: Any) -> float:
    if isinstance(node, ast.Constant):
        return float(node.value)
    if isinstance(node, ast.UnaryOp):
        return OPERATORS[type(node.op)](_value(node.operand))
    return OPERATORS[type(node.op)](_value(node.left), _value(node.right))


def equations(line: str) -> Iterator[tuple[str, float, float]]:
    """Yield each pair of neighbouring sides of a line that are arithmetic, with their values."""
    for part in re.split(r": | ≈ .*|, |; ", line):
        sides = [value_of(side) for side in part.split(" = ")]
        for one, other in zip(sides, sides[1:]):
            if None not in (one, other):
                yield part, one, other


@pytest.mark.parametrize(
    ("text", "value"),
    [("−½ (1 + (0.2) − 4)", 1.4), ("3 · 10 ÷ 4", 7.5), ("1,200 − 0.5² nats", 1199.75), ("log 2", None)],
)
def test_a_side_is_calculated_by_its_signs(text: str, value: float | None):
    found = value_of(text)
    assert found is value or math.isclose(found, value)


@every
def test_both_sides_of_a_worked_line_are_equal(tab: Any, exercise: Exercise):
    for seed in SEEDS:
        for line in exercise.task(seed).worked:
            for part, one, other in equations(line):
                assert math.isclose(one, other, rel_tol=0.03, abs_tol=0.03), (seed, part, one, other)
