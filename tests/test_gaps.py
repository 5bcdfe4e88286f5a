"""Gaps between ELBO and log p(x), held against closed forms, torch's distributions and the other integral."""

import json
import math

import pytest
import torch
from torch import Tensor
from torch.distributions import (
    Categorical,
    Independent,
    MixtureSameFamily,
    MultivariateNormal,
    Normal,
    kl_divergence,
)

from explorer import data
from explorer.models import gaps
from explorer.models.gaps import Mixture, best_mixture, gap, posterior_table
from explorer.models.posterior import PosteriorGrid, exact_elbo, fit_steps, posterior_grid
from explorer.networks import checkpoints
from explorer.tabs.vae import encode as vae_encode
from explorer.tabs.vae import gaps as vae_gaps
from tests.node import run

GAPS = 'const m = await load("vae/gaps_of.js");\n'
LEANING = torch.tensor([[0.5, 0.3], [0.3, 0.4]])


def rng() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def even_grid(log_p: callable, half: float = 5, cells: int = 100) -> PosteriorGrid:
    """A density on equal squares."""
    axis = half * ((torch.arange(cells) + 0.5) / cells * 2 - 1)
    centres = torch.cartesian_prod(axis, axis)
    return PosteriorGrid(centres, log_p(centres), torch.full((len(centres),), 2 * half / cells))


def one(mu: list[float], sigma: list[float]) -> Mixture:
    return Mixture(torch.ones(1), torch.tensor([mu]), torch.tensor([sigma]))


def many() -> Mixture:
    return Mixture(
        torch.tensor([0.2, 0.5, 0.3]),
        torch.tensor([[0.0, 1], [-1, 0.5], [1, -1]]),
        torch.tensor([[0.3, 0.5], [1, 0.2], [0.6, 0.6]]),
    )


def test_a_mixture_is_that_of_torch():
    q, z = many(), torch.randn(50, 2, generator=rng())
    expected = MixtureSameFamily(Categorical(q.weights), Independent(Normal(q.mu, q.sigma), 1))
    assert torch.allclose(q.log_prob(z), expected.log_prob(z), atol=1e-5)


def test_the_gap_of_a_gaussian_is_the_divergence_of_torch():
    p = MultivariateNormal(torch.tensor([0.3, -0.2]), LEANING)
    q = one([0.1, 0.4], [0.5, 0.3])
    expected = kl_divergence(MultivariateNormal(q.mu[0], torch.diag(q.sigma[0] ** 2)), p)
    assert float(gap(even_grid(p.log_prob), q)) == pytest.approx(float(expected), abs=1e-3)


def test_squares_of_several_sizes_count_by_their_area():
    p = MultivariateNormal(torch.tensor([0.3, -0.2]), LEANING)
    wide, fine = (even_grid(p.log_prob, cells=cells) for cells in (80, 160))
    left, right = wide.centres[:, 0] < 0, fine.centres[:, 0] > 0
    pairs = ((wide.centres, fine.centres), (wide.log_joint, fine.log_joint), (wide.side, fine.side))
    mixed = PosteriorGrid(*(torch.cat([few[left], many[right]]) for few, many in pairs))
    q = one([0.1, 0.4], [0.5, 0.3])
    expected = kl_divergence(MultivariateNormal(q.mu[0], torch.diag(q.sigma[0] ** 2)), p)
    assert float(gap(mixed, q)) == pytest.approx(float(expected), abs=2e-3)


def test_the_best_gaussian_of_a_leaning_one_has_the_family_gap_of_the_closed_form():
    p = MultivariateNormal(torch.tensor([0.3, -0.2]), LEANING)
    grid = even_grid(p.log_prob, cells=60)
    q = best_mixture(grid, 1, generator=rng())
    precision = LEANING.inverse()
    assert q.mu[0].tolist() == pytest.approx([0.3, -0.2], abs=0.01)
    assert q.sigma[0].tolist() == pytest.approx(precision.diag().rsqrt().tolist(), rel=0.01)
    expected = 0.5 * math.log(float(precision.diag().prod() / precision.det()))
    assert float(gap(grid, q)) == pytest.approx(expected, abs=2e-3)
    assert float(gap(grid, best_mixture(grid, 3, generator=rng()))) < 0.3 * expected


@pytest.mark.deep
def test_a_mixture_that_q_can_be_leaves_no_gap():
    grid = even_grid(many().log_prob)
    assert float(gap(grid, many())) == pytest.approx(0, abs=1e-4)
    assert float(gap(grid, best_mixture(grid, 1, generator=rng()))) > 0.1
    assert float(gap(grid, best_mixture(grid, 3, generator=rng()))) < 0.05


@pytest.fixture(scope="module")
def image() -> Tensor:
    return data.bundled_binary_images("mnist")[3]


def test_the_gaps_of_the_network_are_those_of_the_other_integral_and_of_the_other_fit(image: Tensor):
    model = checkpoints.load("beta-vae-mnist")
    grid = posterior_grid(model, image, 1.0)
    best = best_mixture(grid, 1, generator=rng())
    found = grid.log_px - float(gap(grid, best))
    assert found == pytest.approx(exact_elbo(model, image, best.mu[0], best.sigma[0], 1.0), abs=2e-3)
    *_, (_, _, elbo) = fit_steps(model, image, 1.0)
    assert found > elbo - 5e-3


def test_the_server_tells_three_gaps_that_fall_and_a_table_of_the_posterior(
    image: Tensor, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(gaps, "GAPS_STARTS", 1)
    told = vae_gaps.gaps.props("mnist", 1.0, 3)
    json.dumps(told, allow_nan=False)
    assert told["encoder"]["gap"] > told["best"]["gap"] > told["mixture"]["gap"] >= 0
    x0, x1, y0, y1 = told["extent"]
    assert x1 - x0 == pytest.approx(y1 - y0)
    model = checkpoints.load("beta-vae-mnist")
    grid = posterior_grid(model, image, 1.0)
    q = Mixture(*(torch.tensor(told["encoder"][key]) for key in ("weights", "mu", "sigma")))
    _, log_p = posterior_table(model, image, 1.0, grid, q)
    body = """const { floats16 } = await load("kit/plane/tensors.js");
    const table = { size: told.size, extent: told.extent, logP: floats16(told.log_p) };
    return [table.logP[5000], ["encoder", "best", "mixture"].map((name) => m.gapOf(table, told[name]))];"""
    value, told_of = run(GAPS + body, told=told)
    assert value == pytest.approx(float(log_p.flatten()[5000]), rel=1e-3)
    for name, found in zip(("encoder", "best", "mixture"), told_of, strict=True):
        assert found == pytest.approx(told[name]["gap"], abs=0.02), name
    assert "cannot" in vae_gaps.gaps.props("mnist", 0, 3)


def test_the_browsers_gap_is_the_divergence_of_torch():
    p = MultivariateNormal(torch.zeros(2), LEANING)
    grid = even_grid(p.log_prob, half=4, cells=96)
    log_p = grid.log_joint.view(96, 96).T.flatten().tolist()  # rows from the smallest second coordinate
    q = {"weights": [1], "mu": [[0.2, -0.1]], "sigma": [[0.5, 0.4]]}
    found = run(GAPS + "return m.gapOf({ size: 96, extent: [-4, 4, -4, 4], logP }, q);", logP=log_p, q=q)
    expected = kl_divergence(MultivariateNormal(torch.tensor([0.2, -0.1]), torch.diag(torch.tensor([0.25, 0.16]))), p)
    assert found == pytest.approx(float(expected), abs=1e-3)


@pytest.mark.deep
def test_the_close_up_holds_the_mass_of_the_posterior_and_every_step_of_the_fit():
    exact, fitted = vae_encode.posterior.props("mnist", 1.0, 3), vae_encode.fit.props("mnist", 1.0, 3)
    for shown, steps in ((exact, []), (fitted, fitted["steps"])):
        x, y, half = (shown["close"][key] for key in ("x", "y", "half"))
        for step in steps:
            for axis, middle in enumerate((x, y)):
                assert abs(step["mu"][axis] - middle) + 2 * step["sigma"][axis] < half
    x0, x1, y0, y1 = exact["extent"]
    x, y, half = (exact["close"][key] for key in ("x", "y", "half"))
    assert x0 < x < x1 and y0 < y < y1 and 0 < half < x1 - x0
    assert fitted["amortisation_gap"] + fitted["family_gap"] == pytest.approx(exact["kl_q_p"], abs=1e-3)
