"""The distributions over grey levels, against numerical integration and torch.distributions."""

import math

import numpy as np
import pytest
import torch
from torch.distributions import Bernoulli, Categorical

from explorer.models.levels import GREY_LEVELS, BinaryLevels, LogisticMixture, draw_level, entropy, temper


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def mixtures(count: int, components: int = 5) -> torch.Tensor:
    """Parameters of mixtures from very sharp to flat, some with means outside the grey scale."""
    logits, means, log_scales = torch.randn(3, count, components, generator=rng(), dtype=torch.float64)
    return torch.cat([2 * logits, 1.2 * means, 2 * log_scales - 2], dim=-1)


def test_the_mixture_of_logistics_sums_to_one():
    totals = LogisticMixture(mixtures(200)).log_probs.logsumexp(-1)
    torch.testing.assert_close(totals, torch.zeros_like(totals), rtol=0, atol=1e-9)


def test_a_single_level_is_the_integral_of_the_density_over_its_interval():
    parameters = mixtures(1, components=3)[0]
    logits, means, log_scales = (part.numpy() for part in parameters.chunk(3))
    weights, scales = np.exp(logits) / np.exp(logits).sum(), np.exp(log_scales)

    def integral(low: float, high: float, points: int) -> float:
        y = np.linspace(low, high, points)[:, None]
        density = (weights / (4 * scales * np.cosh(np.clip((y - means) / (2 * scales), -300, 300)) ** 2)).sum(-1)
        return float(np.trapezoid(density, y[:, 0]))

    levels = LogisticMixture(parameters).log_probs.exp()
    for level in (1, 40, 127, 200, 254):
        y = 2 * level / 255 - 1
        assert levels[level].item() == pytest.approx(integral(y - 1 / 255, y + 1 / 255, 20_001), abs=1e-8)
    assert levels[0].item() == pytest.approx(integral(-60, -1 + 1 / 255, 2_000_001), abs=1e-6)


def test_log_prob_is_one_entry_of_log_probs():
    mixture = LogisticMixture(mixtures(50))
    level = torch.randint(GREY_LEVELS, (50,), generator=rng())
    found = mixture.log_probs[range(50), level]
    torch.testing.assert_close(mixture.log_prob(level.double() / 255), found)


def test_far_tails_stay_finite_with_gradients():
    parameters = torch.tensor([0.0, -1.0, -7.0, 0.0, 1.0, -9.0]).requires_grad_()
    found = LogisticMixture(parameters.view(2, 3)).log_prob(torch.tensor([1.0, 0.0]))
    found.sum().backward()
    assert found.isfinite().all() and (found < -100).all() and parameters.grad.isfinite().all()


def test_binary_levels_are_a_bernoulli():
    logits = torch.linspace(-30, 30, 61)
    ours, theirs = BinaryLevels(logits.unsqueeze(-1)), Bernoulli(logits=logits)
    for value in (0.0, 1.0):
        expected = theirs.log_prob(torch.full_like(logits, value))
        torch.testing.assert_close(ours.log_prob(torch.full_like(logits, value)), expected)
        torch.testing.assert_close(ours.log_probs[:, int(value)], expected)


@pytest.mark.parametrize("temperature", [0.3, 1.0, 2.5])
def test_tempering_is_a_power_renormalised(temperature: float):
    probabilities = torch.rand(20, 7, generator=rng(), dtype=torch.float64).softmax(-1)
    powers = probabilities ** (1 / temperature)
    torch.testing.assert_close(temper(probabilities.log(), temperature).exp(), powers / powers.sum(-1, keepdim=True))


def test_entropy_is_that_of_a_categorical_also_where_a_level_is_impossible():
    probabilities = torch.tensor([[0.5, 0.25, 0.25], [1.0, 0.0, 0.0]])
    torch.testing.assert_close(entropy(probabilities.log()), torch.tensor([1.5 * math.log(2), 0.0]))
    some = torch.rand(9, 256, generator=rng()).log_softmax(-1)
    torch.testing.assert_close(entropy(some), Categorical(logits=some).entropy())


def test_levels_are_drawn_as_often_as_they_are_likely():
    log_probs = torch.tensor([0.1, 0.0, 0.6, 0.3]).log()
    u = torch.linspace(0, 1, 10_001)[:-1]
    drawn = draw_level(log_probs.expand(len(u), 4), u)
    shares = drawn.bincount(minlength=4) / len(u)
    torch.testing.assert_close(shares, log_probs.exp(), rtol=0, atol=2e-4)
    assert (drawn.diff() >= 0).all()
