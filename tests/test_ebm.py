"""The energy of images: its chains against densities that are known, and what stops them."""

import math

import pytest
import torch
from torch import Tensor

from explorer.measures.ebm import chain_images, descend, energies
from explorer.models.ebm import EBM, SCALE, Diverged, reflect
from explorer.questions import likelihood
from explorer.steps import last


class Slope(EBM):
    """E(x) = Σ κ (x − ½)² of every pixel: on the line it would be a normal distribution."""

    kappa = 200.0

    def energy(self, x: Tensor) -> Tensor:
        return self.kappa * (x - 0.5).square().flatten(1).sum(-1)


def small(seed: int = 0) -> EBM:
    torch.manual_seed(seed)
    return EBM((4, 4, 4, 4), steps=6).requires_grad_(False)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_energy_and_its_slope_agree_along_a_line():
    model, x = small(), torch.rand(1, 1, 28, 28, generator=rng())
    energy, gradient = model.slope(x)
    way, eps = torch.randn(x.shape, generator=rng(1)), 1e-3
    rise = (model.energy(x + eps * way) - model.energy(x - eps * way)) / (2 * eps)
    assert float(rise) == pytest.approx(float((gradient * way).sum()), rel=2e-2)
    assert float(energy) == pytest.approx(float(model.energy(x)))


def test_langevin_steps_draw_the_normal_distribution_of_a_square_energy():
    model = Slope((4, 4, 4, 4), step=0.02, steps=300)
    x = model.sample(8, generator=rng())
    wanted = 1 / math.sqrt(2 * model.kappa)  # its standard deviation, where ½ / that² = κ
    drag = 1 - model.kappa * model.step**2 / 2  # steps that are not small widen it by this much, exactly
    assert float(x.mean()) == pytest.approx(0.5, abs=4 * wanted / math.sqrt(x.numel()))
    assert float(x.std()) == pytest.approx(wanted / math.sqrt(drag), rel=0.04)


def test_chains_begun_at_draws_of_their_energy_stay_and_descent_does_not():
    """Draws of a normal distribution keep their energy under its Langevin steps; without noise they lose it."""
    model = Slope((4, 4, 4, 4), step=0.02)
    spread = 1 / math.sqrt(2 * model.kappa * (1 - model.kappa * model.step**2 / 2))
    x = 0.5 + spread * torch.randn(60, 1, 28, 28, generator=rng())
    begun, found = energies(model, x), chain_images(model, x, (10, 40), rng(1))
    for stayed in found.values():
        drift = energies(model, stayed) - begun
        assert abs(float(drift.mean())) < 3 * float(drift.std()) / math.sqrt(len(x))
    assert float((energies(model, descend(model, x, 40)) - begun).mean()) < -300


def test_the_chains_that_are_measured_are_those_that_are_shown():
    model, x = small(), torch.rand(3, 1, 28, 28, generator=rng())
    shown = list(model.langevin_steps(x, generator=rng(1), steps=5))
    found = chain_images(model, x, (2, 5), rng(1))
    assert list(found) == [2, 5]
    assert all(torch.equal(found[steps], shown[steps].x) for steps in found)


def test_pixels_are_thrown_back_at_both_ends():
    x = torch.tensor([-0.25, 0.0, 0.4, 1.0, 1.25, 2.5, -3.25])
    assert torch.allclose(reflect(x), torch.tensor([0.25, 0.0, 0.4, 1.0, 0.75, 0.5, 0.75]))


def test_a_chain_that_goes_astray_says_at_which_step_and_why():
    model = Slope((4, 4, 4, 4), step=0.02, steps=5)
    x = torch.rand(1, 1, 28, 28, generator=rng())
    with pytest.raises(Diverged, match="stopped at step 0: .* times its whole range"):
        last(model.langevin_steps(x, generator=rng(), step=0.5))
    model.energy = lambda x: (x * float("nan")).flatten(1).sum(-1)
    with pytest.raises(Diverged, match="stopped at step 0: the energy is no longer a number"):
        last(model.langevin_steps(x, generator=rng()))


def test_steps_begin_where_they_are_told_and_hold_what_is_known():
    model, x = small(), torch.rand(2, 1, 28, 28, generator=rng())
    known = torch.zeros_like(x, dtype=torch.bool)
    known[..., :14] = True
    steps = list(model.complete_steps(x, known, generator=rng()))
    assert [step.index for step in steps] == list(range(7)) and steps[0].total == 7
    assert all(torch.equal(step.x[known], x[known]) for step in steps)
    assert not torch.equal(steps[-1].x[~known], steps[0].x[~known])
    for step in steps:
        assert torch.allclose(step.numbers["energy"], model.energy(step.x))
        assert bool(((step.x >= 0) & (step.x <= 1)).all())


RECIPE = {"chains": 12, "langevin_steps": 2, "restarted": 0.5, "regularised": 0.01, "gradient_penalty": 0.0}


def test_the_loss_is_the_energy_of_images_less_that_of_the_chains():
    model = small().requires_grad_(True)
    x = torch.rand(4, 1, 28, 28, generator=rng())
    plain = RECIPE | {"regularised": 0.0}
    loss = model.training_loss(x, plain, generator=rng(), label=torch.zeros(4))
    loss.backward()
    assert model.chains.shape == (12, 1, 28, 28) and "chains" not in model.state_dict()
    assert float(model.head.bias.grad.abs()) < 1e-6, "a constant adds to both and falls out"
    assert float(model.head.weight.grad.abs().max()) > 0
    before = model.chains.clone()
    model.training_loss(x, plain, generator=rng(1), label=torch.zeros(4))
    moved = (model.chains != before).flatten(1).any(-1)
    assert int(moved.sum()) == 4, "a batch takes so many chains on, and leaves the others"


@pytest.mark.parametrize("name", ["regularised", "gradient_penalty"])
def test_what_keeps_outputs_small_and_slopes_gentle_are_their_mean_squares(name: str):
    x = torch.rand(4, 1, 28, 28, generator=rng())
    losses = []
    for weight in (0.0, 1.0):
        model = small()
        recipe = RECIPE | {"restarted": 0.0, name: weight}
        losses.append(float(model.training_loss(x, recipe, generator=rng(), label=torch.zeros(4)).detach()))
    model = small()
    chains = model.warm_up(x, RECIPE, generator := rng())
    start = chains[torch.randperm(12, generator=generator)[:4]]
    torch.rand(4, generator=generator), torch.rand(x.shape, generator=generator)
    made = model.run_langevin(start, 2, generator)
    real = reflect(x + model.step * torch.randn(x.shape, generator=generator))
    energies, slopes = model.slope(torch.cat([real, made]))
    square = {"regularised": energies.square().mean(), "gradient_penalty": slopes.flatten(1).square().sum(-1).mean()}
    assert losses[1] - losses[0] == pytest.approx(float(square[name]) / SCALE**2, rel=1e-3)


def test_it_can_not_say_how_likely_an_image_is_and_says_why():
    assert likelihood.kind(small()) is None
    assert "only differences of its energies are exact" in small().cannot["log_prob"]


class Gaussian(torch.nn.Module):
    """exp(−E) is a Gaussian but for its factor, which nobody is told."""

    def energy(self, x: torch.Tensor) -> torch.Tensor:
        return (0.5 * (x - 0.3).square() / 0.2**2).flatten(1).sum(-1) + 17


def test_a_log_ratio_is_that_of_the_densities_whatever_their_factor():
    x = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(0)).double()
    known = torch.distributions.Normal(torch.tensor(0.3).double(), 0.2)
    expected = (known.log_prob(x) - known.log_prob(torch.zeros_like(x))).sum()
    assert likelihood.has_ratios(Gaussian())
    assert likelihood.log_ratio(Gaussian(), x) == pytest.approx(float(expected))
