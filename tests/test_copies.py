"""Exact scores of N points, held against autograd; copies, held against geometry; a live network, against one point."""

import math

import pytest
import torch
from torch import Tensor

from explorer.data.toys import TOYS
from explorer.models.copying import COPY_RATIO, copied, draw, empirical, exact, learned
from explorer.models.live_diffusion import LiveDiffusion
from explorer.tabs.diffusion import copies as mode
from explorer.tabs.diffusion.copies import COPIES_DRAWN, MOMENTS, Drawn, chance_words, copies_answer, drawn

SEED = 3


def points_of(count: int, seed: int = SEED) -> Tensor:
    return TOYS["moons"].sample(count, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("sigma", [0.05, 0.4, 3.0])
def test_the_exact_denoiser_is_tweedies_formula_for_the_mixture_of_n_gaussians(sigma: float):
    points = points_of(20).double()
    x = torch.randn(30, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64).requires_grad_()
    parts = torch.distributions.Independent(torch.distributions.Normal(points, sigma), 1)
    density = torch.distributions.MixtureSameFamily(torch.distributions.Categorical(torch.ones(20).double()), parts)
    (score,) = torch.autograd.grad(density.log_prob(x).sum(), x)
    assert torch.allclose(empirical(points)(x, sigma), x + sigma**2 * score, atol=1e-9)


def test_no_denoiser_has_a_smaller_loss_on_the_points_than_the_exact_one():
    points, sigma = points_of(8), 0.5
    x0 = points.repeat(4_000, 1)
    noised = x0 + sigma * torch.randn(x0.shape, generator=torch.Generator().manual_seed(2))

    def loss(found: Tensor) -> float:
        return float((found - x0).square().sum(-1).mean())

    best = loss(empirical(points)(noised, sigma))
    assert best < loss(exact(TOYS["moons"])(noised, sigma))
    assert best < loss(empirical(points)(noised, sigma) + 0.05)


@pytest.mark.parametrize("count", [4, 64, 1024])
def test_the_exact_score_draws_the_training_points_and_nothing_else(count: int):
    points = points_of(count)
    noise = torch.randn(COPIES_DRAWN, 2, generator=torch.Generator().manual_seed(4))
    x = draw(empirical(points), noise, mode.SAMPLER_STEPS)
    nearest = torch.cdist(x, points).min(-1).values
    assert float((nearest < 0.003).double().mean()) > 0.98
    assert float(copied(x, points).double().mean()) > 0.98


def test_the_true_score_draws_the_density_itself():
    mixture = TOYS["eight-gaussians"]
    x = draw(exact(mixture), torch.randn(4_000, 2, generator=torch.Generator().manual_seed(5)), mode.SAMPLER_STEPS)
    fresh = mixture.sample(4_000, torch.Generator().manual_seed(6))
    error = float(mixture.log_prob(fresh).std()) / math.sqrt(4_000)
    assert float(mixture.log_prob(x).mean()) == pytest.approx(float(mixture.log_prob(fresh).mean()), abs=5 * error)


def test_fresh_points_pass_as_copies_by_chance_in_a_ninth_of_cases():
    generator = torch.Generator().manual_seed(7)
    points = torch.rand(1_000, 2, generator=generator)
    fresh = 0.2 + 0.6 * torch.rand(20_000, 2, generator=generator)
    # given the second nearest, the nearest is uniform in the disc within: the ratio is below r with probability r²
    assert float(copied(fresh, points).double().mean()) == pytest.approx(COPY_RATIO**2, abs=0.015)


def test_a_point_is_a_copy_only_if_the_nearest_is_less_than_a_third_as_far_as_the_second():
    points = torch.tensor([[0.0, 0.0], [4.0, 0.0]])
    assert copied(torch.tensor([[0.9, 0.0], [1.1, 0.0], [3.2, 0.0]]), points).tolist() == [True, False, True]


@pytest.mark.parametrize("sigma", [0.01, 0.5, 20.0])
def test_a_live_network_that_predicts_the_velocity_of_one_point_denoises_to_it(
    sigma: float, monkeypatch: pytest.MonkeyPatch
):
    model, point = LiveDiffusion(8, 0, torch.Generator()), torch.tensor([0.7, -1.2])

    def predict(x: Tensor, t: float) -> Tensor:
        alpha, noise = math.sin(math.pi * t / 2), math.cos(math.pi * t / 2)
        return noise * point - alpha * (x - alpha * point) / noise

    monkeypatch.setattr(model, "predict", predict)
    x = point + sigma * torch.randn(10, 2, generator=torch.Generator().manual_seed(8))
    assert torch.allclose(learned(model)(x, sigma), point.expand(10, 2), atol=2e-3)


@pytest.fixture(scope="module")
def four() -> Drawn:
    return drawn("moons", 4, 64, SEED)


def test_a_network_trained_on_four_points_learns_to_copy_them(four: Drawn):
    shares = [float(copied(four.network[step], four.points).double().mean()) for step in MOMENTS]
    assert shares[0] < 0.5 < 0.9 < shares[-1]
    near, far = four.away[MOMENTS[-1]]
    assert near < far


def test_the_same_seed_draws_the_same(four: Drawn):
    again = drawn("moons", 4, 64, SEED)
    assert torch.equal(again.network[MOMENTS[-1]], four.network[MOMENTS[-1]]) and torch.equal(again.exact, four.exact)


def test_the_answer_has_a_part_for_every_moment_and_counts_what_is_drawn(four: Drawn):
    props = copies_answer(four).to_props()
    assert props["each"]["values"] == MOMENTS
    for step, part in zip(MOMENTS, props["each"]["parts"], strict=True):
        figures = {name: value for name, value, _ in part["numbers"]}
        share = 100 * float(copied(four.network[step], four.points).double().mean())
        assert figures["the network's points: copies"] == f"≈ {share:.1f} %"
        assert figures["of the exact score of N points"] == "≈ 100 %"


def test_chance_is_told_from_more_by_the_one_rule():
    assert chance_words(150, 60, 300) == "more than" and chance_words(10, 60, 300) == "less than"
    assert chance_words(62, 60, 300) == "not told from"
