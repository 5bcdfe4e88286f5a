"""The exact posterior: bounds in their order, one number on any grid, parts that add up."""

import math

import pytest
import torch
from torch.distributions import Independent, Normal

from explorer import data
from explorer.models import posterior, quadrature
from explorer.networks import checkpoints

IMAGES = (3, 17, 40)


@pytest.fixture(scope="module")
def model():
    return checkpoints.load("beta-vae-mnist", "cpu")


@pytest.fixture(scope="module")
def images() -> torch.Tensor:
    return data.bundled_binary_images("mnist")


@pytest.mark.parametrize("beta", [pytest.param(1.0, marks=pytest.mark.deep), 10.0])
def test_bounds_come_in_order(model, images, beta):
    x = images[list(IMAGES)]
    generator = torch.Generator().manual_seed(0)
    elbo = model.elbo(x, beta, generator=generator, samples=60)
    iwae = torch.stack([model.iwae(x, beta, 100, generator=generator) for _ in range(10)])
    error = iwae.std(0) / math.sqrt(len(iwae))
    exact = torch.tensor([posterior.posterior_grid(model, image, beta).log_px for image in x])
    assert (elbo <= iwae.mean(0) + 4 * error).all()
    assert (iwae.mean(0) <= exact + 4 * error).all()


@pytest.mark.deep
@pytest.mark.parametrize("beta", [0.01, 1.0, 10.0])
@pytest.mark.parametrize("drawing", ["a digit", "a stroke", "nothing"])
def test_a_finer_grid_changes_nothing(model, images, beta, drawing):
    x = images[3].clone() if drawing == "a digit" else torch.zeros(1, 28, 28)
    if drawing == "a stroke":
        x[0, 14] = 1
    usual = posterior.posterior_grid(model, x, beta)
    finer = posterior.posterior_grid(model, x, beta, finer=1)
    other = posterior.posterior_grid(model, x, beta, coarse=60)
    assert len(finer.side) > len(usual.side)
    assert usual.log_px == pytest.approx(finer.log_px, abs=1e-2)
    assert usual.log_px == pytest.approx(other.log_px, abs=1e-2)


def test_the_squares_tile_the_plane(model, images):
    grid = posterior.posterior_grid(model, images[3], 1.0)
    area = float(grid.side.double().square().sum())
    assert math.sqrt(area) == pytest.approx(2 * 6.0, rel=1e-4)
    assert float(grid.weights.sum()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("beta", [pytest.param(1.0, marks=pytest.mark.deep), 10.0])
def test_the_plane_is_widened_until_its_border_holds_nothing(model, beta):
    """A blank page, whose posterior lies beyond ±6: by a wider grid of another kind, and by importance sampling."""
    blank = torch.zeros(1, 28, 28)
    grid = posterior.posterior_grid(model, blank, beta)
    assert grid.at_border < 1e-6
    assert (grid.weights @ grid.centres)[1] < -6
    points, _ = quadrature.grid()  # out to ±18, beyond which the prior's mass is below e⁻¹⁶⁰
    wide = float(quadrature.log_integral(posterior.log_joint(model, blank, points, beta)))
    assert grid.log_px == pytest.approx(wide, abs=1e-3)
    proposal = Independent(Normal(torch.tensor([-0.6, -6.5]), torch.tensor([1.0, 1.0])), 1)
    torch.manual_seed(0)
    z = proposal.sample((4_000,))
    log_w = posterior.log_joint(model, blank, z, beta) - proposal.log_prob(z)
    estimate, w = float(log_w.logsumexp(0)) - math.log(len(z)), log_w.softmax(0)
    error = math.sqrt(float(len(z) * w.square().sum() - 1) / len(z))
    assert error < 0.1 and grid.log_px == pytest.approx(estimate, abs=4 * error)


def test_squares_at_the_border_are_told_from_those_inside():
    centres, side = torch.tensor([[0.0, 0.0], [0.5, 3.5], [-3.0, 0.0]]), torch.tensor([2.0, 1.0, 2.0])
    grid = posterior.PosteriorGrid(centres, -2 * side.log() + torch.tensor([0.5, 0.3, 0.2]).log(), side)
    assert grid.at_border == pytest.approx(0.5)
    inside = posterior.PosteriorGrid(centres[:2], grid.log_joint[:2], side[:2])
    assert inside.at_border == pytest.approx(0.375)


def test_integration_equals_averaging_over_the_prior(model, images):
    """If the posterior is broad (β = 20), plain Monte Carlo over the prior is an independent answer."""
    x, beta = images[3], 20.0
    z = torch.randn(10_000, 2, generator=torch.Generator().manual_seed(0))
    log_likelihood = posterior.log_joint(model, x, z, beta) - posterior.log_prior(z)
    weights = torch.exp(log_likelihood - log_likelihood.max())
    estimate = float(weights.mean().log() + log_likelihood.max())
    error = float(weights.std() / weights.mean() / math.sqrt(len(z)))
    assert posterior.posterior_grid(model, x, beta).log_px == pytest.approx(estimate, abs=4 * error + 1e-3)


@pytest.mark.parametrize("beta", [pytest.param(0.1, marks=pytest.mark.deep), 1.0, 10.0])
def test_log_px_is_the_elbo_plus_what_separates_q_from_the_posterior(model, images, beta):
    x = images[17]
    q = model.encode(x.unsqueeze(0), beta)
    mu, sigma = q.mean[0], q.stddev[0]
    log_px = posterior.posterior_grid(model, x, beta).log_px
    elbo = posterior.exact_elbo(model, x, mu, sigma, beta)
    z = mu + sigma * torch.randn(4_000, 2, generator=torch.Generator().manual_seed(0))
    log_q = Independent(Normal(mu, sigma), 1).log_prob(z)
    ratios = log_q - (posterior.log_joint(model, x, z, beta) - log_px)  # log q(z) − log p(z|x)
    kl, error = float(ratios.mean()), float(ratios.std()) / math.sqrt(len(ratios))
    assert elbo + kl == pytest.approx(log_px, abs=4 * error)
    assert kl > 0


def test_both_quadratures_equal_the_monte_carlo_elbo(model, images):
    x = images[3:4]
    q = model.encode(x, 1.0)
    ours = posterior.exact_elbo(model, x[0], q.mean[0], q.stddev[0], 1.0)
    assert float(posterior.elbo_of(model, x[0], q.mean[0], q.stddev[0], 1.0)) == pytest.approx(ours, abs=0.05)
    draws = model.elbo(x.expand(1_000, -1, -1, -1), 1.0, generator=torch.Generator().manual_seed(0))
    assert ours == pytest.approx(float(draws.mean()), abs=4 * float(draws.std()) / math.sqrt(len(draws)))


def test_gauss_hermite_integrates_polynomials_exactly():
    nodes, weights = posterior.gauss_hermite(6, torch.zeros(1, dtype=torch.float64))
    moment = (weights * nodes[:, 0] ** 4 * nodes[:, 1] ** 2).sum()
    assert float(moment) == pytest.approx(3.0)


def test_fitting_q_to_one_image_closes_part_of_the_gap(model, images):
    x = images[17]
    steps = list(posterior.fit_steps(model, x, 1.0))
    first, last = steps[0][2], steps[-1][2]
    assert len(steps) == 31
    assert first < last <= posterior.posterior_grid(model, x, 1.0).log_px + 0.01


def test_a_plain_autoencoder_has_no_density_to_integrate(model, images):
    with pytest.raises(ValueError, match="no density"):
        posterior.posterior_grid(model, images[3], 0.0)
