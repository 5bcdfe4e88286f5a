"""Claims of the tour beyond the card's figures, held against the network they are about."""

from functools import cache

import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.data.neighbours import training_index
from explorer.measures.flow import bits_per_dim
from explorer.models.beta_vae import BetaVAE
from explorer.models.image_flow import ImageFlow
from explorer.models.posterior import exact_elbo, posterior_grid
from explorer.networks import checkpoints
from explorer.networks.card import find, rows
from explorer.tabs.discrete_diffusion.exercises import EXERCISES
from tests.cards import card_of

THREE, EIGHT = 108, 24


@cache
def model() -> BetaVAE:
    return checkpoints.load("beta-vae-mnist")


@cache
def codes(beta: float) -> Tensor:
    with torch.no_grad():
        return model().encode(data.bundled_binary_images("mnist"), beta).mean


def decoded(z: Tensor, beta: float) -> Tensor:
    with torch.no_grad():
        return model().decode(z.unsqueeze(0), beta).mean[0]


def house() -> Tensor:
    x = torch.zeros(1, 28, 28)
    for row in range(11):
        x[0, 4 + row, [13 - row, 14 + row]] = 1
    x[0, 14:24, [4, 5, 22, 23]] = 1
    x[0, [14, 15, 22, 23], 4:24] = 1
    return x


def test_the_tour_walks_from_a_3_to_an_8():
    labels = data.bundled_images("mnist").labels
    assert [int(labels[THREE]), int(labels[EIGHT])] == [3, 8]


@pytest.mark.parametrize("beta", [0.0, 1.0])
def test_halfway_between_a_3_and_an_8_is_one_image_like_those_encoded_nearby(beta: float):
    a, b = codes(beta)[[THREE, EIGHT]]
    middle, blend = decoded((a + b) / 2, beta), (decoded(a, beta) + decoded(b, beta)) / 2
    near = (codes(beta) - (a + b) / 2).norm(dim=-1).argsort()[:20]
    nearby = data.bundled_images("mnist")[near].pixels().mean(0)
    assert (middle - nearby).norm() < 0.5 * (middle - blend).norm()


@pytest.mark.parametrize("beta", [0.0, 1.0])
def test_in_two_dimensions_codes_lie_near_every_midpoint(beta: float):
    """As near as to another image's code: nearest of the other codes, by median and for nearly all midpoints."""
    z = codes(beta)
    first, second = torch.randperm(len(z), generator=torch.Generator().manual_seed(0)).view(2, -1)
    to_others = torch.cdist(z, z).fill_diagonal_(torch.inf).amin(1)
    to_codes = torch.cdist((z[first] + z[second]) / 2, z).amin(1)
    assert to_codes.median() < 1.2 * to_others.median()
    assert to_codes.quantile(0.95) < 1.2 * to_others.quantile(0.95)


def test_a_posterior_stays_small_beside_the_prior():
    with torch.no_grad():
        sigma = model().encode(data.bundled_binary_images("mnist"), 1.0).stddev
    assert sigma.quantile(0.99) < 0.2


def test_after_collapse_every_place_decodes_to_the_average_image():
    left, right = (decoded(torch.tensor([x, 0.0]), 100.0) for x in (-4.0, 4.0))
    average = training_index("mnist").images(slice(0, 20_000)).mean(0)
    assert (left - right).abs().max() < 0.05 and (left - average).abs().max() < 0.05


def test_at_ten_the_plane_still_turns_one_digit_into_another():
    left, right = (decoded(torch.tensor([x, 0.0]), 10.0) for x in (-1.5, 1.5))
    assert (left - right).norm() > 4


def test_a_house_costs_more_than_a_digit_and_a_blank_page_less_exactly_but_not_by_its_bound():
    card = card_of("beta-vae-mnist")
    digit = find(card, "-elbo", beta=1)["value"]
    bound, exact, gap = (find(card, figure, set="blank") for figure in ("-elbo", "-log_px", "gap"))
    likelier = {row["by"]: row["value"] for row in rows(card, "likelier", set="blank")}
    assert -posterior_grid(model(), house(), 1.0).log_px > 1.5 * digit
    assert exact["value"] < 0.5 * digit < digit < bound["value"]
    assert likelier["exact"] > 0.9 > 0.5 > likelier["bound"]
    with torch.no_grad():
        q = model().encode(torch.zeros(1, 1, 28, 28), 1.0)
    drawn = model().elbo(torch.zeros(4_000, 1, 28, 28), 1.0, generator=torch.Generator().manual_seed(0))
    assert bound["value"] == pytest.approx(-exact_elbo(model(), torch.zeros(1, 28, 28), q.mean[0], q.stddev[0], 1.0))
    assert bound["value"] == pytest.approx(-float(drawn.mean()), abs=4 * float(drawn.std()) / 4_000**0.5)
    assert gap["value"] == pytest.approx(bound["value"] - exact["value"]) and "se" not in bound


def test_draws_of_the_prior_miss_digits_without_the_kl_term_which_the_decoder_can_draw():
    prior = card_of("beta-vae-mnist")["prior"]
    assert min(prior["0"]["codes"]) > 30 and min(prior["1"]["draws"]) > 30
    assert sum(count < 10 for count in prior["0"]["draws"]) >= 3


def test_blur_makes_the_distance_to_the_nearest_training_image_smaller():
    real = data.bundled_images("mnist").pixels()[:8]
    blurred = torch.nn.functional.avg_pool2d(real, 3, stride=1, padding=1)
    far, near = (torch.tensor([training_index("mnist").nearest(x).distance for x in each]) for each in (real, blurred))
    assert (near < far).float().mean() > 0.8


def test_each_number_of_pixels_a_step_is_another_model_whose_bound_grows_with_it():
    """So the bound of one pixel a step is none of the model that draws all at once."""
    found = {row["per_step"]: row for row in rows(card_of("d3pm-mnist"), "nll_steps")}
    assert {row["kind"] for row in found.values()} == {"bound"}
    values = [found[per]["value"] for per in sorted(found)]
    assert values == sorted(values) and values[-1] > 2 * values[0]


def test_of_pixels_that_must_agree_those_drawn_together_differ_half_of_the_time():
    joint = torch.tensor([[0.5, 0.0], [0.0, 0.5]])
    together = joint.sum(1)[:, None] * joint.sum(0)
    in_turn = joint.sum(1)[:, None] * (joint / joint.sum(1, keepdim=True))
    assert float(together[0, 1] + together[1, 0]) == 0.5 and torch.equal(in_turn, joint)
    task = next(each for each in EXERCISES if each.name == "at-once").task(1)
    assert task.right.startswith("They are drawn independently") and not any("bound" in each for each in task.wrong)


def inked(x: Tensor) -> Tensor:
    """Count of pixels of each image above the lowest of 256 levels."""
    return (x >= 1 / 256).flatten(1).sum(1).double()


@torch.no_grad()
def test_draws_of_the_flow_have_more_ink_than_digits_and_ink_costs_about_as_much_in_both():
    flow: ImageFlow = checkpoints.load("flow-mnist")
    generator = torch.Generator().manual_seed(0)
    drawn = flow.decode(flow.noise(50, generator))
    real = flow.dequantise(data.bundled_images("mnist").pixels()[:50], generator)
    ink = [inked(x) for x in (drawn, real)]
    cost = [784 * bits_per_dim(flow, x).double() for x in (drawn, real)]
    each = [float((bits / count).mean()) for bits, count in zip(cost, ink)]
    assert ink[0].mean() > 1.2 * ink[1].mean() and each[0] == pytest.approx(each[1], rel=0.1)
    assert cost[0].mean() > 1.2 * cost[1].mean()


@torch.no_grad()
def test_most_and_not_all_of_the_sixteen_of_the_tour_are_seen_as_threes():
    flow, judge = checkpoints.load("flow-mnist"), checkpoints.load("classifier-mnist")
    how = {"generator": torch.Generator().manual_seed(7), "label": torch.full((16,), 3)}
    assert 8 < int((judge(flow.sample(16, **how)).argmax(-1) == 3).sum()) < 16
