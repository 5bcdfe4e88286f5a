"""Every worked line adds up: what stands on both sides of its equals signs is calculated again.

A line without an equals sign is written down twice: in its exercise, and in `said.json`, with the numbers of one seed.
"""

import ast
import json
import math
import operator
import re
from collections.abc import Iterator
from typing import Any

import pytest

from explorer.lessons.exercises import Exercise
from explorer.tabs import interface
from tests import said
from tests.test_exercises import every

SEEDS = range(1, 6)
KEPT = json.loads(said.KEPT.read_text(encoding="utf-8"))["worked"]
PLAIN = re.compile(r"\d[\d,]*(?:\.\d+)?")
"""A number, as a worked line shows it."""
TOKEN = r"(?:\d[\d,]*(?:\.\d+)?|[-−+·×÷/()½²√]|log₂|log|exp)"
RUN = rf"{TOKEN}(?:\s*{TOKEN})*"
LAST, FIRST = re.compile(rf"{RUN}$"), re.compile(RUN)
NOT_A_VALUE = re.compile(r"[⁰¹³⁴⁵⁶⁷⁸⁹⁻₀-₉^\w]")
"""Text that makes a value another one if it follows directly: a power, an index, a name."""
SIGNS = {"−": "-", "·": "*", "×": "*", "÷": "/", "½": "0.5", "²": "**2", "log₂": "log2", "√": "sqrt"}
FUNCTIONS = {"log": math.log, "log2": math.log2, "exp": math.exp, "sqrt": math.sqrt}
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
    """Return the value of numbers, signs, brackets and functions; None if they are no whole expression."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    for sign, code in SIGNS.items():
        text = text.replace(sign, code)
    text = re.sub(r"\b(log2|log|exp|sqrt)\s*(\d[\d.]*)", r"\1(\2)", text)
    text = re.sub(r"(\d|\))\s*(?=\(|log|exp|sqrt)", r"\1 * ", re.sub(r"log2\b", "LB", text)).replace("LB", "log2")
    try:
        return _value(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, KeyError, OverflowError):
        return None


def _value(node: Any) -> float:
    if isinstance(node, ast.Constant):
        return float(node.value)
    if isinstance(node, ast.Call):
        return FUNCTIONS[node.func.id](*map(_value, node.args))
    if isinstance(node, ast.UnaryOp):
        return OPERATORS[type(node.op)](_value(node.operand))
    if not isinstance(node, ast.BinOp):
        raise ValueError("neither a number nor an operation")
    return OPERATORS[type(node.op)](_value(node.left), _value(node.right))


def goes_on(before: str) -> bool:
    """Return whether an expression goes on from what stands before it: a function, a power, the name of a quantity."""
    last = before.split()[-1].strip("(") if before.split() else ""
    return last in ("tanh", "power") or (last.isalpha() and len(last) < 3) or bool(NOT_A_VALUE.match(before[-1:]))


def side_before(text: str) -> float | None:
    """Return the value that ends a text; None if it goes on from a name."""
    found = LAST.search(text.rstrip())
    before = text[: found.start()] if found else ""
    if not found or (before and re.match(r"[-−+·×÷/²]", found[0])) or goes_on(before):
        return None
    return value_of(found[0])


def side_after(text: str) -> float | None:
    """Return the value that begins a text, which a sign of per cent divides."""
    found = FIRST.match(text.lstrip())
    rest = text.lstrip()[found.end() :] if found else ""
    if not found or NOT_A_VALUE.match(rest) or re.match(r"\s*[(√]", rest):
        return None
    value = value_of(re.sub(r"[-−+·×÷/(\s]+$", "", found[0]))
    return value and value / (100 if re.match(r"\s*%", rest) else 1)


def equations(line: str) -> Iterator[tuple[float, float]]:
    """Yield the values on both sides of each equals sign of a line that stands between two of them."""
    sides = line.split(" = ")
    for one, other in zip(sides, sides[1:]):
        values = side_before(one), side_after(other)
        if None not in values:
            yield values


SIDES = [("−½ (1 + (0.2) − 4)", 1.4), ("3 · 10 ÷ 4", 7.5), ("1,200 − 0.5²", 1199.75), ("2 log 3", 2 * math.log(3))]


@pytest.mark.parametrize(("text", "value"), SIDES)
def test_a_side_is_calculated_by_its_signs(text: str, value: float):
    assert math.isclose(value_of(text), value)
    assert [*equations(f"{text} = {value:.6f} nats, and x − 3 = 4.")] == [(value_of(text), round(value, 6))]


@every
def test_both_sides_of_a_worked_line_are_equal(tab: Any, exercise: Exercise):
    for seed in SEEDS:
        for line in exercise.task(seed).worked:
            for one, other in equations(line):
                close = [math.isclose(one * scale, other, rel_tol=0.03, abs_tol=0.02) for scale in (1, 0.01)]
                assert any(close), (seed, line, one, other)


def numbers_in(lines: list[str]) -> list[float]:
    return [float(each.replace(",", "")) for line in lines for each in PLAIN.findall(line)]


@every
def test_a_worked_line_says_what_is_written_down(tab: Any, exercise: Exercise):
    """The last digit of what a network computes may differ between machines."""
    found, kept = [*exercise.task(said.SEED).worked], KEPT[f"{tab.name} {exercise.name}"]
    assert [PLAIN.sub("#", each) for each in found] == [PLAIN.sub("#", each) for each in kept]
    assert numbers_in(found) == pytest.approx(numbers_in(kept), rel=0.01, abs=0.006)


def test_no_worked_line_is_written_down_that_is_not_there():
    assert len(KEPT) == len([each for tab in interface.TABS for each in tab.exercises or ()])
