"""Watermarks of text: the p-values against exact fractions, enumeration and simulation, and what marks do to draws."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import torch

from explorer import data
from explorer.measures.watermark import false_positives
from explorer.models import watermark
from explorer.models.watermark import KeyedHash, detect, log_binomial_tail, log_erlang_tail
from explorer.networks import checkpoints
from explorer.spaces import TEXT

HASH = KeyedHash(7, 4)
NGRAM = "ngram-shakespeare"


def draw(strength: float, hashed: KeyedHash = HASH, seed: int = 3, length: int = 200) -> torch.Tensor:
    """A text of the n-grams with a mark: (T,)."""
    mark = watermark.mark_rows(hashed, torch.tensor([strength]), TEXT.size)
    u = torch.rand(1, length, generator=torch.Generator().manual_seed(seed))
    return list(checkpoints.load(NGRAM).draw_steps(u, mark=mark))[-1].x[0]


@pytest.mark.parametrize("p", [Fraction(1, 4), Fraction(1, 2)])
def test_the_binomial_tail_is_the_exact_fraction_also_where_it_is_tiny(p: Fraction):
    for n in (1, 5, 40, 196, 496):
        for count in {0, 1, n // 2, n}:
            exact = sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(count, n + 1))
            expected = math.log(exact.numerator) - math.log(exact.denominator)
            assert log_binomial_tail(count, n, float(p)) == pytest.approx(expected, rel=1e-9, abs=1e-11)


def test_the_binomial_tail_is_the_share_of_all_outcomes():
    outcomes = [sum(each) for each in itertools.product((0, 1), repeat=10)]
    for count in range(11):
        share = sum(each >= count for each in outcomes) / len(outcomes)
        assert math.exp(log_binomial_tail(count, 10, 0.5)) == pytest.approx(share, rel=1e-12)


def test_the_erlang_tail_is_the_upper_incomplete_gamma_function():
    for n in (1, 3, 50, 196, 496):
        for total in (0.1, n / 2, n, 1.7 * n):
            arguments = (torch.tensor(float(each), dtype=torch.float64) for each in (n, total))
            expected = float(torch.special.gammaincc(*arguments))
            assert math.exp(log_erlang_tail(total, n)) == pytest.approx(expected, rel=1e-8, abs=1e-300)


def test_nothing_counted_is_no_evidence():
    for method in ("green", "gumbel"):
        found = detect(TEXT.codes("To b"), HASH, method)
        assert found.n == 0 and found.log_p == 0 and np.isnan(found.u).all()


def test_the_hash_is_uniform_and_depends_on_key_context_and_character():
    contexts = np.random.default_rng(0).integers(0, 65, (20_000, 4))
    u = HASH.uniforms(contexts, np.arange(20_000) % 65)
    away = np.abs(np.sort(u) - (np.arange(20_000) + 0.5) / 20_000).max()
    assert away < 1.63 / math.sqrt(20_000) and u.min() > 0 and u.max() < 1  # Kolmogorov's bound at 1 %
    for other in (
        KeyedHash(8, 4).uniforms(contexts, np.arange(20_000) % 65),
        HASH.uniforms(contexts, np.arange(1, 20_001) % 65),
        HASH.uniforms(contexts[:, ::-1], np.arange(20_000) % 65),
    ):
        assert abs(np.corrcoef(u, other)[0, 1]) < 4 / math.sqrt(20_000)


@pytest.mark.parametrize("method", ["green", "gumbel"])
def test_a_key_that_drew_nothing_finds_p_below_one_percent_in_at_most_one_percent(method: str):
    """Simulation under the null hypothesis: one text, many keys."""
    x = data.load("shakespeare", "test").codes[1_000:1_200]
    p = np.exp([detect(x, KeyedHash(key, 4), method).log_p for key in range(4_000)])
    for level in (0.01, 0.1, 0.5):
        error = 4 * math.sqrt(level * (1 - level) / len(p))
        assert (p <= level).mean() <= level + error
        if method == "gumbel":
            assert (p <= level).mean() >= level - error


@pytest.mark.parametrize("width", [1, 2, 4, 6])
@pytest.mark.parametrize("method", ["green", "gumbel"])
def test_false_positives_on_a_thousand_passages_are_at_most_a_percent_and_a_half(method: str, width: int):
    assert false_positives(method, width) <= 0.015


@pytest.mark.parametrize("method", ["green", "gumbel"])
def test_counting_repeated_pairs_would_find_too_much(method: str):
    """A text of one phrase again and again: with each pair once the test holds, with all of them it does not."""
    x = TEXT.codes("my lord, " * 22)
    once, all_of_them = [], []
    for key in range(400):
        found = detect(x, KeyedHash(key, 4), method)
        once.append(found.log_p < math.log(0.01))
        u = found.u[4:]
        tail = (
            log_binomial_tail(int((u < watermark.GREEN).sum()), len(u), watermark.GREEN)
            if method == "green"
            else log_erlang_tail(float(-np.log1p(-u).sum()), len(u))
        )
        all_of_them.append(tail < math.log(0.01))
    assert np.mean(once) <= 0.03 and np.mean(all_of_them) > 0.1


def test_the_gumbel_mark_draws_from_q_over_keys():
    q = torch.tensor([[0.5, 0.25, 0.15, 0.1, 0.0]], dtype=torch.float64)
    x = torch.tensor([[1, 2, 3, 4]])
    drawn = [int(watermark.mark_gumbel(q, KeyedHash(key, 4).of_alphabet(x, 5)).argmax()) for key in range(8_000)]
    counts = np.bincount(drawn, minlength=5)
    assert counts[4] == 0
    expected = 8_000 * q[0, :4].numpy()
    assert ((counts[:4] - expected) ** 2 / expected).sum() < 16.27  # χ² of 3 degrees of freedom at 0.1 %


def test_the_score_of_a_gumbel_draw_has_the_mean_of_the_formula():
    """The u of the drawn c is Beta(1/q, 1), so the mean of −log(1 − u) is ∑ q_c H(1/q_c), H the harmonic number."""
    q = torch.tensor([[0.5, 0.25, 0.25]], dtype=torch.float64)
    harmonic = {2: 1.5, 4: 1 + 1 / 2 + 1 / 3 + 1 / 4}
    expected = 0.5 * harmonic[2] + 0.5 * harmonic[4]
    scores = []
    for key in range(6_000):
        u = KeyedHash(key, 1).of_alphabet(torch.tensor([[0]]), 3)
        scores.append(float(-torch.log1p(-u[0, watermark.mark_gumbel(q, u).argmax()])))
    assert np.mean(scores) == pytest.approx(expected, abs=4 * np.std(scores) / math.sqrt(len(scores)))


def test_the_green_list_multiplies_the_odds_of_its_characters():
    q = torch.tensor([[0.5, 0.3, 0.2]], dtype=torch.float64)
    u = torch.tensor([[0.1, 0.9, 0.4]], dtype=torch.float64)
    marked = watermark.mark_green(q, u, 2.0)[0]
    green = 0.7 * math.e**2
    assert marked.tolist() == pytest.approx(
        [0.5 * math.e**2 / (green + 0.3), 0.3 / (green + 0.3), 0.2 * math.e**2 / (green + 0.3)], rel=1e-12
    )
    assert watermark.mark_green(q, u, 0.0).equal(q)


def test_a_marked_text_is_found_with_its_key_alone_and_no_strength_changes_nothing():
    for strength, method in ((3.0, "green"), (math.inf, "gumbel")):
        x = draw(strength)
        assert detect(x, HASH, method).log_p < math.log(1e-6)
        assert detect(x, KeyedHash(8, 4), method).log_p > math.log(1e-3)
    u = torch.rand(1, 200, generator=torch.Generator().manual_seed(3))
    plain = list(checkpoints.load(NGRAM).draw_steps(u))[-1].x[0]
    assert (draw(0.0) == plain).all()


def test_a_changed_character_changes_the_numbers_of_its_own_pair_and_of_the_contexts_that_hold_it():
    x = draw(3.0)
    other = x.clone()
    other[100] = (other[100] + 1) % TEXT.size
    before, after = (detect(each, HASH, "green").u for each in (x, other))
    changed = np.flatnonzero(~(np.isclose(before, after) | np.isnan(before)))
    assert changed.tolist() == [*range(100, 105)]


def test_over_keys_a_text_with_the_gumbel_mark_comes_from_the_model_also_where_contexts_repeat():
    """All 16 texts of four symbols after a given one, against the product of their probabilities."""
    p = torch.tensor([[0.7, 0.3]], dtype=torch.float64)
    counts, keys = np.zeros(16), 4_000
    for key in range(keys):
        mark = watermark.mark_rows(KeyedHash(key, 1), torch.tensor([math.inf]), 2)
        x, generator = torch.tensor([[0]]), torch.Generator().manual_seed(key)
        for _ in range(4):
            x = torch.cat([x, torch.multinomial(mark(p, x), 1, generator=generator)], 1)
        counts[int((x[0, 1:] * torch.tensor([8, 4, 2, 1])).sum())] += 1
    expected = keys * np.array([0.7 ** (4 - ones) * 0.3**ones for ones in (k.bit_count() for k in range(16))])
    assert ((counts - expected) ** 2 / expected).sum() < 37.7  # χ² of 15 degrees of freedom at 0.1 %
