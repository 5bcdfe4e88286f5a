"""The chain by hand of sixteen pixels: its data, its guess without a network, both ways, and what is told of it."""

import itertools

import pytest
import torch

from explorer.models.transitions import KINDS, Chain
from explorer.tabs.discrete_diffusion import bars as discrete_bars
from explorer.tabs.discrete_diffusion import chain as discrete_chain
from explorer.tabs.discrete_diffusion.bars import MASK, PATTERNS
from explorer.tabs.kit.ask.draws import uniforms
from tests.asking import wait_for
from tests.node import run

BARS = torch.tensor([[code >> (cell // 4) & 1 for cell in range(16)] for code in range(16)])
STRIPES = torch.tensor([[code >> (cell % 4) & 1 for cell in range(16)] for code in range(16)])
ASKED = {"chain": "absorbing", "way": "forward", "times": 8, "pattern": 5, "seed": 7, "cell": 5}


def told(**other) -> dict:
    return wait_for(discrete_chain.by_hand(ASKED | other))


@pytest.mark.parametrize("seed", [0, 7, 2**31 - 1])
def test_the_uniform_numbers_of_a_seed_are_those_of_the_browser(seed: int):
    body = """const { uniforms } = await load("kit/plane/random.js");
    const uniform = uniforms(seed);
    return Array.from({ length: 50 }, uniform);"""
    assert uniforms(seed, 50).tolist() == run(body, seed=seed)


def test_the_data_are_all_bars_and_stripes():
    assert torch.equal(PATTERNS.unique(dim=0), torch.cat([BARS, STRIPES]).unique(dim=0)) and len(PATTERNS) == 30


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_guessed_without_a_network_is_bayes_over_the_patterns(kind: str):
    chain, t = Chain(kind, 8), 5
    for seed in (1, 2, 3):
        x_t = discrete_bars.forwards(chain, PATTERNS[7], seed)[t]
        until = chain.until(t)
        weight = torch.tensor([float(torch.prod(until[x_0, x_t])) for x_0 in PATTERNS], dtype=torch.double)
        found = discrete_bars.weights(chain, t, x_t[None])
        torch.testing.assert_close(found[0], weight / weight.sum())
        torch.testing.assert_close(discrete_bars.guess(chain, t, x_t[None]), found @ PATTERNS.double())


def test_pixels_change_as_often_as_the_matrices_say():
    chain = Chain("absorbing", 8)
    left = [(discrete_bars.forwards(chain, PATTERNS[5], seed)[3] != MASK).double().mean() for seed in range(500)]
    assert float(torch.stack(left).mean()) == pytest.approx(1 - 3 / 8, abs=4 * (0.375 * 0.625 / 8000) ** 0.5)


def test_what_the_absorbing_chain_has_not_masked_never_changes_on_either_way():
    chain = Chain("absorbing", 8)
    for seed in (1, 2):
        for states in (
            discrete_bars.forwards(chain, PATTERNS[9], seed),
            discrete_bars.backwards(chain, [seed])[:, 0],
        ):
            for before, after in itertools.pairwise(states):
                assert bool(((after == before) | (after == MASK)).all())
            assert bool((states[-1] == MASK).all()) and not bool((states[0] == MASK).any())


@pytest.mark.parametrize("kind", KINDS)
def test_more_steps_back_end_in_a_pattern_more_often(kind: str):
    found = [discrete_chain.hits(Chain(kind, times)) for times in (2, 8, 64)]
    assert found[0] < 40 < 55 < found[1] < found[2] and found[2] > 90


def test_where_no_pattern_fits_the_way_back_still_ends():
    x_t = torch.tensor([[1, 0, 1, 0, 0, 1, *[MASK] * 10]])
    weight = discrete_bars.weights(Chain("absorbing", 8), 5, x_t)
    assert not bool(weight.any()) and discrete_bars.whites(weight, x_t).tolist() == [[1, 0, 1, 0, 0, 1, *[0.5] * 10]]


@pytest.mark.parametrize("kind", KINDS)
def test_every_time_forward_has_its_matrices_and_bayes_rule(kind: str):
    found = told(chain=kind)
    assert len(found["frames"]) == 9 and len(found["table"]) == 10 and not found["back"]
    first, *later = found["frames"]
    assert "Nothing has happened yet" in first["words"] and len(first["tables"]) == 1
    for t, frame in enumerate(later, start=1):
        step, until, rule = frame["tables"]
        assert f"{1 - 1 / (9 - t) * (0.5 if kind == 'uniform' else 1):.3f}" == step["rows"][0][1]
        assert until["rows"][frame["images"][0][5]][0].endswith("x₀") and len(rule["rows"]) == Chain(kind, 8).states
        prior, likelihood, posterior = torch.tensor([[float(p) for p in row[1:]] for row in rule["rows"]]).T
        torch.testing.assert_close(posterior, prior * likelihood / (prior * likelihood).sum(), rtol=0, atol=5e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_the_way_back_tells_its_mixture_and_how_often_it_ends_in_a_pattern(kind: str):
    found = told(chain=kind, way="back", times=4, cell=9)
    end, *others = found["frames"]
    assert f"of 100 reverse processes of 4 steps {discrete_chain.hits(Chain(kind, 4))} end in one" in end["words"]
    for frame in others:
        rule = frame["tables"][-1]
        assert "row 3, column 2" in rule["title"]
        white = frame["images"][2][9]
        for _, black, other, mixed in rule["rows"]:
            if 0 < white < 1:
                mean = (1 - white) * float(black) + white * float(other)
                assert float(mixed) == pytest.approx(mean, abs=2e-3)
