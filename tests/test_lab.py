"""The lab: what judges a set against its floor, the record of damages and sizes, and the questions of its tab."""

import base64
import math

import pytest
import torch

from explorer import data
from explorer.measures import lab
from explorer.measures.damages import DAMAGES
from explorer.measures.lab import METRICS, Seen, figures, verdict, worse_by
from explorer.networks import card, checkpoints
from explorer.tabs.lab import damage as lab_damage
from explorer.tabs.lab import evidence
from explorer.tabs.lab import matrix as lab_matrix
from explorer.tabs.lab import shared as lab_shared
from explorer.tabs.lab import sizes as lab_sizes
from explorer.tabs.lab.damage import GENERATORS
from explorer.tabs.lab.shared import IMAGES
from tests.cards import card_of

RECIPE = {
    "datasets": ["mnist"],
    "seed": 0,
    "matrix": {"n": 60, "floors": 4, "sets": 2, "strengths": [1]},
    "sizes": {"counts": [20, 60], "pool": 150, "repeats": 3, "damage": "blur", "strength": 0.5},
}


def gaussian(n: int, seed: int, shift: float = 0.0) -> Seen:
    """Made-up images, features and logits."""
    generator = torch.Generator().manual_seed(seed)
    return Seen(
        torch.rand(n, 1, 28, 28, generator=generator),
        shift + torch.randn(n, 4, generator=generator),
        torch.randn(n, 10, generator=generator),
    )


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch):
    """A test split of 200 bundled images, and a training split of the same."""
    lab.classify_test_set.cache_clear(), lab.floor_of.cache_clear()
    monkeypatch.setattr(data, "load", lambda dataset, split: data.bundled_images(dataset)[:200])
    yield
    lab.classify_test_set.cache_clear(), lab.floor_of.cache_clear()


def test_every_metric_is_measured_and_equal_sets_are_the_best():
    one = gaussian(80, 0)
    found = figures(one, one)
    assert found.keys() == METRICS.keys()
    assert found["frechet"] == pytest.approx(0, abs=1e-6) and found["nearest"] == pytest.approx(0, abs=0.01)
    assert (found["precision"], found["recall"], found["coverage"], found["classes"]) == (1, 1, 1, 0)


def test_worse_is_counted_in_the_direction_of_each_metric():
    floor = (2.0, 0.5)
    assert worse_by("frechet", 4, floor) == 4 and worse_by("recall", 4, floor) == -4
    assert worse_by("nearest", 4, floor) == worse_by("nearest", 0, floor) == 4


def test_the_word_of_a_cell_needs_its_interval_on_one_side_of_a_half():
    assert verdict(1, 0, 20) == "notices" and verdict(0, 1, 20) == "fooled" and verdict(0, 0, 20) == "blind"
    assert verdict(0.5, 0, 20) == "at times" and verdict(1, 0, 2) == "at times"


def test_the_floor_is_that_of_disjoint_sets_of_real_images():
    found = lab.floors(gaussian(300, 0), 60, 5, seed=0)
    assert all(len(values) == 5 for values in found.values())
    assert float(found["nearest"].min()) > 0  # no image is in both sets


def test_a_record_has_the_floor_every_cell_and_every_size_and_continues(small, tmp_path, monkeypatch):
    found = lab.record(RECIPE, tmp_path)
    cells = card.rows(found, "noticed")
    assert {(row["damage"], row["metric"]) for row in cells} == {(a, b) for a in DAMAGES for b in METRICS}
    assert all(0 <= row["value"] <= 1 and row["n"] == 2 for row in cells)
    assert len(card.rows(found, "floor")) == len(METRICS)
    assert {row["images"] for row in card.rows(found, "value", metric="recall", set="blur")} == {20, 60}
    memorised = card.find(found, "worse_by", dataset="mnist", damage="memorise", strength=1, metric="nearest")
    assert memorised["value"] > 10
    monkeypatch.setattr(lab, "classify", lambda *_: pytest.fail("measured again"))
    monkeypatch.setattr(lab, "figures", lambda *_: pytest.fail("measured again"))
    assert lab.record(RECIPE, tmp_path) == found


def test_the_sheet_has_the_images_of_each_strength():
    found = lab_damage.sheet.props("mnist", "memorise", 7)
    sets = lab_shared.sets_of("mnist", False, 7)
    frames = unpack_bytes(found["frames"]).view(found["steps"] + 1, found["shown"], 1, 28, 28)
    assert torch.allclose(frames[0], sets.images[sets.fresh[: lab_damage.ON_THE_SHEET]], atol=1 / 255)
    assert torch.allclose(frames[-1], sets.images[sets.real[: lab_damage.ON_THE_SHEET]], atol=1 / 255)


def unpack_bytes(text: str) -> torch.Tensor:
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.uint8).float() / 255


@pytest.mark.parametrize("damage", ["blur", "memorise"])
def test_the_judgement_is_that_of_the_shown_images(damage: str):
    found = lab_damage.judge.props("mnist", "damaged", damage, 1.0, 7)
    by = {row["name"]: row for row in found["rows"]}
    assert f"Each set has {IMAGES} images" in found["words"] and by.keys() == METRICS.keys()
    assert by["frechet"]["verdict"] == ("notices" if damage == "blur" else "fooled")
    assert by["nearest"]["verdict"] == "notices"
    assert sum(found["classes"]) == pytest.approx(1, abs=1e-3)
    assert len(unpack_bytes(found["images"])) == lab_damage.ON_THE_SHEET * 784


def test_real_images_are_taken_for_real():
    found = [lab_damage.judge.props("mnist", "damaged", "blur", 0.0, seed)["rows"] for seed in range(4)]
    words = [row["verdict"] for rows in found for row in rows]
    assert words.count("blind") > 0.8 * len(words)


@pytest.mark.parametrize("family", GENERATORS)
def test_a_network_of_each_choice_exists_and_draws_its_set(family: str, monkeypatch: pytest.MonkeyPatch):
    assert all(checkpoints.exists(f"{family}-{dataset}") for dataset in data.CLASSES)
    monkeypatch.setattr(lab_shared, "IMAGES", 60)
    lab_damage.draw_set.cache_clear()
    binary, made = lab_damage.draw_set("mnist", family, 3)
    x = made.x
    assert x.shape == (60, 1, 28, 28) and x.min() >= 0 and x.max() <= 1
    assert binary == (set(x.unique().tolist()) <= {0.0, 1.0})
    assert len(made.labels) == 60
    lab_damage.draw_set.cache_clear()
    assert lab_damage.draw_set("mnist", family, 3)[1].x.equal(x)
    lab_damage.draw_set.cache_clear()


def test_figures_by_size_are_recorded_ones_or_else_measured_from_bundled_images(monkeypatch: pytest.MonkeyPatch):
    recorded = [
        card.row("value", value, se=0.1, n=3, metric="recall", images=n, set="real", dataset="mnist")
        for n, value in ((100, 0.9), (10_000, 0.8))
    ]
    monkeypatch.setattr(lab_sizes, "record", lambda: {"rows": recorded})
    found = lab_sizes.sizes.props("mnist", "recall", 5_000)
    assert (found["count"], found["of"]) == (100, "training")
    assert found["table"][1:] == [("real", 100, 0.9, 0.1), ("real", 10_000, 0.8, 0.1)]
    assert found["stops"] == {"count": [(2, 100), (4, 10_000)]} and found["charts"][0]["cursor"] == 2
    monkeypatch.setattr(lab_sizes, "record", lambda: {"rows": []})
    monkeypatch.setattr(lab_sizes, "COUNTED", (40, 100)), monkeypatch.setattr(lab_sizes, "REPEATS", 3)
    lab_sizes.measure_sizes.cache_clear()
    found = lab_sizes.sizes.props("mnist", "frechet", 100)
    lab_sizes.measure_sizes.cache_clear()
    (few, many) = found["lines"]["real"]
    assert few[0] == 40 and many[0] == 100 and few[1] > many[1] > 0  # the bias falls
    assert found["lines"]["blur"][1][1] > many[1] and found["of"] == "test"


def test_a_matrix_has_the_damages_that_were_measured(monkeypatch: pytest.MonkeyPatch):
    found = lab.cells([dict.fromkeys(METRICS, 1.0)] * 9, dict.fromkeys(METRICS, torch.tensor([0.0, 1.0])), {})
    rows = [each | {"damage": "noise", "strength": 0.5, "dataset": "mnist"} for each in found]
    monkeypatch.setattr(lab_matrix, "record", lambda: {"rows": rows})
    answer = lab_matrix.matrix.props("mnist", 50)
    ((row,), (_, *lines)) = answer["matrix"]["rows"], answer["table"]
    assert [(damage, metric) for damage, metric, *_ in lines] == [("noise", name) for name in METRICS]
    assert all(line[2] == "blind" and line[-1] == 9 for line in lines)
    assert all(cell["sign"] == "○" and cell["sets"]["strength"] == 0.5 for cell in row["cells"])
    assert f"escapes more metrics than others: {len(METRICS)} of {len(METRICS)}." in answer["words"]
    assert "not measured" in lab_matrix.matrix.props("mnist", 25)["words"]


def test_the_evidence_has_a_word_for_each_cell():
    of, setting = {"dataset": "mnist"}, {"damage": "noise", "strength": 0.5}
    floor = dict.fromkeys(METRICS, torch.tensor([0.0, 1.0]))
    rows = [row | of for row in lab.cells([dict.fromkeys(METRICS, 9.0)] * 9, floor, setting)]
    rows.append(card.row("floor", 1, metric="frechet", images=50, **of))
    result = evidence.tables("mnist", {"rows": rows, "command": "c", "date": "d", "torch": "t"})
    line = next(line for line in result.split("\n") if line.startswith("| Noise"))
    better = [metric.better for metric in METRICS.values()]
    assert line.count("notices") == better.count("low") + better.count("same")
    assert line.count("fooled") == better.count("high")
    assert "not measured" in evidence.tables("fashion-mnist", {"rows": rows})


def test_the_tour_says_what_the_distance_to_the_nearest_training_image_notices():
    """Recounted from the shares of noticed sets: more than half, by Wilson's interval, at each strength."""
    found = card_of("lab")
    rows = [row for row in found["rows"] if row["name"] == "noticed" and row["dataset"] == "mnist"]

    def notices(row: dict) -> bool:
        n, p, z = row["n"], row["value"], 1.96
        low = (p + z * z / (2 * n) - z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n)
        return low > 0.5

    full = {row["damage"] for row in rows if row["metric"] == "nearest" and row["strength"] == 1 and notices(row)}
    copies = {row["metric"] for row in rows if row["damage"] == "memorise" and row["strength"] == 1 and notices(row)}
    said = evidence.copies_reading({"mnist": found})
    assert copies == {"nearest"} and "noticed by “Nearest training image” only" in said
    assert f"{len(full)} of 10 damages" in said and said.endswith("all but class imbalance")
    assert {row["damage"] for row in rows} - full == {"imbalance"}
    assert len(full) == 9, "the tour once said that it misses other damages"


def test_a_deviation_above_the_floor_is_worse_and_one_below_it_better():
    assert lab_shared.worse(2.0) == "2.0 σ worse" and lab_shared.worse(-2.0) == "2.0 σ better"
    found = lab_damage.judge.props("mnist", "damaged", "blur", 1.0, 7)
    units = {name: unit for name, _, unit in found["numbers"]}
    for row in found["rows"]:
        assert units[row["title"]].endswith("worse" if row["worse"] >= 0 else "better")
        assert row["verdict"] != "notices" or row["worse"] > 0


def test_a_cells_columns_are_its_own_shares():
    cell = {"damage": "blur", "metric": "recall", "verdict": "notices", "worse": 3.0, "n": 20}
    row = lab_matrix.cell_row(cell | {"noticed": [0.9, 0.7, 0.98], "fooled": [0.1, 0.02, 0.3]})
    assert (row["noticed"], row["noticed_low"], row["fooled"], row["fooled_high"]) == (0.9, 0.7, 0.1, 0.3)


def test_more_images_than_before_are_called_more():
    lines = {"real": [[100, 0.9, 0.001], [1_000, 0.5, 0.001]]}
    said = lab_sizes.size_answer(lab_sizes.Sizes("Recall", 100, 50, "test", lines))
    assert "0.400 more than with 1,000" in said.words and said.numbers[3].text == "0.400"
