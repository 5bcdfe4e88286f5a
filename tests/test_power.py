"""Power of a metric: scorers against torchmetrics, shares of verdicts against the noncentral t, and what must fail."""

import math

import numpy as np
import pytest
import torch

from explorer.measures import metrics, power
from explorer.measures.intervals import wilson
from explorer.measures.power import NOMINAL, Array, Order, outcome, resample, run_trials, shares

LEAST, MOST = Order(least=True), Order(least=False)
DISTANCE = Order(least=True, is_log=True)


def gaussian(n: int, dimensions: int, seed: int, scale: float = 1.0, shift: float = 0.0) -> Array:
    return np.random.default_rng(seed).normal(shift, scale, (n, dimensions))


def allowed(share: float, trials: int) -> float:
    """Three standard errors of a share."""
    return 3 * math.sqrt(share * (1 - share) / trials) + 1e-9


def beyond(limit: float, freedom: int, away: float = 0.0) -> float:
    """Probability that a noncentral t exceeds a limit: that of a Gaussian, integrated over the estimated variance."""
    root = torch.linspace(0, 10, 4_001, dtype=torch.double)[1:]  # of v: the density may be large near 0
    v = root**2
    density = torch.distributions.Chi2(torch.tensor(float(freedom), dtype=torch.double)).log_prob(v).exp() * 2 * root
    above = torch.distributions.Normal(0.0, 1.0).cdf(away - limit * (v / freedom).sqrt())
    return float(torch.trapezoid(density * above, root) / torch.trapezoid(density, root))


def limit_of(freedom: int) -> float:
    """Standard errors that Student's t exceeds on either side with the level's probability, by bisection."""
    low, high = 0.0, 50.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if 2 * beyond(middle, freedom) > NOMINAL else (low, middle)
    return high


def test_the_oracle_is_students_t():
    """Of two degrees of freedom it has a closed form."""
    assert beyond(3.0, 2) == pytest.approx(0.5 - 3 / (2 * math.sqrt(2 + 9)), abs=1e-4)
    assert limit_of(2) == pytest.approx(0.95 * math.sqrt(2 / (1 - 0.95**2)), rel=1e-3)


@pytest.fixture(scope="module")
def real() -> Array:
    return np.abs(gaussian(400, 6, 0))


@pytest.fixture(scope="module")
def made() -> Array:
    return np.abs(gaussian(800, 6, 1, scale=1.2))


@pytest.fixture(scope="module")
def chosen() -> np.ndarray:
    return np.random.default_rng(2).choice(800, 200, replace=False)


def test_the_frechet_distance_is_that_of_torchmetrics(real, made, chosen):
    expected = metrics.frechet(torch.tensor(real), torch.tensor(made[chosen]))
    assert power.frechet_scorer(real, made)(chosen) == pytest.approx(expected, rel=1e-9)


def test_the_kernel_distance_is_that_of_torchmetrics_however_it_is_summed(real, made, chosen, monkeypatch):
    expected = metrics.kernel_distance(torch.tensor(real[:200]), torch.tensor(made[chosen]))
    assert power.kernel_scorer(real[:200], made)(chosen) == pytest.approx(expected, rel=1e-9)
    monkeypatch.setattr(power, "KERNEL_ROWS", 7)
    assert power.kernel_scorer(real[:200], made)(chosen) == pytest.approx(expected, rel=1e-9)


def test_the_inception_score_is_that_of_torchmetrics(chosen):
    logits = gaussian(800, 10, 3, scale=3)
    expected = metrics.inception_score(torch.tensor(logits[chosen]))
    assert power.inception_scorer(logits)(chosen) == pytest.approx(expected, rel=1e-6)


def test_sets_are_drawn_without_replacement_and_have_the_mean_of_the_pool(made):
    drawn: list[np.ndarray] = []
    resample(lambda places: drawn.append(places) or 0.0, 800, 200, 300, np.random.default_rng(0))
    assert all(len({*places.tolist()}) == 200 for places in drawn)
    counts = np.bincount(np.concatenate(drawn), minlength=800)
    assert np.abs(counts - 75).max() < 5 * math.sqrt(300 * 0.25 * 0.75)
    values = made[:, 0]
    found = resample(power.mean_scorer(values), 800, 200, 4_000, np.random.default_rng(1))
    finite = values.std(ddof=1) / math.sqrt(200) * math.sqrt(1 - 200 / 800)  # variance of sampling from a finite pool
    assert found.mean() == pytest.approx(values.mean(), abs=4 * finite / math.sqrt(4_000))
    assert found.std() == pytest.approx(finite, rel=0.05)


@pytest.mark.parametrize("n", [1, 201, 800])
def test_a_set_is_no_more_than_a_quarter_of_its_pool(n: int):
    with pytest.raises(ValueError, match="between 2 and 200 of 800"):
        resample(lambda _: 0.0, 800, n, 1, np.random.default_rng(0))


@pytest.mark.parametrize(("seeds", "effect"), [(2, 3.0), (3, 2.0), (5, 1.5), (5, 0.4)])
def test_the_power_for_two_gaussians_is_that_of_students_t(seeds: int, effect: float):
    """Figures of both are Gaussian, `effect` of their standard deviations apart; the oracle is the noncentral t."""
    trials, rng = 2_500, np.random.default_rng((seeds, round(10 * effect)))
    found = [
        MOST.verdict((rng.normal(size=seeds) + effect).tolist(), rng.normal(size=seeds).tolist()) for _ in range(trials)
    ]
    freedom, away = 2 * (seeds - 1), effect * math.sqrt(seeds / 2)
    right, wrong = (beyond(limit_of(freedom), freedom, side * away) for side in (1, -1))
    share = shares(found, truth=1)
    assert share["right"] == pytest.approx(right, abs=allowed(right, trials))
    assert share["wrong"] == pytest.approx(wrong, abs=allowed(max(wrong, 0.001), trials))
    assert sum(share.values()) == pytest.approx(1)


def test_the_power_grows_with_the_number_of_images_as_for_known_gaussians():
    """Means of n numbers from pools of two Gaussians, 0.2 apart, resampled, against the noncentral t."""
    first, second = (gaussian(60_000, 1, seed, shift=shift)[:, 0] for seed, shift in ((0, 0.2), (1, 0.0)))
    rng, seeds, sets = np.random.default_rng(5), 3, 3_000
    gap = first.mean() - second.mean()
    found = {}
    for n in (50, 200, 800):
        figures = [resample(power.mean_scorer(pool), len(pool), n, sets, rng) for pool in (first, second)]
        trials = run_trials(*figures, seeds, MOST, 1_000, rng)
        expected = beyond(limit_of(2 * seeds - 2), 2 * seeds - 2, gap / math.sqrt(2 / (n * seeds)))
        found[n] = shares(trials.verdicts.tolist(), 1)["right"]
        assert found[n] == pytest.approx(expected, abs=allowed(expected, 1_000) + 0.01)
        assert trials.differences.mean() == pytest.approx(gap, abs=5 / math.sqrt(n * seeds * 300))
    assert found[50] < found[200] < found[800] and power.enough(found) == 800


def decided(rule, ones: Array, others: Array, seeds: int) -> float:
    """Share of trials without a common set in which a rule names a winner."""
    pairs = zip(ones.reshape(-1, seeds).tolist(), others.reshape(-1, seeds).tolist(), strict=True)
    return float(np.mean([rule(one, other) != 0 for one, other in pairs]))


@pytest.fixture(scope="module")
def equal_networks() -> tuple[Array, Array]:
    """Fréchet distances of random sets of one pool, for either side."""
    score = power.frechet_scorer(gaussian(500, 4, 0), gaussian(4_000, 4, 1, shift=0.3))
    return tuple(resample(score, 4_000, 60, 3_000, np.random.default_rng(seed)) for seed in (1, 2))


@pytest.mark.parametrize("order", [LEAST, DISTANCE], ids=["differences", "ratios"])
@pytest.mark.parametrize("seeds", [1, 2, 3, 5])
def test_equal_networks_are_told_apart_as_rarely_as_the_level_says(equal_networks, order: Order, seeds: int):
    found = decided(order.verdict, *equal_networks, seeds)
    assert found <= NOMINAL + allowed(NOMINAL, 3_000 // seeds)
    assert seeds > 1 or found == 0, "one seed alone has no error"


def plain(ones: list[float], others: list[float]) -> int:
    return LEAST.better(sum(ones) - sum(others))


def by_normal(ones: list[float], others: list[float]) -> int:
    """1.96 standard errors, although they are estimated from two seeds."""
    error = math.sqrt((np.var(ones, ddof=1) + np.var(others, ddof=1)) / len(ones))
    difference = float(np.mean(ones) - np.mean(others))
    return LEAST.better(difference) if abs(difference) > 1.96 * error else 0


@pytest.mark.parametrize(("rule", "least"), [(plain, 1.0), (by_normal, 0.12)])
def test_the_null_test_fails_for_a_bad_rule(equal_networks, rule, least: float):
    """A winner in each trial, or too narrow an error: equal networks tell."""
    found = decided(rule, *equal_networks, 2)
    assert found >= least > NOMINAL + allowed(NOMINAL, 1_500)


@pytest.mark.parametrize("order", [LEAST, MOST, DISTANCE], ids=["least", "most", "ratios"])
def test_the_truth_itself_never_loses(order: Order):
    """Sets that equal their pools have the pools' figures, so every verdict is the truth."""
    for one, other in ((0.4, 0.5), (0.5, 0.4), (3.0, 2.999)):
        truth = order.better(one - other)
        trials = run_trials(np.full(6, one), np.full(6, other), 3, order, 30, np.random.default_rng(0))
        assert shares(trials.verdicts.tolist(), truth) == {"right": 1, "undecided": 0, "wrong": 0}
        assert {*trials.plain.tolist()} == {truth}


def test_a_tie_is_a_tie():
    trials = run_trials(np.full(6, 0.4), np.full(6, 0.4), 2, DISTANCE, 30, np.random.default_rng(0))
    assert {*trials.verdicts.tolist(), *trials.plain.tolist()} == {0}
    assert shares(trials.verdicts.tolist(), 0)["right"] == 1
    assert shares(trials.verdicts.tolist(), 1)["undecided"] == 1
    assert [outcome(verdict, 0) for verdict in (1, 0, -1)] == ["wrong", "right", "wrong"]
    assert [outcome(verdict, -1) for verdict in (1, 0, -1)] == ["wrong", "undecided", "right"]


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_figure_that_is_not_finite_is_an_error(bad: float):
    with pytest.raises(ValueError, match="not finite"):
        resample(power.mean_scorer(np.array([0.1] * 39 + [bad])), 40, 10, 40, np.random.default_rng(0))


def test_distances_that_are_not_positive_are_compared_by_their_difference():
    """A kernel distance without bias may be negative; then no logarithm exists."""
    assert DISTANCE.verdict([-0.10, -0.11], [0.50, 0.51]) == 1
    assert DISTANCE.verdict([0.0, 0.0], [0.50, 0.51]) == 1


def test_a_worse_network_wins_with_few_images_if_its_bias_is_smaller():
    """The Fréchet distance of few images is too large, most for the network that is right.

    The second network varies too little. So does the covariance of few images, whose roots are too small by a factor
    c on average: a network narrower by c has the least expected distance, F(1 − c²) in place of 2F(1 − c).
    """
    scores = [
        power.frechet_scorer(gaussian(4_000, 12, 0), gaussian(8_000, 12, seed, scale=scale))
        for seed, scale in ((1, 1.0), (2, 0.85))
    ]
    truth = DISTANCE.better(scores[0](np.arange(8_000)) - scores[1](np.arange(8_000)))
    assert truth == 1
    share = {}
    for n in (15, 2_000):
        figures = [resample(score, 8_000, n, 120, np.random.default_rng((n, k))) for k, score in enumerate(scores)]
        trials = run_trials(*figures, 5, DISTANCE, 200, np.random.default_rng(0))
        share[n] = shares(trials.plain.tolist(), truth)
    assert share[15]["wrong"] > 0.6 and share[2_000]["right"] == 1


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({50: 0.2, 100: 0.8, 200: 0.9}, 100),
        ({50: 0.9, 100: 0.7, 200: 0.85}, 200),
        ({50: 0.9, 100: 0.7, 200: 0.79}, None),
        ({200: 0.9, 50: 0.85, 100: 0.95}, 50),
    ],
)
def test_enough_is_the_number_from_which_on_the_power_stays(found: dict[int, float], expected: int | None):
    assert power.enough(found) == expected


def test_the_interval_counts_only_trials_that_share_no_set():
    trials = run_trials(np.arange(1.0, 61), np.arange(2.0, 62), 5, LEAST, 200, np.random.default_rng(0))
    assert trials.independent == 12 and len(trials.verdicts) == 200
    assert power.interval(0.5, trials) == wilson(6, 12)
