"""Points with a known density, and the networks that learned its score."""

import pytest
import torch
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal

from explorer import data
from explorer.data import toys
from explorer.data.toys import TOYS
from explorer.models.score import ScoreNet
from explorer.networks import checkpoints
from explorer.networks.card import rows

ALPHAS = (1.0, 0.9, 0.3, 1e-4)


def oracle(mixture: toys.Mixture) -> MixtureSameFamily:
    means = mixture.means.double()
    parts = Independent(Normal(means, torch.full_like(means, mixture.sigma)), 1)
    return MixtureSameFamily(Categorical(logits=torch.zeros(len(means), dtype=torch.float64)), parts)


@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize("name", TOYS)
def test_density_and_score_are_those_of_the_mixture(name: str, alpha: float):
    noised = TOYS[name].add_noise(alpha)
    x = torch.randn(50, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64).requires_grad_()
    exact = oracle(noised).log_prob(x)
    torch.testing.assert_close(noised.log_prob(x), exact, rtol=1e-6, atol=1e-6)
    (gradient,) = torch.autograd.grad(exact.sum(), x)
    torch.testing.assert_close(noised.score(x), gradient, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", TOYS)
def test_noised_points_follow_the_noised_mixture(name: str):
    """Their mean log-density is the negative entropy of the mixture, which its own points have too."""
    generator, alpha, n = torch.Generator().manual_seed(0), 0.8, 20_000
    points = TOYS[name].sample(n, generator)
    noised = alpha**0.5 * points + (1 - alpha) ** 0.5 * torch.randn(n, 2, generator=generator)
    wanted = TOYS[name].add_noise(alpha)
    each, own = wanted.log_prob(noised), wanted.log_prob(wanted.sample(n, generator))
    error = float((each.var() / n + own.var() / n).sqrt())
    assert abs(float(each.mean() - own.mean())) < 4 * error


def test_a_split_of_points_is_the_same_every_time():
    first, again = data.load("moons", "train"), data.load("moons", "train")
    assert torch.equal(first.points, again.points) and len(first) == 50_000
    assert not torch.equal(first.points[:5_000], data.load("moons", "held-out").points)
    assert len(data.load("rings", "test")) == 10_000


def test_the_score_is_the_predicted_noise_turned_round():
    torch.manual_seed(0)
    model = ScoreNet(width=8)
    x = torch.randn(4, 2)
    alpha = model.schedule.alphas_cumprod[300]
    torch.testing.assert_close(model.score(x, 300), -model.predict_noise(x, 300) / (1 - alpha).sqrt().float())
    features = model.time_features(torch.tensor([250]))[0]
    assert features[2:].tolist() == pytest.approx([0.5**0.5, 1, 0, 0, 0.5**0.5, 0, -1, 1], abs=1e-12)


@pytest.mark.parametrize("name", TOYS)
def test_the_trained_networks_know_the_score(name: str):
    """If noise is not small, the predicted noise is that of the known density to a few per cent."""
    model, generator = checkpoints.load(f"score-{name}", "cpu"), torch.Generator().manual_seed(7)
    points = TOYS[name].sample(2_000, generator)
    for t in (150, 300, 600):
        alpha = float(model.schedule.alphas_cumprod[t])
        x_t = model.schedule.add_noise(points, model.noise(2_000, generator), t)
        exact = -((1 - alpha) ** 0.5) * TOYS[name].add_noise(alpha).score(x_t)
        error = (model.predict_noise(x_t, t) - exact).square().sum() / exact.square().sum()
        assert error < 0.02


@pytest.mark.parametrize("name", TOYS)
def test_the_card_holds_what_was_measured(name: str):
    card = checkpoints.read_json(checkpoints.folder_of(f"score-{name}") / "card.json")
    found = card["errors"]
    density = {row["of"]: row["value"] for row in rows(card, "log_density")}
    assert abs(density["ode"] - density["data"]) < 0.2 and abs(density["sde"] - density["data"]) < 0.2
    assert card["command"] == f"python -m explorer.evaluate score-{name}"
    assert len(found["levels"]) == len(found["error"]) == len(found["size"])
