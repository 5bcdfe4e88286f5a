"""Damages of a set of images: what each does to the set, and that none does anything at strength 0."""

import math

import pytest
import torch

from explorer import data
from explorer.measures.damages import DAMAGES, DAMAGES_NOISE, FADED, FEWEST, GREY, RAREST, SIGMA, Damage, Sets, split

N = 200


@pytest.fixture(scope="module")
def sets() -> Sets:
    found = data.bundled_images("mnist")
    return split(found.pixels(), found.labels, N, torch.Generator().manual_seed(0))


def counts(sets: Sets, chosen: torch.Tensor) -> list[int]:
    return sets.labels[chosen].bincount(minlength=10).tolist()


def test_the_two_sets_and_the_spare_images_share_none(sets: Sets):
    parts = [sets.real, sets.fresh, sets.spare]
    assert [len(part) for part in parts] == [N, N, len(sets.images) - 2 * N]
    assert torch.cat(parts).sort().values.equal(torch.arange(len(sets.images)))
    with pytest.raises(ValueError, match="need 4002"):
        split(sets.images, sets.labels, 2_001, torch.Generator())


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_strength_0_is_the_untouched_set_and_a_seed_does_the_same_again(sets: Sets, damage: Damage):
    assert damage.damaged_set(sets, 0, seed=3).equal(sets.images[sets.fresh])
    once, again = (damage.damaged_set(sets, 0.7, seed=3) for _ in range(2))
    assert once.equal(again) and once.shape == (N, 1, 28, 28)
    assert once.min() >= 0 and once.max() <= 1
    assert not once.equal(sets.images[sets.fresh])


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_larger_strength_changes_no_fewer_images(sets: Sets, damage: Damage):
    whole = sets.images[sets.fresh]
    changed = [
        int((damage.damaged_set(sets, strength, seed=1) != whole).flatten(1).any(-1).sum())
        for strength in (0, 0.25, 0.5, 0.75, 1)
    ]
    assert changed == sorted(changed) and changed[0] == 0 < changed[-1]


def test_blur_of_a_point_is_a_gaussian_of_that_width():
    x = torch.zeros(1, 1, 29, 29)
    x[..., 14, 14] = 1
    found = DAMAGES["blur"].apply(x, 0.5, 0)[0, 0]
    places = torch.arange(29.0) - 14
    assert float(found.sum()) == pytest.approx(1, abs=1e-4)
    assert float((found.sum(0) * places.square()).sum()) == pytest.approx((0.5 * SIGMA) ** 2, rel=0.01)
    exact = torch.exp(-places.square() / (2 * (0.5 * SIGMA) ** 2))
    assert torch.allclose(found[14], exact * found[14, 14], atol=1e-5)


def test_noise_has_the_deviation_that_it_says():
    grey = torch.full((50, 1, 28, 28), 0.5)
    found = DAMAGES["noise"].apply(grey, 0.1, 0)
    assert float(found.std()) == pytest.approx(0.1 * DAMAGES_NOISE, rel=0.02)


def test_contrast_is_linear_in_the_grey_level():
    x = torch.tensor([0.0, 0.5, 1.0]).view(1, 1, 1, 3)
    black, middle, white = DAMAGES["contrast"].apply(x, 1, 0).flatten().tolist()
    assert (black, white) == pytest.approx((GREY, GREY + 1 - FADED))
    assert middle == pytest.approx((black + white) / 2)


def test_mirroring_takes_that_share_of_the_images(sets: Sets):
    x = sets.images[sets.fresh]
    for strength in (0.25, 1.0):
        found = DAMAGES["mirror"].apply(x, strength, 0)
        turned = (found == x.flip(-1)).flatten(1).all(-1)
        kept = (found == x).flatten(1).all(-1)
        assert int(turned.sum()) == round(strength * N) and bool((turned | kept).all())


def test_a_half_of_each_keeps_the_left_and_has_the_right_of_another(sets: Sets):
    x = sets.images[sets.fresh]
    found = DAMAGES["halves"].apply(x, 1, 0)
    assert found[..., :14].equal(x[..., :14])
    rights = {tuple(each.flatten().tolist()) for each in x[..., 14:]}
    assert all(tuple(each.flatten().tolist()) in rights for each in found[..., 14:])
    assert not found[..., 14:].equal(x[..., 14:])


def test_classes_are_dropped_one_after_another(sets: Sets):
    left = [sum(map(bool, counts(sets, DAMAGES["drop"].indices(sets, k / 9, 0)))) for k in range(10)]
    assert left == [10 - k for k in range(10)]
    three = DAMAGES["drop"].indices(sets, 3 / 9, 0)
    assert len(three.unique()) == N  # there are enough spare images


def test_one_class_alone_is_one_class(sets: Sets):
    assert max(counts(sets, DAMAGES["one"].indices(sets, 1, 0))) == N
    most = max(counts(sets, DAMAGES["one"].indices(sets, 0.5, 0)))
    assert 0.5 * N < most < 0.65 * N


def test_imbalance_makes_a_geometric_series_of_the_class_frequencies(sets: Sets):
    before = torch.tensor(counts(sets, sets.fresh)).double()
    after = torch.tensor(counts(sets, DAMAGES["imbalance"].indices(sets, 1, 0))).double()
    assert int(after.sum()) == N
    ratios = (after / before).sort(descending=True).values
    exact = ratios[0] * RAREST ** (torch.arange(10.0).double() / 9)
    assert torch.allclose(ratios, exact, atol=1 / float(before.min()))


def test_copies_leave_that_number_of_different_images(sets: Sets):
    different = [len(DAMAGES["copies"].indices(sets, strength, 0).unique()) for strength in (0.5, 1)]
    assert different == [round(math.sqrt(N * FEWEST)), FEWEST]


def test_memorised_images_are_those_of_the_reference_set(sets: Sets):
    found = DAMAGES["memorise"].indices(sets, 0.4, 0)
    assert int(torch.isin(found, sets.real).sum()) == round(0.4 * N)
    assert DAMAGES["memorise"].indices(sets, 1, 0).sort().values.equal(sets.real.sort().values)
