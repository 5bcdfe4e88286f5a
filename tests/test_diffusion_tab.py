"""The diffusion tab around its stage: live maths, evidence, and sentences that follow from the figures."""

import copy
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

from explorer.tabs import diffusion, diffusion_evidence, diffusion_maths, interface, lesson, parts, quality, trained
from explorer.tabs.diffusion_maths import ALPHAS
from explorer.toys import TOYS
from tests import tiny_nets

DIGITS, CLOTHES = diffusion.TITLES
FIELDS = Path(interface.__file__).parents[1] / "stages" / "diffusion" / "fields.js"


def _row(value: float, se: float = 0.001, n: int = 10_000) -> dict[str, float]:
    return {"value": value, "se": se, "n": n}


def _run(*values: float) -> dict:
    return dict(zip(quality.FIGURES, ([value - 0.25, value + 0.25] for value in values)))


QUALITY = {
    "floor": {"frechet": 0.5, "precision": 0.9, "recall": 0.91, "entropy": 2.3, "accuracy": 0.99},
    "ways": {"DDIM 50": _run(4.5, 0.8, 0.77, 2.29, 0.95), "DDIM 10": _run(12.25, 0.7, 0.6, 2.28, 0.9)},
    "n": 10_000,
    "seeds": [0, 1],
    "precision": "bfloat16",
    "classifier": "classifier-mnist",
    "command": "python -m explorer.evaluate diffusion-mnist --quality",
    "date": "2026-01-04",
    "torch": "2.13.0",
    "device": "cpu",
}
RUN = {"command": "python -m explorer.train", "date": "2026-01-02", "minutes": 61.5, "torch": "2.13.0", "device": "cpu"}
RUN |= {"parameters": 1_192_993, "losses": [0.25, 0.125]}
RECIPE = {"seed": 0, "epochs": 2, "batch_size": 64, "average": 0.999, "label_dropout": 0.15, "middle": [100, 500]}
MADE = {"training": RUN, "recipe": RECIPE, "sha256": "0123456789abcdef", "seed": 4, "n": 10_000, "date": "2026-01-03"}
MADE |= {"command": "python -m explorer.evaluate diffusion-mnist", "torch": "2.13.0", "device": "cpu"}
CARD = MADE | {
    "figures": {
        "bits_per_dim": _row(2.4375),
        "bound": {
            "edges": [1, 2, 11, 569, 1001],
            "bits": [1.0, 0.75, 0.5, 0.1],
            "loss": [0.8, 0.5, 0.05, 0.002],
            "prior": 0.0000123,
            "n": 10_000,
        },
        "guidance": {
            w: {"accuracy": _row(accuracy, 0.004, 1_000), "diversity": variety}
            for w, accuracy, variety in (("0", 0.1, 1.9), ("1", 0.95, 0.98), ("2", 0.99, 0.8), ("7", 1, 0.45))
        },
    },
    "quality": QUALITY | {"binarised": {"floor": QUALITY["floor"], "ways": QUALITY["ways"]}},
}
TOY = MADE | {
    "figures": {
        "levels": [1, 10, 1000],
        "error": [0.02, 0.001, 0.0002],
        "size": [0.01, 0.5, 2.0],
        "log_density": {"data": -1.18, "ode": -1.34, "sde": -1.26},
    }
}
CARDS = {DIGITS: CARD, CLOTHES: CARD, "pixelcnn-fashion-mnist": CARD, "score-moons": TOY}


def _live_text(demo: gr.Blocks) -> str:
    return "\n".join(block.value for block in demo.blocks.values() if isinstance(block, gr.Markdown) and block.value)


def _stage(demo: gr.Blocks) -> dict:
    return next(block for block in demo.blocks.values() if block.elem_id == "diffusion-stage").value


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tiny_nets.write_diffusions(tmp_path / "nets")
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(folder))
    return folder


def test_a_lesson_may_set_what_the_stage_understands_and_every_step_does():
    fields = FIELDS.read_text(encoding="utf-8")
    known = set(re.findall(r"^  (\w+): \{ kind:", fields, re.MULTILINE))
    assert known == diffusion.STATE_KEYS
    steps = lesson.read(diffusion.LESSON, diffusion_evidence.figures(CARDS), diffusion.STATE_KEYS)
    assert len(steps) >= 8
    for step in steps:
        assert f'id: "{step["state"]["mode"]}"' in fields, step["title"]


def test_the_stage_is_told_what_each_network_and_each_toy_is(tiny: Path):
    value = _stage(interface.build([diffusion.TAB]))
    assert value["tab"] == "diffusion" and len(value["tour"]) >= 8
    for net, dataset in ((DIGITS, "mnist"), (CLOTHES, "fashion-mnist")):
        told = value["nets"][net]
        assert (told["dataset"], told["schedule"], told["times"], told["error"]) == (dataset, "linear", 1000, None)
        assert len(told["classes"]) == 10 and told["card"] == {}
    assert value["nets"][CLOTHES]["classes"][1] == "Trouser"
    assert list(value["toys"]) == list(TOYS)
    for toy, told in value["toys"].items():
        assert torch.allclose(torch.tensor(told["means"]), TOYS[toy].means, atol=1e-4)
        assert told["sigma"] == TOYS[toy].sigma and told["error"] is None
        assert told["weights"].partition("?")[0] == f"pretrained/score-{toy}/model.safetensors"


def test_what_the_stage_is_told_of_a_card_is_short(tiny: Path):
    told = diffusion.net_value(DIGITS, CARD | {"figures": {"bits_per_dim": _row(2.43751234)}}, None)
    assert told["card"]["figures"]["bits_per_dim"]["value"] == 2.4375
    assert set(told["card"]) == {"figures"}
    weights = diffusion.toy_value("moons", TOY, None)["weights"]
    assert weights.endswith("score-moons/model.safetensors?v=0123456789ab")


def test_a_broken_network_becomes_a_notice_and_the_others_stay(tiny: Path):
    shutil.rmtree(tiny / DIGITS)
    (tiny / "score-rings" / "model.safetensors").write_bytes(b"cut short")
    demo = interface.build([diffusion.TAB])
    value, text = _stage(demo), _live_text(demo)
    assert "there is no checkpoint" in value["nets"][DIGITS]["error"]
    assert "damaged or cut short" in value["toys"]["rings"]["error"]
    assert value["nets"][CLOTHES]["error"] is None and value["toys"]["moons"]["error"] is None
    assert "MNIST cannot be shown: there is no checkpoint" in text and str(tiny) not in text
    assert "Two rings cannot be shown" in text
    assert "0.7054" in text  # the maths needs no network


def test_a_card_without_figures_says_so_and_how_to_measure(tiny: Path):
    text = _live_text(interface.build([diffusion.TAB]))
    for name in (DIGITS, "score-moons"):
        assert f"Not measured yet: `python -m explorer.evaluate {name}` measures" in text
    assert f"`python -m explorer.evaluate {DIGITS} --quality` measures them" in text
    assert "| training loss (mean squared error of ε̂) | 9.50 | 9.25 |" in text
    assert diffusion_evidence.UNKNOWN in text
    assert set(diffusion_evidence.figures({}).values()) == {diffusion_evidence.UNKNOWN}


def test_the_text_quotes_the_cards():
    figures = diffusion_evidence.figures(CARDS)
    assert diffusion_evidence.UNKNOWN not in figures.values()
    assert figures["bits"] == "2.438" and figures["prior_bits"] == "1.2e-05"
    assert "0.8 at t = 1 and 0.002 on average over t ≥ 569" in figures["loss_reading"]
    assert (
        "With 50 DDIM steps the Fréchet distance to the test images is 4.50, with 10 it is 12.25"
        in figures["steps_reading"]
    )
    assert "77 % of the test digits" in figures["recall_reading"] and "91 %" in figures["recall_reading"]
    assert "ODE have log p = −1.34" in figures["density_reading"]
    assert "off by 1 % of the exact one at t = 1000 and by 141 % at t = 1 (root" in figures["error_reading"]


def test_where_the_bits_of_the_bound_are_is_read_off_its_parts():
    reading = diffusion_evidence.figures(CARDS)["bound_reading"]
    assert "The steps at t ≤ 10, of a thousand, hold 74 % of the bound" in reading  # 1.75 of 2.35
    assert "t ≥ 569, where the digit is decided, 4 %" in reading
    cards = copy.deepcopy(CARDS)
    cards[DIGITS]["figures"]["bound"]["bits"] = [0.1, 0.1, 0.1, 0.7]
    assert "t ≥ 569, where the digit is decided, 70 %" in diffusion_evidence.figures(cards)["bound_reading"]


def test_guidance_is_told_by_class_and_by_variety():
    reading = diffusion_evidence.figures(CARDS)["guidance_reading"]
    assert "95 % at w = 1, with 98 % of the data's variety" in reading
    assert "100 % at w = 7, with 45 % of the data's variety" in reading


def test_the_evidence_shows_every_figure_with_its_error_count_and_seed():
    table = diffusion_evidence.tables(DIGITS, "MNIST", CARD)
    row = next(line for line in table.splitlines() if "the bound on −log₂ p(x)" in line)
    assert "2.438 ± 0.001 bits/dim" in row and "10,000" in row and "| 4 |" in row and "≤ bound" in row
    assert "| 2 … 10 | 0.75 | 0.5 |" in table and "| 1 | 1 | 0.8 |" in table
    assert "| 7 | 1.000 ± 0.004 | 1,000 | 0.450 |" in table
    assert table.count("| training images | 0.50 | 0.90 | 0.91 | 2.30 | 0.99 |") == 2
    assert "| DDIM 10 | 12.25 (12.00 … 12.50) |" in table
    assert "1,192,993 parameters" in table and "labels left out for 15 % of the images" in table


def test_the_quality_says_its_seeds_and_its_precision_and_needs_no_grey():
    said = quality.table(DIGITS, CARD)
    assert "mean and range of the seeds 0 and 1; drawn in bfloat16." in said and quality.ONLY_BINARISED not in said
    binary = {key: each for key, each in CARD["quality"].items() if key not in ("floor", "ways")}
    said = quality.table("made-mnist", CARD | {"quality": binary})
    assert quality.ONLY_BINARISED in said and said.count("| training images |") == 1


def test_the_evidence_of_points_says_how_far_the_score_is_from_the_exact_one():
    table = diffusion_evidence.toy_tables("score-moons", "Two moons", TOY)
    assert "| 10 | 0.001 | 0.5 |" in table and "of the SDE −1.26, and the data −1.18" in table


def test_the_points_networks_that_travel_with_the_app_leave_nothing_unmeasured():
    for toy, title in diffusion.TOY_TITLES.items():
        assert "Not measured" not in diffusion_evidence.toy_tables(toy, title, trained.read_card(f"score-{toy}"))


def test_every_figure_of_the_maths_is_one_that_is_quoted():
    named = set(re.findall(r"\{\{(\w+)\}\}", diffusion_maths.TEXT.read_text(encoding="utf-8")))
    assert named <= set(diffusion_evidence.figures({})) | set(parts.MARKS)


@given(st.floats(-1, 1), st.floats(-3, 3), st.integers(2, 1000))
def test_the_live_posterior_is_what_bayes_rule_gives(x0: float, x_t: float, t: int):
    """The mean and deviation of a Gaussian follow from its log-density at three points."""
    alpha_t, alpha_s = ALPHAS[t], ALPHAS[t - 1]
    clean, noisy, deviation = diffusion_maths.posterior(x0, x_t, alpha_t, alpha_s)
    mean, one = clean * x0 + noisy * x_t, torch.tensor(1.0, dtype=torch.float64)

    def log_joint(x_s: float) -> float:
        prior = Normal(math.sqrt(alpha_s) * x0 * one, math.sqrt(1 - alpha_s) * one)
        step = Normal(math.sqrt(alpha_t / alpha_s) * x_s * one, math.sqrt(1 - alpha_t / alpha_s) * one)
        return float(prior.log_prob(x_s * one) + step.log_prob(x_t * one))

    at, below, above = (log_joint(mean + step * deviation) for step in (0, -1, 1))
    assert at - below == pytest.approx(0.5, rel=1e-5) and at - above == pytest.approx(0.5, rel=1e-5)


@given(st.floats(-3, 3), st.integers(1, 1000))
def test_the_live_score_is_the_slope_of_the_known_density(x_t: float, t: int):
    alpha = ALPHAS[t]
    x = torch.tensor(x_t, dtype=torch.float64, requires_grad=True)
    peaks = math.sqrt(alpha) * torch.tensor([-1.0, 1.0], dtype=torch.float64)
    (slope,) = torch.autograd.grad(Normal(peaks, math.sqrt(1 - alpha)).log_prob(x).logsumexp(0), x)
    guess = diffusion_maths.best_guess(x_t, alpha)
    assert (math.sqrt(alpha) * guess - x_t) / (1 - alpha) == pytest.approx(float(slope), rel=1e-6, abs=1e-9)


@given(st.floats(-1, 1), st.floats(-3, 3), st.integers(1, 1000))
def test_the_live_noise_is_that_of_many_small_steps(x0: float, eps: float, t: int):
    shrunk, variance = x0, 0.0
    for before, now in zip(ALPHAS[:t], ALPHAS[1 : t + 1]):
        shrunk, variance = math.sqrt(now / before) * shrunk, now / before * variance + 1 - now / before
    wanted = shrunk + math.sqrt(variance) * eps
    assert diffusion_maths.closed_form(x0, eps, ALPHAS[t]) == pytest.approx(wanted, rel=1e-6, abs=1e-9)


def test_the_page_shows_numbers_before_anything_is_typed():
    text = _live_text(interface.build([diffusion.TAB]))
    assert r"0.7054 \cdot (0.800) + 0.7088 \cdot (-1.100) = -0.215" in text
    assert r"0.0074 \cdot (0.800) + 0.9921 \cdot (-0.200) = -0.1925" in text
    assert "x₀ is 1 with probability 0.55, else −1" in text


@pytest.mark.parametrize(
    ("shown", "complaint"),
    [
        (lambda: diffusion_maths.show_closed_form(None, 0, 1), "x₀ is empty"),
        (lambda: diffusion_maths.show_closed_form(0, math.nan, 1), "ε is not a number"),
        (lambda: diffusion_maths.show_closed_form(0, 0, 1001), "t is 1001; wanted a number from 0 to 1,000."),
        (lambda: diffusion_maths.show_posterior(0, 0, 0), "t is 0; wanted a number from 1 to 1,000."),
        (lambda: diffusion_maths.show_posterior(0, 0, 2.5), "t is 2.5; wanted a whole number."),
        (lambda: diffusion_maths.show_score("1", 5), "x_t is not a number"),
    ],
)
def test_the_live_maths_says_which_input_is_wrong(shown, complaint: str):
    assert complaint in shown() and "$$" not in shown()


def test_the_ends_of_time_are_said_in_words():
    assert "no noise yet" in diffusion_maths.show_closed_form(0.5, 1, 0)
    assert "nothing of x_t is kept" in diffusion_maths.show_posterior(0.5, 1, 1)
    assert "near the end the guess decides" in diffusion_maths.show_posterior(0.5, 1, 2)
    assert "one step changes little" in diffusion_maths.show_posterior(0.5, 1, 500)
    assert "as good as certain: x₀ was −1" in diffusion_maths.show_score(-1, 100)
