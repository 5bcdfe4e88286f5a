"""The example for a reader: it trains, draws, and its log-probability is exact."""

import itertools
from pathlib import Path

import pytest
import torch

from examples import one_family
from examples.one_family import BeliefNetwork, train
from explorer import data
from explorer.steps import Step, last

PIXELS = 5
ALL = torch.tensor([*itertools.product((0.0, 1.0), repeat=PIXELS)])
LONGEST = 80


def small() -> BeliefNetwork:
    """Return a network of five pixels with random weights."""
    model = BeliefNetwork(PIXELS)
    for each in model.parameters():
        torch.nn.init.normal_(each, generator=torch.Generator().manual_seed(3))
    return model


def test_the_probabilities_of_all_images_add_up_to_one():
    assert small().log_prob(ALL).exp().sum().item() == pytest.approx(1, abs=1e-5)


def test_it_draws_each_image_as_often_as_it_says():
    model, n = small(), 20_000
    steps = [*model.sample_steps(n, generator=torch.Generator().manual_seed(1))]
    assert all(isinstance(step, Step) for step in steps) and len(steps) == PIXELS
    found = last(steps).x @ 2.0 ** torch.arange(PIXELS - 1, -1, -1)
    shares = torch.bincount(found.long(), minlength=len(ALL)) / n
    assert torch.allclose(shares, model.log_prob(ALL).exp(), atol=0.015)


def test_training_raises_the_likelihood_of_held_out_digits():
    digits, model = data.bundled_binary_images("mnist")[:500], BeliefNetwork()
    before = model.log_prob(digits[:100]).mean()
    train(model, digits[100:], steps=60)
    assert model.log_prob(digits[:100]).mean() > before + 300


def test_it_is_short_enough_to_read_at_once():
    assert len(Path(one_family.__file__).read_text(encoding="utf-8").splitlines()) <= LONGEST
