"""*Power* in the Lab: its pools are what the networks draw, and its answer counts what the maths finds."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from explorer import data
from explorer.measures import metrics, pools
from explorer.measures.pools import DRAWN, POOL_IMAGES, quantised, recorded_pool, restored
from explorer.measures.power import LARGEST_SHARE, NOMINAL
from explorer.measures.quality import CHUNK
from explorer.numbers.answer import Answer
from explorer.tabs.lab import power as lab_power
from explorer.tabs.lab import shared
from explorer.tabs.lab.power import JUDGES, NETWORKS, POWER_COUNTS, Pair

FAST = ("gan", "stylegan")


@pytest.mark.parametrize("dataset", data.CLASSES)
@pytest.mark.parametrize(
    "family", [pytest.param(name, marks=() if name in FAST else pytest.mark.deep) for name in DRAWN]
)
def test_a_pool_is_what_its_network_draws(dataset: str, family: str):
    """The first images are drawn again; a feature is within half a level, and a little for another processor."""
    found, again = recorded_pool(dataset, family), pools.drawn_features(dataset, family, CHUNK)
    level = load_file(pools.pool_file(dataset))[f"{family}.scale"] / pools.LEVELS_OF_FEATURE
    assert found.features.shape == (POOL_IMAGES, 128)
    assert ((found.features[:CHUNK] - again).abs() <= 0.5 * level + 0.01).all()


def test_levels_of_features_hardly_change_a_distance():
    features = torch.relu(torch.randn(400, 16, generator=torch.Generator().manual_seed(0))).double()
    again = restored(*quantised(features))
    assert (features - again).abs().max() <= 0.5 * features.max() / pools.LEVELS_OF_FEATURE + 1e-6
    assert metrics.frechet(features, again) < 1e-4


def test_logits_are_those_of_the_classifier():
    seen = shared.classifier_outputs("mnist", False)
    found = pools.pool_of("mnist", seen.features[:50].double())
    assert torch.allclose(found.logits, seen.logits[:50].double(), atol=1e-4)


@pytest.fixture
def small_file(tmp_path, monkeypatch: pytest.MonkeyPatch):
    """A file with one pool of 8 images."""
    monkeypatch.setattr(pools, "pool_file", lambda dataset: tmp_path / f"features-{dataset}.safetensors")
    monkeypatch.setattr(pools, "drawn_features", lambda *_: torch.rand(8, 128).double())
    pools.record("mnist", ["gan"])
    return pools.pool_file("mnist")


def test_a_pool_is_recorded_beside_the_others(small_file):
    before = recorded_pool("mnist", "gan")
    pools.record("mnist", ["stylegan"])
    assert recorded_pool("mnist", "gan").features.equal(before.features)
    assert len(recorded_pool("mnist", "stylegan").features) == 8


def test_a_pool_that_is_missing_damaged_or_of_other_weights_is_an_error(small_file, monkeypatch):
    with pytest.raises(data.DataError, match="lacks stylegan"):
        recorded_pool("mnist", "stylegan")
    save_file(load_file(small_file), small_file, metadata={"gan": "other weights"})
    with pytest.raises(data.DataError, match="other weights"):
        recorded_pool("mnist", "gan")
    small_file.write_bytes(b"damaged")
    with pytest.raises(data.DataError, match="restore it"):
        recorded_pool("mnist", "gan")
    small_file.unlink()
    with pytest.raises(data.DataError, match="restore it"):
        recorded_pool("mnist", "gan")


@pytest.mark.parametrize("by", JUDGES)
def test_a_metric_of_a_whole_pool_is_that_of_the_other_modes(by: str):
    pool, real = recorded_pool("mnist", "gan"), shared.classifier_outputs("mnist", False).features
    made = pool.features.to(real)
    found = lab_power.figure_of_pool("mnist", "gan", by)
    expected = {
        "frechet": lambda: metrics.frechet(real, made),
        "kernel": lambda: mmd(real.double(), pool.features),
        "precision": lambda: metrics.precision_recall(real, made)[0],
        "inception": lambda: metrics.inception_score(pool.logits),
    }[by]()
    assert found == pytest.approx(expected, rel=1e-4)


def mmd(real: torch.Tensor, made: torch.Tensor) -> float:
    """Squared maximum mean discrepancy, pair by pair."""
    within = []
    for each in (real, made):
        k = (each @ each.T / each.shape[1] + 1) ** 3
        within.append(float(k.sum() - k.trace()) / (len(each) * (len(each) - 1)))
    return sum(within) - 2 * float(((real @ made.T / real.shape[1] + 1) ** 3).mean())


def test_every_size_is_a_quarter_of_a_pool_at_most_and_every_pool_has_a_title():
    assert max(POWER_COUNTS) * LARGEST_SHARE <= POOL_IMAGES and NETWORKS.keys() == DRAWN.keys()
    maths = (shared.__file__.rpartition("/")[0]) + "/maths.md"
    with open(maths, encoding="utf-8") as file:
        text = file.read()
    assert f"{POOL_IMAGES:,} images of each network" in text and f"{NOMINAL:.0%}".replace("%", " %") in text


def answered(**more: object) -> Answer:
    asked = {"data": "mnist", "one": "gan", "two": "stylegan", "by": "frechet", "seeds": 2, "seed": 7, "parts": 0}
    return lab_power.power.plain(**{**asked, **more})


def test_the_answer_has_a_part_for_each_number_of_images():
    found = answered()
    assert found.more and found.each.values == [*POWER_COUNTS] and len(found.each.parts) == len(POWER_COUNTS)
    assert [stop[1] for stop in found.stops["n"]] == [*POWER_COUNTS]
    for row, part in zip(found.table.rows, found.each.parts, strict=True):
        assert row["right"] + row["undecided"] + row["wrong"] == pytest.approx(1)
        assert f"With {row['images']:,} images of each of 2 seeds" in part.words
        assert part.charts[0] == {"cursor": math.log10(row["images"])}
        dots = [line for line in part.charts[1].lines if line["width"] == 6]
        assert len(dots) == lab_power.TRIALS_SHOWN
    assert answered(seeds=5).table.rows[-1]["right"] > 0.9, "StyleGAN is far behind on MNIST"
    assert not answered(parts=lab_power.POWER_PARTS).more


def test_more_parts_keep_the_sets_of_the_first():
    sets = lab_power.POWER_SETS
    few, many = answered(parts=0), answered(parts=5)
    assert few.table.rows[0]["independent_trials"] == sets // 2
    assert many.table.rows[0]["independent_trials"] == lab_power.POWER_PARTS * sets // 2
    assert answered(parts=0).table.rows == few.table.rows, "the same question, the same answer"


def test_a_network_and_itself_are_a_null_test():
    found = answered(two="gan", parts=5)
    for row in found.table.rows:
        assert row["undecided"] == 0 and row["wrong"] <= NOMINAL + 3 * math.sqrt(
            NOMINAL * (1 - NOMINAL) / row["independent_trials"]
        )
        assert row["wrong_by_better_value"] == 1
    assert "claim a difference" in found.each.parts[0].numbers[0].value
    names = [line.get("label", "") for line in found.charts[0].lines]
    assert "undecided, which is right" in names and "decided, which is wrong" in names


def test_one_seed_decides_nothing():
    found = answered(seeds=1)
    assert all(row["undecided"] == 1 for row in found.table.rows)
    assert "the rule decides nothing" in found.each.parts[0].words
    assert found.each.parts[0].numbers[0].value.startswith("From one seed each")


def test_an_exchange_of_the_networks_changes_the_sign_alone():
    found, other = (answered(one=one, two=two) for one, two in (("gan", "stylegan"), ("stylegan", "gan")))
    for place in (6, 7):  # the difference of all images, and its mean at the largest number
        one, two = (float(each.each.parts[-1].numbers[place].value.replace("−", "-")) for each in (found, other))
        assert one < 0 < two and one == pytest.approx(-two, rel=0.0 if place == 6 else 0.3)


def test_the_truth_of_a_metric_that_should_be_high_is_its_own():
    pair = Pair(("a", "b"), "precision", 2, (0.9, 0.8))
    assert pair.truth == 1 and replace(pair, by="frechet").truth == -1 and replace(pair, by="kernel").truth == -1
    assert replace(pair, pools=(0.8, 0.8)).truth == 0


def test_the_share_of_wrong_rankings_of_one_seed_is_that_of_all_pairs():
    """Of one seed, it is the Mann–Whitney statistic of the two sets of figures."""
    found = answered(seeds=1, parts=5)
    for row in found.table.rows:
        one, two = (
            np.concatenate(
                [
                    lab_power.figures_of("mnist", name, "frechet", row["images"], 7, side, part)
                    for part in range(lab_power.POWER_PARTS)
                ]
            )
            for side, name in enumerate(("gan", "stylegan"))
        )
        expected = float((one[:, None] > two[None]).mean())
        assert row["wrong_by_better_value"] == pytest.approx(expected, abs=3 * math.sqrt(0.25 / lab_power.TRIALS))
