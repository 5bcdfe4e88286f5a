"""Metrics of samples: against closed forms and cases small enough to count by hand."""

import math

import pytest
import torch

from explorer.measures.metrics import (
    AROUND,
    class_distance,
    class_entropy,
    density_coverage,
    diversity,
    frechet,
    inception_score,
    kernel_distance,
    kolmogorov_smirnov,
    nearest_distance,
    precision_recall,
)


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


def test_the_kernel_distance_is_the_u_statistic_pair_by_pair():
    """Over all pairs of different points, written out; its blocks are unbiased, too."""
    a, b = points(30, 0), points(30, 1, shift=0.5)

    def kernel(x: torch.Tensor, y: torch.Tensor) -> float:
        return (float(x @ y) / 3 + 1) ** 3

    def pairs(one: torch.Tensor, two: torch.Tensor, same: bool) -> float:
        values = [kernel(x, y) for i, x in enumerate(one) for j, y in enumerate(two) if not (same and i == j)]
        return sum(values) / len(values)

    by_hand = pairs(a, a, True) + pairs(b, b, True) - 2 * pairs(a, b, False)
    assert kernel_distance(a, b) == pytest.approx(by_hand, rel=1e-6)


def test_the_kernel_distance_of_two_draws_is_nought_on_average_however_few():
    found = torch.tensor([kernel_distance(points(20, seed), points(20, 1_000 + seed)) for seed in range(200)])
    assert abs(float(found.mean())) < 3 * float(found.std()) / math.sqrt(len(found))
    assert float(found.min()) < 0


def test_the_kernel_distance_of_many_is_near_that_of_all_pairs():
    a, b = points(4_000, 0).double(), points(4_000, 1, shift=0.3).double()

    def mean(one: torch.Tensor, two: torch.Tensor, same: bool) -> float:
        k = (one @ two.T / 3 + 1) ** 3
        return float(((k.sum() - k.trace()) / (len(k) * (len(k) - 1))) if same else k.mean())

    whole = mean(a, a, True) + mean(b, b, True) - 2 * mean(a, b, False)
    assert kernel_distance(a, b) == pytest.approx(whole, rel=0.3)
    assert kernel_distance(a, b) == kernel_distance(a, b)


def test_the_inception_score_is_the_exponential_of_the_mutual_information():
    sure = 100 * torch.eye(4).repeat(5, 1)
    assert inception_score(sure) == pytest.approx(4, rel=1e-4)
    assert inception_score(sure[:1].repeat(9, 1)) == pytest.approx(1)
    assert inception_score(torch.zeros(6, 4)) == pytest.approx(1)
    logits = torch.randn(40, 4, generator=torch.Generator().manual_seed(0))
    p = logits.double().softmax(-1)
    entropy = torch.special.entr
    information = entropy(p.mean(0)).sum() - entropy(p).sum(-1).mean()
    assert inception_score(logits) == pytest.approx(math.exp(float(information)), rel=1e-5)


def test_density_and_coverage_by_hand():
    """On a line, real at 0 … 7: the fifth neighbour of 0 and of 7 is 5 away, that of 1 and 6 is 4, of the others 3."""
    real = torch.arange(8.0).unsqueeze(-1)
    made = torch.tensor([[-3.5], [3.5], [30.0]])
    # −3.5 lies only around 0; 3.5 lies around all eight
    density, coverage = density_coverage(real, made)
    assert density == pytest.approx((1 + 8 + 0) / (AROUND * 3))
    assert coverage == 1
    assert density_coverage(real, made[2:]) == (0, 0)
    assert density_coverage(real, made[:1])[1] == 1 / 8


def test_density_and_coverage_of_two_draws_are_what_the_paper_derives():
    """Density 1 on average; coverage 1 − (N−1)…(N−k) / ((2N−1)…(2N−k))."""
    n, found = 100, []
    for seed in range(40):
        found.append(density_coverage(points(n, seed), points(n, 500 + seed)))
    density, coverage = torch.tensor(found).mean(0).tolist()
    missed = math.prod((n - j) / (2 * n - j) for j in range(1, AROUND + 1))
    assert density == pytest.approx(1, abs=0.03)
    assert coverage == pytest.approx(1 - missed, abs=0.01)


def test_a_far_outlier_raises_precision_and_recall_but_not_density_and_coverage():
    """The reason for density and coverage: one far real point inflates the sets of the older pair."""
    real = torch.cat([points(99, 0, scale=0.1), torch.full((1, 3), 100.0)])
    made = points(100, 1, shift=20.0, scale=0.1)
    assert precision_recall(real, made)[0] == 1
    assert density_coverage(real, made)[0] < 0.25


def test_the_nearest_distance_is_euclidean_over_pixels():
    real = torch.zeros(2, 1, 2, 2)
    real[1] = 1
    made = torch.stack([real[1], torch.full((1, 2, 2), 0.25)])
    assert nearest_distance(real, made).tolist() == pytest.approx([0, 0.5])


def test_the_class_distance_is_the_share_that_would_have_to_move():
    real = torch.arange(10).repeat(10)
    assert class_distance(real, real, 10) == 0
    assert class_distance(real, torch.zeros(50, dtype=torch.long), 10) == pytest.approx(0.9)
    assert class_distance(torch.zeros(3, dtype=torch.long), torch.ones(7, dtype=torch.long), 10) == 1
