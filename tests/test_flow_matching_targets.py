"""Four targets of one network: EDM's factors, the exact denoiser, and what a training shows."""

import math

import pytest
import torch

from explorer.data.toys import TOYS
from explorer.models.live_nets import network
from explorer.models.live_targets import (
    LOG_SNRS,
    TARGET_SEEDS,
    TARGETS,
    Targets,
    coefficients,
    known_denoiser,
    spread_of,
)
from explorer.models.stacked import Stacked
from explorer.tabs.flow_matching.targets import learn_targets, shot

EIGHT = TOYS["eight-gaussians"]


def of(target: str, sigma: float, spread: float = 0.8) -> tuple[float, float]:
    return tuple(map(float, coefficients(target, torch.tensor(sigma, dtype=torch.float64), spread)))


@pytest.mark.parametrize("sigma", [0.05, 0.5, 3.0])
def test_edm_has_target_variance_one_and_the_least_factor(sigma: float):
    """Karras et al. 2022, appendix B.6: of all skips whose target has variance 1, EDM's has the least c_out."""
    spread = 0.8

    def out_of(skip: float) -> float:  # the standard deviation of x₁ − c_skip x, by which a target has variance 1
        return math.hypot((1 - skip) * spread, skip * sigma)

    skip, out = of("edm", sigma, spread)
    assert out == pytest.approx(out_of(skip))
    assert all(out <= out_of(other / 100) + 1e-12 for other in range(-50, 150))


def test_the_velocity_of_the_trigonometric_path_is_edm_with_data_of_variance_one():
    sigma, x, v = 0.7, 0.4, 0.3
    angle = math.atan(1 / sigma)  # α ÷ σ = tan
    data = math.sin(angle) * (math.sin(angle) * x) - math.cos(angle) * -v  # from u = σ x₁ − α x₀, of α x
    skip, out = of("edm", sigma, 1.0)
    assert skip * x + out * v == pytest.approx(data)


@pytest.mark.parametrize("target", TARGETS)
def test_the_wanted_output_denoises_exactly(target: str):
    sigma = torch.tensor([[0.1], [1.0], [5.0]])
    clean, noise = torch.randn(3, 2), torch.randn(3, 2)
    x = clean + sigma * noise
    skip, out = coefficients(target, sigma, 0.8)
    wanted = (clean - skip * x) / out
    assert torch.allclose(skip * x + out * wanted, clean, atol=1e-5)
    meaning = {"data": clean, "noise": noise, "velocity": clean - noise}
    if target in meaning:
        assert torch.allclose(wanted, meaning[target], atol=1e-4)


@pytest.mark.parametrize("sigma", [0.1, 0.6, 3.0])
def test_the_known_denoiser_is_the_mean_by_quadrature(sigma: float):
    axis = torch.arange(-2.4, 2.4, 0.01, dtype=torch.float64)
    grid = torch.cartesian_prod(axis, axis)
    for point in ([0.5, 0.3], [1.5, -0.2]):
        x = torch.tensor([point], dtype=torch.float64)
        log = EIGHT.log_prob(grid) - (x - grid).square().sum(-1) / (2 * sigma**2)
        found = known_denoiser(EIGHT, x, torch.tensor([[sigma]], dtype=torch.float64))[0]
        assert found.tolist() == pytest.approx((log.softmax(0) @ grid).tolist(), rel=0.01, abs=1e-3)


def test_stacked_networks_are_the_networks_and_their_derivative_is_that_of_autograd():
    generator = torch.Generator().manual_seed(0)
    nets = [network([3, 8, 8, 2], generator) for _ in range(4)]
    stacked, x, dx = Stacked(nets), torch.randn(4, 5, 3), torch.randn(4, 5, 3)
    assert torch.allclose(stacked(x), torch.stack([net(each) for net, each in zip(nets, x)]), atol=1e-6)
    value, along = stacked.derivative(x, dx)
    expected = torch.autograd.functional.jvp(stacked, x, dx)
    assert torch.allclose(value, expected[0], atol=1e-6) and torch.allclose(along, expected[1], atol=1e-5)


def test_data_are_best_at_much_noise_and_noise_at_little_and_edm_is_poor_nowhere():
    learning = Targets(EIGHT, 200, 7)
    for _ in range(200):
        learning.step()
    _, error = learning.measure()
    assert error.shape == (len(TARGETS), TARGET_SEEDS, len(LOG_SNRS))
    root = dict(zip(TARGETS, error.mean(1).sqrt()))
    assert root["data"][0] < root["noise"][0] / 3 and root["noise"][-1] < root["data"][-1] / 3
    assert root["edm"][0] < root["noise"][0] / 2 and root["edm"][-1] < root["data"][-1] / 3
    assert spread_of(EIGHT) == pytest.approx(
        float(EIGHT.sample(200_000, torch.Generator()).square().mean().sqrt()), rel=0.01
    )


def test_the_same_seed_learns_the_same_and_another_learns_otherwise():
    shots = []
    for seed in (7, 7, 8):
        learning = Targets(EIGHT, 10, seed)
        for _ in range(10):
            learning.step()
        shots.append(shot(learning)["report"]["curves"])
    assert shots[0] == shots[1] != shots[2]


def test_a_film_begins_before_the_first_step_and_tells_all_targets():
    script = learn_targets.props("flow-matching-moons", "points", 100, 7)
    frames = [frame for _, frame in script.scenes() if frame]
    assert len(frames) == script.total
    assert frames[0]["report"]["caption"] == "Before the first step."
    assert {row["target"] for row in frames[-1]["report"]["row"]} == {*TARGETS}
