"""The cards of the diffusions: complete, as good as they must be, and true of the weights beside them."""

import math
from itertools import pairwise

import pytest
import torch

from explorer import data
from explorer.measures import diffusion as measures
from explorer.measures.quality import FLOOR, QUALITY_SEEDS
from explorer.networks import checkpoints
from explorer.networks.card import find, rows
from explorer.steps import last
from tests.cards import card_of

NAMES = ["diffusion-mnist", "diffusion-fashion-mnist"]
SOME = 100
FIGURES = ("accuracy", "diversity")


@pytest.mark.deep
@pytest.mark.parametrize("name", NAMES)
def test_the_cards_bound_holds_on_bundled_images(name: str):
    card, model = card_of(name), checkpoints.load(name, "cpu")
    again = measures.bound(model, data.bundled_images(name.removeprefix("diffusion-"))[:SOME], seed=1)["rows"][0]
    reported = find(card, "bits_per_dim")
    assert again["value"] == pytest.approx(reported["value"], abs=3 * math.hypot(again["se"], reported["se"]))


@pytest.mark.parametrize("name", NAMES)
def test_the_bound_is_the_sum_of_its_parts(name: str):
    card = card_of(name)
    bound, prior, whole = card["bound"], *(find(card, figure)["value"] for figure in ("prior", "bits_per_dim"))
    assert sum(bound["bits"]) + prior == pytest.approx(whole, rel=1e-6)
    assert len(bound["edges"]) == len(bound["bits"]) + 1 == len(bound["loss"]) + 1
    assert bound["edges"][0] == 1 and bound["edges"][-1] == 1001


def test_an_odes_density_is_an_estimate_and_the_chains_a_bound():
    """Both are of the same images, so their gap is the difference of the two means."""
    flow, chain = (find(card_of(NAMES[0])["flow"], "bits", of=of) for of in ("flow", "chain"))
    gap, coarse = (rows(card_of(NAMES[0])["flow"], name)[0] for name in ("gap", "coarse"))
    assert [each["kind"] for each in (flow, chain, gap, coarse)] == ["estimate", "bound", "estimate", "estimate"]
    assert flow["n"] == chain["n"] and gap["value"] == pytest.approx(chain["value"] - flow["value"], rel=1e-6)
    assert abs(coarse["value"]) < gap["value"] / 10


@pytest.mark.parametrize("name", NAMES)
def test_less_noise_is_harder_to_tell(name: str):
    loss = card_of(name)["bound"]["loss"]
    assert all(later < earlier for earlier, later in pairwise(loss))


@pytest.mark.parametrize("name", NAMES)
def test_samples_were_judged_for_every_seed_beside_the_floor(name: str):
    quality = card_of(name)["quality"]
    assert quality["n"] == 10_000 and quality["seeds"] == list(QUALITY_SEEDS)
    assert quality["command"] == f"python -m explorer.evaluate {name} --quality"
    for pixels in {row["pixels"] for row in quality["rows"]}:
        floor = find(quality, "frechet", pixels=pixels, way=FLOOR)["value"]
        for way in ("DDIM 50", "DDIM 10"):
            frechet, use = (rows(quality, figure, pixels=pixels, way=way) for figure in ("frechet", "use"))
            assert len(frechet) == len(use) == len(QUALITY_SEEDS)
            assert min(row["value"] for row in frechet) > floor


def test_the_samples_are_as_good_as_they_must_be():
    quality = card_of("diffusion-mnist")["quality"]
    floor = find(quality, "frechet", pixels="grey", way=FLOOR)["value"]
    assert max(row["value"] for row in rows(quality, "frechet", pixels="grey", way="DDIM 50")) <= 4 * floor


@pytest.mark.parametrize("name", ["beta-vae-mnist", "pixelcnn-mnist"])
def test_binary_families_were_judged_after_the_same_binarisation(name: str):
    quality = card_of(name)["quality"]
    (way,) = {row["way"] for row in quality["rows"]} - {FLOOR}
    assert len(rows(quality, "frechet", way=way)) == len(quality["seeds"])
    assert {row["pixels"] for row in quality["rows"]} == {"binarised"}
    for figure in ("frechet", "precision", "recall"):
        ours, theirs = (
            find(each, figure, pixels="binarised", way=FLOOR) for each in (quality, card_of("diffusion-mnist"))
        )
        assert ours["value"] == pytest.approx(theirs["value"], rel=1e-3)


def test_the_class_asked_for_is_the_class_seen():
    for name in NAMES:
        assert find(card_of(name), "accuracy", w=2)["value"] >= 0.97


@pytest.mark.parametrize("name", NAMES)
def test_guidance_trades_variety_for_the_class(name: str):
    guided = [row for row in card_of(name)["rows"] if "w" in row]
    seen, varied = ({row["w"]: row["value"] for row in guided if row["name"] == figure} for figure in FIGURES)
    assert list(seen) == list(varied) == [0, 1, 2, 4, 7] and all(row["n"] == 1_000 for row in guided)
    assert seen[0] < 0.3 < seen[1] < seen[2]
    assert varied[7] < varied[2] < varied[1]


@pytest.mark.parametrize("name", [NAMES[0], *(pytest.param(name, marks=pytest.mark.deep) for name in NAMES[1:])])
def test_an_image_comes_back_from_its_noise(name: str):
    """Inverted and denoised again in 50 steps, without clipping: within a few grey levels of a hundred."""
    model, x = checkpoints.load(name, "cpu"), data.bundled_images(name.removeprefix("diffusion-")).pixels()[:1]
    noise = last(model.invert_steps(x)).numbers["x_t"]
    back = model.sample(1, generator=torch.Generator().manual_seed(0), x_t=noise, clip=False)
    assert float((back - x).square().mean().sqrt()) < 0.03


def test_two_judges_and_two_samplers_agree_on_when_a_digit_is_decided():
    found = card_of("diffusion-mnist")["decided"]
    assert found["n"] >= 200 and found["command"] == "python -m explorer.evaluate diffusion-mnist --only decided"
    seen, *rest = (rows(found, "kept", judge=judge) for judge in ("classifier", "nearest", "fresh_noise"))
    for others in rest:
        for one, other in zip(seen, others, strict=True):
            assert abs(one["value"] - other["value"]) <= 3 * math.hypot(one["se"], other["se"])
    assert seen[0]["value"] > 0.95 and seen[-1]["value"] < 0.2
    assert all(later["value"] <= earlier["value"] for earlier, later in pairwise(seen))
