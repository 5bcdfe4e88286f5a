"""The cards of the autoregressive networks: complete, as good as they must be, and true of the weights beside them."""

import math

import pytest
import torch
from safetensors.torch import load_file

from explorer import data
from explorer.measures import raster
from explorer.measures.common import measured_mean
from explorer.models.raster import PIXELS
from explorer.networks import checkpoints
from explorer.networks.card import find
from explorer.spaces import BINARY
from explorer.train import FLOAT16_MAY_COST
from tests.cards import card_of

NAMES = ["pixelcnn-mnist", "pixelcnn-fashion-mnist", "made-mnist"]
SOME = 200


@pytest.mark.parametrize("name", NAMES)
def test_weights_are_rounded_where_that_costs_next_to_nothing(name: str):
    rounded = card_of(name)["training"]["float16_costs_nats"] <= FLOAT16_MAY_COST
    stored = load_file(checkpoints.folder_of(name) / "model.safetensors")
    assert {tensor.dtype for tensor in stored.values()} == {torch.float16 if rounded else torch.float32}


@pytest.mark.deep
@pytest.mark.parametrize("name", NAMES)
def test_the_cards_likelihood_holds_on_bundled_images(name: str):
    reported, model = find(card_of(name), "nll"), checkpoints.load(name, "cpu")
    dataset = checkpoints.read_json(checkpoints.folder_of(name) / "config.json")["dataset"]
    images = data.bundled_binary_images(dataset) if model.space == BINARY else data.bundled_images(dataset).pixels()
    again = measured_mean(-raster.log_probs(model, images[:SOME]))
    assert again["value"] == pytest.approx(reported["value"], abs=3 * math.hypot(again["se"], reported["se"]))


def test_the_likelihoods_are_as_good_as_they_must_be():
    assert find(card_of("pixelcnn-mnist"), "nll")["value"] <= 84
    assert find(card_of("made-mnist"), "nll")["value"] <= 92


@pytest.mark.parametrize("name", NAMES)
def test_the_sampler_agrees_with_the_density(name: str):
    found = find(card_of(name), "agreement")
    assert found["n"] == 1_000
    assert abs(found["value"]) <= 3 * found["se"]


@pytest.mark.parametrize("name", NAMES)
def test_bits_per_dim_are_nats_in_another_unit(name: str):
    bits, nats = (find(card_of(name), figure)["value"] for figure in ("bits_per_dim", "nll"))
    assert bits == pytest.approx(nats / (PIXELS * math.log(2)))


def test_averaging_likelihoods_over_orders_never_costs_more_than_the_log_of_their_number():
    card = card_of("made-mnist")
    orders = [find(card, "nll", order=order)["value"] for order in range(4)]
    assert orders[0] == find(card, "nll")["value"]
    assert find(card, "mixture")["value"] <= min(orders) + math.log(4)


@pytest.mark.parametrize("name", NAMES)
def test_the_histograms_hold_every_image_both_ways_round(name: str):
    found = card_of(name)["histograms"]
    own = checkpoints.read_json(checkpoints.folder_of(name) / "config.json")["dataset"]
    assert set(found["sets"]) == {"mnist", "fashion-mnist", "noise", "blank"}
    for each in found["sets"].values():
        assert sum(each["counts"]) == each["n"]
        assert 0 <= each["flagged"] <= 1 and 0 <= each["auroc"] <= 1
    assert found["sets"][own]["auroc"] == pytest.approx(0.5)
    assert found["sets"][own]["flagged"] == pytest.approx(raster.FLAGGED, abs=1e-3)
    assert found["sets"][own]["value"] == pytest.approx(-find(card_of(name), "nll")["value"], rel=1e-5)


def test_auroc_and_the_share_flagged_by_hand():
    own, other = torch.tensor([-4.0, -3.0, -2.0, -1.0]), torch.tensor([-5.0, -2.5, -2.0, 0.0])
    edges = torch.tensor([0.0, 2.5, 6.0], dtype=torch.float64)
    found = raster._histogram(other, own, threshold=-2.2, edges=edges)
    wins = (4 + 2 + 1.5 + 0) / 16  # pairs in which the network's own image is the more likely; a tie counts half
    assert found["auroc"] == pytest.approx(wins)
    assert found["flagged"] == 0.5
    assert found["counts"] == [2, 2]


def test_noise_takes_every_level_alike():
    model = checkpoints.load("pixelcnn-fashion-mnist", "cpu")
    x = raster.noise(50, model, seed=0)
    shares = (255 * x).round().long().flatten().bincount(minlength=256) / x.numel()
    assert shares.max() < 1.5 / 256 and shares.min() > 0.6 / 256
