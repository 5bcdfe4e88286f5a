"""Rankings of damages by several kinds of features."""

import numpy as np
import pytest
import torch

from explorer import data
from explorer.measures.damages import DAMAGES, split
from explorer.measures.metrics import frechet
from explorer.tabs.lab import features
from explorer.tabs.lab import features as lab_features
from explorer.tabs.lab.shared import IMAGES


def test_a_pair_flips_only_if_both_differences_exceed_their_noise():
    one, other = {"a": 10.0, "b": 5.0, "c": 4.9}, {"a": 1.0, "b": 3.0, "c": 3.05}
    assert lab_features.flips(one, other, (1, 0.1), (1, 0.1)) == [["a", "b"], ["a", "c"]]
    assert lab_features.flips(one, other, (1, 0.1), (1, 1.0)) == []
    assert lab_features.flips(one, other, (1, 3.0), (1, 0.1)) == []
    assert lab_features.flips(one, one, (1, 0.0), (1, 0.0)) == []


def test_pixels_are_means_of_four_and_all_features_have_one_row_for_an_image():
    x = data.bundled_images("mnist").pixels()[:7]
    found = lab_features.features_of("mnist", "pixels", x)
    assert np.allclose(found.numpy(), x.numpy().reshape(7, 14, 2, 14, 2).mean((2, 4)).reshape(7, 196), atol=1e-6)
    assert all(len(lab_features.features_of("mnist", name, x)) == 7 for name in lab_features.FEATURES)


@pytest.mark.parametrize("damage", ["blur", "drop"])
def test_distances_are_those_of_features_computed_anew(damage: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(features, "DAMAGES", {damage: DAMAGES[damage]})
    bundled = data.bundled_images("mnist")
    sets = split(bundled.pixels(), bundled.labels, IMAGES, torch.Generator().manual_seed(3))
    found = lab_features.distances("mnist", "autoencoder", sets, 0.5, 3)[damage]
    made = DAMAGES[damage].damaged_set(sets, 0.5, 3)
    real, other = (lab_features.features_of("mnist", "autoencoder", x) for x in (sets.images[sets.real], made))
    assert found == pytest.approx(frechet(real, other), rel=1e-4)


@pytest.mark.deep
def test_a_ranking_tells_every_damage_by_every_kind_and_its_flips_are_crossings():
    found = lab_features.rank_damages("mnist", 1.0, 7).to_props()
    over = {column["name"]: column["over"] for column in found["columns"]}
    assert all(set(of) == set(DAMAGES) for of in over.values())
    for name, pairs in found["flips"].items():
        for a, b in pairs:
            assert (over["classifier"][a] - over["classifier"][b]) * (over[name][a] - over[name][b]) < 0
    assert (
        f"{len(found['flips']['pixels'])} of {found['pairs']} pairs by raw pixels" in found["each"]["parts"][0]["words"]
    )
