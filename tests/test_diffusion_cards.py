"""The cards of the diffusions: complete, as good as they must be, and true of the weights beside them."""

import math
from itertools import pairwise

import pytest
import torch

from explorer import checkpoints, data
from explorer.measures import diffusion as measures
from explorer.measures.quality import SEEDS
from explorer.steps import last
from tests.cards import card_of

NAMES = ["diffusion-mnist", "diffusion-fashion-mnist"]
SOME = 100


@pytest.mark.parametrize("name", NAMES)
def test_the_cards_bound_holds_on_bundled_images(name: str):
    card, model = card_of(name), checkpoints.load(name, "cpu")
    again = measures.bound(model, data.bundled(name.removeprefix("diffusion-"))[:SOME], seed=1)["bits_per_dim"]
    reported = card["figures"]["bits_per_dim"]
    assert again["value"] == pytest.approx(reported["value"], abs=3 * math.hypot(again["se"], reported["se"]))


@pytest.mark.parametrize("name", NAMES)
def test_the_bound_is_the_sum_of_its_parts(name: str):
    figures = card_of(name)["figures"]
    bound = figures["bound"]
    assert sum(bound["bits"]) + bound["prior"] == pytest.approx(figures["bits_per_dim"]["value"], rel=1e-6)
    assert len(bound["edges"]) == len(bound["bits"]) + 1 == len(bound["loss"]) + 1
    assert bound["edges"][0] == 1 and bound["edges"][-1] == 1001


@pytest.mark.parametrize("name", NAMES)
def test_less_noise_is_harder_to_tell(name: str):
    loss = card_of(name)["figures"]["bound"]["loss"]
    assert all(later < earlier for earlier, later in pairwise(loss))


@pytest.mark.parametrize("name", NAMES)
def test_samples_were_judged_for_every_seed_beside_the_floor(name: str):
    quality = card_of(name)["quality"]
    assert quality["n"] == 10_000 and quality["seeds"] == list(SEEDS)
    assert quality["command"] == f"python -m explorer.evaluate {name} --quality"
    for block in (quality, quality.get("binarised", quality)):
        for way in ("DDIM 50", "DDIM 10"):
            assert len(block["ways"][way]["frechet"]) == len(block["ways"][way]["use"]) == len(SEEDS)
            assert min(block["ways"][way]["frechet"]) > block["floor"]["frechet"]


def test_the_samples_are_as_good_as_they_must_be():
    quality = card_of("diffusion-mnist")["quality"]
    assert max(quality["ways"]["DDIM 50"]["frechet"]) <= 4 * quality["floor"]["frechet"]


@pytest.mark.parametrize("name", ["beta-vae-mnist", "pixelcnn-mnist"])
def test_binary_families_were_judged_after_the_same_binarisation(name: str):
    quality = card_of(name)["quality"]
    (way,) = quality["binarised"]["ways"].values()
    assert len(way["frechet"]) == len(quality["seeds"]) and "floor" not in quality
    floor = card_of("diffusion-mnist")["quality"]["binarised"]["floor"]
    for figure in ("frechet", "precision", "recall"):
        assert quality["binarised"]["floor"][figure] == pytest.approx(floor[figure], rel=1e-3)


def test_the_class_asked_for_is_the_class_seen():
    for name in NAMES:
        assert card_of(name)["figures"]["guidance"]["2"]["accuracy"]["value"] >= 0.97


@pytest.mark.parametrize("name", NAMES)
def test_guidance_trades_variety_for_the_class(name: str):
    found = card_of(name)["figures"]["guidance"]
    scales = ["0", "1", "2", "4", "7"]
    assert list(found) == scales and all(found[scale]["accuracy"]["n"] == 1_000 for scale in scales)
    assert found["0"]["accuracy"]["value"] < 0.3 < found["1"]["accuracy"]["value"] < found["2"]["accuracy"]["value"]
    assert found["7"]["diversity"] < found["2"]["diversity"] < found["1"]["diversity"]


@pytest.mark.parametrize("name", NAMES)
def test_an_image_comes_back_from_its_noise(name: str):
    """Inverted and denoised again in 50 steps, without clipping: within a few grey levels of a hundred."""
    model, x = checkpoints.load(name, "cpu"), data.bundled(name.removeprefix("diffusion-")).pixels()[:4]
    noise = last(model.invert_steps(x)).numbers["x_t"]
    back = model.sample(4, generator=torch.Generator().manual_seed(0), x_t=noise, clip=False)
    assert float((back - x).square().mean().sqrt()) < 0.03


def test_two_judges_and_two_samplers_agree_on_when_a_digit_is_decided():
    found = card_of("diffusion-mnist")["decided"]
    assert found["n"] >= 200 and found["command"] == "python -m explorer.evaluate diffusion-mnist --only decided"
    seen = found["kept"]["classifier"]
    for others in (found["kept"]["nearest"], found["kept"]["fresh_noise"]):
        for one, other in zip(seen, others, strict=True):
            assert abs(one["value"] - other["value"]) <= 3 * math.hypot(one["se"], other["se"])
    assert seen[0]["value"] > 0.95 and seen[-1]["value"] < 0.2
    assert all(later["value"] <= earlier["value"] for earlier, later in pairwise(seen))
