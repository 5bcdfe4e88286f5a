"""Metrics of the lab that take seconds: −log p of a set by two networks, and the use of a set for training."""

import math

import pytest
import torch

from explorer import data
from explorer.networks import checkpoints
from explorer.tabs.lab import damage as lab_damage
from explorer.tabs.lab.damage import Labelled


def test_log_p_is_that_of_each_network():
    x = data.bundled_images("mnist").pixels()[:6]
    found = lab_damage.log_probs("pixelcnn", "mnist", x)
    with torch.no_grad():
        expected = checkpoints.load("pixelcnn-mnist").log_prob(data.binarise(x, seed=0)).double()
    assert torch.allclose(found, expected, atol=1e-3)
    flow = checkpoints.load("flow-mnist")
    with torch.no_grad():
        expected = flow.elbo(x, generator=torch.Generator().manual_seed(0)).double()
    assert torch.allclose(lab_damage.log_probs("flow", "mnist", x), expected, atol=0.01)


@pytest.mark.deep
def test_a_set_is_of_use_if_its_classes_can_be_learnt_from_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lab_damage, "SOLVER_STEPS", 60)
    bundled = data.bundled_images("mnist")
    x, labels = bundled.pixels(), bundled.labels
    real = Labelled(x[500:800], labels[500:800])
    good = lab_damage.usefulness(Labelled(x[:500], labels[:500]), real)
    wrong = lab_damage.usefulness(Labelled(x[:500], labels[:500].roll(1)), real)
    assert good > 0.6 > 0.3 > wrong


def test_verdicts_follow_the_floor_and_its_deviation(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lab_damage, "slow_floor_of", lambda name, dataset, binary: (80.0, 2.0))
    monkeypatch.setattr(lab_damage, "log_probs", lambda name, dataset, x: torch.tensor([-85.0, -86.0]))
    monkeypatch.setattr(lab_damage, "usefulness", lambda made, real: 90.0)
    one = Labelled(torch.zeros(1, 1, 28, 28), torch.zeros(1))
    rows = {row["name"]: row for row in lab_damage.slow_judgements("mnist", False, one, one)}
    assert rows["flow"]["worse"] == pytest.approx(5.5 / 2) and rows["flow"]["verdict"] == "notices"
    assert rows["use"]["verdict"] == "fooled"


def test_the_floor_of_log_p_is_the_spread_of_a_difference_of_two_means(monkeypatch: pytest.MonkeyPatch):
    each = torch.tensor([-70.0, -80.0, -90.0, -100.0], dtype=torch.double)
    monkeypatch.setattr(lab_damage, "log_probs", lambda name, dataset, x: each)
    lab_damage.slow_floor_of.cache_clear()
    mean, deviation = lab_damage.slow_floor_of("flow", "mnist", False)
    lab_damage.slow_floor_of.cache_clear()
    assert mean == 85 and deviation == pytest.approx(float(each.std()) * math.sqrt(2 / 4))
