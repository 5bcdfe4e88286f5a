"""Comparison with a known distribution: both divergences, the modes, and where hardly any data lie."""

import math

import pytest
import torch

from explorer.data.playground import PRESETS, Known, preset_points
from explorer.models import live_density
from explorer.models.live_mixture import LiveMixture
from explorer.models.live_training import Rules
from explorer.models.modes import connected_regions, modes_of
from explorer.models.truth import truth_of
from explorer.questions import learn_live
from explorer.questions.learn_live import Snapshot

COUNTS = {"moons": 2, "rings": 2, "eight": 8, "spiral": 1, "checkerboard": 8, "heart": 1, "gaussian": 1, "five": 5}


def drawn(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def known_of(name: str, noise: float | None = None) -> Known:
    return PRESETS[name].make(noise or PRESETS[name].noise)


def gaussian(sigma: float) -> LiveMixture:
    model = LiveMixture(16, 0, drawn(0), 1)
    model.shares.fill_(1), model.means.zero_(), model.covariances.copy_(sigma**2 * torch.eye(2))
    return model


@pytest.mark.parametrize(("noise", "sigma"), [(0.6, 0.8), (0.6, 0.4), (0.05, 0.07), (0.05, 0.3)])
def test_both_divergences_are_those_of_two_gaussians(noise: float, sigma: float):
    known, model = known_of("gaussian", noise), gaussian(sigma)
    truth, log_q = truth_of(known), model.log_prob(live_density.cells()[0])
    log_small = model.log_prob(truth.places.float())
    forth, back = (2 * math.log(q / p) + p**2 / q**2 - 1 for p, q in [(noise, sigma), (sigma, noise)])
    assert (len(truth.places) == 0) == (noise > 0.1)
    assert truth.forth(log_q, log_small) == pytest.approx(forth, abs=0.01)
    if sigma > 0.1:
        assert truth.back(log_q) == pytest.approx(back, rel=0.02)  # the cells end at 3


@pytest.mark.parametrize("name", PRESETS)
def test_the_first_divergence_is_the_mean_over_true_points(name: str):
    known, model = known_of(name), gaussian(1.2)
    x = known.sample(20_000, drawn(1)).double()
    truth = truth_of(known)
    found = truth.forth(*(model.log_prob(each) for each in (live_density.cells()[0], truth.places.float())))
    assert found == pytest.approx(float((known.log_prob(x) - model.log_prob(x.float())).mean()), abs=0.02)


def test_a_density_that_the_cells_do_not_hold_has_no_second_divergence():
    known = known_of("gaussian")
    truth = truth_of(known)
    assert truth.back(gaussian(3.0).log_prob(live_density.cells()[0])) is None


@pytest.mark.parametrize("name", PRESETS)
def test_one_percent_of_true_samples_are_astray(name: str):
    known = known_of(name)
    truth = truth_of(known)
    assert truth.astray(known.sample(50_000, drawn(1))) == pytest.approx(0.01, abs=0.002)
    assert truth.astray(known.sample(100, drawn(1)) + 4) == 1


@pytest.mark.parametrize("name", PRESETS)
def test_true_points_miss_no_mode_of_a_preset(name: str):
    known = known_of(name)
    modes = modes_of(known)
    assert len(modes) == COUNTS[name] and float(modes.shares.sum()) == pytest.approx(1, abs=0.01)
    for seed in range(10):
        x = known.sample(500, drawn(seed))
        assert modes.count_missed(x) == modes.count_missed(x + 0.1 * torch.randn(500, 2, generator=drawn(seed))) == 0
        found = torch.bincount(modes.nearest(x), minlength=len(modes)) / 500
        torch.testing.assert_close(found.double(), modes.shares, atol=0.09, rtol=0)


@pytest.mark.parametrize("gone", [1, 3, 7])
def test_modes_without_samples_are_missed(gone: int):
    known = known_of("eight")
    modes, x = modes_of(known), known.sample(2_000, drawn(2))
    kept = x[modes.nearest(x) >= gone]
    assert modes.count_missed(kept) == gone
    few = x[(modes.nearest(x) >= gone) | (torch.rand(len(x), generator=drawn(3)) < 0.5)]
    assert modes.count_missed(few) == 0


def test_regions_that_touch_at_a_corner_are_one():
    inside = torch.tensor([[1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 0, 0], [1, 1, 0, 1]]).bool()
    labels = connected_regions(inside)
    assert len(labels.unique()) == 5 and bool((labels[~inside] == -1).all())
    assert labels[0, 0] == labels[1, 1] and labels[0, 3] == labels[1, 3] != labels[3, 3]


@pytest.mark.deep
@pytest.mark.parametrize("seed", [7, 8])
def test_five_families_learn_two_moons_in_2000_steps(seed: int):
    names = ["flow", "autoregressive", "energy", "diffusion", "matching"]
    points = preset_points("moons", PRESETS["moons"].noise, 1_000, seed)
    *_, last = (each for each in learn_live.steps(names, points, Rules(seed=seed), 2_000) if isinstance(each, Snapshot))
    assert {name: look.kl for name, look in last.looks.items() if not look.kl <= 0.15} == {}
