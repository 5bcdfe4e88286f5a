"""Transformers of several sizes: the runs, their losses and over-fitting, and the power law."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer import data, verdicts
from explorer.data import Texts
from explorer.measures import text_sizes
from explorer.measures.text_sizes import least_squares, power_law
from explorer.networks import card, checkpoints

LETTERS = torch.randint(5, (3_000,), generator=torch.Generator().manual_seed(0))
RECIPE = {
    "dataset": "shakespeare",
    "model": {"layers": 1, "heads": 1, "context": 16},
    "training": {"seed": 0, "block": 50, "batch_size": 8, "learning_rate": 0.02, "weight_decay": 0.1}
    | {"adam_betas": [0.9, 0.99], "warmup": 0.1, "clip_norm": 1.0},
    "steps": [20, 40, 80],
    "least_steps": 40,
    "gain": 100,
    "widths": [4, 8],
    "parts": [4, 1],
}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(text_sizes, "MEASURED", 4)
    splits = {"train": LETTERS[:2_000], "held-out": LETTERS[2_000:2_400], "test": LETTERS[2_400:]}
    monkeypatch.setattr(data, "load", lambda dataset, split: Texts(splits[split], torch.arange(1)))


def test_every_run_has_its_losses_and_is_not_trained_twice(
    small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    found = text_sizes.record(RECIPE, tmp_path)
    assert list(found["curves"]) == ["4-4", "8-4", "4-1", "8-1"]
    for run, history in found["curves"].items():
        width, part = map(int, run.split("-"))
        assert [each["step"] for each in history] == [0, 10, 20, 30, 40]
        assert history[-1]["train"] < history[0]["train"] and history[0]["held_out"] > 0.9 * math.log(65)
        row, lowest = one(found, "nll", width, part), min(history, key=lambda each: each["held_out"])
        assert one(found, "best_step", width, part)["value"] == lowest["step"]
        assert one(found, "steps", width, part)["value"] == 40, "80 steps are not tried"
        assert one(found, "gain", width, part)["value"] > 0
        assert one(found, "overfitting", width, part)["value"] == history[-1]["held_out"] - lowest["held_out"]
        assert one(found, "characters", width, part)["value"] == 2_000 // part
        assert row["value"] == pytest.approx(lowest["held_out"], abs=0.1) and row["n"] == 2
    monkeypatch.setattr(text_sizes, "measure_run", lambda run, dataset: pytest.fail("trained again"))
    again = text_sizes.record(RECIPE, tmp_path)["rows"]
    assert len(again) == len(found["rows"])

    def near(value):
        return pytest.approx(value, rel=1e-9) if isinstance(value, float) else value

    for row, other in zip(again, found["rows"], strict=True):
        # the last digit of a fit depends on where its matrices lie in memory; every other figure is the same
        fitted = row["name"].startswith("exponent") or row.get("kind") == "estimate"
        assert row == ({key: near(each) for key, each in other.items()} if fitted else other)


def one(found: dict, name: str, width: int, part: int) -> dict:
    (row,) = card.rows(found, name, width=width, part=part)
    return row


def trainings(*curves: list[float]) -> list[dict]:
    """Return trainings with these held-out losses, of 10, 20, 40, … steps, whose test loss tells which is which."""
    return [
        {
            "question": {"run": "a", "seed": 0, "width": 4, "part": 1, "steps": 10 * 2**k},
            "parameters": 1,
            "characters": 1,
            "nll": {"value": k, "se": 1, "n": 2},
            "history": [{"step": step, "held_out": each} for step, each in enumerate(curve)],
        }
        for k, curve in enumerate(curves)
    ]


@pytest.mark.parametrize(("gain", "least", "tried"), [(0.3, 1, 3), (0.3, 80, 4), (0.01, 1, 4), (2, 1, 2)])
def test_a_training_is_doubled_until_that_helps_too_little(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, gain: float, least: int, tried: int
):
    known = {each["question"]["steps"]: each for each in trainings([3, 3], [3, 2], [1.8, 1.9], [1.7, 1.8])}
    monkeypatch.setattr(text_sizes, "measure_run", lambda run, dataset: known[run["steps"]])
    recipe = {"dataset": "", "steps": [10, 20, 40, 80], "least_steps": least, "gain": gain}
    assert len(text_sizes.train_out({"run": "a"}, recipe, tmp_path)) == tried


def test_the_test_loss_is_of_the_best_training_and_the_over_fitting_of_the_longest():
    rows = text_sizes.figures(trainings([3, 2.5], [3, 2, 2.2], [3, 2.1, 2.4]))
    assert {row["name"]: pytest.approx(row["value"]) for row in rows} == {
        "parameters": 1,
        "characters": 1,
        "nll": 1,
        "steps": 20,
        "gain": -0.1,
        "best_step": 1,
        "overfitting": 0.3,
    }


def test_a_part_is_blocks_from_the_whole_text_and_no_excerpt_crosses_their_ends():
    text = text_sizes.blocks(torch.arange(1_234), size=10, part=8)
    assert text.shape == (16, 10) and text[:, 0].tolist() == list(range(0, 1_230, 80))
    drawn = text_sizes.excerpts(text, 500, 7, torch.Generator().manual_seed(0))
    assert (drawn.diff(dim=1) == 1).all() and set(drawn[:, 0].tolist()) == set(text[:, :4].flatten().tolist())
    seen = text_sizes.spread_over(text, 4).view(-1, 10)
    assert seen[:, 0].tolist() == [0, 400, 800, 1_200]
    assert torch.equal(text_sizes.spread_over(text, 99), text.flatten())


def test_the_best_network_on_the_way_is_kept_as_it_was_then(small: None):
    (run,) = text_sizes.runs(RECIPE | {"widths": [8], "parts": [4]})
    run, text = run | {"steps": 40}, text_sizes.blocks(LETTERS[:2_000], 50, 4)
    best, history = text_sizes.train_network(run, text, LETTERS[2_000:2_400])
    found = text_sizes.costs(best, LETTERS[2_000:2_400])
    assert found.shape == (25, 16)
    assert float(found.mean()) == pytest.approx(min(each["held_out"] for each in history), abs=1e-4)
    again, same = text_sizes.train_network(run, text, LETTERS[2_000:2_400])
    assert same == history and all(torch.equal(a, b) for a, b in zip(best.parameters(), again.parameters()))


def grid(loss) -> list[dict]:
    rows = []
    for n in (1e4, 3e4, 1e5):
        for d in (6e4, 2e5, 1e6):
            rows += [card.row("parameters", n), card.row("characters", d), card.row("nll", loss(n, d))]
    return rows


def test_a_power_law_is_found_again():
    found = {"rows": power_law(grid(lambda n, d: 9 * n**-0.08 * d**-0.03))}
    for of, wanted in {"parameters": 0.08, "characters": 0.03}.items():
        assert card.find(found, "exponent", of=of)["value"] == pytest.approx(wanted)
        assert card.find(found, "exponent_low", of=of)["value"] == pytest.approx(wanted)
    assert card.find(found, "spread")["value"] == pytest.approx(0, abs=1e-9)


def test_the_intervals_hold_the_exponents_in_95_of_100_draws():
    rng, hits = np.random.default_rng(0), 0
    for _ in range(2_000):
        rows = grid(lambda n, d: 9 * n**-0.08 * d**-0.03 * math.exp(0.05 * rng.standard_normal()))
        found = {"rows": power_law(rows)}
        low, high = (card.find(found, f"exponent_{end}", of="parameters")["value"] for end in ("low", "high"))
        hits += low <= 0.08 <= high
    assert hits / 2_000 == pytest.approx(0.95, abs=0.015)


def test_the_errors_are_those_of_numpy_in_one_dimension():
    rng = np.random.default_rng(0)
    x, other = np.tile([1.0, 2, 3], 3), np.repeat([1.0, 2, 3], 3)  # orthogonal: each slope by itself
    y = -0.3 * x + 0.1 * rng.standard_normal(9)
    (slope, _), errors, spread = least_squares(*(torch.tensor(each) for each in (x, other, y)))
    assert float(slope) == pytest.approx(-np.polyfit(x, y, 1)[0])
    assert float(errors[0]) == pytest.approx(spread / np.sqrt(np.square(x - 2).sum()))
    assert verdicts.critical(6) == pytest.approx(2.447, abs=1e-3)


def test_the_card_is_of_the_recipe_and_its_law_is_that_of_its_rows():
    folder = checkpoints.ROOT / "pretrained" / "text-sizes"
    recipe, found = (checkpoints.read_json(folder / f"{name}.json") for name in ("config", "card"))
    asked = {run["run"]: run for run in text_sizes.runs(recipe)}
    assert list(found["curves"]) == list(asked)
    for name, run in asked.items():
        steps = max(int(path.stem.removeprefix(f"{name}-")) for path in (folder / "runs").glob(f"{name}-*.json"))
        longest = checkpoints.read_json(folder / "runs" / f"{name}-{steps}.json")
        assert longest["question"] == run | {"steps": steps} and longest["history"] == found["curves"][name]
        gain = one(found, "gain", run["width"], run["part"])["value"]
        assert gain < recipe["gain"] or steps == max(recipe["steps"])
    assert card.find(found, "least_gain")["value"] == recipe["gain"]
    for row, wanted in zip(card.rows(found, "exponent"), card.rows({"rows": power_law(found["rows"])}, "exponent")):
        assert row["value"] == pytest.approx(wanted["value"])
