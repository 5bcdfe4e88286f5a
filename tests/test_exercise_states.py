"""Exercises that the stage answers: a state is right where the cards, or the networks, say so."""

import math
import re

import numpy as np
import pytest
import torch

from explorer.models import MODELS
from explorer.networks import checkpoints
from explorer.tabs import interface
from explorer.tabs.autoencoders.exercises import classify
from explorer.tabs.kit.ask.nets import family_of, nets_of
from explorer.tabs.tokens.latent import evaluations, unnoise
from tests.test_exercise_answers import card_of, exercise, gaps, question, right, values

TABS = {tab.name: tab for tab in interface.TABS if tab.exercises}


def is_below(own: list[float], plain: list[float]) -> bool:
    """Welch's test of three seeds each, at 5 % for five comparisons; its t quantile is at least that of 4 degrees."""
    error = math.sqrt(np.var(own, ddof=1) / len(own) + np.var(plain, ddof=1) / len(plain))
    return (np.mean(plain) - np.mean(own)) / error > 4.604  # 99.5 % of Student's t with 4 degrees of freedom


def test_an_exercise_accepts_no_gap_that_is_smaller_and_asks_for_none_that_is_not_shown_to_be_larger():
    for seed in range(60):
        task = exercise("vae-room", "cheaper").task(seed)
        accepted = [beta for beta in ("0.5", "1", "2", "4", "8", "16") if task.holds(beta)[0]]
        assert accepted and not any(is_below(gaps(float(beta)), gaps(1)) for beta in accepted), seed
        assert "larger gap" not in task.question


@pytest.mark.parametrize("seed", range(1, 9))
def test_the_settings_of_the_small_runs_hold_where_the_cards_say_so(seed: int):
    used = values("vae-runs", "used", "run")
    rate = values("vae-shapes", "rate", "beta")
    more = "at least twice" in question("vae-room", "in-use", seed)
    for run in ("plain", "annealed", "free", "beta-0.5", "beta-2", "beta-4"):
        wanted = used[run] >= 2 * used["plain"] if more else used[run] <= used["plain"] / 2
        assert right("vae-room", "in-use", seed, run=run) == wanted
    most = float(re.search(r"less than (\d+) %", question("vae-room", "cheaper", seed))[1]) / 100
    for beta in rate:
        wanted = rate[beta] < most * rate[1] and not is_below(gaps(beta), gaps(1))
        assert right("vae-room", "cheaper", seed, beta=f"{beta:g}") == wanted


@pytest.mark.parametrize("seed", range(1, 9))
def test_wgan_gp_loses_where_the_card_of_the_games_says_so(seed: int):
    least = int(re.search(r"at least (\d)", question("gan", "wgan-behind", seed))[1])
    for cell in card_of("gan-game")["figures"]["cells"]:
        state = {key: cell[key] for key in ("dsteps", "lrd", "lrg")}
        behind = np.mean(cell["losses"]["non-saturating"]["modes"]) - np.mean(cell["losses"]["wgan-gp"]["modes"])
        assert right("gan", "wgan-behind", seed, data="ring", spectral=False, **state) == (behind >= least)
        assert not right("gan", "wgan-behind", seed, data="ring", spectral=True, **state)


@pytest.mark.parametrize("seed", [1, 5])
def test_the_settings_of_the_comparison_hold_where_the_cards_say_so(seed: int):
    nets = {MODELS[family_of(net)].title: net for net in nets_of("mnist")}
    asked = question("compare", "one-clock", seed)
    done, late = re.search(r"of MNIST, (.*) has drawn its images and (.*) is not", asked).groups()
    first, second = (card_of(nets[title])["compare"]["sampling"]["evaluations"] for title in (done, late))
    for tick in range(100):
        spent = tick * 784 / 100  # as a network draws that goes pixel by pixel
        state = {"data": "mnist", "at": tick / 100}
        assert right("compare", "one-clock", seed, clock="evaluations", **state) == (first <= spent < second)
        assert not right("compare", "one-clock", seed, clock="share", **state)
    title = re.search(r"images which (.*) takes", question("compare", "less-odd", seed))[1]
    for dataset in ("mnist", "fashion-mnist"):
        net = {MODELS[family_of(net)].title: net for net in nets_of(dataset)}.get(title)
        kinds = card_of(net).get("compare", {}).get("odd", {}).get("kinds", {}) if net else {}
        for kind in ("mnist", "fashion-mnist", "noise", "blank", "rotated", "inverted"):
            wanted = kind in kinds and kinds[kind]["auroc"] < 0.4
            assert right("compare", "less-odd", seed, data=dataset, kind=kind) == wanted


def test_the_class_of_a_code_is_what_the_classifier_says_of_its_image():
    net, z = "autoencoder-mnist", (5.07, -11.7)
    with torch.no_grad():
        image = checkpoints.load(net).decode(torch.tensor([z]))
        judge = checkpoints.load("classifier-mnist")
        shares = judge.head(judge.features(image)).softmax(-1)[0]
    label, share = classify(net, z)
    assert (label, share) == (int(shares.argmax()), pytest.approx(float(shares.max())))


def test_a_digit_is_not_found_among_clothes():
    (exercise,) = (each for each in TABS["autoencoders"].exercises if each.name == "where")
    task = exercise.task(1)
    solved = dict(task.solved)
    assert task.holds(**solved)[0]
    right, said = task.holds(**solved | {"net": "autoencoder-fashion-mnist"})
    assert not right and said == "choose a network of digits with a code of two numbers"


@pytest.mark.parametrize(("label", "guidance", "each"), [(3, 2, 2), (3, 1, 1), (3, 0, 1), (None, 2, 1)])
def test_a_guided_code_asks_the_network_twice_in_a_step(label: int | None, guidance: float, each: int):
    script = unnoise.props("latent-diffusion-mnist", 7, label, 5, guidance)
    assert evaluations(label, guidance) == each and script.evaluations == 5 * each
