"""Shapes with known factors, what latents say of them, and what the page says of that."""

import math
from statistics import mean, variance

import mpmath
import pytest
import torch
from torch import Tensor
from torch.distributions import Normal

from explorer.data import shapes
from explorer.measures import disentangling, vae, vae_runs
from explorer.measures.disentangling import entropies, gap, information, rotated_gap
from explorer.networks.card import rows
from explorer.tabs.vae_room import disentangle as vae_room_disentangle
from explorer.tabs.vae_room.tab import TAB
from tests.cards import card_of

LEVELS = (3, 4, 5, 4, 4)
VALUES = torch.cartesian_prod(*(torch.arange(levels) for levels in LEVELS))
FACTORS = (VALUES - VALUES.double().mean(0)) / VALUES.double().std(0)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def gap_of(mu: Tensor, sigma: float = 0.02) -> float:
    return gap(information(mu, torch.full_like(mu, sigma), VALUES, rng()), VALUES)


def shape(kind: int, size: float = 8.0, angle: float = 0.0, x: float = 14.0, y: float = 14.0) -> Tensor:
    return shapes.coverage(torch.tensor([[kind, size, angle, x, y]]))[0, 0]


@pytest.mark.parametrize(("kind", "area"), [(0, math.pi * 8 * 4), (1, 16 * 8), (2, 16 * 8 / 2)])
@pytest.mark.parametrize("angle", [0.0, 30.0, 90.0])
def test_a_shape_covers_its_area_around_its_middle(kind: int, area: float, angle: float):
    image = shape(kind, angle=angle, x=13.0, y=15.0)
    assert float(image.sum()) == pytest.approx(area, rel=0.02)
    middles = torch.arange(28) + 0.5
    mean = [float((image.sum(axis) * middles).sum() / image.sum()) for axis in (0, 1)]
    lean = 8 / 3 if kind == 2 else 0  # a triangle's middle lies nearer to its base
    turn = math.radians(angle)
    assert mean == pytest.approx([13 - lean * math.cos(turn), 15 - lean * math.sin(turn)], abs=0.05)


def test_a_shape_is_twice_as_long_as_wide_and_turns_with_its_angle():
    image = shape(1, size=8)
    assert (int((image.sum(0) > 0).sum()), int((image.sum(1) > 0).sum())) == (16, 8)
    torch.testing.assert_close(shape(1, size=8, angle=90), image.T)
    assert float(shape(1, x=14.5)[14, 6]) == 0.5 and float(shape(1, x=14.5)[14, 22]) == 0.5  # half a pixel is grey


def test_random_shapes_are_the_same_every_time_and_stay_inside(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shapes, "SIZES", {"train": 300, "held-out": 20})
    (images, factors), (again, _) = shapes.load("train"), shapes.load("train")
    assert torch.equal(images.images, again.images) and not torch.equal(factors[:20], shapes.load("held-out")[1])
    low, high = torch.tensor(list(shapes.FACTORS.values())).T
    assert bool(((factors >= low) & (factors <= high)).all()) and set(factors[:, 0].tolist()) == {0, 1, 2}
    wanted = torch.tensor([math.pi / 2, 2, 1])[factors[:, 0].long()] * factors[:, 1] ** 2  # no part is outside
    torch.testing.assert_close(images.pixels().sum((1, 2, 3)), wanted, rtol=0.05, atol=0)
    assert factors.T.corrcoef().fill_diagonal_(0).abs().max() < 0.2


def test_the_grid_has_every_combination_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shapes, "LEVELS", {"kind": 3, "size": 2, "angle": 2, "x": 2, "y": 2})
    images, values = shapes.grid()
    assert len(images) == len(values.unique(dim=0)) == 48
    assert torch.equal(shapes.draw(shapes.at(values)).images, images.images)
    assert [int(each) for each in images.labels.bincount()] == [16, 16, 16]


def test_the_factors_themselves_are_disentangled_and_twice_the_same_is_not():
    assert gap_of(FACTORS) == pytest.approx(1, abs=0.01)
    assert gap_of(torch.cat([FACTORS, FACTORS], 1)) == pytest.approx(0, abs=0.01)
    assert gap_of(FACTORS.tanh() * torch.tensor([1, -2, 3, 4, 5])) == pytest.approx(1, abs=0.01)  # any scale will do


def test_turned_factors_are_entangled():
    turned = [gap_of(FACTORS @ torch.linalg.qr(torch.randn(5, 5, generator=rng(k)).double())[0]) for k in range(5)]
    assert max(turned) < 0.5


def test_codes_that_are_turned_lose_their_axes_and_keep_what_they_know():
    width = torch.tensor([0.1, 0.2, 0.3, 0.4, 0.5]).expand(len(VALUES), 5)
    own = gap(information(FACTORS, width, VALUES, rng()), VALUES)
    assert own > 0.5 and all(rotated_gap(FACTORS.float(), width, VALUES, rng(k)) < 0.6 * own for k in range(3))
    generator = rng(4)
    turn, _ = torch.linalg.qr(torch.randn(5, 5, generator=rng(4)))
    drawn = (width.unsqueeze(1) * torch.randn(len(VALUES), 400, 5, generator=generator)) @ turn
    torch.testing.assert_close(drawn.var(1), width.square() @ turn.square(), rtol=0.5, atol=0)


def test_noise_and_unused_latents_say_nothing():
    assert gap_of(torch.randn(len(VALUES), 5, generator=rng()), sigma=1.0) == pytest.approx(0, abs=0.02)
    unused = information(torch.zeros(len(VALUES), 2), torch.ones(len(VALUES), 2), VALUES, rng())
    torch.testing.assert_close(unused, torch.zeros_like(unused), atol=1e-5, rtol=0)


def test_the_gap_does_not_see_a_latent_that_knows_two_factors():
    both = torch.stack([10 * FACTORS[:, 0] + FACTORS[:, 1], 10 * FACTORS[:, 2] + FACTORS[:, 3], FACTORS[:, 4]], 1)
    assert gap_of(both, sigma=0.001) == pytest.approx(1, abs=0.01)


def test_information_is_what_integration_finds():
    """A latent that holds a factor of two values, blurred: I = H(z) − H(z | v) by numerical integration."""
    values = torch.arange(2).repeat(1000).unsqueeze(1)
    mu, sigma = 2.0 * values.double() - 1, 0.8

    z = torch.linspace(-9, 9, 20_001, dtype=torch.float64)
    p = (Normal(-1.0, sigma).log_prob(z).exp() + Normal(1.0, sigma).log_prob(z).exp()) / 2
    exact = float(-torch.trapezoid(torch.xlogy(p, p), z) - Normal(0.0, sigma).entropy())
    found = information(mu, torch.full_like(mu, sigma), values, rng())
    assert float(found) == pytest.approx(exact, abs=0.03)


def test_entropies_are_of_the_values_shares():
    torch.testing.assert_close(entropies(VALUES), torch.tensor(LEVELS).double().log())
    assert float(entropies(torch.tensor([[0], [0], [0], [1]]))) == pytest.approx(0.5623, abs=1e-4)


def test_the_runs_of_a_recipe_are_every_beta_with_its_seeds():
    recipe = {"model": {"latent": 3}, "training": {"epochs": 1}, "seeds": {"1": 2, "4": 1, "8": 2}}
    found = [(run["kl_weight"], run["seed"], run["weights"]) for run in disentangling.runs(recipe)]
    assert found == [(1, 0, True), (4, 0, True), (8, 0, True), (1, 1, False), (8, 1, False)]


def known(gaps: dict[float, list[float]]) -> dict:
    rows = [{"name": "mig", "beta": beta, "value": value} for beta, values in gaps.items() for value in values]
    rows += [{"name": "mig_turned", "beta": beta, "value": 0.1} for beta, values in gaps.items() for _ in values]
    shares = [[0.01, 0.0], [0.3, 0.25], [0.6, 0.0]]
    return {"rows": rows, "information": {f"{beta:g}": shares for beta in gaps}}


def said_of(card: dict, beta: str, place: int) -> str:
    return vae_room_disentangle.latents_answer(card, ["size", "x"], beta, place).words


def test_an_interval_is_students():
    assert vae_room_disentangle.half_width([0.1, 0.2, 0.3]) == pytest.approx(4.303 * 0.1 / 3**0.5, rel=1e-3)
    name, value, _ = (
        vae_room_disentangle.latents_answer(known({4.0: [0.1, 0.2, 0.3]}), ["size", "x"], "4", 0).numbers[1].to_props()
    )
    assert (name, value) == ("mutual information gap, MIG", "0.20 ± 0.25")


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ([0.5, 0.52, 0.51], "That is more than with β = 1."),
        ([0.01, 0.02, 0.01], "That is less than with β = 1."),
        ([0.1, 0.3, 0.5], "cannot be distinguished from β = 1"),
    ],
)
def test_two_betas_are_told_apart_only_where_their_seeds_are(own: list[float], said: str):
    assert said in said_of(known({1.0: [0.2, 0.25, 0.22], 4.0: own}), "4", 0)


def test_the_words_say_what_a_latent_knows_and_what_is_lost():
    given = known({1.0: [0.2, 0.25, 0.22]})
    assert vae_room_disentangle.order_of(given["information"]["1"]) == [2, 1, 0]
    said = said_of(given, "1", 1)
    assert "Latent 2 encodes 30 % of the size and 25 % of the x, which it mixes." in said
    assert "Along randomly rotated axes the same codes have 0.10: its own axes are better than chance." in said
    both = known({0.5: [0.1, 0.1], 1.0: [0.2, 0.2], 16.0: [0.05, 0.05]})
    said = said_of(both, "1", 0)
    assert "encodes 60 % of the size alone." in said
    assert "The largest mean is at β = 1, 0.20; at β = 16 it is 0.05." in said
    both["information"]["1"][2][1] = 0.1
    assert "60 % of the size and 10 % of the x, mostly the first." in said_of(both, "1", 0)
    assert "not shown to be better" in said_of(known({1.0: [0.0, 0.1, 0.2]}), "1", 1)
    given["information"]["1"] = [[0.4, 0.001], [0.01, 0.0]]
    alone = said_of(given, "1", 0)
    assert "encodes 40 % of the size alone." in alone and "No latent has information about the x." in alone


def test_only_sixteen_is_shown_below_one_and_none_above_as_the_tour_says():
    """By Welch's test with three seeds each, at 5 % for all five comparisons."""
    card = card_of("vae-shapes")
    gaps = {beta: [row["value"] for row in rows(card, "mig", beta=beta)] for beta in (0.5, 1, 2, 4, 8, 16)}
    assert {len(values) for values in gaps.values()} == {3}
    signs = {}
    for beta, values in gaps.items():
        parts = [variance(each) / 3 for each in (values, gaps[1])]
        t = (mean(values) - mean(gaps[1])) / math.sqrt(sum(parts))
        freedom = 2 * sum(parts) ** 2 / sum(part**2 for part in parts)
        p = mpmath.betainc(freedom / 2, 0.5, 0, freedom / (freedom + t * t), regularized=True)
        signs[beta] = math.copysign(1, t) if 5 * p <= 0.05 else 0
    assert signs == {0.5: 0, 1: 0, 2: 0, 4: 0, 8: 0, 16: -1}
    assert vae_room_disentangle.beside_one(card) == "at β = 16 below; chance may explain the other 4 of 5 differences"
    assert max(map(mean, gaps.values())) < 0.3, "far from 1"
    assert "{{beside_one}}" in (TAB.folder / "maths.md").read_text(encoding="utf-8")


def test_active_and_used_are_two_counts():
    """Burda et al. count latents whose mean varies; the small runs those whose mean KL is above 0.01 nats."""
    rates, mu = torch.tensor([[0.5, 0.02], [0.5, 0.02]]), torch.tensor([[1.0, 0.0], [-1.0, 0.05]])
    assert vae.latent_usage(rates, mu, 0)[-1]["value"] == 1
    assert int((rates.mean(0) > vae_runs.USED).sum()) == 2
    for name in ("vae-runs", "vae-shapes"):
        assert rows(card_of(name), "used") and not rows(card_of(name), "active")
