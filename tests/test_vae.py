"""The VAE with room against oracles that it did not write: a Gaussian model that has its log p(x), and enumeration."""

import itertools
import math
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor
from torch.distributions import Independent, MultivariateNormal, Normal, kl_divergence

from explorer.measures import vae as measured
from explorer.models import latent
from explorer.models.small_vae import SmallVAE, Window
from explorer.models.spherical import angle_between
from explorer.models.vae import VAE
from explorer.questions import complete, interpolate, likelihood
from explorer.tabs.vae_room import maths
from explorer.tabs.vae_room.iwae import COUNTS, IWAE_DRAWS, by_count
from explorer.tabs.vae_room.shared import REACH, traverse

X = torch.tensor([[1.5, -0.4, 0.7], [-2.0, 0.3, 0.1]])
LOADINGS = torch.tensor([[1.0, 0.3], [-0.5, 0.8], [0.2, -1.1]])
NOISE = 0.7


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def gaussian_likelihood(x: Tensor, z: Tensor) -> Tensor:
    """log N(x; W z, s² I), so that p(x) is Gaussian, too."""
    return Normal(z @ LOADINGS.T, NOISE).log_prob(x).sum(-1)


def exact() -> Tensor:
    covariance = LOADINGS @ LOADINGS.T + NOISE**2 * torch.eye(3)
    return MultivariateNormal(torch.zeros(3), covariance).log_prob(X)


def true_posterior() -> MultivariateNormal:
    precision = torch.eye(2) + LOADINGS.T @ LOADINGS / NOISE**2
    covariance = torch.linalg.inv(precision)
    return MultivariateNormal(X @ LOADINGS @ covariance / NOISE**2, covariance)


def encoded() -> Independent:
    """An encoder that is off: too far in, and too wide."""
    mean = true_posterior().mean
    return latent.posterior(0.8 * mean, torch.full_like(mean, 0.7))


def mean_bound(k: int, q: Independent, sets: int = 4_000) -> tuple[Tensor, Tensor]:
    """The bound by k draws of both x over many sets, and its standard error."""
    weights = latent.log_weights(X, q, gaussian_likelihood, k * sets, generator=rng())
    each = latent.log_mean(weights.view(sets, k, -1).transpose(0, 1))
    return each.mean(0), each.std(0) / math.sqrt(sets)


@pytest.mark.parametrize(
    ("recipe", "bounds", "looser"),
    [
        ({}, True, 0),
        ({"kl_weight": 4.0}, True, 3),
        ({"free_nats": 2.0}, True, None),
        ({"annealed": 2, "epoch": 2}, True, 0),
        ({"annealed": 2, "epoch": 0.2}, False, -0.9),
        ({"kl_weight": 0.2}, False, -0.8),
    ],
)
def test_minus_the_loss_is_a_bound_where_the_loss_charges_at_least_the_kl(recipe: dict, bounds: bool, looser):
    """Beside the known log p(x) of a Gaussian model, with a q narrower than its posterior, over 60,000 draws of ε."""
    posterior = true_posterior()
    mu, sigma = posterior.mean.repeat(30_000, 1), 0.7 * posterior.variance.sqrt().repeat(30_000, 1)
    z = mu + sigma * torch.randn(mu.shape, generator=rng())
    distortion, rates = -gaussian_likelihood(X.repeat(30_000, 1), z), latent.kl_of_each(mu, sigma)
    model = SimpleNamespace(terms=lambda x, generator: (distortion, rates))
    found = -float(VAE.training_loss(model, X, recipe, generator=rng(), label=None))
    elbo, rate = -float(distortion.mean()) - float(rates.sum(-1).mean()), float(rates.sum(-1).mean())
    assert elbo < float(exact().mean())
    assert (found < float(exact().mean())) == bounds
    if looser is not None:
        assert found == pytest.approx(elbo - looser * rate, abs=1e-3)


def test_bounds_rise_with_k_and_stay_below_the_known_log_p_of_x():
    found = [mean_bound(k, encoded()) for k in (1, 2, 5, 20, 100)]
    for (low, low_se), (high, high_se) in itertools.pairwise(found):
        assert (high - low > -3 * (low_se + high_se)).all()
    assert (found[-1][0] > found[0][0] + 0.05).all()
    assert all((value < exact() + 4 * se).all() for value, se in found)
    assert ((exact() - found[-1][0]).abs() < 0.02).all()


def test_the_bound_by_one_draw_is_the_elbo_of_the_closed_form():
    q = encoded()
    posterior = true_posterior()
    gap = torch.stack(
        [
            kl_divergence(
                MultivariateNormal(q.mean[i], torch.diag(q.stddev[i] ** 2)),
                MultivariateNormal(posterior.mean[i], posterior.covariance_matrix[i]),
            )
            for i in range(len(X))
        ]
    )
    value, se = mean_bound(1, q, sets=40_000)
    assert ((value - (exact() - gap)).abs() < 4 * se).all()


def test_naive_monte_carlo_agrees_where_a_few_draws_are_enough():
    prior = latent.standard_normal(torch.zeros(len(X), 2))
    weights = latent.log_weights(X, prior, gaussian_likelihood, 200_000, generator=rng(1))
    se = weights.exp().std(0) / weights.exp().mean(0) / math.sqrt(len(weights))
    assert ((latent.log_mean(weights) - exact()).abs() < 4 * se).all()


@pytest.mark.parametrize("rows", [2, 7, 4_096])
def test_no_more_codes_are_decoded_at_once_than_was_said(rows: int):
    sizes = []

    def watched(x: Tensor, z: Tensor) -> Tensor:
        sizes.append(len(z))
        return gaussian_likelihood(x, z)

    found = latent.log_weights(X, encoded(), watched, 11, generator=rng(), rows=rows)
    assert found.shape == (11, 2) and sum(sizes) == 22 and max(sizes) <= rows
    with pytest.raises(ValueError, match="whole number"):
        latent.log_weights(X, encoded(), gaussian_likelihood, 0, generator=rng())


def test_the_kl_of_every_latent_is_that_of_torch_distributions():
    mu, sigma = torch.randn(20, 5, generator=rng()), torch.rand(20, 5, generator=rng(1)) + 0.05
    wanted = kl_divergence(Normal(mu, sigma), Normal(0.0, 1.0))
    torch.testing.assert_close(latent.kl_of_each(mu, sigma), wanted)
    torch.testing.assert_close(latent.kl_to_prior(mu, sigma), wanted.sum(-1))


def small() -> VAE:
    """An untrained network whose residuals and logits are no longer nothing."""
    torch.manual_seed(0)
    model = VAE(latent=4, fine=8, coarse=8, narrow=2, hidden=16)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    return model.eval()


def images(n: int = 3) -> Tensor:
    return (torch.rand(n, 1, 28, 28, generator=rng(5)) < 0.3).float()


def test_elbo_is_the_mean_of_log_weights_and_below_the_bound_by_many():
    model, x = small(), images()
    with torch.no_grad():
        elbo = torch.stack([model.elbo(x, generator=rng(i)) for i in range(400)])
        weights = model.log_weights(x, 4_000, generator=rng())
        many = latent.log_mean(weights)
    error = (elbo.var(0) / len(elbo) + weights.var(0) / len(weights)).sqrt()
    assert ((elbo.mean(0) - weights.mean(0)).abs() < 4 * error).all()
    assert (many > elbo.mean(0)).all()
    assert torch.equal(model.iwae(x, 20, generator=rng()), model.iwae(x, 20, generator=rng()))


def test_log_likelihoods_at_shared_codes_are_those_of_the_decoder():
    model, x, z = small(), images(), torch.randn(5, 4, generator=rng(2))
    wanted = torch.stack([model.log_likelihood(x, each.expand(len(x), -1)) for each in z])
    torch.testing.assert_close(measured.log_likelihoods(model, x, z), wanted, rtol=1e-4, atol=1e-2)


def test_the_loss_weighs_the_kl_as_the_recipe_says():
    model, x = small(), images()

    def loss(**recipe: float) -> float:
        return float(model.training_loss(x, {"epoch": 1.0} | recipe, generator=rng(), label=None))

    distortion, rates = model.terms(x, generator=rng())
    rate = float(rates.sum(-1).mean())
    assert loss() == pytest.approx(float(distortion.mean()) + rate, rel=1e-5)
    assert loss(kl_weight=3) == pytest.approx(float(distortion.mean()) + 3 * rate, rel=1e-5)
    assert loss(annealed=4) == pytest.approx(float(distortion.mean()) + rate / 4, rel=1e-5)
    assert loss(annealed=0.5) == pytest.approx(loss())
    floor = float(rates.mean(0).clamp(min=2.0).sum())
    assert loss(free_nats=2.0) == pytest.approx(float(distortion.mean()) + floor, rel=1e-5)


def test_below_the_floor_the_kl_pulls_at_no_latent():
    model, x = small(), images()
    model.decoder.requires_grad_(False)
    for free, pulled in ((1e6, False), (0.0, True)):
        model.zero_grad()
        q = model.encode(x)
        rates = latent.kl_of_each(q.mean, q.stddev)
        rates.mean(0).clamp(min=free).sum().backward()
        assert (float(model.encoder[-1].weight.grad.abs().max()) > 0) == pulled


def test_a_model_answers_the_shared_questions():
    model, x = small(), images(1)
    assert likelihood.kind(model) == "bound"
    known = torch.zeros(1, 28, 28, dtype=torch.bool)
    known[:, :14] = True
    *_, end = complete.steps(model, x, known, n=1, seed=3)
    assert torch.equal(end.x[..., :14, :], x[..., :14, :])
    (between,) = interpolate.steps(model, x, images(2)[1:])
    torch.testing.assert_close(between.x[:1], model.reconstruct(x))


def test_the_spherical_way_turns_at_a_constant_rate_and_the_straight_one_cuts_the_corner():
    model, (a, b) = small(), images(2).split(1)
    ways = {
        spherical: next(model.interpolate_steps(a, b, 5, spherical=spherical)).numbers["z"]
        for spherical in (False, True)
    }
    for z in ways.values():
        torch.testing.assert_close(z[[0, -1]], model.encode(torch.cat([a, b])).mean)
    middle = ways[True][2]
    whole = angle_between(ways[True][0], ways[True][-1])
    assert angle_between(ways[True][0], middle) < whole
    assert float(ways[False][2].norm()) < float(middle.norm())


@pytest.mark.parametrize("reach", [3, 5, 7])
def test_the_window_sees_what_comes_before_and_no_farther(reach: int):
    torch.manual_seed(0)
    window, place = Window(4, reach), (14, 14)
    x = torch.zeros(1, 1, 28, 28, requires_grad=True)
    window(x)[0, :, *place].sum().backward()
    half, seen = reach // 2, x.grad[0, 0] != 0
    for row, column in itertools.product(range(28), range(28)):
        inside = abs(row - 14) <= half and abs(column - 14) <= half
        assert bool(seen[row, column]) == (inside and (row, column) < place)


def test_no_pixel_sees_itself_or_what_comes_after_it():
    model = SmallVAE(latent=2, hidden=8, reach=5)
    z, x = torch.randn(1, 2, generator=rng()), images(1)
    changed = x.clone()
    changed[..., 15, 3:] = 1 - changed[..., 15, 3:]
    before, after = (model.pixels_given(z, each).base_dist.logits.flatten() for each in (x, changed))
    first = 15 * 28 + 3
    assert torch.equal(before[: first + 1], after[: first + 1]) and not torch.equal(before, after)


def test_a_small_vae_over_four_pixels_is_a_distribution():
    """p(x | z) of a decoder that sees pixels, summed over all images of four free pixels, is what the rest leaves."""
    model = SmallVAE(latent=2, hidden=8, reach=3)
    z, base = torch.randn(1, 2, generator=rng()), images(1)
    free = [27 * 28 + column for column in (24, 25, 26, 27)]  # the last ones: nothing comes after them
    every = []
    for bits in itertools.product((0.0, 1.0), repeat=4):
        x = base.clone()
        x.view(-1)[free] = torch.tensor(bits)
        every.append(model.log_likelihood(x, z))
    rest = model.pixels_given(z, base).base_dist.log_prob(base).flatten()[: free[0]].sum()
    assert float(torch.cat(every).logsumexp(0)) == pytest.approx(float(rest), rel=1e-5)


def test_images_are_drawn_pixel_by_pixel_as_the_decoder_says():
    model, z = SmallVAE(latent=2, hidden=8, reach=5), torch.randn(3, 2, generator=rng())
    drawn = model.draw(z, generator=rng(4))
    noise = torch.rand(drawn.shape, generator=rng(4))
    assert torch.equal(drawn, (noise < model.pixels_given(z, drawn).mean).float())


def test_the_mean_bound_is_no_more_certain_than_its_parts():
    elbo = torch.randn(10_000, generator=rng(), dtype=torch.float64) * 20 - 90
    gain = 5 + torch.randn(10_000 // measured.VAE_EVERY, generator=rng(1), dtype=torch.float64)
    found = measured.reduced_error(elbo, gain)
    plain = math.hypot(float(elbo.std()) / 100, float(gain.std()) / math.sqrt(len(gain)))
    assert found == pytest.approx(plain, rel=0.2)


def test_grouped_weights_are_bounds_of_each_group():
    weights = torch.randn(12, 3, generator=rng(), dtype=torch.float64)
    by_hand = torch.stack([latent.log_mean(part) for part in weights.split(4)]).mean(0)
    torch.testing.assert_close(measured.grouped_bound(weights, 4), by_hand)


def test_a_latent_is_active_where_its_mean_varies():
    rates = torch.tensor([[0.0, 2.0, 1.0], [0.0, 4.0, 1.0]])
    mu = torch.tensor([[0.0, 1.0, 0.5], [0.0, -1.0, 0.5]])
    rows = measured.latent_usage(rates, mu, seed=0)
    assert [row["latent"] for row in rows[:-1]] == [1, 2, 0]
    assert rows[-1]["name"] == "active" and rows[-1]["value"] == 1


def test_dragging_a_latent_moves_no_other():
    mu = torch.randn(6, generator=rng())
    z = traverse(mu, 2, 7)
    assert z[:, 2].tolist() == pytest.approx([-REACH, -2, -1, 0, 1, 2, REACH])
    assert torch.equal(z[:, [0, 1, 3, 4, 5]], mu[[0, 1, 3, 4, 5]].expand(7, -1))


def test_bounds_by_count_use_every_draw_and_end_in_the_mean_of_all():
    weights = torch.randn(IWAE_DRAWS, generator=rng(), dtype=torch.float64)
    found = by_count(weights)
    assert [row["k"] for row in found] == list(COUNTS)
    assert found[0]["value"] == pytest.approx(float(weights.mean()))
    assert found[-1]["value"] == pytest.approx(float(weights.logsumexp(0) - math.log(IWAE_DRAWS)))
    assert all(low["value"] < high["value"] + 0.05 for low, high in itertools.pairwise(found))
    assert found[-1]["value"] == pytest.approx(0.5, abs=4 * found[-1]["se"])  # log E exp(N(0, 1))


def test_the_live_formula_knows_its_model():
    exact_nats = float(Normal(0.0, math.sqrt(2)).log_prob(torch.tensor(2.0)))
    at_posterior = maths.bound(2.0, 1.0, math.sqrt(0.5), 1)
    assert at_posterior == pytest.approx(exact_nats, abs=1e-6)
    rising = [maths.bound(2.0, 0.0, 1.0, k) for k in (1, 10, 1_000)]
    assert rising == sorted(rising) and rising[-1] == pytest.approx(exact_nats, abs=0.02)
    wanted = float(kl_divergence(Normal(0.5, 2.0), Normal(0.0, 1.0)))
    assert maths.normal_kl(0.5, 2.0) == pytest.approx(wanted, rel=1e-5)
