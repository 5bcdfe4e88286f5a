"""The small families of the playground: densities against integrals, losses against their definitions, and EM."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer.data.playground import PRESETS, preset_points
from explorer.models import live_density
from explorer.models.flow import standard_normal
from explorer.models.learners import LEARNERS
from explorer.models.live_diffusion import signal
from explorer.models.live_kernels import LiveKernels
from explorer.models.live_mixture import MIXTURE_FLOOR, LiveMixture
from explorer.models.live_training import Rules, Trainee
from explorer.models.quadrature import grid

WIDTH = 16
DENSE = [name for name, each in LEARNERS.items() if each.mark != "∅"]
TRAINED = [name for name, each in LEARNERS.items() if each.rate]


def drawn(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def points(n: int = 300) -> Tensor:
    return preset_points("moons", 0.1, n, 3, 10).train


def trained(name: str, steps: int, x: Tensor | None = None) -> Trainee:
    trainee = Trainee(name, points() if x is None else x, Rules(width=WIDTH, batch=32))
    for step in range(steps):
        if not trainee.over:
            trainee.step(step / steps)
    return trainee


@pytest.mark.parametrize("steps", [0, 60])
@pytest.mark.parametrize("name", DENSE)
def test_a_density_integrates_to_one(name: str, steps: int):
    model = trained(name, steps).model
    x, area = live_density.cells(5.0, 80 if LEARNERS[name].slow else 140)
    mass = float(live_density.log_density(model, x).double().exp().sum()) * math.exp(area)
    assert mass == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_has_the_density_that_it_is_drawn_from(name: str):
    known = PRESETS[name].make(PRESETS[name].noise)
    x, area = live_density.cells(5.0, 200)
    log_p = known.log_prob(x.double())
    assert float(log_p.exp().sum()) * math.exp(area) == pytest.approx(1, abs=1e-3)
    entropy = -float((log_p.exp() * log_p).sum()) * math.exp(area)
    sample = known.sample(20_000, drawn(1))
    assert -float(known.log_prob(sample.double()).mean()) == pytest.approx(entropy, abs=0.03)
    for moment in (1, 2):
        expected = (log_p.exp()[:, None] * x**moment).sum(0) * math.exp(area)
        torch.testing.assert_close((sample**moment).mean(0).double(), expected.double(), atol=0.04, rtol=0)


def log_posterior(model: LiveMixture, x: Tensor) -> float:
    """Log-likelihood of the points x and log-prior of the covariances, by determinants and inverses in numpy."""
    away = x[:, None].double().numpy() - model.means.double().numpy()
    covariances = model.covariances.double().numpy()
    inverse, volume = np.linalg.inv(covariances), np.linalg.slogdet(covariances)[1]
    parts = np.exp(-np.einsum("nki,kij,nkj->nk", away, inverse, away) / 2 - volume / 2) / (2 * math.pi)
    likelihood = np.log(parts @ model.shares.double().numpy()).sum()
    return likelihood - volume.sum() / 2 - MIXTURE_FLOOR * np.trace(inverse, axis1=1, axis2=2).sum() / 2


def test_em_never_lowers_the_posterior_though_it_lowers_the_likelihood():
    """In 40 runs of 60 steps on 60 points, with no regard to when EM ends."""
    fallen = 0
    for seed in range(40):
        x, model = (
            preset_points(list(PRESETS)[seed % len(PRESETS)], 0.1, 60, 10, seed).train,
            LiveMixture(64, 0, drawn(0)),
        )
        model.means.copy_(x[torch.randint(len(x), (len(model.means),), generator=drawn(seed))])
        posteriors, likelihoods = [], []
        for _ in range(60):
            posteriors.append(log_posterior(model, x) / len(x))
            likelihoods.append(float(model.log_prob(x).mean()))
            model.maximise(x, model.joint(x).softmax(-1))
        assert all(b >= a - 2e-6 for a, b in zip(posteriors, posteriors[1:])), seed
        fallen += any(b < a - 1e-5 for a, b in zip(likelihoods, likelihoods[1:]))
    assert fallen > 5


def test_em_yields_the_posterior_and_ends_where_it_has_settled():
    x, model = points(60), LiveMixture(64, 0, drawn(1))
    fit = model.fit_steps(x, generator=drawn(1))
    losses = [next(fit)]
    for loss in fit:
        losses.append(loss)
    assert len(losses) > 5 and all(b < a for a, b in zip(losses, losses[1:]))
    assert losses[-1] == pytest.approx(-log_posterior(model, x) / len(x), abs=1e-5)


def test_the_step_of_em_is_the_weighted_mean_and_covariance():
    x, model = points(), LiveMixture(16, 0, drawn(0))
    r = torch.rand(len(x), len(model.means), generator=drawn(1)).softmax(-1)
    model.maximise(x, r)
    for k in range(len(model.means)):
        torch.testing.assert_close(model.means[k], (r[:, k, None] * x).sum(0) / r[:, k].sum())
        found = torch.cov(x.T, correction=0, aweights=r[:, k].double())
        torch.testing.assert_close(model.covariances[k].double(), found.double(), atol=0.02, rtol=0.02)


def test_the_bandwidth_is_the_best_of_the_likelihood_that_leaves_one_out():
    x, model = points(200), LiveKernels(64, 0, drawn(0))
    losses = [*model.fit_steps(x, generator=drawn(0))]
    assert all(b <= a + 1e-5 for a, b in zip(losses, losses[1:]))
    squares = torch.cdist(x, x).square().fill_diagonal_(torch.inf)
    grids = torch.linspace(0.02, 0.5, 200)
    scores = [
        float((-squares / (2 * h**2)).logsumexp(-1).mean() - math.log(len(x) - 1) - (2 * math.pi * h**2).log())
        for h in grids
    ]
    assert float(model.bandwidth) == pytest.approx(float(grids[torch.tensor(scores).argmax()]), abs=0.01)


def loss_and_twin(name: str) -> tuple[Tensor, object, Tensor]:
    """A training loss on a tiny batch, the trained model, and the batch; the random draws come from seed 5."""
    model = trained(name, 3).model
    x = points()[:8]
    return model.training_loss(x, {}, generator=drawn(5), label=None), model, x


@pytest.mark.parametrize("name", ["autoregressive", "flow"])
def test_the_loss_of_an_exact_family_is_its_negative_log_likelihood(name: str):
    loss, model, x = loss_and_twin(name)
    torch.testing.assert_close(loss, -model.log_prob(x).mean())


def test_the_loss_of_the_flow_is_that_of_its_map_and_the_jacobian_by_autograd():
    loss, model, x = loss_and_twin("flow")
    whole = torch.stack([torch.autograd.functional.jacobian(lambda one: model.encode(one[None])[0], one) for one in x])
    volume = torch.linalg.slogdet(whole).logabsdet
    torch.testing.assert_close(
        loss.detach(), -(standard_normal(model.encode(x)) + volume).mean().detach(), rtol=1e-4, atol=1e-4
    )


def test_the_loss_of_the_autoregressive_model_is_that_of_two_mixtures():
    loss, model, x = loss_and_twin("autoregressive")

    def mixture(theta: Tensor) -> torch.distributions.Distribution:
        logits, means, widths = theta.chunk(3, -1)
        parts = torch.distributions.Normal(means, widths.exp() + 0.02)
        return torch.distributions.MixtureSameFamily(torch.distributions.Categorical(logits=logits), parts)

    terms = mixture(model.first).log_prob(x[:, 0]) + mixture(model.second(x[:, :1])).log_prob(x[:, 1])
    torch.testing.assert_close(loss, -terms.mean())
    weights = [*model.parameters()]
    for ours, theirs in zip(*(torch.autograd.grad(each, weights) for each in (loss, -terms.mean()))):
        torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-5)


def test_the_conditional_of_the_autoregressive_model_is_a_density():
    model = trained("autoregressive", 20).model
    x2 = torch.linspace(-8, 8, 4_001)
    x = torch.stack([torch.full_like(x2, 0.4), x2], -1)
    both = model.log_prob(x).exp().sum() * (x2[1] - x2[0])
    alone = preset_free(model, 0.4)
    torch.testing.assert_close(both, alone, atol=1e-3, rtol=1e-3)


def preset_free(model, x1: float) -> Tensor:
    """The first density at x1, from its parameters."""
    logits, means, widths = model.first.chunk(3)
    normal = torch.distributions.Normal(means, widths.exp() + 0.02)
    return (logits.softmax(0) * normal.log_prob(torch.tensor(x1)).exp()).sum()


def test_the_loss_of_the_vae_is_the_bound():
    loss, model, x = loss_and_twin("vae")
    generator, q = drawn(5), model.encode(x)
    z = q.mean + q.stddev * torch.randn(8, 2, generator=generator)
    terms = model.decode(z).log_prob(x) - torch.distributions.kl_divergence(
        q.base_dist, torch.distributions.Normal(torch.zeros(8, 2), torch.ones(8, 2))
    ).sum(-1)
    torch.testing.assert_close(loss, -terms.mean())
    bound = torch.stack([model.elbo(x, generator=drawn(i)) for i in range(200)]).mean(0)
    assert bool((bound <= model.log_prob_by_grid(x) + 0.05).all())


def test_the_loss_of_the_codes_bounds_their_likelihood_and_has_its_gradient():
    twin, model = trained("codes", 3).model, trained("codes", 3).model
    x = points()[:8]
    loss = model.training_loss(x, {}, generator=drawn(5), label=None)
    z = twin.encoder(x)
    squares = (z[:, None] - twin.book.entries).square().sum(-1)
    token, entry = squares.argmin(-1), twin.book.entries[squares.argmin(-1)].clone().requires_grad_()
    theta = twin.decoder(entry)
    mean, width = theta[:, :2], (theta[:, 2:] - 2).exp() + 0.02
    given = torch.distributions.Normal(mean, width.expand_as(mean)).log_prob(x).sum(-1)
    terms = given + twin.prior.log_softmax(0)[token]
    away = (z - entry.detach()).square().sum(-1).mean()
    torch.testing.assert_close(loss, -terms.mean() + away / 4)
    assert bool((terms <= twin.log_prob(x) + 1e-5).all())
    (through,) = torch.autograd.grad(-terms.mean(), entry, retain_graph=True)  # passed on to the encoder's output
    true = torch.autograd.grad((z * through).sum() + away / 4, [*twin.encoder.parameters()], retain_graph=True)
    true += torch.autograd.grad(-terms.mean(), [*twin.decoder.parameters(), twin.prior])
    found = torch.autograd.grad(loss, [*model.encoder.parameters(), *model.decoder.parameters(), model.prior])
    for ours, theirs in zip(found, true, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-6)


def test_the_loss_of_the_energy_has_the_gradient_of_both_phases():
    loss, model, x = loss_and_twin("energy")
    with torch.no_grad():
        torch.testing.assert_close(loss, model.energy(x).mean() - model.energy(model.chains).mean())
    assert not model.chains.requires_grad


def test_each_player_of_the_gan_has_the_gradient_of_its_own_loss():
    loss, model, x = loss_and_twin("gan")
    found = torch.autograd.grad(loss, [*model.g.parameters(), *model.d.parameters()])
    made = model.g(torch.randn(8, 2, generator=drawn(5)))
    softplus, fake = torch.nn.functional.softplus, model.d(made).squeeze(-1)
    of_g = torch.autograd.grad(softplus(-fake).mean(), [*model.g.parameters()], retain_graph=True)
    of_d = softplus(-model.d(x)).mean() + softplus(model.d(made.detach())).mean()
    true = [*of_g, *torch.autograd.grad(of_d, [*model.d.parameters()])]
    for ours, theirs in zip(found, true):
        torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize("name", ["diffusion", "matching"])
def test_the_loss_of_a_velocity_is_that_of_its_path(name: str):
    loss, model, x = loss_and_twin(name)
    x1, x0, t = model.pairs(x, drawn(5))
    t = t[:, None].requires_grad_()

    def path(t: Tensor) -> Tensor:
        alpha, sigma = signal(t) if name == "diffusion" else (t, 1 - t)
        return alpha * x1 + sigma * x0

    x_t, true = torch.autograd.functional.jvp(path, t, torch.ones_like(t))
    scale = (math.pi / 2) ** 2 if name == "diffusion" else 1
    error = (model.velocity(x_t.detach(), t[:, 0].detach()) - true).square().mean() / scale
    torch.testing.assert_close(loss, error, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ["diffusion", "matching"])
def test_an_untrained_velocity_of_zero_has_the_density_of_its_noise(name: str):
    model = trained(name, 0).model
    with torch.no_grad():
        model.net[-1].weight.zero_(), model.net[-1].bias.zero_()
    x = points()[:8]
    torch.testing.assert_close(model.log_prob(x), standard_normal(x))


def test_z_is_the_one_of_a_wider_grid():
    model = trained("energy", 100).model
    x, areas = grid()
    with torch.no_grad():
        wide = float((-model.energy(x).double() + areas).logsumexp(0))
    assert live_density.log_normaliser(model) == pytest.approx(wide, abs=0.01)


@pytest.mark.parametrize("name", LEARNERS)
def test_samples_follow_the_density_after_some_training(name: str):
    model = trained(name, 150).model
    x = model.sample(2_000, generator=drawn(2))
    assert x.shape == (2_000, 2) and bool(x.isfinite().all())
    if LEARNERS[name].mark == "∅":
        return
    cells, area = live_density.cells()
    mass = live_density.log_density(model, cells).double().exp() * math.exp(area)
    mean = (mass[:, None] * cells).sum(0)
    torch.testing.assert_close(x.mean(0).double(), mean.double(), atol=0.25, rtol=0)
