"""The autoregressive tab around its stage: live maths, evidence, and sentences that follow from the figures."""

import copy
import itertools
import math
import re
import shutil
from pathlib import Path

import gradio as gr
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.distributions import Normal

from explorer.networks.card import row
from explorer.numbers import trained
from explorer.numbers.rows import UNKNOWN
from explorer.tabs import interface
from explorer.tabs.autoregressive import evidence as raster_evidence
from explorer.tabs.autoregressive import maths as raster_maths
from explorer.tabs.autoregressive import tab as autoregressive
from tests import tiny_nets
from tests.address import passed_over

BINARY, GREY, MADE = autoregressive.NETS
chance = st.floats(0.01, 0.99)


def _exact(name: str, value: float, se: float = 0.25, **more: float | str) -> dict:
    return row(name, value, "exact", **({"se": se, "n": 10_000, "seed": 4, "unit": "nats"} | more))


def _set(value: float, auroc: float, flagged: float, n: int = 10_000) -> dict:
    return {"counts": [1, 2], "value": value, "n": n, "auroc": auroc, "flagged": flagged}


def _card(net: str, *figures: dict, bits: float = 0.1518) -> dict:
    own, other = ("mnist", "fashion-mnist") if net != GREY else ("fashion-mnist", "mnist")
    sets = {own: _set(-82.5, 0.5, 0.01), other: _set(-400, 0.999, 0.98)}
    sets |= {"noise": _set(-4000, 1, 1), "blank": _set(-15, 0.0, 0.0, n=1)}
    run = {"command": "python -m explorer.train", "date": "2026-01-02", "minutes": 61.5, "torch": "2.13.0"}
    run |= {"device": "cpu", "parameters": 488_161, "losses": [120.5, 99.25, 90.0]}
    return {
        "rows": [
            _exact("nll", 82.5),
            _exact("bits_per_dim", bits, unit="bits/dim"),
            row("agreement", -0.31, se=0.42, n=1_000, seed=4, unit="nats"),
            *figures,
        ],
        "histograms": {"edges": [1, 10, 100], "threshold": -130.5, "sets": sets},
        "training": run,
        "recipe": {"seed": 0, "epochs": 3, "batch_size": 32, "average": 0.999, "label_dropout": 0.5},
        "sha256": "0123456789abcdef",
        "n": 10_000,
        "seed": 4,
        "binarisation": "data.binarise(x, seed=4)",
        "command": f"python -m explorer.evaluate {net}",
        "date": "2026-01-03",
        "torch": "2.13.0",
        "device": "cpu",
    }


CARDS = {
    BINARY: _card(
        BINARY,
        _exact("nll_label", 80.125),
        _exact("nll_mixture", 80.5),
        row("accuracy", 0.9712, se=0.0017, n=10_000, seed=4),
    ),
    GREY: _card(GREY, bits=2.9137),
    MADE: _card(
        MADE,
        *(_exact("nll", value, order=order) for order, value in enumerate((88.5, 91, 89.25, 92))),
        _exact("mixture", 87.5),
    ),
}


def _with_set(net: str, name: str, **changed: float) -> dict:
    cards = copy.deepcopy(CARDS)
    cards[net]["histograms"]["sets"][name] |= changed
    return raster_evidence.quotes(cards)


def _live_text(demo: gr.Blocks) -> str:
    return "\n".join(block.value for block in demo.blocks.values() if isinstance(block, gr.Markdown) and block.value)


def _stage(demo: gr.Blocks) -> dict:
    return next(block for block in demo.blocks.values() if block.elem_id == "ar-stage").value


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tiny_nets.write(tmp_path / "nets")
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(folder))
    return folder


def test_every_step_of_the_lesson_sets_a_state_that_the_address_takes():
    steps = autoregressive.TAB.tour(raster_evidence.quotes(CARDS))
    assert all("mode" in step["state"] for step in steps)
    assert not passed_over(autoregressive.TAB.fields, [step[when] for step in steps for when in ("state", "after")])


def test_the_stage_is_told_what_each_network_is(tiny: Path):
    value = _stage(interface.build([autoregressive.TAB]))
    assert value["tab"] == "ar" and len(value["tour"]) >= 6
    found = {net: [result[key] for key in ("family", "dataset", "levels")] for net, result in value["nets"].items()}
    assert found == {
        BINARY: ["pixelcnn", "mnist", 2],
        GREY: ["pixelcnn", "fashion-mnist", 256],
        MADE: ["made", "mnist", 2],
    }
    assert [len(result["classes"]) for result in value["nets"].values()] == [10, 10, 0]
    assert value["nets"][GREY]["classes"][1] == "Trouser"
    assert value["nets"][BINARY]["dilations"] == [1, 2] and value["nets"][BINARY]["error"] is None
    net = autoregressive.list_nets()[0]
    card = net.read(BINARY) | {"rows": [row("nll", 80.859531, n=10_000)]}
    assert net.value(card, None)["rows"] == [row("nll", 80.86, n=10_000)]


def test_a_broken_network_becomes_a_notice_and_the_others_stay(tiny: Path):
    shutil.rmtree(tiny / BINARY)
    (tiny / GREY / "model.safetensors").write_bytes(b"cut short")
    demo = interface.build([autoregressive.TAB])
    nets, text = _stage(demo)["nets"], _live_text(demo)
    assert "there is no checkpoint" in nets[BINARY]["error"] and "damaged or cut short" in nets[GREY]["error"]
    assert nets[MADE]["error"] is None and nets[BINARY]["rows"] == []
    assert "MNIST cannot be shown: there is no checkpoint" in text and str(tiny) not in text
    assert r"-0.884\ \text{nats}" in text  # the maths needs no network


def test_a_card_without_figures_says_so_and_how_to_measure(tiny: Path):
    text = _live_text(interface.build([autoregressive.TAB]))
    assert "Not measured yet" in text and f"python -m explorer.evaluate {MADE}" in text
    assert "| training loss (nats) | 9.50 | 9.25 |" in text
    assert UNKNOWN in text
    assert set(raster_evidence.quotes({}).values()) == {UNKNOWN}


def test_the_text_quotes_the_cards():
    figures = raster_evidence.quotes(CARDS)
    assert UNKNOWN not in figures.values()
    plain = {"nll": "82.50", "nll_label": "80.12", "accuracy:.1%": "97.1 %", "made-mnist nll": "82.50"}
    plain |= {"pixelcnn-fashion-mnist bits_per_dim:.3f": "2.914", "made-mnist mixture": "87.50"}
    plain |= {"made_orders": "88.50, 91.00, 89.25 and 92.00", "agreement:±": "−0.3 ± 0.4"}
    assert {name: figures[name] for name in plain} == plain


def test_the_blank_page_reads_as_the_figures_have_it():
    assert (
        "likelier than every one of them, and is not flagged" in _with_set(BINARY, "blank", auroc=0.0)["blank_reading"]
    )
    rare = _with_set(BINARY, "blank", auroc=1.0, flagged=1.0, value=-500.25)["blank_reading"]
    assert "less likely than every one of them, and is flagged" in rare and "−log p = 500.2 nats" in rare
    assert "likelier than 30 % of them" in _with_set(BINARY, "blank", auroc=0.7)["blank_reading"]


@pytest.mark.parametrize(
    ("auroc", "flagged", "verdict"),
    [
        (
            0.08,
            0.0,
            "The digits are the likelier of a pair 92 % of the time, so low likelihood is no sign of an outlier",
        ),
        (0.7, 0.05, "The clothes are the likelier of a pair 70 % of the time, so likelihood separates them poorly"),
        (
            0.999,
            0.98,
            "The clothes are the likelier of a pair 99.90 % of the time, so likelihood separates them here",
        ),
    ],
)
def test_whether_digits_alarm_a_network_of_clothes_is_read_off_the_figures(auroc: float, flagged: float, verdict: str):
    reading = _with_set(GREY, "mnist", auroc=auroc, flagged=flagged)["fashion_on_mnist_reading"]
    assert verdict in reading and f"flags {flagged:.0%}".replace("%", " %") in reading
    assert "gives digits 0.736 bits/dim on average, and its own test images 0.152" in reading


def test_the_evidence_shows_a_figure_with_its_error_count_and_seed():
    table = raster_evidence.tables(BINARY, "MNIST", CARDS[BINARY])
    line = next(line for line in table.splitlines() if "no label given" in line)
    assert line.count("|") == 6
    assert "82.5 ± 0.2 nats" in line and "10,000" in line and "| 4 |" in line and "= exact" in line
    assert "0.971 ± 0.002" in table and "3 epochs in batches of 32" in table and "488,161 parameters" in table
    assert "labels left out for 50 % of the images" in table and "| 120.5 | 99.25 | 90.00 |" in table


def test_the_evidence_shows_published_numbers_and_how_their_pixels_were_made():
    compared = raster_evidence.comparison(BINARY, CARDS[BINARY]).splitlines()
    assert "| **this network** | **82.5 ± 0.2** | drawn once for the test images |" in compared
    assert any("van den Oord et al. 2016](https://arxiv.org/abs/1601.06759) | 81.30 | fixed" in row for row in compared)
    assert any("Gated PixelCNN" in line and "81.50 | drawn anew each epoch" in line for line in compared)
    made = raster_evidence.comparison(MADE, CARDS[MADE])
    assert "88.40 | fixed" in made and "86.64 | fixed" in made
    assert (
        "85 epochs, [pytorch-generative](https://github.com/EugenHotaj/pytorch-generative) | 84.87 | drawn anew" in made
    )
    assert "It needs 2.37 nats less than the 84.87 of a MADE, one layer" in made
    assert made.endswith(", and 2.63 nats more where its orders are averaged.")
    assert raster_evidence.comparison(GREY, CARDS[GREY]) == ""


def test_every_order_of_made_is_in_its_evidence():
    table = raster_evidence.tables(MADE, "MADE", CARDS[MADE])
    lines = [line for line in table.splitlines() if "pixels by" in line]
    assert [float(re.search(r"\| (\S+) ± ", line)[1]) for line in lines] == [88.5, 91, 89.2, 92]
    assert "by columns, backwards |" in lines[3]


def test_long_training_is_shown_by_a_dozen_epochs_from_the_first_to_the_last():
    head, _, values = trained.losses([float(200 - epoch) for epoch in range(80)], "nats").splitlines()
    epochs = [int(cell) for cell in re.findall(r"\d+", head)]
    assert len(epochs) == 12 and epochs[0] == 1 and epochs[-1] == 80
    assert values.split("|")[-2].strip() == "121.0"
    assert trained.losses([3.5], "nats").splitlines()[2] == "| training loss (nats) | 3.50 |"


def test_the_cards_that_travel_with_the_app_leave_nothing_unmeasured():
    cards = {net: trained.read_card(net) for net in autoregressive.NETS}
    assert UNKNOWN not in raster_evidence.quotes(cards).values()
    for net, card in cards.items():
        assert "Not measured" not in raster_evidence.tables(net, net, card)


@given(chance, chance, chance, st.floats(0.1, 3))
def test_tempered_bits_are_what_enumeration_gives(first: float, after_0: float, after_1: float, temperature: float):
    def one(p: float, bit: int) -> float:
        return (p if bit else 1 - p) ** (1 / temperature)

    def norm(p: float) -> float:
        return one(p, 0) + one(p, 1)

    second = (after_0, after_1)
    drawn = raster_maths.tempered_conditionals(first, second, temperature)
    whole = raster_maths.temper(raster_maths.two_bits(first, second), temperature)
    masses = [one(first, a) * one(second[a], b) for a, b in itertools.product((0, 1), repeat=2)]
    for index, (a, b) in enumerate(itertools.product((0, 1), repeat=2)):
        assert drawn[index] == pytest.approx(masses[index] / norm(first) / norm(second[a]), abs=1e-9)
        assert whole[index] == pytest.approx(masses[index] / sum(masses), abs=1e-9)
    assert sum(drawn) == pytest.approx(1) and sum(whole) == pytest.approx(1)


def test_the_page_shows_two_bits_whose_tempered_joint_is_not_that_of_tempered_conditionals():
    shown = raster_maths.show_two_bits(0.4, 0.45, 0.95, 0.5)
    assert "| 11 | 0.380 | 0.307 | 0.442 |" in shown and "The conditionals prefer 00, the joint 11." in shown
    assert "Both ways agree" in raster_maths.show_two_bits(0.4, 0.45, 0.95, 1)
    assert "Both ways agree" in raster_maths.show_two_bits(0.4, 0.2, 0.8, 0.5)
    assert "Both ways prefer 11" in raster_maths.show_two_bits(0.9, 0.5, 0.9, 0.5)


@given(st.floats(-2, 2), st.floats(-2, 2), st.floats(0.01, 3))
def test_the_live_gaussian_is_that_of_torch(x: float, mu: float, sigma: float):
    normal = Normal(*(torch.tensor(value, dtype=torch.float64) for value in (mu, sigma)))
    wanted = -normal.log_prob(torch.tensor(x, dtype=torch.float64)).item()
    assert raster_maths.gaussian_nll(x, mu, sigma) == pytest.approx(wanted, rel=1e-9, abs=1e-9)
    edges = torch.tensor([x - 0.5 / 255, x + 0.5 / 255], dtype=torch.float64)
    mass = float(normal.cdf(edges).diff())
    assert raster_maths.level_mass(x, mu, sigma) == pytest.approx(mass, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(
    ("shown", "complaint"),
    [
        (lambda: raster_maths.show_two_bits(None, 0.5, 0.5, 1), "p(x₁=1) is empty"),
        (lambda: raster_maths.show_two_bits(0.5, 1.2, 0.5, 1), "p(x₂=1 | x₁=0) is 1.2; wanted a number from 0 to 1."),
        (lambda: raster_maths.show_two_bits(0.5, 0.5, math.nan, 1), "p(x₂=1 | x₁=1) is not a number"),
        (lambda: raster_maths.show_two_bits(0.5, 0.5, 0.5, 0), "T is 0; wanted a number from 0.1 to 3."),
        (lambda: raster_maths.show_gaussian(1, 1, 0), "σ is 0; wanted a number from 0.001 to 1,000."),
        (lambda: raster_maths.show_gaussian("1", 1, 1), "x is not a number"),
    ],
)
def test_the_live_maths_says_which_input_is_wrong(shown, complaint: str):
    assert complaint in shown() and "$$" not in shown()


def test_a_level_too_far_away_to_count_is_said_in_words():
    assert "less than a computer can count" in raster_maths.show_gaussian(1, 0, 0.001)
    assert "negative" in raster_maths.show_gaussian(0.7, 0.7, 0.05)
    assert "negative" not in raster_maths.show_gaussian(0.7, 0.7, 2)
