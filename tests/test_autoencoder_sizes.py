"""Autoencoders whose codes differ in size: trained as if alone, measured alike, and what the page says of them."""

import copy
import math

import pytest
import torch

from explorer import data
from explorer.measures import autoencoder_sizes as measures
from explorer.measures.autoencoder import top_class
from explorer.models.autoencoder import AutoencoderSizes, half_square
from explorer.networks import checkpoints
from explorer.networks.card import find
from explorer.spaces import LEVELS
from explorer.tabs.autoencoders import sizes as autoencoders_sizes
from explorer.tabs.autoencoders.sizes import CODE_SIZES, SIZES_NET
from explorer.tabs.autoencoders.tab import TAB
from tests.cards import card_of

pytestmark = pytest.mark.deep
PLACES = ("codes", "midpoints", "standard", "fitted")


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_each_size_is_trained_as_if_alone():
    torch.manual_seed(0)
    model, x = AutoencoderSizes((12,), (2, 5)), data.bundled_images("mnist")[:20].pixels()
    alone = copy.deepcopy(model.sizes["5"])
    model.training_loss(x, {}, generator=rng(), label=None).backward()
    half_square(alone.reconstruct(x), x).mean().backward()
    for one, other in zip(model.sizes["5"].parameters(), alone.parameters()):
        torch.testing.assert_close(one.grad, other.grad)


def test_the_nearest_code_is_the_nearest():
    z, known = torch.randn(50, 3, generator=rng()), torch.randn(80, 3, generator=rng(1))
    by_hand = torch.stack([(known - each).square().sum(-1).sqrt().min() for each in z])
    torch.testing.assert_close(measures.to_nearest(z, known), by_hand.double(), atol=1e-5, rtol=1e-4)


@torch.no_grad()
@pytest.mark.parametrize("latents", CODE_SIZES)
def test_the_card_says_of_points_between_codes_what_other_pairs_show(latents: str):
    """Of a thousand pairs of the bundled test images, chosen in another order."""
    card, model = card_of(SIZES_NET), checkpoints.load(SIZES_NET, "cpu").sizes[latents]
    z = model.encode(data.bundled_images("mnist").pixels())
    judge = checkpoints.load("classifier-mnist", "cpu")
    places = {
        "codes": z[:1000],
        "midpoints": (z[:1000] + z[1000:]) / 2,
        "standard": torch.randn(z[:1000].shape, generator=rng(5)),
    }
    for of, at in places.items():
        row, share = find(card, "confidence", of=of, latents=int(latents)), top_class(judge, model.decode(at))[0]
        error = math.hypot(row["se"], float(share.std()) / math.sqrt(1000))
        assert row["n"] == 5_000 and row["value"] == pytest.approx(float(share.mean()), abs=4 * error)


def test_what_lies_between_codes_decodes_worse_the_more_numbers_a_code_has():
    card = card_of(SIZES_NET)
    value = {
        (name, of, size): find(card, name, of=of, latents=int(size))["value"]
        for name in ("confidence", "distance")
        for of in PLACES
        for size in CODE_SIZES
    }
    lost = [value["confidence", "codes", size] - value["confidence", "midpoints", size] for size in CODE_SIZES]
    assert lost[0] < 0.02 < 0.05 < lost[1] < 0.1 < 0.15 < min(lost[2:])
    plain = find(card, "confidence", of="means of pixels")["value"]
    assert value["confidence", "midpoints", "8"] > plain > value["confidence", "midpoints", "32"]
    away = [value["distance", "midpoints", size] for size in CODE_SIZES]
    assert all(value["distance", "codes", size] == pytest.approx(1) for size in CODE_SIZES)
    assert away[0] < 1 < away[1] < min(away[2:])


@torch.no_grad()
def test_the_classifier_sees_one_class_in_draws_from_a_unit_gaussian_and_is_sure_of_it():
    model = checkpoints.load(SIZES_NET, "cpu").sizes["64"]
    drawn = model.decode(torch.randn(300, 64, generator=rng()))
    classes = top_class(checkpoints.load("classifier-mnist", "cpu"), drawn)[1]
    assert int(classes.bincount().max()) > 290
    assert find(card_of(SIZES_NET), "confidence", of="standard", latents=64)["value"] > 0.99


def test_the_server_decodes_the_middle_of_two_codes():
    answer = autoencoders_sizes.midway.props("8", 7)
    model, x = checkpoints.load(SIZES_NET).sizes["8"], data.bundled_images("mnist").pixels()
    pairs = x[torch.randperm(len(x), generator=rng(7))[:16]]
    with torch.no_grad():
        one, other = model.encode(pairs[:8]), model.encode(pairs[8:])
        middle = model.decode(one + (other - one) / 2)
    images = [LEVELS.decode(strip["images"]) for strip in answer["strips"]]
    assert [each.shape for each in images] == 4 * [(8, 1, 28, 28)]
    torch.testing.assert_close(images[2], middle.cpu(), atol=0.5 / 255 + 1e-6, rtol=0)


def test_the_words_are_the_cards():
    answer = autoencoders_sizes.midway.props("64", 7)
    share = find(card_of(SIZES_NET), "confidence", of="midpoints", latents=64)["value"]
    assert answer["words"].startswith(f"Midway between two codes of 64 numbers the classifier is {100 * share:.0f} %")
    head, *lines = answer["table"]
    assert [line[0] for line in lines] == list(CODE_SIZES) and all(len(line) == len(head) for line in lines)
    assert answer["stops"]["latents"] == [(1.0, "2"), (3.0, "8"), (5.0, "32"), (6.0, "64")]


def test_the_sizes_that_can_be_chosen_are_those_that_were_trained():
    assert tuple(checkpoints.load(SIZES_NET).sizes) == CODE_SIZES
    assert TAB.value({net.name: net.content() for net in TAB.shown()})["sizes"] == {"error": None}
