"""The density of the probability flow: against one that is known, and its estimate against the exact trace."""

import math

import pytest
import torch

from explorer.models.diffusion import Diffusion
from explorer.models.divergence import exact_divergence, hutchinson
from explorer.models.flow_density import flow_elbo, level_times, log_density
from explorer.models.schedule import Schedule
from tests.test_samplers import COVARIANCE, MEAN, Gaussian, rng

SCHEDULE = Schedule("linear", 1000)


def points(n: int) -> torch.Tensor:
    return MEAN + torch.randn(n, 2, generator=rng(), dtype=torch.float64) @ torch.linalg.cholesky(COVARIANCE).T


def known(x: torch.Tensor) -> torch.Tensor:
    alpha = SCHEDULE.alphas_cumprod[1]
    covariance = alpha * COVARIANCE + (1 - alpha) * torch.eye(2, dtype=torch.float64)
    return torch.distributions.MultivariateNormal(alpha.sqrt() * MEAN, covariance).log_prob(x)


@pytest.mark.parametrize("steps, within", [(50, 0.02), (300, 0.005)])
def test_the_density_of_a_gaussian_is_found(steps: int, within: float):
    x = points(50)
    found = log_density(Gaussian(SCHEDULE), x, exact_divergence, steps)
    assert float((found - known(x)).abs().mean()) < within


def test_hutchinsons_estimate_is_unbiased():
    x, model = points(1).expand(4000, 2), Gaussian(SCHEDULE)
    signs = 2.0 * torch.randint(2, x.shape, generator=rng(1)).double() - 1
    found = log_density(model, x, hutchinson(signs), 20)
    exact = log_density(model, x[:1], exact_divergence, 20)
    assert float(found.std()) > 0
    assert abs(float(found.mean() - exact)) < 3 * float(found.std()) / math.sqrt(len(x))


def test_times_go_from_the_first_to_the_last_and_never_stand_still():
    times = level_times(SCHEDULE.alphas_cumprod, 40)
    assert times[0] == 1 and times[-1] == 1000 and sorted(set(times)) == times and len(times) > 30


def test_where_all_data_are_known_flow_and_chain_give_the_same_bound(monkeypatch: pytest.MonkeyPatch):
    """Images of independent pixels: uniform over the levels −1 and 1, whose noise is known exactly."""
    model = Diffusion(channels=(8, 8, 8), embedding=8).eval()

    def exact(x_t, t, label=None):
        alpha = model.schedule.alpha(t, x_t)
        guess = (alpha.sqrt() * x_t / (1 - alpha)).tanh()
        return (x_t - alpha.sqrt() * guess) / (1 - alpha).sqrt()

    monkeypatch.setattr(model, "predict_noise", exact)
    x = torch.randint(2, (40, 1, 28, 28), generator=rng()).float()
    bits = [
        -each.mean() / (784 * math.log(2))
        for each in (
            flow_elbo(model, x, generator=rng(1), steps=200),
            model.elbo(x, generator=rng(1), draws=60).double(),
        )
    ]
    deviation = math.sqrt(model.schedule.posterior(x[:1], x[:1], 2, 1)[1])
    ends = torch.distributions.Normal(0.0, deviation).cdf(torch.tensor(1 / 255))  # of x₀'s level, by the last step
    exactly = 1 - math.log2(float(ends))  # and one bit for which of both it is
    assert float(bits[0]) == pytest.approx(exactly, abs=0.01)
    assert float(bits[1]) == pytest.approx(exactly, abs=0.04) and bits[1] > bits[0]
