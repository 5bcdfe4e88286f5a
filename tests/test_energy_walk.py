"""Chains on the landscape of an energy: a quadratic one, whose density and gradient are known, and the networks."""

import base64
from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer.measures.plane_energy import crossings
from explorer.models import chains
from explorer.networks import card, checkpoints
from explorer.tabs.energy import landscape, walk
from explorer.tabs.energy.walk_report import divergence_sentence

A = torch.tensor([[3.0, 0.5], [0.5, 2.0]])


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


class Bowl:
    """A quadratic energy with known gradient, in the place of a network."""

    def target(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        slope = x @ A.to(x)
        return (x * slope).sum(-1) / 2, slope


RULES = walk.Rules(kernel="mala", chains=10, length=40)


def walks(rules: walk.Rules, seed: int = 7) -> list[walk.Walked]:
    return [*walk.trajectory(Bowl(), "eight-gaussians", rules, ((0.5, 0.5),), seed)]


@pytest.mark.parametrize("cure", ["none", "annealing", "tempering"])
@pytest.mark.parametrize("kernel", chains.KERNELS)
def test_the_same_seed_gives_the_same_chains_and_another_does_not(kernel: str, cure: str):
    rules = replace(RULES, kernel=kernel, cure=cure)
    one, again, other = (walks(rules, seed) for seed in (7, 7, 8))
    assert torch.equal(one[-1].x, again[-1].x) and not torch.equal(one[-1].x, other[-1].x)
    assert len(one) == 41 and one[-1].x.shape == (10, 2) and bool(one[-1].x.isfinite().all())
    assert len(one[-1].hot) == (40 if cure == "tempering" else 0)


@pytest.mark.parametrize("cure", ["none", "annealing", "tempering"])
def test_chains_draw_from_the_energy_at_their_temperature(cure: str):
    rules = replace(RULES, cure=cure, temp=2, chains=400, length=300, eps=0.8)
    found = torch.cat([shot.x for shot in walks(rules)[200:]])
    wanted = 2 * A.inverse().to(found)
    torch.testing.assert_close(found.T.cov(), wanted, rtol=0.08, atol=0.02)


def test_replicas_of_the_same_chain_have_steps_of_their_own():
    """A move of several temperatures at once is that of each alone, with the same noise and decisions."""
    x, temperatures = torch.randn(6, 2, generator=rng()), torch.tensor([8.0, 8, 2, 2, 1, 1])
    hot = chains.temper(Bowl().target, temperatures)
    step = 0.3 * temperatures.sqrt()[:, None]
    together = chains.mala(hot, chains.start(hot, x), step, rng(1))
    noise = torch.randn(6, 2, generator=rng(1))
    for k, temperature in enumerate(temperatures.tolist()):
        own = chains.temper(Bowl().target, temperature)
        state = chains.start(own, x[k : k + 1])
        proposed = chains.drift(state, float(step[k])) + step[k] * noise[k]
        torch.testing.assert_close(together.proposed[k : k + 1], proposed)


def test_a_run_cools_to_its_temperature_half_way():
    found = [shot.temperature for shot in walks(replace(RULES, cure="annealing", temp=2))]
    assert found[1] == pytest.approx(40) and found[21:] == pytest.approx(20 * [2])
    assert all(a >= b for a, b in zip(found[1:], found[2:]))


def test_an_exchange_takes_energy_and_gradient_along():
    temperatures = torch.tensor([4.0, 1.0]).repeat_interleave(8)
    hot = chains.temper(Bowl().target, temperatures)
    before = chains.start(hot, 3 * torch.randn(16, 2, generator=rng()))
    after = walk.exchange(before, temperatures, [4.0, 1.0], 0, rng(2))
    assert not torch.equal(after.x, before.x)
    true = chains.start(hot, after.x)
    torch.testing.assert_close(after.energy, true.energy)
    torch.testing.assert_close(after.gradient, true.gradient)


def test_crossings_and_accepted_moves_are_counted():
    shots = walks(replace(RULES, eps=1.5, chains=50))
    for before, shot in zip(shots, shots[1:]):
        assert shot.accepted - before.accepted == 50 - len(shot.rejected)
    trace = torch.stack([shot.x for shot in shots])
    assert shots[-1].crossings == pytest.approx(50 * crossings("eight-gaussians", trace), abs=25)


def test_a_run_that_diverges_stops_and_says_when_and_why():
    rules = replace(RULES, kernel="langevin", eps=2.5)
    *_, shot = walks(rules)
    chain, why = shot.lost
    assert why == "far" and shot.move < 40
    words = divergence_sentence(shot, rules)
    assert f"chain {chain + 1} went beyond 1,000 at move {shot.move}" in words
    assert "1 − ε²/2 = −2.13" in words or "1 − ε²/2 = −2.12" in words


def test_the_landscape_is_the_energy_of_the_network_at_the_middles_of_its_cells():
    found = landscape.landscape.props("energy-moons", "sm")
    energy, slope = (np.frombuffer(base64.b64decode(found[key]), np.float32) for key in ("energy", "slope"))
    model = checkpoints.load("energy-moons")
    x = landscape.cells()[[0, 5000, -1]]
    assert x[0].tolist() == pytest.approx([-2.575, 2.575])
    value, gradient = model.ways["sm"].target(x)
    assert energy[[0, 5000, -1]] == pytest.approx(value.numpy(), rel=1e-4)
    assert slope[[0, 5000, -1]] == pytest.approx(gradient.norm(dim=-1).numpy(), rel=1e-4)
    assert found["log_z"] == pytest.approx(float(model.log_normaliser("sm")), abs=1e-4)
    assert f"KL(p ‖ exp(−E)/Z) = {card.find(card.of('energy-moons'), 'kl', of='sm')['value']:.3f}" in found["words"]


def test_a_film_of_chains_shows_few_moves_and_measures_mixing_at_its_end():
    script = landscape.walk.props("energy-moons", "pcd", "mala", 0.1, 1.0, 10, "none", ((0.5, 0.5),), 1000, 7)
    frames = [frame for _, frame in script.scenes() if frame]
    assert len(frames) == script.total == 251 and frames[-1]["move"] == 1000
    assert "In the later half they were in" in frames[-1]["report"]["words"]
    assert frames[-1]["report"]["mixing"] and not frames[-2]["report"]["mixing"]
    with pytest.raises(ValueError, match="drop chains first"):
        landscape.walk.props("energy-moons", "pcd", "mala", 0.1, 1.0, 10, "none", (), 300, 7)
