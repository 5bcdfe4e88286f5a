"""The β-VAE against oracles that it did not write: torch.distributions, Monte Carlo, finite differences."""

import copy
import math

import pytest
import torch
from torch.distributions import Independent, Normal, kl_divergence

from explorer import data
from explorer.models.beta_vae import BetaVAE, check_images
from explorer.models.latent import kl_to_prior, standard_normal
from explorer.networks import checkpoints

BETAS = (0.01, 1.0, 20.0)


FIRST, *OTHERS = data.CLASSES


@pytest.fixture(scope="module", params=[FIRST, *(pytest.param(each, marks=pytest.mark.deep) for each in OTHERS)])
def trained(request: pytest.FixtureRequest) -> tuple[BetaVAE, torch.Tensor]:
    """A trained network on the CPU and 64 binary test images."""
    return checkpoints.load(f"beta-vae-{request.param}", "cpu"), data.bundled_binary_images(request.param)[:64]


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_lectures_kl_is_2_318():
    assert kl_to_prior(torch.tensor([2.0]), torch.tensor([0.5])).item() == pytest.approx(2.318, abs=5e-4)


def test_closed_form_kl_equals_torch_distributions():
    mu, sigma = torch.randn(50, 2, generator=rng()), torch.rand(50, 2, generator=rng(1)) + 0.01
    q = Independent(Normal(mu, sigma), 1)
    torch.testing.assert_close(kl_to_prior(mu, sigma), kl_divergence(q, standard_normal(mu)))


def test_closed_form_kl_equals_monte_carlo():
    mu, sigma = torch.tensor([[1.5, -0.3]]), torch.tensor([[0.779, 0.607]])
    q = Independent(Normal(mu, sigma), 1)
    torch.manual_seed(0)
    z = q.sample((200_000,))
    ratios = q.log_prob(z) - standard_normal(mu).log_prob(z)
    error = float(ratios.std() / math.sqrt(len(ratios)))
    assert float(ratios.mean()) == pytest.approx(kl_to_prior(mu, sigma).item(), abs=4 * error)


@pytest.mark.parametrize("beta", BETAS)
def test_the_distributions_have_the_promised_shapes(trained, beta):
    model, x = trained
    q = model.encode(x, beta)
    p = model.decode(q.mean, beta)
    assert (q.batch_shape, q.event_shape) == ((64,), (2,))
    assert (p.batch_shape, p.event_shape) == ((64,), (1, 28, 28))
    assert isinstance(q, Independent) and isinstance(q.base_dist, Normal)


@pytest.mark.parametrize("beta", BETAS)
def test_elbo_equals_a_monte_carlo_estimate_that_knows_no_closed_form(trained, beta):
    model, x = trained
    q = model.encode(x, beta)
    prior = standard_normal(q.mean)
    torch.manual_seed(0)
    draws = []
    for _ in range(60):
        z = q.sample()
        draws.append(model.decode(z, beta).log_prob(x) + prior.log_prob(z) - q.log_prob(z))
    draws = torch.stack(draws)  # (60, 64)
    ours = model.elbo(x, beta, generator=rng(), samples=60)
    error = (2 * draws.var(0) / len(draws)).sum().sqrt() / len(x)
    assert abs(float((ours - draws.mean(0)).mean())) < 4 * float(error)


def test_beta_selects_the_network_but_never_weighs_the_bound(trained):
    model, x = trained
    for beta in BETAS:
        distortion, rate = model.distortion_rate(x, beta, generator=rng())
        torch.testing.assert_close(model.elbo(x, beta, generator=rng()), -distortion - rate)


def test_a_tensor_of_betas_equals_one_beta_at_a_time(trained):
    model, x = trained
    betas = torch.tensor([0.0, 0.01, 1.0, 100.0]).repeat(16)
    together = model.encode(x, betas)
    for beta in (0.0, 0.01, 1.0, 100.0):
        alone = model.encode(x, beta)
        chosen = betas == beta
        torch.testing.assert_close(together.mean[chosen], alone.mean[chosen], atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(together.stddev[chosen], alone.stddev[chosen], atol=1e-4, rtol=1e-4)


def test_beta_really_changes_what_both_networks_say(trained):
    model, x = trained
    low, high = model.encode(x, 0.1), model.encode(x, 20.0)
    assert (low.mean - high.mean).abs().mean() > 0.1
    assert (high.stddev / low.stddev).median() > 3
    z = torch.randn(64, 2, generator=rng())
    assert (model.decode(z, 0.1).mean - model.decode(z, 20.0).mean).abs().mean() > 0.01


def test_beta_zero_is_a_plain_autoencoder(trained):
    model, x = trained
    q = model.encode(x, 0.0)
    assert torch.equal(q.rsample(), q.mean)
    distortion, rate = model.distortion_rate(x, 0.0, generator=rng())
    torch.testing.assert_close(distortion, -model.decode(q.mean, 0.0).log_prob(x))
    assert rate.isnan().all()
    for bound in (model.elbo, lambda *args, **kw: model.iwae(*args, 5, **kw)):
        with pytest.raises(ValueError, match="plain autoencoder"):
            bound(x, 0.0, generator=rng())


def test_reparameterised_gradients_equal_finite_differences(trained):
    model, x = trained
    model, x, beta = copy.deepcopy(model).double(), x[:1].double(), 1.0
    eps = torch.randn(1, 2, generator=rng()).double()

    def objective(mu, sigma):
        distortion = -model.decode(mu + sigma * eps, beta).log_prob(x)
        return (distortion + beta * kl_to_prior(mu, sigma)).sum()

    q = model.encode(x, beta)
    mu, sigma = q.mean.detach().requires_grad_(), q.stddev.detach().requires_grad_()
    assert torch.autograd.gradcheck(objective, (mu, sigma), eps=1e-6, atol=1e-3, rtol=1e-3)


def test_the_stretch_is_what_a_small_step_does(trained):
    model, _ = trained
    z, beta, step = torch.tensor([0.3, -0.4]), 1.0, 1e-2
    values, directions = model.stretch(z, beta)
    for value, direction in zip(values, directions):
        ends = torch.stack([z + step * direction, z - step * direction])
        there, back = model.decode(ends, beta).mean
        assert float((there - back).norm()) / (2 * step) == pytest.approx(float(value), rel=0.02)
    assert values[0] >= values[1] >= 0


def test_a_sample_is_the_last_of_its_steps(trained):
    model, _ = trained
    (step,) = model.sample_steps(5, generator=rng(3), beta=1.0)
    assert torch.equal(step.x, model.sample(5, generator=rng(3), beta=1.0))
    assert not torch.equal(step.x, model.sample(5, generator=rng(4), beta=1.0))


@pytest.mark.parametrize(
    ("x", "wanted"),
    [
        (torch.zeros(3, 28, 28), r"\(B, 1, 28, 28\)"),
        (torch.zeros(3, 1, 32, 32), r"\(B, 1, 28, 28\)"),
        (torch.zeros(3, 1, 28, 28, dtype=torch.uint8), "float32"),
        (torch.zeros(3, 1, 28, 28, dtype=torch.float64), "float32"),
        (torch.full((3, 1, 28, 28), float("nan")), r"\[0, 1\]"),
        (torch.full((3, 1, 28, 28), 255.0), r"\[0, 1\]"),
    ],
)
def test_wrong_images_are_refused_with_what_is_wanted(x, wanted):
    with pytest.raises(ValueError, match=wanted):
        check_images(x)


@pytest.mark.parametrize("beta", [-1.0, 0.001, 1e6, float("nan"), torch.ones(3)])
def test_wrong_beta_is_refused_with_its_range(trained, beta):
    model, x = trained
    with pytest.raises(ValueError, match=r"0\.01 and 100"):
        model.encode(x, beta)


def test_a_beta_that_is_no_number_is_refused(trained):
    model, x = trained
    for wrong in ("one", True, None, torch.ones(64, dtype=torch.long)):
        with pytest.raises(ValueError, match="float or a floating-point tensor"):
            model.encode(x, wrong)


def test_a_count_of_draws_must_be_at_least_one(trained):
    model, x = trained
    with pytest.raises(ValueError, match="samples must be a whole number of at least 1"):
        model.elbo(x, 1.0, generator=rng(), samples=0)
    with pytest.raises(ValueError, match="k must be a whole number of at least 1"):
        model.iwae(x, 1.0, 0, generator=rng())


def test_iwae_of_one_draw_is_the_elbo_in_expectation(trained):
    model, x = trained
    x = x[:4]
    once = torch.stack([model.iwae(x, 1.0, 1, generator=rng(seed)) for seed in range(200)])
    elbo = model.elbo(x, 1.0, generator=rng(), samples=200)
    error = once.std(0) * math.sqrt(2 / 200)
    assert ((once.mean(0) - elbo).abs() < 5 * error).all()


@pytest.mark.parametrize("z", [torch.zeros(2), torch.zeros(4, 3), torch.zeros(4, 2, dtype=torch.float64)])
def test_wrong_latents_are_refused_with_their_shape(trained, z):
    model, _ = trained
    with pytest.raises(ValueError, match=r"\(B, 2\)"):
        model.decode(z, 1.0)
