"""Squared energy distance of the plane: against another computation, and on the truth."""

import math

import numpy as np
import pytest
import torch

from explorer.data.playground import FRESH, PRESETS, distribution, drawn_points
from explorer.models import chance
from explorer.models.clouds import mean_pair_distance, squared_energy_distance
from explorer.models.truth import truth_of
from explorer.verdicts import Estimate, chance_limit, compare

TRIALS, CORE = 1_000, 200


def drawn(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def by_numpy(x: np.ndarray, y: np.ndarray) -> float:
    """The mean over all pairs of different points, one after another."""

    def within(a: np.ndarray) -> float:
        return np.mean([np.hypot(*(a[i] - a[j])) for i in range(len(a)) for j in range(len(a)) if i != j])

    return 2 * np.mean([np.hypot(*(a - b)) for a in x for b in y]) - within(x) - within(y)


def test_the_squared_distance_is_that_of_another_computation_and_may_be_negative():
    known = PRESETS["moons"].make(0.1)
    found = []
    for seed in range(12):
        x, y = (known.sample(n, drawn(2 * seed + n % 2)) for n in (30, 41))
        value, se = squared_energy_distance(x, y)
        assert value == pytest.approx(by_numpy(x.double().numpy(), y.double().numpy()), abs=2e-4)
        assert squared_energy_distance(x, y, mean_pair_distance(y))[0] == pytest.approx(value) and se > 0
        found.append(value)
    assert min(found) < 0 < max(found)


def test_the_squared_distance_has_no_bias():
    known = PRESETS["rings"].make(0.1)
    values = [
        squared_energy_distance(known.sample(20, drawn(s)), known.sample(20, drawn(9_999 - s)))[0] for s in range(800)
    ]
    se = np.std(values) / math.sqrt(len(values))
    assert abs(np.mean(values)) < 3 * se, "all pairs, with those of a point with itself, would give 0.1"


def shares(name: str, trials: int) -> tuple[float, float]:
    """Shares of true samples beyond the limit under chance, and astray."""
    known, fresh = distribution(name, PRESETS[name].noise, FRESH)
    within, draws = chance.distances_of_truth(fresh, known)
    limit, truth, generator = chance_limit(draws, chance.CARE), truth_of(known), drawn(3)
    samples = [known.sample(chance.SAMPLES, generator) for _ in range(trials)]
    beyond = sum(squared_energy_distance(x, fresh, within)[0] > limit for x in samples) / trials
    return beyond, sum(map(truth.astray, samples)) / trials


def allowed(trials: int) -> float:
    return 0.05 + 3 * math.sqrt(0.05 * 0.95 / trials)


@pytest.mark.parametrize("name", ["moons", "checkerboard"])
def test_true_samples_are_called_farther_than_chance_in_five_percent(name: str):
    beyond, astray = shares(name, CORE)
    assert beyond <= allowed(CORE) and astray == pytest.approx(0.01, abs=0.002)


@pytest.mark.deep
@pytest.mark.parametrize("name", PRESETS)
def test_true_samples_of_every_preset_are_called_farther_than_chance_in_five_percent(name: str):
    beyond, astray = shares(name, TRIALS)
    assert 0.01 <= beyond <= 0.05 and astray == pytest.approx(0.01, abs=0.001)


@pytest.mark.deep
@pytest.mark.parametrize("n", [50, 200, 500])
def test_new_samples_of_a_drawing_are_called_farther_than_chance_in_five_percent(n: int):
    known, beyond, trials = PRESETS["moons"].make(0.1), 0, 300
    for seed in range(trials):
        x = known.sample(n, drawn(seed))
        board = bytes(((x / 2.4 + 1) * 128).clamp(0, 255).to(torch.uint8).flatten().tolist())
        points = drawn_points(board, seed)
        new = known.sample(chance.SAMPLES, drawn(10_000 + seed))
        beyond += squared_energy_distance(new, points.fresh)[0] > chance.limit(points)
    assert beyond / trials <= allowed(trials)


def test_equally_wrong_samples_are_called_different_in_five_percent():
    known, fresh = distribution("eight", 0.12, 1_000)
    within, generator, different = mean_pair_distance(fresh), drawn(5), 0
    for _ in range(CORE):
        pair = [known.sample(300, generator) + 0.3 * torch.randn(300, 2, generator=generator) for _ in "ab"]
        different += compare(*(Estimate(*squared_energy_distance(x, fresh, within)) for x in pair)).is_different
    assert different / CORE <= allowed(CORE)
