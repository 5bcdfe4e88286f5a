"""The GAN tab around its stage: live maths, evidence, and sentences that follow from the figures."""

import math
import re
import shutil
from collections import ChainMap
from pathlib import Path

import gradio as gr
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.distributions import Normal

from explorer.models.gan import GAN
from explorer.networks.card import row
from explorer.numbers.rows import UNKNOWN, fill
from explorer.tabs import interface
from explorer.tabs.gan import evidence as gan_evidence
from explorer.tabs.gan import maths as gan_maths
from explorer.tabs.gan import tab as gan
from explorer.tabs.kit.layout import parts
from tests import tiny_nets
from tests.address import passed_over
from tests.cards import judged

DIGITS, CLOTHES = gan.TITLES


QUALITY = {
    "rows": judged("grey", **{"training images": (0.5, 0.9, 0.91, 2.3, 0.99), "one pass": (4.5, 0.8, 0.5, 2.29, 0.95)}),
    "n": 10_000,
    "seeds": [0, 1],
    "precision": "float32",
    "classifier": "classifier-mnist",
    "command": "python -m explorer.evaluate gan-mnist --quality",
    "date": "2026-01-04",
    "torch": "2.13.0",
    "device": "cpu",
}
RUN = {"command": "python -m explorer.train", "date": "2026-01-02", "minutes": 61.5, "torch": "2.13.0", "device": "cpu"}
RUN |= {"parameters": 1_035_778, "losses": [1.75, 1.85]}
MADE = {"training": RUN, "latent": 64, "loss_unit": GAN.loss_unit}
MADE |= {"recipe": {"seed": 0, "epochs": 2, "batch_size": 64, "average": 0.999, "discriminator_steps": 2}}
MADE |= {"sha256": "0123456789abcdef", "seed": 4, "n": 10_000, "date": "2026-01-03", "torch": "2.13.0", "device": "cpu"}
HISTORY = [
    {"epoch": epoch, "images": round(55_000 * epoch), "discriminator": loss, "generator": -0.25}
    for epoch, loss in ((0, 1.96), (0.2, 0.01), (1, 1.28), (9, 1.4))
]
HISTORY += [HISTORY[-1] | {"discriminator": 1.9, "averaged": True}]
CARD = MADE | {
    "command": "python -m explorer.evaluate gan-mnist",
    "rows": [
        row("score_real", 0.625, se=0.01, n=10_000, seed=4),
        row("score_made", -0.375, se=0.01, n=10_000, seed=4),
        row("accuracy", 0.97, se=0.005, n=1_000, seed=4),
        row("diversity", 0.815, n=1_000, seed=4),
        row("slope", 4.875, se=0.02, n=1_000, seed=4),
    ],
    "quality": QUALITY,
    "history": HISTORY,
}


def _cell(dsteps: int, settled: bool, **modes: list[int]) -> dict:
    end = {"divergence": [0.25, 0.5], "near": [0.5, 0.5], "rounds": 1_500, "settled": settled}
    losses = {name.replace("_", "-"): {"modes": counts} | end for name, counts in modes.items()}
    return {"dsteps": dsteps, "lrd": 0.001, "lrg": 0.0005, "losses": losses}


GRID = {
    "data": "ring",
    "of": 8,
    "seeds": [0, 1],
    "cells": [_cell(1, True, saturating=[3, 8], wgan_gp=[8, 8]), _cell(5, False, saturating=[0, 0], wgan_gp=[1, 2])],
    "baselines": {"ring": {"modes": 0, "near": 0.27, "divergence": 0.384}},
}
GAME = {"command": "python -m explorer.evaluate gan-game", "date": "2026-01-03", "torch": "2.13.0"}
GAME |= {"figures": GRID}
CARDS = {DIGITS: CARD, CLOTHES: CARD, gan.GAME: GAME}


def _live_text(demo: gr.Blocks) -> str:
    return "\n".join(block.value for block in demo.blocks.values() if isinstance(block, gr.Markdown) and block.value)


def _stage(demo: gr.Blocks) -> dict:
    return next(block for block in demo.blocks.values() if block.elem_id == "gan-stage").value


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tiny_nets.write_gans(tmp_path / "nets")
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(folder))
    return folder


def test_every_step_of_the_lesson_sets_a_state_that_the_address_takes():
    steps = gan.TAB.tour(gan_evidence.quotes(CARDS))
    assert len(steps) >= 8
    assert all("mode" in step["state"] for step in steps)
    assert not passed_over(gan.TAB.fields, [step[when] for step in steps for when in ("state", "after")])


def test_the_stage_is_told_what_each_network_is_and_how_it_learned(tiny: Path):
    value = _stage(interface.build([gan.TAB]))
    assert value["tab"] == "gan" and len(value["tour"]) >= 8
    for net, dataset in ((DIGITS, "mnist"), (CLOTHES, "fashion-mnist")):
        result = value["nets"][net]
        assert (result["dataset"], result["error"], result["latent"], result["rows"]) == (dataset, None, 8, [])
        assert len(result["classes"]) == 10
    assert value["nets"][DIGITS]["history"] == [
        {"epoch": at, "images": 55_040 * at, "discriminator": 2.0 - at, "generator": -0.5} for at in (0, 1)
    ]
    assert value["nets"][CLOTHES]["history"] == []


def test_what_the_stage_is_told_of_a_card_is_short(tiny: Path):
    result = gan.list_nets()[0].value(CARD | {"rows": [row("score_real", 0.12345678, n=10_000)]}, None)
    assert result["rows"] == [row("score_real", 0.12346, n=10_000)]


def test_a_broken_network_becomes_a_notice_and_the_other_stays(tiny: Path):
    shutil.rmtree(tiny / DIGITS)
    demo = interface.build([gan.TAB])
    value, text = _stage(demo), _live_text(demo)
    assert "there is no checkpoint" in value["nets"][DIGITS]["error"] and value["nets"][CLOTHES]["error"] is None
    assert "MNIST cannot be shown: there is no checkpoint" in text and str(tiny) not in text
    assert "0.750" in text  # the maths needs no network


def test_a_card_without_figures_says_so_and_how_to_measure(tiny: Path):
    text = _live_text(interface.build([gan.TAB]))
    assert f"Not measured yet: `python -m explorer.evaluate {DIGITS}` measures" in text
    assert f"Not measured yet: `python -m explorer.evaluate {gan.GAME}` plays" in text
    assert f"`python -m explorer.evaluate {DIGITS} --quality` measures them" in text
    assert UNKNOWN in text
    unmeasured = gan_evidence.quotes({})
    assert {name for name, result in unmeasured.items() if result != UNKNOWN} == {"divergence_of_modes"}


def test_the_text_quotes_the_cards():
    figures = gan_evidence.quotes(CARDS)
    assert UNKNOWN not in figures.values()
    text = fill((gan.TAB.folder / "maths.md").read_text(encoding="utf-8"), ChainMap(parts.MARKS, figures))
    assert figures["latent"] == "64" and "have 82 % of the data's variance, and Fashion 82 %" in text
    assert "real test images 0.62 on average, and generated ones −0.38" in text
    assert "in 97 %, with 82 % of the data's variety" in text and "it is 4.9 on average" in text
    assert "to the test images is 4.50; as many training images have 0.50" in text
    assert "50 % of the test digits lie among 10,000 samples, where 91 % lie" in text and UNKNOWN not in text
    wanted = "1.96 after 0 images, 1.28 after 55,000 images and 1.40 after 495,000 images"
    assert wanted in figures["early_reading"]
    assert figures["early_short"] == "The discriminator's loss is 1.28 after an epoch and 1.40 at the end"
    wanted = "the saturating loss covers between 0.0 and 5.5 of 8 modes on average (divergence 0.38 to 0.38 nats)"
    assert wanted in figures["collapse_reading"] and "Over 2 settings" in figures["collapse_reading"]
    assert "2 of these 4 games had not settled" in figures["collapse_reading"]
    assert "with 1: 8.0 WGAN-GP, 5.5 saturating" in figures["steps_reading"]
    assert "27 % of them near a mode, cover 0 of 8 and are 0.38 nats away" in figures["baseline_reading"]
    assert figures["divergence_of_modes"] == "0.22"


def test_the_evidence_shows_every_figure_with_its_error_count_and_seed():
    table = gan_evidence.tables(DIGITS, "MNIST", CARD)
    row = next(line for line in table.splitlines() if "the requested class" in line)
    assert "0.970 ± 0.005" in row and "1,000" in row and "| 4 |" in row and "≈ estimate" in row
    assert "| training images | 0.50 | 0.90 | 0.91 | 2.30 | 0.99 |" in table
    assert "| one pass | 4.50 (4.25 … 4.75) |" in table
    assert "| 55,000 | 1.28 | −0.25 |" in table and "| 495,000, averaged | 1.90 | −0.25 |" in table
    assert "2 steps of the discriminator for one of the generator" in table
    assert (
        "1,035,778 parameters" in table and "| training loss (of the players that move, added) | 1.75 | 1.85 |" in table
    )


def test_the_evidence_of_the_games_shows_every_seed():
    table = gan_evidence.game_tables(GAME)
    assert "| 1 | 0.001 | 0.0005 | 3 · 0.25 | 8 · 0.50 | by 1,500 |" in table
    assert "| 5 | 0.001 | 0.0005 | 1 · 0.25 | 2 · 0.50 | not by 1,500 |" in table
    assert "| evenly along the ring | 0 of 8 | 27 % | 0.384 |" in table


@given(st.floats(1e-6, 1e3), st.floats(1e-6, 1e3))
def test_the_best_discriminator_maximises_what_it_is_paid(p: float, q: float):
    best = gan_maths.best_discriminator(p, q)

    def paid(d: float) -> float:
        return p * math.log(d) + q * math.log(1 - d)

    if 1e-4 < best < 1 - 1e-4:
        assert paid(best) >= max(paid(best * 0.99), paid(best + 0.01 * (1 - best)))


def test_at_equal_densities_the_game_is_worth_minus_two_log_two():
    assert gan_maths.best_discriminator(0.7, 0.7) == 0.5
    assert "outputs ½" in gan_maths.show_optimal(0.7, 0.7)
    assert "75.0 % are real" in gan_maths.show_optimal(0.3, 0.1)
    assert "80.0 % are generated" in gan_maths.show_optimal(0.1, 0.4)


@pytest.mark.parametrize("theta", [0.0, 0.5, -1.5, 3.0, 40.0])
def test_jensen_shannon_is_that_of_the_densities(theta: float):
    x = torch.linspace(-20, 60 if theta > 10 else 20, 40_001, dtype=torch.float64)
    p, q = Normal(0.0, 1.0).log_prob(x).exp(), Normal(theta, 1.0).log_prob(x).exp()
    middle = (p + q) / 2

    def kl(a: torch.Tensor) -> float:
        return float(torch.trapezoid(torch.xlogy(a, a / middle.clamp(min=1e-300)), x))

    assert gan_maths.jensen_shannon(theta) == pytest.approx((kl(p) + kl(q)) / 2, abs=1e-5)


def test_far_apart_jensen_shannon_has_no_slope_and_wasserstein_has():
    near, far = gan_maths.show_distances(1.0), gan_maths.show_distances(40.0)
    assert r"\partial \theta &= 0.0000" in far and r"\text{1}" in far and "100.0 % of log 2" in far
    assert r"\partial \theta &= 0.0000" not in near
    assert r"\text{-1}" in gan_maths.show_distances(-2.0) and "undefined" in gan_maths.show_distances(0.0)


@given(st.floats(-20, 20))
def test_the_slopes_are_those_of_autograd(f: float):
    shown = gan_maths.show_slopes(f)
    x = torch.tensor(f, dtype=torch.float64, requires_grad=True)
    for loss, name in (
        (torch.nn.functional.logsigmoid(-x), "-D ="),
        (-torch.nn.functional.logsigmoid(x), "-(1 - D) ="),
    ):
        (slope,) = torch.autograd.grad(loss, x)
        result = shown.partition(name)[2].split(r"\\")[0].split(r"\end")[0]
        result = float(re.sub(r" \\cdot 10\^\{(.+)\}", r"e\1", result))
        assert result == pytest.approx(float(slope), rel=0.06, abs=6e-4)


def test_the_penalty_is_that_of_autograd():
    x, w = torch.zeros(2, requires_grad=True), torch.tensor([1.2, 0.9])
    (slope,) = torch.autograd.grad(w @ x, x)
    assert gan_maths.penalty(1.2, 0.9, 10) == pytest.approx(10 * (float(slope.norm()) - 1) ** 2, rel=1e-5)
    assert "= 2.500" in gan_maths.show_penalty(1.2, 0.9, 10) and "steeper than" in gan_maths.show_penalty(1.2, 0.9, 10)
    assert "nothing to divide by" in gan_maths.show_penalty(0, 0, 1)


def test_a_critic_that_is_less_steep_than_it_may_be_pays_a_penalty_all_the_same():
    shown = gan_maths.show_penalty(0.3, 0.4, 10)
    assert "= 2.500" in shown and "less steep than it may be" in shown and "there is a penalty" in shown
    assert "there is no penalty" in gan_maths.show_penalty(1, 0, 10) and "less steep" not in gan_maths.show_penalty(
        1, 0, 1
    )


@pytest.mark.parametrize("k", [1, 4, 8])
def test_lost_modes_are_punished_by_the_value_at_the_best_discriminator(k: int):
    """Modes as atoms: V(D*) = 2 JS − 2 log 2 with D* = k ÷ (k + 8) on the covered ones, and 1 on the lost ones."""
    best = k / (k + 8)
    value = k / 8 * math.log(best) + math.log(1 - best)
    assert 2 * gan_maths.divergence_of_modes(k, 8) - 2 * math.log(2) == pytest.approx(value)
    assert gan_maths.divergence_of_modes(8, 8) == pytest.approx(0) and best <= 0.5


@pytest.mark.parametrize(
    ("shown", "complaint"),
    [
        (lambda: gan_maths.show_optimal(None, 1), "p is empty"),
        (lambda: gan_maths.show_optimal(0, 0), "both 0"),
        (lambda: gan_maths.show_optimal(-1, 1), "wanted a number from 0"),
        (lambda: gan_maths.show_distances(101), "wanted a number from −100 to 100"),
        (lambda: gan_maths.show_slopes(math.nan), "f is not a number"),
        (lambda: gan_maths.show_penalty(1, 1, -1), "wanted a number from 0"),
    ],
)
def test_what_cannot_be_used_is_said_in_the_place_of_the_formula(shown, complaint: str):
    assert complaint in shown() and "$$" not in shown()
