"""Energies of points: four ways to learn one, and what is measured of them."""

import math

import pytest
import torch

from explorer.data import toys
from explorer.measures import plane_energy as measures
from explorer.models import plane_energy
from explorer.models.plane_energy import OBJECTIVES, Energy, PlaneEnergy, denoising, evenly, score_matching
from explorer.models.quadrature import grid, log_integral
from explorer.networks import checkpoints
from explorer.networks.card import find, rows
from explorer.questions import complete, interpolate, likelihood, make
from explorer.steps import last

NETS = ["energy-moons", "energy-rings", "energy-eight-gaussians"]
RECIPE = {"negative_steps": 2, "jumps": 1, "sigma": 0.04}


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


class Quadratic(torch.nn.Module):
    """E = ½ xᵀ A x, whose gradient and Laplacian are known."""

    A = torch.tensor([[3.0, 0.5], [0.5, 2.0]], dtype=torch.float64)

    def forward(self, x):
        return (x @ self.A * x).sum(-1) / 2


@pytest.fixture
def model() -> PlaneEnergy:
    torch.manual_seed(0)
    found = PlaneEnergy(width=16, chains=20)
    with torch.no_grad():
        for way in found.ways.values():
            way.net[-1].weight.normal_()
    return found


def test_the_four_begin_alike_and_share_nothing():
    model = PlaneEnergy(width=8)
    x = torch.randn(5, 2)
    assert all(torch.equal(model.energy(x, way), model.energy(x)) for way in OBJECTIVES)
    assert len({id(parameter) for parameter in model.parameters()}) == 4 * 8


def test_score_is_minus_the_gradient_of_the_energy(model: PlaneEnergy):
    model, x, h = model.double(), torch.randn(6, 2, dtype=torch.float64), 1e-6
    for axis, shift in enumerate(h * torch.eye(2, dtype=torch.float64)):
        slope = (model.energy(x + shift) - model.energy(x - shift)) / (2 * h)
        torch.testing.assert_close(-model.score(x)[:, axis], slope, rtol=1e-5, atol=1e-7)


def test_score_matching_has_the_exact_trace():
    x = torch.randn(50, 2, generator=rng(), dtype=torch.float64)
    exact = ((x @ Quadratic.A).square().sum(-1) / 2 - Quadratic.A.trace()).mean()
    torch.testing.assert_close(score_matching(Quadratic(), x), exact)


def test_score_matching_is_least_at_the_truth():
    """Of Gaussian energies, that whose precision is the data's: Hyvärinen's objective needs no Z to find it."""
    x = MIXED @ torch.randn(2, 100_000, generator=rng(), dtype=torch.float64)
    precision = torch.linalg.inv(MIXED @ MIXED.T)

    def loss(factor: float) -> float:
        energy = Quadratic()
        energy.A = factor * precision
        return score_matching(energy, x.T).item()

    assert loss(1) < loss(0.95) < loss(0.8) and loss(1) < loss(1.05) < loss(1.3)


MIXED = torch.tensor([[1.0, 0.4], [0.0, 0.7]], dtype=torch.float64)


def test_denoising_is_least_at_the_score_of_the_noised_data():
    x = torch.randn(200_000, 2, generator=rng(), dtype=torch.float64)
    eps, sigma = torch.randn(200_000, 2, generator=rng(1), dtype=torch.float64), 0.5

    def loss(precision: float) -> float:
        energy = Quadratic()
        energy.A = precision * torch.eye(2, dtype=torch.float64)
        return denoising(energy, x, eps, sigma).item()

    best = 1 / (1 + sigma**2)
    assert loss(best) < loss(0.95 * best) and loss(best) < loss(1.05 * best) < loss(1.0)


def test_log_z_of_a_gaussian_is_known():
    energy = Energy(8)
    torch.nn.init.zeros_(energy.net[-1].weight)
    torch.nn.init.zeros_(energy.net[-1].bias)
    with torch.no_grad():
        assert float(log_integral(-energy(grid()[0]))) == pytest.approx(math.log(2 * math.pi), abs=1e-6)


def test_the_grid_integrates_the_known_densities_to_one():
    for mixture in toys.TOYS.values():
        assert float(log_integral(mixture.log_prob(grid()[0].double()))) == pytest.approx(0, abs=1e-6)


def test_a_density_integrates_to_one_and_another_grid_agrees(model: PlaneEnergy):
    axis = torch.linspace(-12, 12, 1_201)
    points = torch.cartesian_prod(axis, axis)
    with torch.no_grad():
        total = torch.cat([model.log_prob(part).exp() for part in points.split(300_000)]).double().sum() * 0.02**2
    assert float(total) == pytest.approx(1, abs=1e-4)
    assert likelihood.kind(model) == "exact"


def test_a_step_of_training_moves_every_way_by_its_own_loss(model: PlaneEnergy):
    x = toys.TOYS["moons"].sample(20, rng())
    before = model.negatives.clone()
    model.training_loss(x, RECIPE, generator=rng(), label=torch.zeros(20)).backward()
    assert all(any(p.grad.abs().sum() > 0 for p in way.parameters()) for way in model.ways.values())
    assert not torch.equal(model.negatives[1], before[1])
    near = (model.negatives[0] - x).norm(dim=-1)
    assert float(near.median()) < 0.5  # contrastive chains start from the data


def test_persistent_chains_go_on_from_where_they_were(monkeypatch: pytest.MonkeyPatch, model: PlaneEnergy):
    seen = []
    monkeypatch.setattr(plane_energy, "run_mala", lambda energy, x, steps, generator: seen.append(x.clone()) or x + 1)
    monkeypatch.setattr(plane_energy, "run_jumps", lambda energy, x, jumps, generator: x)
    x = torch.zeros(20, 2)
    for _ in range(2):
        model.training_loss(x, RECIPE, generator=rng(), label=torch.zeros(20))
    assert torch.equal(seen[0], x) and torch.equal(seen[2], x)
    assert torch.equal(seen[3], seen[1] + 1)


def test_what_is_known_stays(model: PlaneEnergy):
    x, known = torch.tensor([[0.6, -0.4]]), torch.tensor([[False, True]])
    found = last(complete.steps(model, x, known, 30, 0)).x
    assert bool((found[:, 1] == x[0, 1]).all()) and float(found[:, 0].std()) > 0.05


def test_points_lie_evenly_on_a_path():
    path = torch.tensor([[0.0, 0], [1, 0], [1, 3], [2, 3]])
    found = evenly(path)
    assert torch.equal(found[[0, -1]], path[[0, -1]])
    torch.testing.assert_close(found[1], torch.tensor([1.0, 2 / 3]))
    torch.testing.assert_close(found[2], torch.tensor([1.0, 7 / 3]))


@pytest.mark.parametrize("net", NETS)
def test_a_path_over_the_landscape_has_a_lower_barrier_than_the_straight_one(net: str):
    model, (a, b) = checkpoints.load(net), toys.TOYS[net.removeprefix("energy-")].means[[0, 4]].unsqueeze(1)
    found = list(interpolate.steps(model, a, b, 25))
    assert torch.equal(found[-1].x[[0, -1]], torch.cat([a, b]))
    barriers = [float(step.numbers["barrier"]) for step in found]
    assert barriers[-1] <= barriers[0] + 1e-4
    torch.testing.assert_close(found[-1].numbers["energy"], model.energy(found[-1].x))


@pytest.mark.parametrize("net", NETS)
def test_the_card_holds_what_is_claimed_of_every_way(net: str):
    card = checkpoints.read_json(checkpoints.folder_of(net) / "card.json")
    kl = {way: find(card, "kl", of=way)["value"] for way in OBJECTIVES}
    assert kl[plane_energy.BEST] == min(kl.values()) <= 0.02
    measured = measures.of_way(checkpoints.load(net), "sm", net.removeprefix("energy-"))
    assert measured["kl"] == pytest.approx(kl["sm"], abs=1e-4)
    for way in OBJECTIVES:
        assert sum(row["value"] for row in rows(card, "share", of=way)) == pytest.approx(1, abs=1e-3)
    history = checkpoints.snapshots_of(net)["history"]
    assert history[-1]["kl"].keys() == kl.keys() and history[-1]["kl"]["pcd"] < history[0]["kl"]["pcd"]
    assert find(card, "crossings", kernel="tempering", step=0.1)["value"] > 0


def test_a_score_does_not_see_the_weights_of_separated_modes():
    """Of eight equal modes, by score matching: much mass in wrong ones, though its Fisher divergence is not worse."""
    card = checkpoints.read_json(checkpoints.folder_of("energy-eight-gaussians") / "card.json")
    off = {way: find(card, "shares_off", of=way)["value"] for way in OBJECTIVES}
    assert off["pcd"] < 0.05 < 0.1 < min(off["sm"], off["dsm"])


@pytest.mark.parametrize("net", NETS)
def test_samples_lie_where_the_known_density_is(net: str):
    mixture = toys.TOYS[net.removeprefix("energy-")]
    x = last(make.steps(checkpoints.load(net), 500, 0)).x
    drawn, data = (float(mixture.log_prob(each).mean()) for each in (x, mixture.sample(5_000, rng())))
    assert abs(drawn - data) < 0.4
    piece = measures.nearest(net.removeprefix("energy-"), x)[0].bincount(minlength=2).double() / 500
    assert float((piece - measures.known_shares(net.removeprefix("energy-"))).abs().sum() / 2) < 0.15


def test_a_crossing_is_counted_where_a_chain_comes_to_rest():
    """From one mode to the next, then astray, and back; a place between modes is none."""
    a, b = toys.TOYS["eight-gaussians"].means[:2]
    trace = torch.stack([a, (a + b) / 2, a, b, 3 * b, b, a]).unsqueeze(1)
    assert measures.crossings("eight-gaussians", trace) == 2
