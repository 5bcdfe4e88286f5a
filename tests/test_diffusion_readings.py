"""Texts of the diffusion tab on its cards: sentences and tables that follow from the figures."""

import copy
import json
from collections import ChainMap

import pytest
import torch

from explorer.models.diffusion import Diffusion
from explorer.networks.card import row, rows
from explorer.numbers import quality
from explorer.numbers.rows import UNKNOWN, fill
from explorer.tabs.diffusion import evidence as diffusion_evidence
from explorer.tabs.diffusion import tab as diffusion
from explorer.tabs.kit.layout import parts
from tests.diffusion_cards import CARD, CARDS, CLOTHES, DIGITS, MADE, RECIPE, STUDENT, TOY

WAYS = [(diffusion_evidence.FLOOR, 0.5), ("4 evaluations", 20), ("4 evaluations", 22), ("1 evaluation", 90)]
JUDGED = STUDENT | {"quality": {"rows": [row("frechet", value, pixels="grey", way=way) for way, value in WAYS]}}


def test_the_text_quotes_the_cards():
    figures = diffusion_evidence.quotes(CARDS | {"consistency-mnist": JUDGED})
    assert UNKNOWN not in figures.values()
    assert figures["bits_per_dim:.3f"] == "2.438" and figures["prior:small"] == "1.2 · 10⁻⁵"
    assert "0.8 at t = 1 and 0.002 on average over t ≥ 569" in figures["loss_reading"]
    assert figures["middle_share"] == "70 %"
    text = fill((diffusion.TAB.folder / "maths.md").read_text(encoding="utf-8"), ChainMap(parts.MARKS, figures))
    assert "77 % of the test digits lie among 10,000 samples" in text and "where 91 % lie" in text
    assert UNKNOWN not in text
    assert "ODE have log p = −1.34" in figures["density_reading"]
    assert "off by 1 % of the exact one at t = 1000 and by 141 % at t = 1 (root" in figures["error_reading"]


def test_where_the_bits_of_the_bound_are_is_read_off_its_parts():
    reading = diffusion_evidence.quotes(CARDS)["bound_reading"]
    assert "The steps at t ≤ 10, of a thousand, hold 74 % of the bound" in reading  # 1.75 of 2.35


def test_where_the_class_is_decided_is_read_off_what_was_measured():
    reading = diffusion_evidence.quotes(CARDS)["decision_reading"]
    assert "between t = 600 and t = 400, in 10 % of the bound: of 200 test digits" in reading
    assert "95 ± 3 % at t = 400, 50 ± 3 % at t = 500 and 20 ± 3 % at t = 600" in reading
    cards = copy.deepcopy(CARDS)
    cards[DIGITS]["decided"]["rows"][1]["value"] = 0.6
    assert "between t = 600 and t = 200, in 20 %" in diffusion_evidence.quotes(cards)["decision_reading"]
    assert "| 500 | 50 ± 3 % | 55 ± 3 % | 52 ± 3 % |" in diffusion_evidence.tables(DIGITS, "MNIST", CARD)


def test_fifty_steps_and_ten_are_compared_by_every_figure_on_every_set():
    reading = diffusion_evidence.quotes(CARDS)["steps_reading"]
    assert "Fréchet distance 4.500 and 12.250 for digits (fifty), 4.500 and 12.250 for binarised digits" in reading
    assert "recall 0.770 and 0.600 for digits (a tie)" in reading  # each seed is 0.25 from the mean
    assert "depends" not in reading
    cards = json.loads(json.dumps(CARDS))
    for net, name, values in ((DIGITS, "recall", (3.5, 3.6)), (CLOTHES, "frechet", (1.0, 2.0))):
        for each, value in zip(rows(cards[net]["quality"], name, pixels="grey", way="DDIM 10"), values, strict=True):
            each["value"] = value
    figures = diffusion_evidence.quotes(cards)
    assert (
        "3.550 for digits (ten)" in figures["steps_reading"] and "1.500 for clothes (ten)" in figures["steps_reading"]
    )
    assert figures["steps_reading"].endswith("Which is better depends on what is counted")


def test_the_times_that_are_trained_fall_into_the_middle_as_often_as_the_text_says():
    generator, asked = torch.Generator().manual_seed(0), []
    model = Diffusion(channels=(8, 8, 8), embedding=8)
    model.predict_v = lambda x_t, t, label=None: asked.append(t) or x_t
    for _ in range(50):
        x = torch.zeros(200, 1, 28, 28)
        model.training_loss(x, RECIPE, generator=generator, label=torch.zeros(200, dtype=torch.long))
    t = torch.cat(asked)
    within = ((t >= 100) & (t <= 500)).double().mean()
    assert diffusion_evidence.middle_share(100, 500) == pytest.approx(float(within), abs=0.01)


def test_guidance_is_told_by_class_and_by_variety():
    reading = diffusion_evidence.quotes(CARDS)["guidance_reading"]
    assert "95 % at w = 1, with 98 % of the data's variety" in reading
    assert "100 % at w = 7, with 45 % of the data's variety" in reading


def test_the_evidence_shows_every_figure_with_its_error_count_and_seed():
    table = diffusion_evidence.tables(DIGITS, "MNIST", CARD)
    row = next(line for line in table.splitlines() if "the bound on −log₂ p(x)" in line)
    assert "2.438 ± 0.001 bits/dim" in row and "10,000" in row and "| 4 |" in row and "≤ bound" in row
    assert "| 2 … 10 | 0.75 | 0.5 |" in table and "| 1 | 1 | 0.8 |" in table
    assert "| 7 | 1.000 ± 0.004 | 0.450 |\n\nN = 1,000, seed 4." in table
    assert table.count("| training images | 0.50 | 0.90 | 0.91 | 2.30 | 0.99 |") == 2
    assert "| DDIM 10 | 12.25 (12.00 … 12.50) |" in table
    assert "1,192,993 parameters" in table and "labels left out for 15 % of the images" in table


def test_the_quality_says_its_seeds_and_its_precision_and_needs_no_grey():
    said = quality.table(DIGITS, CARD)
    assert "mean and range of the seeds 0 and 1; drawn in bfloat16." in said and quality.ONLY_BINARISED not in said
    binary = rows(CARD["quality"], pixels="binarised")
    said = quality.table("made-mnist", CARD | {"quality": CARD["quality"] | {"rows": binary}})
    assert quality.ONLY_BINARISED in said and said.count("| training images |") == 1


def test_the_evidence_of_points_says_how_far_the_score_is_from_the_exact_one():
    table = diffusion_evidence.toy_tables("score-moons", "Two moons", TOY)
    assert "| 10 | 0.001 | 0.5 |" in table and "of the SDE −1.26, and the data −1.18" in table


def test_the_frontier_says_what_solvers_buy_over_the_floor_with_their_intervals():
    reading = diffusion_evidence.quotes(CARDS)["frontier_reading"]
    assert "is DDIM 6.0 ± 0.4 and Heun 4.0 ± 0.4 in 10 evaluations" in reading and "2,000 images" in reading
    assert "in 5 " not in reading and "in 50 " not in reading


def test_the_flow_stands_beside_the_chain_with_what_is_alike_and_what_is_not():
    said = diffusion_evidence.flow_reading(CARD["flow"])
    assert "about 1.500 ± 0.010 bits/dim, an estimate" in said
    assert "at most 1.750 ± 0.010 of the same 200 test images" in said
    assert "lies 0.250 ± 0.002 above the flow's" in said and "steps change the flow's by −0.0004" in said
    assert "the solver's error is about 1.3 · 10⁻⁴" in said and "but for its last step" in said


def test_the_student_says_where_its_jump_ends_beside_its_teacher():
    assert "4.50 (L2)" in diffusion_evidence.quotes(CARDS)["jump_reading"]
    result = diffusion_evidence.student_tables("consistency-mnist", "Distilled diffusion", STUDENT)
    assert "8.00 ± 0.02" in result and "requested class recognised, in 1" in result
    assert "Not measured yet" in diffusion_evidence.student_tables("consistency-mnist", "Distilled diffusion", MADE)


def test_the_student_says_how_far_its_images_are_from_real_ones_once_that_is_measured():
    result = diffusion_evidence.frechet_reading(JUDGED)
    assert "is 180.0 in 1 evaluation and 42.0 in 4 evaluations" in result, "the means, as the charts have them"
    assert diffusion_evidence.quotes(CARDS)["frechet_reading"] == UNKNOWN


def test_the_table_of_the_frontier_leaves_empty_what_is_not_measured():
    result = diffusion_evidence.frontier_table(CARD["frontier"] | {"command": "evaluate", "date": "2026", "torch": "2"})
    lines = [line for line in result.splitlines() if line.startswith("| ") and "±" in line]
    assert "6.0 ± 0.2" in lines[0] and "4.0 ± 0.2" in lines[1] and "not measured" in result
    assert [cell.strip() for cell in lines[0].split("|")][2] == ""


def test_that_more_steps_are_worse_is_told_where_fewer_images_are_of_a_clear_class():
    cards = json.loads(json.dumps(CARDS))
    assert diffusion_evidence.closer_reading(cards[DIGITS]) == "", "here fifty are better"
    quality = cards[DIGITS]["quality"]
    for name, values in {"frechet": (3.0, 3.5), "accuracy": (0.98, 0.99), "recall": (0.5, 0.6)}.items():
        for each, value in zip(rows(quality, name, pixels="grey", way="DDIM 10"), values, strict=True):
            each["value"] = value
    said = diffusion_evidence.closer_reading(cards[DIGITS])
    assert "in 98.5 % of 10,000 images after ten DDIM steps, 95.0 % after fifty, and 99.0 % of training images" in said
    assert "Recall is 55.0 % after ten and 77.0 % after fifty" in said and "DDPM" not in said
    noisy = row("frechet", 0.075, se=0.01, n=2000, sampler="ddpm", steps=50, evaluations=50, title="DDPM")
    cards[DIGITS]["frontier"]["rows"].append(noisy)
    assert "DDPM, with fresh noise at every step, has 1.5 in 50 evaluations" in diffusion_evidence.closer_reading(
        cards[DIGITS]
    )
    for each in rows(quality, "accuracy", pixels="grey", way="DDIM 50"):
        each["value"] = 0.999
    assert diffusion_evidence.closer_reading(cards[DIGITS]) == "", "that would not explain it"
