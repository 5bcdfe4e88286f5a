"""What judges samples: against closed forms and cases small enough to count by hand."""

import math

import pytest
import torch

from explorer.metrics import class_entropy, diversity, frechet, kolmogorov_smirnov, precision_recall


def points(n: int, seed: int, *, shift: float = 0.0, scale: float = 1.0) -> torch.Tensor:
    return shift + scale * torch.randn(n, 3, generator=torch.Generator().manual_seed(seed))


def test_frechet_of_round_gaussians_is_the_closed_form():
    """Means 2 apart along every axis, deviations 1 and 3: 3 · 2² + 3 · (3 − 1)²."""
    found = frechet(points(50_000, 0), points(50_000, 1, shift=2.0, scale=3.0))
    assert found == pytest.approx(24, rel=0.02)


def test_frechet_needs_the_whole_covariance():
    """Two sets alike along each axis alone, turned against each other: 2·2 − 2·tr((Σ Σ')^½), by their eigenvalues."""
    z = torch.randn(50_000, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    left, right = (z @ torch.tensor([[1.0, sign], [0.0, 1.0]], dtype=torch.float64) for sign in (1.0, -1.0))
    a, b = left.T.cov(), right.T.cov()
    root = torch.linalg.eigvals(a @ b).real.sqrt().sum()
    exact = float((left.mean(0) - right.mean(0)).square().sum() + a.trace() + b.trace() - 2 * root)
    assert frechet(left, right) == pytest.approx(exact, rel=1e-4) and exact > 0.5


def test_frechet_of_the_same_is_nothing():
    x = points(500, 0)
    assert frechet(x, x.clone()) == pytest.approx(0, abs=1e-6)


def test_precision_and_recall_by_hand():
    """On a line, real at 0, 1, 2, 3, 4 reach 3, 2, 2, 2, 3 to their third neighbours; those made at 0 and 2.5 and 9."""
    real = torch.tensor([[0.0], [1.0], [2.0], [3.0], [4.0]])
    made = torch.tensor([[-2.5], [2.5], [9.0], [9.5], [10.0]])
    precision, recall = precision_recall(real, made)
    assert precision == pytest.approx(2 / 5)  # −2.5 is within 3 of 0; 9 and beyond are within reach of none
    # −2.5 reaches 12 (to 9.5), so every real point lies among what is made
    assert recall == 1


def test_one_mode_of_two_is_precise_and_half_recalled():
    left, right = points(200, 0, scale=0.1), points(200, 1, shift=50, scale=0.1)
    precision, recall = precision_recall(torch.cat([left, right]), points(200, 2, scale=0.1))
    assert precision > 0.9 and 0.4 < recall <= 0.5


def test_the_entropy_of_classes():
    assert class_entropy(torch.arange(10).repeat(7), 10) == pytest.approx(math.log(10))
    assert class_entropy(torch.full((9,), 4), 10) == 0
    assert class_entropy(torch.tensor([0, 0, 1, 1, 1, 1]), 10) == pytest.approx(math.log(3) - 2 / 3 * math.log(2))


def test_diversity_is_the_variance_within_classes():
    label = torch.arange(2).repeat_interleave(3)
    real = torch.tensor([[-1.0], [0.0], [1.0], [9.0], [10.0], [11.0]])
    assert diversity(real, label, real, label) == 1
    assert diversity(0.5 * real, label, real, label) == pytest.approx(0.25)
    far = torch.cat([real[:3], real[3:] + 100])
    assert diversity(far, label, real, label) == pytest.approx(1)


def test_the_kolmogorov_smirnov_distance_is_that_of_the_definition():
    generator = torch.Generator().manual_seed(0)
    a, b = torch.randn(40, generator=generator), 0.7 * torch.randn(25, generator=generator) + 0.4
    b[:5] = a[:5]  # ties
    places = torch.cat([a, b]).tolist()
    by_hand = max(abs(sum(a <= place) / len(a) - sum(b <= place) / len(b)) for place in places)
    assert kolmogorov_smirnov(a, b) == pytest.approx(float(by_hand))
    assert kolmogorov_smirnov(a, a) == 0 and kolmogorov_smirnov(a, a + 10) == 1
