"""Points of a table or a curve on the playground's board: read right, placed right, hostile ones refused in time."""

import base64
import math
import time

import numpy as np
import pytest

from explorer.data.playground import LEVELS, PLAYGROUND_DRAWN, VIEW
from explorer.tabs.playground import given
from explorer.tabs.playground.given import curve, place, table
from explorer.tabs.playground.shared import BOARD
from tests.node import run

PAIRS = [(0.5, -1), (1.25, 2), (-2, 0), (0, 0), (1e-1, 3.5)]


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n0.5,-1\n1.25,2\n-2,0\n0,0\n1e-1,3.5\n",
        "\ufeff0.5;-1\r\n1.25;2\r\n-2;0\r\n0;0\r\n.1;3.5",
        "0,5;-1\n1,25;2\n-2;0\n0;0\n0,1;3,5",
        "a\tb\n0.5\t-1\n1.25\t2\n-2\t0\n0\t0\n0.1\t3.5",
        "# points\n\n 0.5   -1\n1.25 2\n-2 0\n0 0\n+0.1 3.5",
        '"x","y"\n"0.5","-1"\n"1.25","2"\n"-2","0"\n"0","0"\n"0.1","3.5"',
    ],
)
def test_a_table_is_read_whatever_separates_its_columns(text: str):
    points, words = table(text)
    assert np.allclose(points, PAIRS) and words == "5 points."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1,2\n3,4", "has 2 points"),
        ("a,b\n" + "1,2,3\n" * 9, "needs two numbers a line. Line 1 has “1,2,3”"),
        ("nan,1\n" * 9, "needs two numbers a line"),
        ("1e999,1\n" * 9, "needs two numbers a line"),
        ("=cmd(),1\n" * 9, "needs two numbers a line"),
        ("", "has 0 points"),
    ],
)
def test_a_table_that_is_none_is_refused_with_the_line(text: str, reason: str):
    with pytest.raises(ValueError, match=reason):
        table(text)


def test_a_few_broken_lines_are_left_out_and_counted():
    points, words = table("1,2\n" * 20 + "?\n,,\n" + "3,4\n")
    assert len(points) == 21 and words.endswith("2 lines without two numbers are left out.")


def test_a_curve_has_the_values_of_its_formulas():
    points, _ = curve("cos(t), sin(2*t)^2/2")
    t = np.linspace(0, math.tau, given.CURVE_POINTS, endpoint=False)
    assert np.allclose(points, np.stack([np.cos(t), np.sin(2 * t) ** 2 / 2], -1))


def test_values_of_t_without_a_number_are_left_out_and_said():
    points, words = curve("log(t - 1), t")
    wanted = sum(math.tau * k / given.CURVE_POINTS > 1 for k in range(given.CURVE_POINTS))
    assert len(points) == wanted and f"{given.CURVE_POINTS - wanted} values of t give none" in words


HOSTILE = [
    "__import__('os').system('id'), 1",
    "open('/etc/passwd'), 1",
    "().__class__.__bases__[0], 1",
    "(lambda: 1)(), 2",
    "eval('1'), 1",
    "9**9**9**9, 1",
    "9**(9**9)*t, t",
    "factorial(30)**99, t",
    "[x for x in range(1000)], [y for y in range(1000)]",
    "sum([x*y for x in range(1000) for y in range(1000)]), t",
    "sum([x for x in range(900)]), sum([x for x in range(900)])",
    "'a'*10**9, t",
    "t if",
    "t",
    "t, t, t",
    "t, u",
    "True, False",
    "'1', '2'",
    "cos(t), sin(t)); print(1",
    "(" * 200,
    "exec, t",
    "f'{t}', t",
    "t := 3, t",
    "1/0, t",
    "sqrt(-1), t",
    "inf, nan",
    "\0, t",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_formula_is_refused_in_a_sentence_and_in_time(text: str):
    begun = time.perf_counter()
    with pytest.raises(ValueError) as refused:
        place(curve(text)[0])
    assert time.perf_counter() - begun < 2 and str(refused.value)


def test_points_on_the_board_stay_where_they_are():
    points = np.array([[-2.0, 1], [2.3, -2.3], [0, 0], [1, 1], [0.5, 2]])
    found, done = place(points)
    back = ((2 * (found.astype(float) + 0.5)) / LEVELS - 1) * VIEW
    assert done == "" and np.abs(back - points).max() <= VIEW / LEVELS + 1e-9


def test_other_points_are_moved_and_scaled_alike_in_x_and_y():
    points = 1000 + np.random.default_rng(0).uniform(0, 1, (5_000, 2)) * [400, 100]
    found, done = place(points)
    assert len(found) == PLAYGROUND_DRAWN and "500 of them are used" in done and "scaled by" in done
    back = ((2 * (found.astype(float) + 0.5)) / LEVELS - 1) * VIEW
    wide, high = back.max(0) - back.min(0)
    assert wide == pytest.approx(2 * given.BOARD_FILLED * VIEW, rel=0.03) and wide / high == pytest.approx(4, rel=0.06)


def test_one_place_is_refused():
    with pytest.raises(ValueError, match="All points lie at one place"):
        place(np.ones((9, 2)))


@pytest.mark.parametrize(("form", "text"), [("curve", "cos(t), sin(3*t)"), ("table", "1,2\n3,4\n5,5\n6,7\n8,1")])
def test_the_server_answers_with_a_drawing_that_the_board_takes(form: str, text: str):
    found = given.given_points.plain(form, text)
    assert BOARD.check(found.view["bytes"]) == base64.b64decode(found.view["bytes"]) and found.words


def test_a_long_table_is_thinned_to_what_one_question_holds():
    module, name = "playground/given.js", "thinned"
    thin = f'return (await load("{module}")).{name}(table);'
    for count, width in ((30_000, 1), (900, 30), (3, 2)):
        rows = [f"{k}.{'5' * width},{k}" for k in range(count)]
        text = run(thin, table="\r\n".join(["x,y", *rows]))
        lines = text.splitlines()
        assert len(text) <= given.LONGEST_TABLE and lines[0] == "x,y" and lines[1] == rows[0] and lines[-1] == rows[-1]
        assert len(table(text)[0]) == min(count, len(lines) - 1) if count > 4 else lines[1:] == rows
        assert len(lines) <= 502
