"""Densities of trained families against other integrals, as sharp as they get after a training."""

import math
from functools import cache

import pytest
import torch
from torch import Tensor, nn

from explorer.data.playground import PRESETS, preset_points
from explorer.models import live_density
from explorer.models.divergence import exact_divergence
from explorer.models.flow import standard_normal
from explorer.models.learners import LEARNERS
from explorer.models.live_training import Rules, Trainee
from explorer.models.ode import heun

STEPS, NEAR = 1_000, 0.02  # of the training; nats by which two integrals may differ
DENSE = [name for name, each in LEARNERS.items() if each.mark != "∅"]
PLACES = ["moons", "five"]  # the usual ones, and those with the sharpest density


@cache
def trained(name: str, data: str) -> tuple[nn.Module, Tensor]:
    """A trained family, and fresh points."""
    points = preset_points(data, PRESETS[data].noise, 1_000, 7, 200)
    trainee = Trainee(name, points.train, Rules(seed=7))
    for step in range(STEPS):
        if not trainee.over:
            trainee.step(step / STEPS)
    return trainee.model, points.fresh


def total(model: nn.Module) -> float:
    """The mass of a density, by a sum over cells as small as a third of the smallest standard deviation."""
    x, area = live_density.cells(3.6, 480)
    return float(live_density.log_density(model, x).double().exp().sum()) * math.exp(area)


@pytest.mark.deep
@pytest.mark.parametrize("data", PLACES)
@pytest.mark.parametrize("name", [name for name in DENSE if not LEARNERS[name].slow])
def test_a_trained_density_holds_all_of_its_mass(name: str, data: str):
    assert abs(math.log(total(trained(name, data)[0]))) < NEAR


@pytest.mark.deep
@pytest.mark.parametrize("data", PLACES)
@pytest.mark.parametrize("name", ["diffusion", "matching"])
def test_the_ode_is_solved_well_enough_for_a_density(name: str, data: str):
    model, x = trained(name, data)
    exact = model.log_density(x, exact_divergence, steps=[1 - k / 250 for k in range(251)], solver=heun)
    assert float(model.log_prob(x).mean()) == pytest.approx(float(exact.mean()), abs=NEAR)


@pytest.mark.deep
@pytest.mark.parametrize("data", PLACES)
def test_the_grid_of_codes_is_fine_enough_for_a_density(data: str):
    model, x = trained("vae", data)
    z = torch.cartesian_prod(*[torch.linspace(-5, 5, 300)] * 2)
    with torch.no_grad():
        given = model.decode(z)
        width = given.base_dist.scale[0, 0]
        log_given = -torch.cdist(x, given.mean).square() / (2 * width**2) - (2 * math.pi * width**2).log()
        exact = (log_given.double() + standard_normal(z).double().log_softmax(0)).logsumexp(-1)
    assert float(model.log_prob_by_grid(x).mean()) == pytest.approx(float(exact.mean()), abs=NEAR)
