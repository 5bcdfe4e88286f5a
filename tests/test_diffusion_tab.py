"""The diffusion tab around its stage: live maths, evidence, and sentences that follow from the figures."""

import math
import shutil
from pathlib import Path

import gradio as gr
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.distributions import Normal

from explorer.data.toys import TOYS
from explorer.networks import checkpoints
from explorer.networks.card import find, row
from explorer.numbers import trained
from explorer.numbers.rows import UNKNOWN
from explorer.tabs import interface
from explorer.tabs.diffusion import evidence as diffusion_evidence
from explorer.tabs.diffusion import maths as diffusion_maths
from explorer.tabs.diffusion import tab as diffusion
from explorer.tabs.diffusion.maths import ALPHAS
from tests import tiny_nets
from tests.address import passed_over
from tests.cards import card_of
from tests.diffusion_cards import CARD, CARDS, CLOTHES, DIGITS, TOY


def _live_text(demo: gr.Blocks) -> str:
    return "\n".join(block.value for block in demo.blocks.values() if isinstance(block, gr.Markdown) and block.value)


def _stage(demo: gr.Blocks) -> dict:
    return next(block for block in demo.blocks.values() if block.elem_id == "diffusion-stage").value


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tiny_nets.write_diffusions(tmp_path / "nets")
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(folder))
    return folder


def test_every_step_of_the_lesson_sets_a_state_that_the_address_takes():
    steps = diffusion.TAB.tour(diffusion_evidence.quotes(CARDS))
    assert len(steps) >= 8
    assert all("mode" in step["state"] for step in steps)
    assert not passed_over(diffusion.TAB.fields, [step[when] for step in steps for when in ("state", "after")])


def test_the_stage_is_told_what_each_network_and_each_toy_is(tiny: Path):
    value = _stage(interface.build([diffusion.TAB]))
    assert value["tab"] == "diffusion" and len(value["tour"]) >= 8
    for net, dataset in ((DIGITS, "mnist"), (CLOTHES, "fashion-mnist")):
        result = value["nets"][net]
        assert (result["dataset"], result["schedule"], result["times"], result["error"]) == (
            dataset,
            "linear",
            1000,
            None,
        )
        assert len(result["classes"]) == 10 and (result["rows"], result["bound"]) == ([], None)
    assert value["nets"][CLOTHES]["classes"][1] == "Trouser"
    assert list(value["toys"]) == list(TOYS)
    for toy, result in value["toys"].items():
        assert torch.allclose(torch.tensor(result["means"]), TOYS[toy].means, atol=1e-4)
        assert result["sigma"] == TOYS[toy].sigma and result["error"] is None
        assert result["weights"].partition("?")[0] == f"pretrained/score-{toy}/model.safetensors"


def test_what_the_stage_is_told_of_a_card_is_short(tiny: Path):
    result = diffusion.list_nets()[0].value(CARD | {"rows": [row("bits_per_dim", 2.43751234)]}, None)
    assert result["rows"] == [row("bits_per_dim", 2.4375)]
    assert result["bound"] == CARD["bound"]
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
    assert UNKNOWN in text
    computed = {"259", "496"}  # the times of equal signal and noise, which need no card
    assert set(diffusion_evidence.quotes({}).values()) - computed == {UNKNOWN}


def test_the_page_quotes_the_network_of_the_tab_beside(tiny: Path):
    name = diffusion_evidence.DIFFUSION_BESIDE
    (tiny / name).symlink_to(checkpoints.ROOT / "pretrained" / name)
    needs = "the PixelCNN of the tab beside needs {}, exactly".format
    found = f"{find(card_of(name), 'bits_per_dim')['value']:.3f}"
    assert needs(found) in " ".join(_live_text(interface.build([diffusion.TAB])).split())
    (tiny / name).unlink()
    assert needs(UNKNOWN) in " ".join(_live_text(interface.build([diffusion.TAB])).split())


def test_the_points_networks_that_travel_with_the_app_leave_nothing_unmeasured():
    for toy, title in diffusion.TOY_TITLES.items():
        assert "Not measured" not in diffusion_evidence.toy_tables(toy, title, trained.read_card(f"score-{toy}"))


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
    assert (math.sqrt(alpha) * guess - x_t) / (1 - alpha) == pytest.approx(float(slope), rel=1e-6, abs=1e-8)


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
        (lambda: diffusion_maths.show_score("1", 5), "xₜ is not a number"),
    ],
)
def test_the_live_maths_says_which_input_is_wrong(shown, complaint: str):
    assert complaint in shown() and "$$" not in shown()


def test_the_ends_of_time_are_said_in_words():
    assert "no noise yet" in diffusion_maths.show_closed_form(0.5, 1, 0)
    assert "nothing of xₜ is kept" in diffusion_maths.show_posterior(0.5, 1, 1)
    assert "near the end the prediction x̂₀ has most of the weight" in diffusion_maths.show_posterior(0.5, 1, 2)
    assert "one step changes little" in diffusion_maths.show_posterior(0.5, 1, 500)
    assert "almost certain: x₀ was −1" in diffusion_maths.show_score(-1, 100)
