"""Normalised gains against the hand and simulated classes of known gain; intervals that cover at their rate."""

import math

import numpy as np
import pytest

from explorer.lessons import gains
from explorer.lessons.gains import FEWEST_PAIRS, Outcome


def sheet(*right: bool) -> dict[str, Outcome]:
    return {f"i{k}": Outcome(each, "" if each else f"slip {k}") for k, each in enumerate(right)}


ITEMS = {f"i{k}": f"Item {k}" for k in range(4)}


def test_a_report_is_that_of_the_hand():
    """Five students, four items: 5 of 20 right before, 14 of 20 after, so g = 9 / 15 = 0.6."""
    T, F = True, False
    before = {"a": sheet(T, F, F, F), "b": sheet(T, F, F, F), "c": sheet(T, F, F, F), "d": sheet(T, T, F, F)}
    before |= {"e": sheet(F, F, F, F), "gone": sheet(T, T, T, T)}
    after = {"a": sheet(T, T, T, F), "b": sheet(T, T, T, F), "c": sheet(T, T, F, F), "d": sheet(T, T, T, F)}
    after |= {"e": sheet(T, T, T, F), "late": sheet(T, T, T, T)}
    found = gains.report(ITEMS, before, after)
    assert found["counts"] == {"before": 6, "after": 6, "both": 5} and found["students"] == 5
    assert (found["all"]["before"], found["all"]["after"]) == (0.25, 0.7)
    assert found["all"]["gain"] == pytest.approx(0.6)
    rows = {row["name"]: row for row in found["items"]}
    assert [rows[f"i{k}"]["before"] for k in range(4)] == [0.8, 0.2, 0, 0]
    assert [rows[f"i{k}"]["after"] for k in range(4)] == [1, 1, 0.8, 0]
    assert [rows[f"i{k}"]["gain"] for k in range(4)] == pytest.approx([1, 1, 0.8, 0])
    assert rows["i2"]["slips"] == [{"slip": "slip 2", "before": 5, "after": 1}]


def test_hakes_own_example():
    """A class that goes from 40 % to 70 % has gained half of what it could."""
    assert gains.gain(np.full(20, 0.4), np.full(20, 0.7)).value == pytest.approx(0.5)


def test_what_was_not_answered_is_not_right():
    assert gains.share({"i0": Outcome(True)}, ITEMS) == 0.25


def test_a_class_that_knew_everything_has_no_gain_to_state():
    full = {str(k): sheet(True, True, True, True) for k in range(6)}
    found = gains.report(ITEMS, full, full)
    assert found["all"]["gain"] is None and found["all"]["low"] is None and found["all"]["before"] == 1


@pytest.mark.parametrize("count", range(FEWEST_PAIRS))
def test_few_students_have_no_report(count: int):
    few = {str(k): sheet(True, False, True, False) for k in range(count)}
    found = gains.report(ITEMS, few, few)
    assert found["items"] == [] and found["all"] is None and found["students"] == 0


def test_before_the_second_sitting_there_are_shares_and_no_gain():
    first = {str(k): sheet(True, False, True, False) for k in range(8)}
    found = gains.report(ITEMS, first, {})
    assert found["all"] == {"before": 0.5, "after": None, "gain": None, "low": None, "high": None}


def simulated(draw: np.random.Generator, students: int, items: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """A class in which each student knows more or less; what was wrong before is learned with probability 0.4."""
    knows = draw.beta(4, 6, (students, 1))  # mean 0.4
    before = draw.random((students, items)) < knows
    after = before | (draw.random((students, items)) < 0.4)
    return before.mean(1), after.mean(1)


def test_a_simulated_class_has_the_gain_that_it_was_given():
    before, after = simulated(np.random.default_rng(0), 4_000)
    found = gains.gain(before, after)
    assert found.value == pytest.approx(0.4, abs=0.01)  # three standard errors
    assert found.low < found.value < found.high < found.low + 0.015


@pytest.mark.parametrize(("students", "least"), [(5, 0.9), (12, 0.92), (30, 0.93), (100, 0.93)])
def test_the_interval_covers_the_gain_at_its_rate(students: int, least: float):
    """Of 600 classes; two standard errors of the share are 0.018."""
    draw = np.random.default_rng(students)
    found = [gains.gain(*simulated(draw, students), seed=k) for k in range(600)]
    covered = np.mean([each.low <= 0.4 <= each.high for each in found])
    assert least <= covered
    assert covered <= 0.975


@pytest.mark.parametrize(("freedom", "wanted"), [(4, 2.776), (9, 2.262), (29, 2.045), (199, 1.972)])
def test_the_quantile_of_t_is_that_of_the_tables(freedom: int, wanted: float):
    assert gains.t_quantile(freedom) == pytest.approx(wanted, rel=0.004)


def test_the_interval_is_as_wide_as_the_delta_method_says():
    before, after = simulated(np.random.default_rng(5), 60)
    b, a = before.mean(), after.mean()
    influence = (after - a) / (1 - b) - (before - b) * (1 - a) / (1 - b) ** 2
    error = influence.std(ddof=1) / math.sqrt(len(before))
    found = gains.gain(before, after)
    assert found.high - found.low == pytest.approx(2 * 1.96 * error, rel=0.1)
