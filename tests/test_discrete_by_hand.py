"""The chain that the browser computes by hand, held against the same in Python."""

import itertools

import pytest
import torch

from explorer.models.transitions import KINDS, Chain
from tests.node import run

LOAD = 'const m = await load("discrete/markov.js");\n'
BARS = torch.tensor([[code >> (cell // 4) & 1 for cell in range(16)] for code in range(16)])
STRIPES = torch.tensor([[code >> (cell % 4) & 1 for cell in range(16)] for code in range(16)])
PATTERNS = torch.cat([BARS, STRIPES]).unique(dim=0)


def asked(body: str, **known):
    return run(LOAD + body, **known)


def test_the_data_are_all_bars_and_stripes():
    found = torch.tensor(asked("return m.PATTERNS;"))
    assert len(found) == len(PATTERNS) == 30
    assert torch.equal(found.unique(dim=0), PATTERNS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("times", [2, 8])
def test_its_matrices_and_posteriors_are_those_of_python(kind: str, times: int):
    chain = Chain(kind, times)
    for t in range(1, times + 1):
        found = asked(
            "return [m.stepMatrix(kind, times, t), m.untilMatrix(kind, times, t)];", kind=kind, times=times, t=t
        )
        torch.testing.assert_close(torch.tensor(found[0], dtype=torch.double), chain.step(t))
        torch.testing.assert_close(torch.tensor(found[1], dtype=torch.double), chain.until(t))
        for x_t, x_0 in itertools.product(range(chain.states), range(2)):
            expected = chain.posterior(torch.tensor(x_t), torch.tensor(x_0), t).nan_to_num(0)
            body = "return m.bayes(kind, times, t, xt, x0).posterior;"
            given = {"kind": kind, "times": times, "t": t, "xt": x_t, "x0": x_0}
            assert asked(body, **given) == pytest.approx(expected.tolist(), abs=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_guessed_without_a_network_is_bayes_over_the_patterns(kind: str):
    chain, t = Chain(kind, 8), 5
    xs = asked("return [1, 2, 3].map((seed) => m.forwards(kind, 8, m.PATTERNS[7], seed)[5]);", kind=kind)
    patterns = torch.tensor(asked("return m.PATTERNS;"))
    for xt in xs:
        weight = chain.until(t)[patterns, torch.tensor(xt)].prod(-1)
        weight = weight / weight.sum()
        found = asked("const w = m.weightsOf(kind, 8, 5, xt); return [w, m.whites(w, xt)];", kind=kind, xt=xt)
        assert found[0] == pytest.approx(weight.tolist(), abs=1e-12)
        white = weight @ patterns.double()
        assert found[1] == pytest.approx(white.tolist(), abs=1e-12)
        p_0 = torch.stack([1 - white, white], -1)
        expected = chain.reverse(torch.tensor(xt), p_0, t)
        body = "return xt.map((state, i) => m.reverse(kind, 8, 5, state, white[i]));"
        back = torch.tensor(asked(body, kind=kind, xt=xt, white=white.tolist()), dtype=torch.double)
        torch.testing.assert_close(back, expected, rtol=0, atol=1e-12)


def test_pixels_change_as_often_as_the_matrices_say():
    body = """let left = 0;
    for (let seed = 0; seed < 500; seed++) {
      left += m.forwards("absorbing", 8, m.PATTERNS[5], seed)[3].filter((state) => state !== m.MASKED).length;
    }
    return left / 8000;"""
    assert asked(body) == pytest.approx(1 - 3 / 8, abs=4 * (0.375 * 0.625 / 8000) ** 0.5)


def test_what_the_absorbing_chain_has_not_masked_never_changes_on_either_way():
    body = """return [1, 2].map((seed) => [m.forwards("absorbing", 8, m.PATTERNS[9], seed),
      m.backwards("absorbing", 8, seed)]);"""
    for ways in asked(body):
        for states in ways:
            for before, after in itertools.pairwise(states):
                assert all(b in (a, 2) for a, b in zip(before, after))
            assert set(states[-1]) == {2} and 2 not in states[0]


@pytest.mark.parametrize("kind", KINDS)
def test_more_steps_back_end_in_a_pattern_more_often(kind: str):
    found = asked("return [2, 8, 64].map((times) => m.hits(kind, times, 100));", kind=kind)
    assert found[0] < 40 < 55 < found[1] < found[2] and found[2] > 90


def test_where_no_pattern_fits_the_way_back_still_ends():
    body = """const xt = [1, 0, 1, 0, 0, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2];
    const w = m.weightsOf("absorbing", 8, 5, xt);
    return [w.some((weight) => weight > 0), m.whites(w, xt)];"""
    fits, white = asked(body)
    assert not fits and white == [1, 0, 1, 0, 0, 1, *[0.5] * 10]
