"""The rule for who wins: against another library's Student's t, on the truth, and on both sides of the page."""

import math
import random

import mpmath
import pytest

from explorer import verdicts
from explorer.verdicts import Estimate
from tests.node import call, run

TRIALS = 1_000
ALLOWED = 0.05 + 3 * math.sqrt(0.05 * 0.95 / TRIALS)  # the level, with three standard errors of the trials
FREEDOMS = (1, 1.7, 2, 3, 9.5, 30, 400, 1e4)


def exact(t: float, freedom: float) -> float:
    return float(mpmath.betainc(freedom / 2, 0.5, 0, freedom / (freedom + t * t), regularized=True))


def drawn(rng: random.Random, n: int, mean: float = 0.0, width: float = 1.0) -> list[float]:
    return [rng.gauss(mean, width) for _ in range(n)]


@pytest.mark.parametrize("freedom", FREEDOMS)
def test_p_values_are_those_of_another_library(freedom: float):
    for t in (0.01, 0.5, 1.0, 2.1, 4.3, 12.7, 60.0):
        assert verdicts.student_p(t, freedom) == pytest.approx(exact(t, freedom), rel=1e-7)
        assert call("kit/base/verdict.js", "studentP", t, freedom) == pytest.approx(exact(t, freedom), rel=1e-7)
    assert exact(verdicts.critical(freedom), freedom) == pytest.approx(0.05, rel=1e-6)


@pytest.mark.parametrize("n", [2, 3, 10, 500])
def test_samples_of_one_distribution_are_called_different_in_five_percent(n: int):
    rng = random.Random(n)
    pairs = [(drawn(rng, n), drawn(rng, n)) for _ in range(TRIALS)]
    welch = [verdicts.compare(*map(verdicts.of_values, pair)).is_different for pair in pairs]
    paired = [verdicts.compare_pairs(*pair).is_different for pair in pairs]
    assert sum(welch) / TRIALS <= ALLOWED
    assert 0.02 <= sum(paired) / TRIALS <= ALLOWED


def test_the_first_of_many_equals_is_named_in_five_percent():
    rng = random.Random(0)
    named = 0
    for _ in range(TRIALS):
        found = {str(i): verdicts.of_values(drawn(rng, 20)) for i in range(8)}
        named += len(verdicts.best_of(found)) < 8
    assert named / TRIALS <= ALLOWED


@pytest.mark.parametrize("share", [0.01, 0.3, 0.98])
def test_equal_shares_are_called_different_in_five_percent(share: float):
    rng = random.Random(1)

    def counted() -> Estimate:
        return verdicts.of_share(sum(rng.random() < share for _ in range(100)), 100)

    assert sum(verdicts.compare(counted(), counted()).is_different for _ in range(TRIALS)) / TRIALS <= ALLOWED


def test_true_draws_are_beyond_chance_in_five_percent():
    rng = random.Random(2)
    beyond = [
        rng.random() > verdicts.chance_limit(drawn(rng, 0) + [rng.random() for _ in range(99)]) for _ in range(TRIALS)
    ]
    assert 0.02 <= sum(beyond) / TRIALS <= ALLOWED
    assert not verdicts.chance_limit([0.0] * 18) < 9.0
    assert verdicts.chance_limit([0.0] * 19) < 9.0


def test_a_true_difference_is_found_and_has_its_sign():
    rng = random.Random(3)
    low, high = (verdicts.of_values(drawn(rng, 50, mean)) for mean in (0, 2))
    assert (verdicts.compare(low, high).sign, verdicts.compare(high, low).sign) == (-1, 1)
    assert verdicts.best_of({"low": low, "high": high}) == ["high"]
    assert verdicts.best_of({"low": low, "high": high}, least=True) == ["low"]


def test_two_ranges_of_two_seeds_that_do_not_overlap_are_a_tie():
    one, other = verdicts.of_values([1.0, 1.2]), verdicts.of_values([1.3, 1.5])
    assert verdicts.compare(one, other).sign == 0


def test_the_pairs_of_the_same_items_decide_where_the_means_do_not():
    ones = [float(item) for item in range(30)]
    others = [item + 0.5 + 0.01 * (i % 3) for i, item in enumerate(ones)]
    assert verdicts.compare(*map(verdicts.of_values, (ones, others))).sign == 0
    assert verdicts.compare_pairs(ones, others).sign == -1


def test_one_value_alone_decides_nothing_and_no_error_decides_all():
    alone = verdicts.of_values([5.0])
    assert verdicts.compare(alone, verdicts.of_values([1.0, 1.1, 0.9])).sign == 0
    assert verdicts.compare(Estimate(1.0), Estimate(2.0)).sign == -1
    assert verdicts.compare(Estimate(1.0), Estimate(1.0)).sign == 0


def test_more_comparisons_ask_for_larger_differences():
    one, other = Estimate(0.0, 1.0), Estimate(3.0, 1.0)
    assert verdicts.compare(one, other).is_different
    assert not verdicts.compare(one, other, comparisons=10).is_different


def test_the_browser_says_the_same():
    rng = random.Random(4)
    cases = [[drawn(rng, n, m, w) for n, m, w in ((5, 0, 1), (9, rng.choice((0, 1, 2)), 3))] for _ in range(200)]
    ours = [verdicts.compare(*map(verdicts.of_values, case), 2).sign for case in cases]
    body = """
    const { ofValues, compare, comparePairs, bestOf, ofShare } = await load("kit/base/verdict.js");
    const signs = cases.map(([one, other]) => compare(ofValues(one), ofValues(other), 2));
    const pairs = cases.map(([one, other]) => comparePairs(one, other.slice(0, 5)));
    return { signs, pairs, best: bestOf(cases.slice(0, 6).map(([, other]) => ofValues(other))), share: ofShare(0, 8) };
    """
    theirs = run(body, cases=cases)
    assert theirs["signs"] == ours
    assert {-1, 0, 1} >= set(ours) > {0}
    assert theirs["pairs"] == [verdicts.compare_pairs(one, other[:5]).sign for one, other in cases]
    best = verdicts.best_of({str(i): verdicts.of_values(other) for i, (_, other) in enumerate(cases[:6])})
    assert [str(i) for i in theirs["best"]] == best
    share = verdicts.of_share(0, 8)
    assert (theirs["share"]["value"], theirs["share"]["se"]) == pytest.approx((share.value, share.se))


def test_the_browser_pairs_values_as_we_do():
    ones, others = [1.0, 2.0, 3.5], [0.5, 1.4, 3.0]
    assert call("kit/base/verdict.js", "comparePairs", ones, others) == verdicts.compare_pairs(ones, others).sign == 1
    found, known = call("kit/base/verdict.js", "ofValues", ones), verdicts.of_values(ones)
    assert (found["value"], found["se"], found["n"]) == pytest.approx((known.value, known.se, known.n))
