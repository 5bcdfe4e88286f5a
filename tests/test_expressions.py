"""Expressions of exercises: they compute, and an attacker's neither leave them nor take time or memory."""

import math
import time
import tracemalloc

import pytest

from explorer.lessons.exercises import Draw
from explorer.lessons.expressions import UNITS, Budget, Evaluator, parse, text
from explorer.lessons.vocabulary import FUNCTIONS, ExpressionError, of_draw

SECONDS, BYTES = 2.0, 20_000_000
ESCAPES = [
    "().__class__.__mro__[1].__subclasses__()",
    "x.__class__",
    "(1).real",
    "'{0.__class__}'.format(1)",
    "f'{x.__class__}'",
    "__import__('os').system('true')",
    "open('/etc/passwd')",
    "eval('1')",
    "exec('1')",
    "getattr(x, '__class__')",
    "globals()",
    "type(x)",
    "(lambda: 1)()",
    "[y := 1, y]",
    "log",
    "[log][0](2)",
    "sorted(values, key=abs)",
    "x = 1",
    "import os",
    "lambda y: y",
    "{1, 2}",
    "{k: 1 for k in values}",
    "1j",
    "b'a'",
    "...",
    "(yield)",
    "await x",
    "[0 for values[0] in values]",
    "[0 for a.b in values]",
    "x; x",
    "",
]
HEAVY = [
    "9**9**9",
    "3999999**3999999",
    "2**100000000",
    "1.5**10**9",
    "(10**30) * (10**30)",
    "10**10**10 % 7",
    "10**61",
    "factorial(10**6)",
    "comb(10**9, 10**8)",
    "range(10**12)",
    "sum(range(10**9))",
    "order(10**9)",
    "real(0, 1, 10**9)",
    "say(1, 10**9)",
    "round(1, -10**9)",
    "round(15, 10**10)",
    "[0] * 10**9",
    "'a' * 10**9",
    "'%1000000000d' % 5",
    "1 << 10**9",
    "prod([[1], 10**9])",
    "prod([10**9, [1]])",
    "sum([[1], [2]], [])",
    "[[[[1 for a in range(999)] for b in range(999)] for c in range(999)] for d in range(999)]",
    "[1 for a in range(999) for b in range(999) for c in range(999)]",
    "[[*range(999)] for a in range(999)]",
    "max([max([a for a in range(999)]) for b in range(999)])",
    "zip(*[range(999) for a in range(999)])",
    "hypot(*[*range(999), *range(999)])",
    "join([join(['aaaaaaaaaaaaaaaaaaaaaaaaaaaa' for a in range(999)]) for b in range(999)])",
    "1e308 * 10",
    "(-8) ** 0.5",
    "whole(0, 1e308 * 1e308)",
    "int(1e300)",
    "+".join(["1"] * 300),
    "-" * 300 + "1",
    "(" * 150 + "1" + ")" * 150,
    "[" * 120 + "]" * 120,
    "9" * 399,
    "x" * 500,
]


def value(source: str, names: dict | None = None, units: int = UNITS):
    """Return the value of an expression with a few names and a draw."""
    evaluator = Evaluator(names or {"x": 2, "values": [1, 2, 3]}, of_draw(Draw("test", 1)), Budget(units))
    return parse(source).value(evaluator)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x**2 + 1 / 4", 4.25),
        ("-log(exp(x)) // 1 % 5", 3.0),
        ("sum(each**2 for each in values)", 14),
        ("[a * b for a, b in zip(values, values) if a > 1]", [4, 9]),
        ('"one" if x == 1 else "more"', "more"),
        ("0 < x <= 2 and not x in [5]", True),
        ('{"a": [x]}["a"][0]', 2),
        ("values[1:]", [2, 3]),
        ("hypot(*values[:2])", math.hypot(1, 2)),
        ("brief(values)", "1, 2, 3"),
        ("say([-0.5, 0.25], 2)", "−0.50, 0.25"),
        ('join(values, " + ")', "1 + 2 + 3"),
        ("2**64", 2**64),
        ("10**40", 10**40),
        ("10**80", 1e80),
        ("sorted([3, 1], reverse=True)", [3, 1]),
    ],
)
def test_it_computes(source: str, expected: object):
    assert value(source) == expected


@pytest.mark.parametrize("source", ESCAPES)
def test_nothing_leaves_an_expression(source: str):
    with pytest.raises(ExpressionError):
        value(source)


@pytest.mark.parametrize("source", HEAVY, ids=lambda source: source[:40])
def test_nothing_takes_time_or_memory(source: str):
    """It ends at once, with an error or with a value that is small."""
    tracemalloc.start()
    begun = time.process_time()
    try:
        found = value(source)
    except ExpressionError:
        found = None
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - begun < SECONDS and peak < BYTES
    assert len(str(found)) < 1_000


def test_texts_that_double_and_lists_that_nest_end():
    evaluator = Evaluator({"text": "a" * 100, "values": [1] * 10}, {}, Budget(10**6))
    with pytest.raises(ExpressionError, match="too long"):
        for _ in range(40):
            evaluator.names["text"] = parse("text + text").value(evaluator)
    with pytest.raises(ExpressionError, match="too long"):
        for _ in range(40):
            evaluator.names["values"] = parse("[values, values]").value(evaluator)
            evaluator.names["values"] = parse("[*values, *values]").value(evaluator)


def test_the_budget_is_of_all_expressions_together():
    evaluator = Evaluator({}, {}, Budget(100))
    with pytest.raises(ExpressionError, match="too long to compute"):
        for _ in range(40):
            parse("1 + 1").value(evaluator)


def test_a_budget_ends_within_a_second():
    begun = time.process_time()
    with pytest.raises(ExpressionError, match="too long to compute"):
        value("[a + b + 1 for a in range(900) for b in range(900)]")
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{x} of {values[2]:.1f}", "2 of 3.0"),
        ("{12345 * x:,}", "24,690"),
        ("{1 / 4:.0%}", "25%"),
        ("no braces", "no braces"),
    ],
)
def test_a_text_has_expressions_in_its_braces(source: str, expected: str):
    assert text(source).filled(Evaluator({"x": 2, "values": [1, 2, 3]}, {}, Budget())) == expected


@pytest.mark.parametrize(
    "source", ["{x", "x}", "{}", "{x:>9999999}", "{x:99999999d}", "{x.real}", "{values}", '{"a":.2f}', "{{x}}"]
)
def test_a_text_is_as_guarded(source: str):
    with pytest.raises(ExpressionError):
        text(source).filled(Evaluator({"x": 2, "values": [1, 2, 3]}, {}, Budget()))


def test_no_function_is_one_of_pythons_that_reach_further():
    assert not {"eval", "exec", "open", "getattr", "type", "map", "filter", "vars", "str", "format", "print"} & {
        *FUNCTIONS
    }
