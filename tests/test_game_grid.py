"""Judging of a game: modes that count, the divergence, and where it has settled; fed with faults that are known."""

import math

import pytest
import torch

from explorer.data.toys import GAMES, Mixture, game_data
from explorer.measures import game_grid
from explorer.measures.coverage import divergence, mode_coverage, separate
from explorer.measures.game_films import GAME_FILM_MANY, first_frame
from explorer.models.game import Game, Rules
from explorer.tabs.gan.maths import divergence_of_modes


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_a_mode_counts_where_it_has_half_of_its_share_of_the_points():
    data = Mixture(torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), 0.1)
    near, edge, far = [0.0, 0.05], [1.0, 0.29], [0.5, 0.5]
    all_near = torch.tensor([near] * 60)
    some = torch.tensor([near] * 30 + [edge] * 9 + [far] * 21)
    enough = torch.tensor([near] * 30 + [edge] * 10 + [far] * 20)
    found = mode_coverage(torch.stack([all_near, some, enough]), data)
    assert found.modes.tolist() == [1, 1, 2], "the data have 19.8 of 60 points near each mode"
    assert found.near.tolist() == pytest.approx([1, 39 / 60, 40 / 60])


def test_the_measure_finds_the_faults_that_are_known():
    """A ring through all modes has points near each of them, and is none of them."""
    data = GAMES["ring"]
    four = Mixture(data.means[:4], data.sigma).sample(GAME_FILM_MANY, generator())
    found = mode_coverage(
        torch.stack([game_grid.around(data, GAME_FILM_MANY), four, data.sample(GAME_FILM_MANY, generator())]), data
    )
    assert found.modes.tolist() == [0, 4, 8]
    assert found.near.tolist() == pytest.approx([0.27, 0.989, 0.989], abs=0.02)
    assert found.divergence.tolist() == pytest.approx([0.38, divergence_of_modes(4, 8), 0.0035], abs=0.015)
    known = game_grid.baselines(data)
    assert [known[name]["modes"] for name in ("ring", "one mode", "data")] == [0, 1, 8]
    assert known["one mode"]["divergence"] == pytest.approx(divergence_of_modes(1, 8), abs=0.01)


def test_the_divergence_is_that_of_the_shares_of_squares():
    """Of one Gaussian, from itself moved by 4σ, where the rows of squares make no difference; log 2 from far away."""
    data = Mixture(torch.tensor([[0.0, 0.0]]), 0.1)
    made = data.sample(200_000, generator())
    edges = 0.2 * torch.arange(-20, 21, dtype=torch.float64)
    p, q = (torch.distributions.Normal(at, 0.1).cdf(edges).diff() for at in (0.0, 0.4))
    exact = sum(float(torch.xlogy(a, 2 * a / (p + q).clamp(min=1e-30)).sum()) for a in (p, q)) / 2
    found = divergence(torch.stack([made, made + torch.tensor([0.4, 0.0]), made + 3.0]), data)
    assert float(found[0]) < 0.001
    assert float(found[1]) == pytest.approx(exact, abs=0.003)
    assert float(found[2]) == pytest.approx(math.log(2), abs=1e-4)


def test_gaussians_that_overlap_are_no_modes():
    assert separate(GAMES["ring"]) and separate(GAMES["grid"]) and not separate(GAMES["moons"])
    assert separate(game_data("painted", ((0.0, 0.0),)))
    assert mode_coverage(GAMES["moons"].sample(100, generator()).unsqueeze(0), GAMES["moons"]).modes is None
    frame = first_frame(Game(GAMES["moons"], Rules(), [0]))
    assert frame["modes"] is None and frame["of"] is None and 0 <= frame["near"] <= 1


def test_a_game_settles_where_its_divergence_no_longer_changes():
    still, falling = [0.3] * 10, [0.6 - 0.01 * k for k in range(10)]
    assert game_grid.settles(still) and not game_grid.settles(still[1:])
    assert not game_grid.settles(falling) and game_grid.settles(falling + [0.5] * 10)


def test_a_game_is_played_no_longer_than_it_may_be(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(game_grid, "CHECK", 2)
    monkeypatch.setattr(game_grid, "SHORTEST", 1_000)
    found = game_grid.settled_figures(Game(GAMES["ring"], Rules("saturating"), [0, 1]), 4)
    assert found["rounds"] == 4 and not found["settled"] and len(found["modes"]) == len(found["divergence"]) == 2
