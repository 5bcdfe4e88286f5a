"""Wilson's interval: what it accepts, and that both languages compute the same."""

import math
import re
from pathlib import Path
from statistics import NormalDist

import pytest

import explorer
from explorer.measures.intervals import wilson
from tests.node import call


@pytest.mark.parametrize(("hits", "n"), [(0, 20), (8, 20), (20, 20), (1, 3), (6, 7), (50, 100), (2.5, 9)])
def test_wilsons_interval_is_the_set_of_probabilities_that_a_score_test_accepts(hits: float, n: int):
    """At its ends p, the count is as many standard deviations of the binomial away as 95 % allow."""
    allowed = NormalDist().inv_cdf(0.975)
    for p, end in zip(wilson(hits, n), (0.0, 1.0), strict=True):
        assert 0 <= p <= 1
        if p != end:
            assert abs(hits / n - p) / math.sqrt(p * (1 - p) / n) == pytest.approx(allowed)


def test_the_browser_computes_wilsons_interval_as_we_do():
    counts = [(0, 0), *((hits, n) for n in (1, 5, 20, 137) for hits in {0, 1, n // 2, n})]
    theirs = [call("compare/interval.js", "wilson", *each) for each in counts]
    assert [each for pair in theirs for each in pair] == pytest.approx(
        [each for count in counts for each in wilson(*count)], abs=1e-7
    )
    assert wilson(0, 0) == (0, 1)


def test_wilsons_interval_has_one_definition_in_each_language():
    """Its constant is the sign of a second one."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in Path(explorer.__file__).parent.rglob("*.[pj][ys]")}
    found = {name for name, text in texts.items() if re.search(r"(def|function) wilson|1\.9599", text)}
    assert found == {"interval.js", "intervals.py"}
