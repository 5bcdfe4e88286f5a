"""The cards of the GANs: complete, as good as they must be, and true of the weights beside them."""

import hashlib
import math
from statistics import fmean

import pytest
import torch

from explorer import data
from explorer.measures import gan as measures
from explorer.measures.quality import FLOOR, QUALITY_SEEDS
from explorer.networks import checkpoints
from explorer.networks.card import find, rows
from explorer.tabs.gan.tab import GAME
from tests.cards import card_of

NAMES = ["gan-mnist", "gan-fashion-mnist"]


@pytest.mark.parametrize("name", NAMES)
def test_the_cards_scores_hold_on_bundled_images(name: str):
    real, made = measures.scores(
        checkpoints.load(name, "cpu"),
        data.bundled_images(name.removeprefix("gan-"))[:500],
        torch.Generator().manual_seed(1),
    )
    for found, reported in ((real, find(card_of(name), "score_real")), (made, find(card_of(name), "score_made"))):
        se = math.hypot(float(found.std()) / math.sqrt(len(found)), reported["se"])
        assert float(found.mean()) == pytest.approx(reported["value"], abs=4 * se)


@pytest.mark.parametrize("name", NAMES)
def test_the_cards_slope_holds_on_bundled_images(name: str):
    found = measures.slopes(checkpoints.load(name, "cpu"), data.bundled_images(name.removeprefix("gan-"))[:500])
    reported = find(card_of(name), "slope")
    se = math.hypot(float(found.std()) / math.sqrt(len(found)), reported["se"])
    assert float(found.mean()) == pytest.approx(reported["value"], abs=4 * se)


@pytest.mark.parametrize("name", NAMES)
def test_the_class_asked_for_is_the_class_seen(name: str):
    accuracy, diversity = (find(card_of(name), figure)["value"] for figure in ("accuracy", "diversity"))
    assert accuracy >= (0.97 if name == "gan-mnist" else 0.9)
    assert 0.75 < diversity < 1.2


def test_samples_were_judged_for_every_seed_beside_the_floor():
    quality = card_of("gan-mnist")["quality"]
    assert quality["n"] == 10_000 and quality["seeds"] == list(QUALITY_SEEDS)
    found = rows(quality, "frechet", pixels="grey", way="one pass")
    assert [row["seed"] for row in found] == list(QUALITY_SEEDS)
    reached, floor = [row["value"] for row in found], find(quality, "frechet", pixels="grey", way=FLOOR)["value"]
    assert floor < min(reached) and max(reached) <= 8 * floor


def test_the_snapshots_are_those_of_the_training():
    folder = checkpoints.folder_of("gan-mnist")
    log = checkpoints.read_json(folder / "snapshots" / "log.json")
    assert len(log["snapshots"]) == len(log["history"]) >= 9
    for kept in log["snapshots"]:
        raw = (folder / "snapshots" / kept["file"]).read_bytes()
        assert hashlib.sha256(raw).hexdigest() == kept["sha256"]
    assert log["snapshots"][-1]["sha256"] == card_of("gan-mnist")["sha256"]
    assert [kept["images"] for kept in log["snapshots"]] == sorted(kept["images"] for kept in log["snapshots"])


def test_the_setting_decides_how_many_modes_a_loss_covers():
    cells = card_of(GAME)["figures"]["cells"]
    covered = [fmean(cell["losses"]["wgan-gp"]["modes"]) for cell in cells]
    assert len(cells) > 1 and max(covered) - min(covered) > 2
