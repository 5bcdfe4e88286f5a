"""Bars and sentences that stand side by side: one axis for what is compared, and one unit a paragraph."""

import math

import pytest
import torch

from explorer.models.plane_energy import OBJECTIVES
from explorer.tabs.autoencoders import hole as autoencoders_hole
from explorer.tabs.autoregressive import override as autoregressive_override
from explorer.tabs.autoregressive import words as autoregressive_words
from explorer.tabs.energy import live, ways
from tests.node import call, run


def test_the_masses_of_all_objectives_have_one_axis_that_holds_the_largest():
    shares = {"cd": [0.1, 0.9], "pcd": [0.5, 0.5], "sm": [0.3, 0.7], "dsm": [0.6, 0.4]}
    card = {"recipe": {"batch_size": 64}}
    snapshot = {"epoch": 0, "step": 0, "kl": dict.fromkeys(shares, 0.1), "outside": dict.fromkeys(shares, 0.0)}
    history = [snapshot | {"shares": shares}]
    masses = [0.25, 0.75], [0.4, 0.2]
    wide, narrow = (next(ways.snapshot_reports(history, known, card)) for known in masses)
    assert wide.view["top"] == 1.5 and narrow.view["top"] == 0.9, (
        "twice the largest known mass, or the largest of all four"
    )
    assert wide.row[0]["mass in the wrong mode"] == pytest.approx(0.15)


def test_the_digits_of_both_networks_have_one_axis_that_holds_the_largest():
    drawn = {"kl": 0.1, "se": 0.01, "sure": 0.5}
    own, vae = ({"classes": classes, **drawn} for classes in ([0, 0, 0, 1], [5, 6, 7, 8]))
    found = autoencoders_hole.draws_answer("plain", "standard", own, vae, [str(label) for label in range(10)]).charts
    assert [[*chart.y.ends] for chart in found] == [[0, 3], [0, 3]]
    assert [bar["y"] for bar in found[0].bars[:3]] == [3, 1, 0]


def test_gradients_of_an_objective_are_shown_with_its_divergence():
    phases = {"positive": 2, "negative": 1.5, "both": 0.5}
    found = {way: {"kl": 0.1, "outside": 0.0, "off": 0.2} for way in OBJECTIVES}
    frame = {"step": 0, "found": found, "phases": dict.fromkeys(OBJECTIVES, phases)}
    said = live.live_report(frame, 5, True, 100).view["ways"]["cd"]
    assert said["words"] == "KL 0.100"
    assert [length for length, _ in said["bars"]] == [2, 1.5, 0.5]


def test_the_sentences_of_an_image_that_is_scored_are_in_nats_alone():
    log_prob = torch.full((784,), -0.1)
    log_prob[2 * 28 + 3] = -5.15
    found = autoregressive_words.score_report(log_prob, torch.full((784,), 80 / 784), ("test", 3, "mnist"), False)
    said = found.words
    assert "bits" not in said and "−log p(x) = 83.45 nats" in said and "row 3, column 4, alone costs 5.15 nats" in said
    assert "Half of it lies in 367 pixels" in said  # (83.45 / 2 − 5.15) / 0.1, and the most surprising one
    assert "expected 80.00 nats along the way, and the image cost 83.45" in said


def test_the_sentence_of_an_override_is_in_nats_alone():
    body = """const { reportOf } = await load("autoregressive/branches.js");
    const { sentences } = await load("kit/panel/says.js");
    const trace = (p) => ({ order: [...Array(784).keys()], logProb: () => Array(784).fill(Math.log(p)),
      logProbSoFar: () => 784 * Math.log(p) });
    const change = { first: 10, before: 0, after: () => 5 };
    const report = reportOf({ original: trace(0.5), branch: trace(0.25), change, over: [1], known: 784 }, says);
    return sentences({ says }, report, "unchanged");"""
    said = run(body, says=autoregressive_override.OVERRIDE)
    assert "bits" not in said
    assert f"costs {math.log(4):.2f} nats instead of {math.log(2):.2f}" in said


@pytest.mark.parametrize(
    ("ends", "ticks"),
    [
        ((0, 1), [0, 0.5, 1]),
        ((-8, 8), [-5, 0, 5]),
        ((0, 428), [0, 200, 400]),
        ((0, 0.32), [0, 0.2]),
        ((1.55, 2.35), [1.6, 1.8, 2, 2.2]),
    ],
)
def test_an_axis_has_at_most_three_round_values_unless_that_were_one(ends: tuple[float, float], ticks: list[float]):
    assert call("kit/chart/ticks.js", "roundTicks", list(ends)) == ticks
