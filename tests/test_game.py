"""The game in the plane: its losses, its penalty, the spectral norm, the best discriminator, and what was recorded."""

import copy
import math

import pytest
import torch
from torch.nn import functional as F

from explorer.data.toys import GAMES, Mixture, game_data
from explorer.measures import game as measures
from explorer.measures import game_grid
from explorer.measures.coverage import lattice, optimal, optimal_blurred
from explorer.measures.game_films import GAME_FILM_MANY, first_frame
from explorer.models import game as games
from explorer.models.game import Game, Player, Rules, gradient_penalty, loss_of_d, loss_of_g, play, train_further
from explorer.networks import checkpoints

FOLDER = checkpoints.pretrained_folder() / "gan-game"
RECIPE = checkpoints.read_json(FOLDER / "config.json")


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def logit(p: float) -> float:
    return math.log(p / (1 - p))


def test_the_losses_are_those_of_the_papers():
    """D says ¾ and ½ of two real points, ¼ and ½ of two made ones."""
    real, made = torch.tensor([[logit(0.75), 0.0]]), torch.tensor([[logit(0.25), 0.0]])
    bce = -(math.log(0.75) + math.log(0.5)) / 2 - (math.log(0.75) + math.log(0.5)) / 2
    assert float(loss_of_d("saturating", real, made)) == pytest.approx(bce)
    assert float(loss_of_d("non-saturating", real, made)) == pytest.approx(bce)
    assert float(loss_of_g("saturating", made)) == pytest.approx((math.log(0.75) + math.log(0.5)) / 2)
    assert float(loss_of_g("non-saturating", made)) == pytest.approx(-(math.log(0.25) + math.log(0.5)) / 2)
    assert float(loss_of_d("wgan-gp", real, made)) == pytest.approx(-logit(0.75))
    assert float(loss_of_g("wgan-gp", made)) == pytest.approx(logit(0.75) / 2)


def test_only_the_saturating_loss_is_flat_where_d_is_sure():
    for loss, slope in (("saturating", 1e-4), ("non-saturating", 1.0), ("wgan-gp", 1.0)):
        made = torch.tensor([[-10.0]], requires_grad=True)
        (found,) = torch.autograd.grad(loss_of_g(loss, made).sum(), made)
        assert -slope <= float(found) < 0 and (slope < 1 or float(found) == pytest.approx(-1, abs=1e-4))


@pytest.mark.parametrize(("slope", "wanted"), [((3.0, 4.0), 16.0), ((1.0, 0.0), 0.0), ((0.0, 0.0), 1.0)])
def test_the_penalty_of_a_plane_is_that_of_its_slope(slope: tuple[float, float], wanted: float):
    def f(x: torch.Tensor) -> torch.Tensor:
        return x @ torch.tensor(slope)

    x = torch.randn(2, 5, 2, generator=generator())
    penalty = gradient_penalty(f, x, -x, torch.rand(2, 5, 1, generator=generator()))
    assert penalty.tolist() == pytest.approx([wanted, wanted], abs=1e-4)


def test_the_penalty_is_taken_between_the_points_and_its_gradient_is_that_of_its_differences():
    """f = a ‖x‖² / 2 has the slope a x, so the penalty is (a ‖x̂‖ − 1)²."""
    real, made, u = torch.tensor([[[2.0, 0.0]]]), torch.tensor([[[0.0, 0.0]]]), torch.tensor([[[0.25]]])
    a = torch.tensor(3.0, requires_grad=True)
    penalty = gradient_penalty(lambda x: a * x.square().sum(-1) / 2, real, made, u)
    assert float(penalty.detach()) == pytest.approx((3 * 0.5 - 1) ** 2, abs=1e-5)
    (found,) = torch.autograd.grad(penalty.sum(), a)
    assert float(found) == pytest.approx(2 * (3 * 0.5 - 1) * 0.5, abs=1e-4)


def test_the_spectral_norm_is_the_largest_singular_value_of_every_seed():
    player = Player((2, 16, 16, 1), [generator(seed) for seed in range(3)], spectral=True)
    for _ in range(200):
        player.power_step()
    for index, weight in enumerate(player.weights):
        torch.testing.assert_close(player.largest(index), torch.linalg.svdvals(weight)[:, 0], rtol=1e-4, atol=1e-5)


def test_with_the_spectral_norm_no_layer_is_steeper_than_one():
    player = Player((2, 16, 16, 1), [generator()], spectral=True)
    for weight in player.weights:
        weight.data *= 50
    for _ in range(200):
        player.power_step()
    x = torch.randn(1, 200, 2, generator=generator()).requires_grad_()
    (slope,) = torch.autograd.grad(player(x).sum(), x)
    assert float(slope.norm(dim=-1).max()) <= 1 + 1e-4


def test_a_player_is_the_plain_network_of_each_seed():
    player = Player((2, 8, 8, 3), [generator(seed) for seed in (4, 5)])
    x = torch.randn(2, 6, 2, generator=generator())
    for seed in range(2):
        h = x[seed]
        for index, (weight, bias) in enumerate(zip(player.weights, player.biases)):
            h = (F.leaky_relu(h, 0.2) if index else h) @ weight[seed] + bias[seed]
        torch.testing.assert_close(player(x)[seed], h)


def test_the_best_discriminator_of_a_known_pair_of_densities():
    """Between N(−0.4, 0.3²) and N(0.4, 0.3²) it is a logistic function of x; with equal densities it is one half."""
    p, q = Mixture(torch.tensor([[-0.4, 0.0]]), 0.3), Mixture(torch.tensor([[0.4, 0.0]]), 0.3)
    x = torch.tensor([[-0.4, 0.0], [-0.1, 0.2], [0.0, 0.0], [0.1, -0.3], [0.4, 0.0]])
    made, blur = q.sample(20_000, generator()), 0.1
    exact = torch.sigmoid(-0.8 * x[:, 0] / (0.3**2 + blur**2))
    torch.testing.assert_close(optimal_blurred(p, made, x, blur), exact, rtol=0, atol=0.02)
    own = optimal_blurred(q, made, q.sample(500, generator(1)), blur)
    assert float((own - 0.5).abs().mean()) < 0.02


@pytest.mark.parametrize(("sigma", "shift"), [(0.05, 0.0), (0.1, 0.0), (0.05, 0.15)])
def test_the_best_discriminator_of_heaps_is_that_of_their_true_densities(sigma: float, shift: float):
    p = GAMES["ring"]
    q = Mixture(p.means + torch.tensor([shift, 0.0]), sigma)
    x = q.sample(500, generator(1))
    exact = torch.sigmoid(p.log_prob(x) - q.log_prob(x))
    found = optimal(p, q.sample(GAME_FILM_MANY, generator()), x)
    assert float((found - exact).abs().mean()) < 0.05
    assert float(found.mean()) == pytest.approx(float(exact.mean()), abs=0.02)


def test_d_comes_near_the_best_one_where_the_generator_stands_still():
    game = Game(GAMES["moons"], Rules("non-saturating", lr_d=0.01), [3])
    before = first_frame(game)["gap"]
    for _ in range(300):
        game.d_step()
    assert first_frame(game)["gap"] < 0.15 < before


def test_a_lattice_starts_at_the_upper_left():
    places = lattice(4, 2.0)
    assert places[0].tolist() == [-1.5, 1.5] and places[3].tolist() == [1.5, 1.5] and places[-1].tolist() == [1.5, -1.5]


@pytest.mark.parametrize("loss", games.LOSSES)
def test_the_same_seed_is_the_same_run_and_another_is_another(loss: str):
    def ends(seed: int) -> torch.Tensor:
        game = Game(GAMES["ring"], Rules(loss, spectral=True, d_steps=2), [seed])
        return [list(play(game, 3)), game.samples()][1]

    assert torch.equal(ends(0), ends(0))
    assert not torch.equal(ends(0), ends(1))


def test_games_of_other_losses_begin_alike_and_see_the_same_data():
    first, second = (Game(GAMES["ring"], Rules(loss), [5]) for loss in ("saturating", "wgan-gp"))
    assert torch.equal(first.samples(), second.samples())
    seen = []
    for game in (first, second):
        sample = game.data.sample
        game.data = copy.copy(game.data)
        object.__setattr__(game.data, "sample", lambda n, g, sample=sample: seen.append(sample(n, g)) or seen[-1])
        game.d_step()
    assert torch.equal(*seen)


def test_seeds_play_apart():
    both, alone = Game(GAMES["ring"], Rules(), [0, 1]), Game(GAMES["ring"], Rules(), [1])
    for game in (both, alone):
        list(play(game, 2))
    torch.testing.assert_close(both.samples()[1], alone.samples()[0], rtol=1e-3, atol=1e-4)


def test_no_two_streams_of_random_numbers_are_the_same():
    game = Game(GAMES["ring"], Rules(), [0, 1, 2])
    assert len({stream.initial_seed() for stream in (*game._batches, *game._places)}) == 6


def test_a_copied_game_goes_on_as_the_first():
    game = Game(GAMES["ring"], Rules(), [0])
    list(play(game, 2))
    other = copy.deepcopy(game)
    for each in (game, other):
        list(play(each, 2))
    assert torch.equal(game.samples(), other.samples())
    assert (game.rounds, game.steps_d, game.steps_g) == (4, 4, 4)


@pytest.mark.parametrize("rules", [Rules("wgan-gp", d_steps=2), Rules("saturating", spectral=True)])
def test_a_restored_game_goes_on_as_the_first(rules: Rules):
    game, other = Game(GAMES["ring"], rules, [3]), Game(GAMES["ring"], rules, [3])
    list(play(game, 2))
    other.restore({name: value.clone() for name, value in game.state().items()})
    for each in (game, other):
        list(play(each, 2))
        each.d_step()
    assert torch.equal(game.samples(), other.samples()) and torch.equal(*(x.values(x.samples()) for x in (game, other)))
    assert (game.rounds, game.steps_d, game.loss_g) == (other.rounds, other.steps_d, other.loss_g)


def test_points_are_drawn_along_what_lowers_the_generators_loss():
    game = Game(GAMES["ring"], Rules("non-saturating"), [2])
    list(play(game, 5))
    made, pull = game.pulls(32)
    before, after = (loss_of_g("non-saturating", game.values(made + step * pull)) for step in (0, 1e-3))
    assert float(after) < float(before)


def test_where_only_d_is_trained_the_generator_stands_still():
    pair = [Game(GAMES["ring"], Rules(loss), [0]) for loss in ("non-saturating", "wgan-gp")]
    before = pair[0].samples()
    walk = list(train_further(*pair, 3))
    assert len(walk) == 4 and set(walk[0]) == set(games.LOSSES)
    assert torch.equal(before, pair[0].samples())
    assert float(walk[0]["saturating"]) != float(walk[-1]["saturating"])


def test_painted_points_are_an_exact_density():
    painted = game_data("painted", ((0.0, 1.0), (1.0, 1.0)))
    assert painted.means.tolist() == [[0, 1], [1, 1]]
    with pytest.raises(ValueError, match="paint some first"):
        game_data("painted")


def recorded(kind: str, **question) -> dict:
    return checkpoints.read_json(FOLDER / "runs" / f"{measures.name_of(kind, RECIPE['training'] | question)}.json")


def test_the_card_is_what_was_recorded():
    card = checkpoints.read_json(FOLDER / "card.json")
    figures = card["figures"]
    for cell, asked in zip(figures["cells"], game_grid.cells(RECIPE["grid"]), strict=True):
        kept = checkpoints.read_json(FOLDER / "runs" / game_grid.file_of(asked))
        assert kept["question"] == asked and kept["losses"] == cell["losses"]
        assert (cell["dsteps"], cell["lrd"], cell["lrg"]) == (asked["dsteps"], asked["lrd"], asked["lrg"])
        for found in cell["losses"].values():
            assert len(found["modes"]) == len(found["divergence"]) == len(figures["seeds"]) == 5
    assert figures["baselines"] == game_grid.baselines(GAMES["ring"]) and figures["of"] == 8
    assert card["command"] == "python -m explorer.evaluate gan-game"


def test_every_film_of_the_recipe_is_recorded_whole():
    for kind, question in measures.questions(RECIPE):
        kept = checkpoints.read_json(FOLDER / "runs" / f"{measures.name_of(kind, question)}.json")
        assert kept["question"] == question
        length = question["steps"] / measures.EVERY_STEP if kind == "face" else question["rounds"] / measures.EVERY
        assert len(kept["frames"]) == 1 + length


def test_the_saturating_gradient_vanishes_and_the_critics_does_not():
    first, last = (recorded("face", data="ring")["frames"][at]["norms"] for at in (0, -1))
    assert last["saturating"] < first["saturating"] / 10
    assert last["wgan-gp"] > first["wgan-gp"] / 3


def test_a_recording_begins_as_the_same_game_begins_now():
    """Later rounds differ from machine to machine, as small differences grow."""
    question = next(asked for kind, asked in measures.questions(RECIPE) if kind == "play")
    kept = checkpoints.read_json(FOLDER / "runs" / f"{measures.name_of('play', question)}.json")["frames"][0]
    again = next(measures.play_film(question))
    assert again["x"] == kept["x"] and again["modes"] == kept["modes"] and again["real"] == kept["real"]
