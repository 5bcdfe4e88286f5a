"""Guidance with known distributions, held against closed forms, quadrature, autograd and many draws."""

import math
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from explorer.data.labelled import LABELLED, Labelled
from explorer.models.guided import SIGMA_MAX, Guidance, drawn_variance, promised_variance
from explorer.tabs.diffusion.guided import IN_PLANE, LEVELS, REFERENCES, guidance_of
from explorer.tabs.diffusion.guided_line import (
    FLOW_STEPS,
    PUSHES,
    WANDER_STEPS,
    on_line,
    promise_cdf,
    variation,
)
from explorer.tabs.diffusion.guided_plane import PLANE_STEPS, SDE_STEPS, drawn_points

ON_LINE = [name for name in LABELLED if name not in IN_PLANE]
MANY = 20_000


def numbers(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def gaussian(variance: float) -> Labelled:
    return Labelled(numbers(1), numbers(0)[:, None], numbers(math.sqrt(variance)), torch.tensor([0]))


def noises(n: int, dim: int = 1, seed: int = 0) -> Iterator[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    while True:
        yield torch.randn(n, dim, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("name", LABELLED)
def test_density_and_score_are_those_of_torch_and_autograd(name: str):
    data = LABELLED[name].blur(0.3)
    x = torch.randn(50, data.dim, generator=torch.Generator().manual_seed(1), dtype=torch.float64).requires_grad_()
    parts = torch.distributions.Independent(
        torch.distributions.Normal(data.means, data.widths[:, None].expand_as(data.means)), 1
    )
    mixture = torch.distributions.MixtureSameFamily(torch.distributions.Categorical(data.weights), parts)
    assert torch.allclose(data.log_prob(x), mixture.log_prob(x))
    (gradient,) = torch.autograd.grad(mixture.log_prob(x).sum(), x)
    assert torch.allclose(data.score(x), gradient)


@pytest.mark.parametrize("w", [0.5, 1, 2, 3, 5])
def test_two_gaussians_are_drawn_as_the_closed_forms_of_bradley_and_nakkiran(w: float):
    guidance = Guidance(gaussian(1), gaussian(2))
    ends = guidance.flow(SIGMA_MAX * numbers(-2, 1)[:, None], numbers(w), FLOW_STEPS)[:, 0]
    assert (
        float(ends[1]) ** 2 == pytest.approx(drawn_variance(1, 2, w), rel=3e-3) == pytest.approx(2 ** (1 - w), rel=3e-3)
    )
    assert float(ends[0]) == pytest.approx(-2 * float(ends[1]), rel=1e-6)
    assert promised_variance(1, 2, w) == pytest.approx(2 / (w + 1))


@pytest.mark.parametrize("w", [1, 2, 3])
def test_the_sde_draws_the_variance_of_its_closed_form(w: float):
    # v′ = 2 v (w / (1 + τ) + (1 − w) / (2 + τ)) − 1 over τ = σ², solved with its integrating factor
    exact = 2 ** (2 - 2 * w) * (2 ** (2 * w - 1) - 1) / (2 * w - 1)
    found = {}
    for steps in (WANDER_STEPS, 3 * WANDER_STEPS):
        drawn = Guidance(gaussian(1), gaussian(2)).wander(noises(MANY), numbers(w), steps)
        found[steps] = float(drawn.var())
    error = exact * math.sqrt(2 / MANY)
    assert found[3 * WANDER_STEPS] == pytest.approx(exact, abs=4 * error)
    assert found[WANDER_STEPS] == pytest.approx(exact, rel=0.06)


def test_a_product_without_an_integral_is_refused():
    with pytest.raises(ValueError, match="no finite integral"):
        promised_variance(2, 1, 2)


@pytest.mark.parametrize("name", LABELLED)
@pytest.mark.parametrize("w", [1.5, 4])
def test_classifier_guidance_by_the_exact_classifier_is_the_same_score(name: str, w: float):
    data, sigma = LABELLED[name], 0.4
    noised = data.blur(sigma)
    x = torch.randn(40, data.dim, generator=torch.Generator().manual_seed(2), dtype=torch.float64).requires_grad_()
    log_posterior = noised.shares(x)[:, data.labels == 0].sum(-1).log()
    (gradient,) = torch.autograd.grad(log_posterior.sum(), x)
    by_classifier = noised.score(x) + w * gradient
    free = Guidance(data.given(0), data).score(x, sigma, numbers(w), acts=True)
    assert torch.allclose(by_classifier, free, atol=1e-8)


@pytest.mark.parametrize("name", ON_LINE)
def test_both_products_of_the_name_are_one_density(name: str):
    data, w, x = LABELLED[name], numbers(0, 1, 3), torch.linspace(-3, 3, 61, dtype=torch.float64)[:, None]
    powers = Guidance(data.given(0), data).log_promise(x, w)
    posterior = data.shares(x)[:, data.labels == 0].sum(-1).log()
    other = data.log_prob(x) + w[:, None] * posterior
    apart = powers - other
    assert torch.allclose(apart, apart[:, :1].expand_as(apart), atol=1e-9)


@pytest.mark.parametrize("name", ON_LINE)
@pytest.mark.parametrize("reference", REFERENCES)
def test_without_guidance_the_class_itself_is_drawn(name: str, reference: str):
    found = on_line(LABELLED[name].given(0), guidance_of(LABELLED[name], reference, "always", 0), seed=7)
    one = PUSHES.index(1)
    assert float(variation(found.drawn[one], found.true)) < 0.01
    assert float(variation(found.promised[one], found.true)) < 0.002
    assert torch.allclose(found.drawn.sum(-1), torch.ones(len(PUSHES), dtype=torch.float64))
    assert bool((found.drawn > -2e-3).all())  # the solver may cross where hardly any mass lies


@pytest.mark.parametrize(
    ("name", "reference", "band"),
    [
        ("beside", "all", "always"),
        ("beside", "worse", "between"),
        ("apart", "all", "early"),
        ("inside", "all", "late"),
        pytest.param("beside", "other", "always", marks=pytest.mark.deep),
    ],
)
def test_the_drawn_distribution_is_that_of_many_solved_paths(name: str, reference: str, band: str):
    guidance, w = guidance_of(LABELLED[name], reference, band, 0.0), numbers(2.5)
    starts = SIGMA_MAX * torch.special.ndtri((torch.arange(MANY, dtype=torch.float64) + 0.5) / MANY)[:, None]
    ends = guidance.flow(starts, w, 2 * FLOW_STEPS)[:, 0]
    edges = torch.linspace(-3, 3, 61, dtype=torch.float64)
    cdf = guidance.drawn_cdf(edges, w, FLOW_STEPS)[0]
    empirical = (ends[:, None] <= edges).double().mean(0)
    assert float((cdf - empirical).abs().max()) < 0.003


@pytest.mark.parametrize("name", ON_LINE)
def test_the_promise_is_its_quadrature(name: str):
    guidance, edges = guidance_of(LABELLED[name], "all", "always", 0), numbers(-1, 0, 0.7)
    for w in (0.0, 2.0, 5.0):
        fine = torch.linspace(-12, 12, 200_001, dtype=torch.float64)
        values = guidance.log_promise(fine[:, None], numbers(w))[0].exp()
        whole = torch.trapezoid(values, fine)
        below = [torch.trapezoid(values[fine <= edge], fine[fine <= edge]) / whole for edge in edges]
        assert torch.allclose(promise_cdf(guidance, edges, numbers(w))[0], torch.stack(below), atol=5e-4)


def test_outside_the_band_the_guided_score_is_that_of_the_class():
    data = LABELLED["beside"]
    for band, (low, high) in LEVELS.items():
        guidance = guidance_of(data, "all", band, 0)
        levels = guidance.levels(FLOW_STEPS)
        assert all(end in levels for end in (low, high) if 0 < end < SIGMA_MAX)
        assert guidance.acts(low, min(high, SIGMA_MAX)) and not guidance.acts(low - 0.1, low + 0.1)
    x = numbers(0.2)[:, None]
    off = guidance_of(data, "all", "always", 0).score(x, 0.5, numbers(4), acts=False)
    assert torch.equal(off, data.given(0).blur(0.5).score(x))


def test_guidance_loses_the_mode_beside_the_other_label_and_the_middle_levels_keep_it():
    data = LABELLED["beside"]
    three = PUSHES.index(3)

    def kept(reference: str, band: str) -> float:
        found = on_line(data.given(0), guidance_of(data, reference, band, 0), seed=7)
        return float(found.drawn[three] @ found.modes[:, 1])

    assert kept("all", "always") < 0.05 < 0.2 < kept("all", "between")
    assert kept("worse", "always") == pytest.approx(0.4, abs=0.03)


def test_autoguidance_brings_a_blurred_network_closer_to_the_data():
    data = LABELLED["beside"]
    found = on_line(data.given(0), guidance_of(data, "worse", "always", 0.3), seed=7)
    off = variation(found.drawn, found.true[None])
    assert float(off[PUSHES.index(2)]) < 0.6 * float(off[PUSHES.index(1)])


def test_for_a_negative_prompt_of_equal_gaussians_the_promise_is_kept():
    data = LABELLED["apart"]
    found = on_line(data.given(0), guidance_of(data, "other", "always", 0), seed=7)
    assert float(variation(found.drawn, found.promised).max()) < 0.05
    mean = (found.drawn[PUSHES.index(3)] * found.places).sum()
    assert float(mean) == pytest.approx(3 * -1 - 2 * 1, abs=0.05)


@pytest.mark.parametrize("name", IN_PLANE)
def test_points_of_the_plane_without_guidance_have_the_density_of_the_class(name: str):
    true = LABELLED[name].given(0)
    guidance = guidance_of(LABELLED[name], "all", "always", 0)
    w = numbers(1)
    for drawn in (
        guidance.flow(SIGMA_MAX * next(noises(4_000, 2)), w, PLANE_STEPS),
        guidance.wander(noises(4_000, 2), w, SDE_STEPS),
    ):
        fresh = true.sample(MANY, torch.Generator().manual_seed(3))
        error = float(true.log_prob(fresh).std()) / math.sqrt(4_000)
        assert float(true.log_prob(drawn).mean()) == pytest.approx(float(true.log_prob(fresh).mean()), abs=5 * error)
        assert torch.allclose(drawn.mean(0), fresh.mean(0), atol=0.08)


def test_the_same_seed_draws_the_same_points():
    guidance = guidance_of(LABELLED["ring"], "all", "always", 0)
    for way in ("ode", "sde"):
        first, again, other = (drawn_points(guidance, way, seed) for seed in (5, 5, 6))
        assert torch.equal(first, again) and not torch.equal(first, other)
