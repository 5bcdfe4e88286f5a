"""Rewards on four pixels: each distribution against enumeration, simulation, autograd and its limits."""

import itertools
import math

import numpy as np
import pytest
import torch

from explorer.measures import rewards
from explorer.measures.rewards import FOUR_BITS, best_of, best_of_bound, entropy, guide, joint, kl, tilt
from explorer.tabs.autoregressive import reward as page
from explorer.tabs.autoregressive.reward import CHAIN_START
from tests.node import run

P = joint(CHAIN_START)
CHAIN = 'const { DEFAULTS } = await load("autoregressive/chain_rule.js"); '
REWARD = FOUR_BITS.sum(1).astype(float)
NOISY = REWARD + np.random.default_rng(3).normal(size=16)


def chance(conditionals: list[float], bits: tuple[int, ...]) -> float:
    """p of an image by the chain rule, pixel after pixel."""
    product, place = 1.0, 0
    for pixel, bit in enumerate(bits):
        one = conditionals[2**pixel - 1 + place]
        product, place = product * (one if bit else 1 - one), 2 * place + bit
    return product


def test_the_start_values_and_the_joint_are_those_of_the_browser():
    defaults = run(CHAIN + "return DEFAULTS")
    assert list(CHAIN_START) == defaults
    assert P.tolist() == pytest.approx(
        [chance(list(CHAIN_START), each) for each in itertools.product((0, 1), repeat=4)]
    )
    assert P.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("inverse", [0, 0.5, 3])
def test_the_tilted_distribution_is_the_optimum_of_reward_less_kl(inverse: float):
    weights = [p * math.exp(inverse * r) for p, r in zip(P, NOISY, strict=True)]
    expected = [each / sum(weights) for each in weights]
    found = tilt(P, NOISY, inverse)
    assert found == pytest.approx(expected, abs=1e-12)
    if inverse:
        value = found @ NOISY - kl(found, P) / inverse
        assert value == pytest.approx(math.log(sum(weights)) / inverse, abs=1e-9)
        for seed in range(200):
            other = np.random.default_rng(seed).dirichlet(np.ones(16))
            assert other @ NOISY - kl(other, P) / inverse < value


@pytest.mark.parametrize("reward", [REWARD, NOISY], ids=["ties", "none"])
def test_the_best_of_n_is_that_of_all_tuples(reward: np.ndarray):
    for n in (1, 2, 3):
        expected = np.zeros(16)
        for drawn in itertools.product(range(16), repeat=n):
            tied = [each for each in drawn if reward[each] == max(reward[list(drawn)])]
            for each in tied:
                expected[each] += math.prod(P[list(drawn)]) / len(tied)
        assert best_of(P, reward, n) == pytest.approx(expected, abs=1e-12)


def test_the_kl_of_the_best_of_n_never_exceeds_its_bound():
    for seed in range(30):
        random = np.random.default_rng(seed)
        p, reward = random.dirichlet(np.ones(16)), random.normal(size=16)
        for n in (1, 2, 5, 16, 64):
            assert kl(best_of(p, reward, n), p) <= best_of_bound(n) + 1e-12
    fine = np.full(16, 1 / 16)
    assert kl(best_of(fine, np.arange(16.0), 2), fine) == pytest.approx(best_of_bound(2), abs=0.01)


def test_guidance_by_the_mean_reward_is_exact_without_strength_and_for_sums_of_independent_pixels():
    assert guide(CHAIN_START, NOISY, 0) == pytest.approx(P, abs=1e-12)
    apart = [0.3, 0.6, 0.6, *[0.2] * 4, *[0.7] * 8]
    for inverse in (0.5, 2):
        assert guide(apart, REWARD, inverse) == pytest.approx(tilt(joint(apart), REWARD, inverse), abs=1e-12)
        assert np.abs(guide(CHAIN_START, NOISY, inverse) - tilt(P, NOISY, inverse)).max() > 1e-3


def test_guidance_multiplies_the_odds_of_each_pixel_by_the_means_of_what_follows():
    inverse = 1.5
    all_bits = list(itertools.product((0, 1), repeat=4))
    expected = []
    for bits in all_bits:
        product = 1.0
        for pixel, bit in enumerate(bits):
            weights = []
            for value in (0, 1):
                begins = [k for k, each in enumerate(all_bits) if each[: pixel + 1] == (*bits[:pixel], value)]
                mass = sum(P[k] for k in begins)
                mean = sum(P[k] * NOISY[k] for k in begins) / mass
                weights.append(mass * math.exp(inverse * mean))
            product *= weights[bit] / sum(weights)
        expected.append(product)
    assert guide(CHAIN_START, NOISY, inverse) == pytest.approx(expected, abs=1e-12)


def test_the_exact_policy_gradient_is_that_of_autograd():
    logits = torch.linspace(-1, 1, 15, dtype=torch.float64, requires_grad=True)
    ones = logits.sigmoid()[torch.from_numpy(rewards.CONDITIONAL_OF)]
    policy = torch.where(torch.from_numpy(FOUR_BITS) == 1, ones, 1 - ones).prod(1)
    value = (policy * (torch.from_numpy(NOISY) - 0.7 * (policy / torch.from_numpy(P)).log())).sum()
    (expected,) = torch.autograd.grad(value, logits)
    found = rewards.policy_gradient(P, logits.detach().numpy(), NOISY, 0.7)
    assert found == pytest.approx(expected.numpy(), abs=1e-12)


def test_the_drawn_policy_gradient_has_the_exact_one_as_its_mean():
    logits = np.linspace(-1, 1, 15)
    policy = joint(1 / (1 + np.exp(-logits)))
    random = np.random.default_rng(0)
    found = [
        rewards.policy_gradient(P, logits, NOISY, 0.7, random.choice(16, 8, p=policy / policy.sum()))
        for _ in range(8_000)
    ]
    error = np.std(found, axis=0) / math.sqrt(len(found))
    exact = rewards.policy_gradient(P, logits, NOISY, 0.7)
    assert (np.abs(np.mean(found, axis=0) - exact) <= 4.5 * error + 1e-12).all()


def test_the_policy_gradient_ends_at_the_tilted_distribution():
    end = rewards.train_policy(CHAIN_START, NOISY, 2, 12_000, None)[-1]
    assert end == pytest.approx(tilt(P, NOISY, 0.5), abs=1e-6)
    drawn = rewards.train_policy(CHAIN_START, NOISY, 2, 400, 7)
    assert np.abs(drawn[-1] - end).max() < 0.1 and (drawn[0] == P).all()


def test_divergence_and_entropy_are_those_of_torch():
    q = tilt(P, NOISY, 1)
    of_q, of_p = (torch.distributions.Categorical(torch.from_numpy(each)) for each in (q, P))
    assert kl(q, P) == pytest.approx(float(torch.distributions.kl_divergence(of_q, of_p)), abs=1e-12)
    assert entropy(q) == pytest.approx(float(of_q.entropy()), abs=1e-12)
    assert kl(np.eye(16)[0], np.eye(16)[1]) == math.inf


def test_the_page_says_of_each_method_what_the_enumeration_gives():
    seed, noise = 34, 1.5
    proxy = REWARD + noise * np.random.default_rng(seed).normal(size=16)
    of_method = {"tilt": tilt(P, proxy, 6), "best": best_of(P, proxy, 64), "guide": guide(CHAIN_START, proxy, 6)}
    for how, q in of_method.items():
        last = page.reward.plain(None, how, 1.5, noise, "ink", seed).each.parts[-1]
        figures = {each.name: each.text for each in last.numbers}
        assert figures[page.GOT.name] == f"= {q @ REWARD:.3f}"
        assert figures[page.BELIEVED.name] == f"= {q @ proxy:.3f}"
        assert figures[page.MOVED.name].startswith(f"= {kl(q, P):.3f}")
        assert [row["now"] for row in last.table.rows] == pytest.approx(q.tolist(), abs=1e-6)


def test_the_page_finds_over_optimisation_where_the_true_reward_falls_and_none_without_noise():
    parts = page.reward.plain(None, "tilt", 1.5, 1.5, "ink", 34).each.parts
    found = [each.numbers[0].text for each in parts]
    got = [float(each.numbers[1].text[2:]) for each in parts]
    peak = got.index(max(got))
    assert found[0] == "Nothing is optimised yet." and "gained" in found[peak]
    assert found[-1] == f"Over-optimised: the true reward is {max(got) - got[-1]:.2f} below its peak."
    honest = page.reward.plain(None, "tilt", 1.5, 0, "ink", 34).each.parts
    assert not any("Over-optimised" in each.numbers[0].text for each in honest)
    assert page.fooled_share(CHAIN_START, "ink", 0) == 0 < page.fooled_share(CHAIN_START, "ink", 1.5) < 1


def test_a_conditional_of_zero_or_one_leaves_every_figure_finite():
    for how in page.NAMES:
        answer = page.reward.plain((0.0, 1.0) * 7 + (1.0,), how, 6, 2, "pairs", 5)
        assert "inf" not in str(answer.to_props()) and "nan" not in str(answer.to_props())
