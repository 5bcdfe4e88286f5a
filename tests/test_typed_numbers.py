"""Numbers as people type them: each way of writing has its reading, and what is unclear has two."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.node import call

SPACES = " \u00a0\u2009\u202f"
MINUSES = "-\u2010\u2011\u2012\u2013\u2014\u2212"
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
FRACTIONS = {"½": 1 / 2, "⅓": 1 / 3, "¼": 1 / 4, "¾": 3 / 4, "⅔": 2 / 3, "⅛": 1 / 8}


def readings(typed: str, unit: str = "") -> list[float]:
    return call("kit/base/typed.js", "readingsOf", typed, unit)


@pytest.mark.parametrize(
    ("typed", "number"),
    [(" 0.25", 0.25), ("\u22121.5", -1.5), ("-1,5", -1.5), ("1/3", 1 / 3), ("2e-3", 0.002), (".5", 0.5), ("3.", 3)]
    + [("3 400", 3400), ("3\u2009400", 3400), ("3\u202f400", 3400), ("3\u00a0400", 3400), ("–1.5", -1.5), ("½", 0.5)]
    + [("50 %", 0.5), ("50%", 0.5), ("3×10²", 300), ("3 · 10⁻²", 0.03), ("-2x10^3", -2000), ("10⁻³", 0.001)]
    + [("1,000,000", 1e6), ("3,400.5", 3400.5), ("3.400,5", 3400.5), ("1’000", 1000), ("0,400", 0.4), ("- 2", -2)]
    + [("1½", 1.5), ("-1 ½", -1.5), ("1 000 000,5", 1000000.5), ("≈ 0.54", 0.54), ("3.400", 3.4), ("３．５", 3.5)],
)
def test_numbers_are_read_as_people_type_them(typed: str, number: float):
    assert readings(typed) == [pytest.approx(number)]


@pytest.mark.parametrize(
    "typed",
    ["", "a", "1/2/3", "--1", "1 2", "3 40", "0x10", "1/", "1/0", "NaN", "Infinity", "1e999", "3×102", "%", "5 nats"],
)
def test_what_is_no_number_is_none(typed: str):
    assert readings(typed) == []


@pytest.mark.parametrize("typed", ["3,400", "-3,400", "3,400 %", "3,400e2", "1/3,400", "12,345", "999,999"])
def test_a_comma_before_three_digits_is_unclear(typed: str):
    assert len(readings(typed)) == 2


@pytest.mark.parametrize(
    ("typed", "unit", "found"),
    [("0.54 nats", "nats", [0.54]), ("1 nat", "nats", [1]), ("½ Nats", "nats", [0.5]), ("0.54 bits", "nats", [])]
    + [("4.1 bits/dim", "bits/dim", [4.1]), ("2 bits per character", "bits per character", [2]), ("3×", "times", [3])]
    + [("1.2e3bytes", "bytes", [1200]), ("50 %", "nats", []), ("50 %", "%", [50]), ("5", "nats", [5])],
)
def test_a_unit_may_follow_if_it_is_the_wanted_one(typed: str, unit: str, found: list[float]):
    assert readings(typed, unit) == found


whole = st.integers(0, 10**9)
finite = st.decimals(-(10**9), 10**9, places=4, allow_nan=False)


def grouped(number: int, parter: str) -> str:
    return f"{number:,}".replace(",", parter)


@settings(max_examples=60, deadline=None)
@given(whole, st.sampled_from(SPACES + "'’"), st.sampled_from(["", *MINUSES]), st.sampled_from(["", ".25", ",25"]))
def test_groups_of_thousands_are_one_number(number: int, parter: str, minus: str, rest: str):
    value = number + (0.25 if rest else 0)
    assert readings(minus + grouped(number, parter) + rest) == [-value if minus else value]


@settings(max_examples=60, deadline=None)
@given(finite, st.sampled_from(MINUSES), st.sampled_from(".,"), st.sampled_from(["", " ", "\u00a0", "\n"]))
def test_a_decimal_is_read_with_either_sign_and_either_point(number, minus: str, point: str, around: str):
    text = f"{number:f}"  # four places: none of these is unclear
    assert readings(around + text.replace("-", minus).replace(".", point) + around) == [float(number)]


@settings(max_examples=60, deadline=None)
@given(finite, st.integers(-30, 30), st.sampled_from(["×", " · ", "*", " x "]), st.booleans())
def test_a_power_of_ten_is_read_raised_or_not(number, power: int, times: str, is_raised: bool):
    exponent = str(power).translate(RAISED) if is_raised else f"^{power}"
    (found,) = readings(f"{number:f}{times}10{exponent}")
    assert math.isclose(found, float(number) * 10.0**power, rel_tol=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(-999, 999), st.sampled_from([*FRACTIONS]), st.sampled_from(["", " "]))
def test_a_fraction_adds_to_the_whole_before_it(number: int, sign: str, space: str):
    (found,) = readings(f"{number}{space}{sign}")
    part = FRACTIONS[sign]
    assert math.isclose(found, number - part if number < 0 else number + part)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 999), st.integers(0, 999))
def test_both_readings_of_an_unclear_comma_are_offered(before: int, after: int):
    assert readings(f"{before},{after:03d}") == [1000 * before + after, float(f"{before}.{after:03d}")]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=12), st.sampled_from(["", "nats", "%", "times"]))
def test_whatever_is_typed_has_finite_readings_or_none(typed: str, unit: str):
    found = readings(typed, unit)
    assert len(found) <= 4 and all(isinstance(each, int | float) and math.isfinite(each) for each in found)
