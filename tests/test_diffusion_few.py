"""Samplers and few steps on the stage, and the gain of more evaluations, as charts and as figures."""

import math
from types import SimpleNamespace
from urllib.parse import parse_qsl

import pytest
import torch

from explorer.measures import frontier, latent_diffusion
from explorer.measures.diffusion import frontier_samplers
from explorer.measures.frontier import SamplerSteps, as_of_alike, error, in_proportion, of_classes
from explorer.measures.metrics import frechet
from explorer.measures.quality import FLOOR
from explorer.models.diffusion import Diffusion
from explorer.models.latent_diffusion import LatentDiffusion
from explorer.models.solvers import SAMPLERS
from explorer.networks.card import row, rows
from explorer.numbers.plots import TALL
from explorer.numbers.trained import read_card
from explorer.tabs.diffusion import charts
from explorer.tabs.diffusion import tab as diffusion
from explorer.tabs.flow_matching import tab as flow_matching
from explorer.tabs.tokens import tab as tokens
from tests import address, node

ROWS = [5, 10, 20, 50, 100]  # evaluations at most
TOLD = {name: diffusion.sampler_value(name, each) for name, each in SAMPLERS.items()}


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_row_takes_as_many_evaluations_as_it_may_and_no_more(name: str):
    sampler = SAMPLERS[name]
    for most in ROWS:
        steps = sampler.steps(most)
        assert sum(sampler.evaluations(steps)) <= most < sum(sampler.evaluations(steps + 1))
        assert {"sampler": name, "steps": steps}.items() <= TOLD[name]["rows"][ROWS.index(most)].items()


def test_the_usual_rows_are_five_of_ddim_and_six_of_ddpm():
    found = node.call("diffusion/samplers.js", "settingsOf", TOLD, {"left": "ddim", "right": "ddpm"})
    assert [(each["sampler"], each["steps"]) for each in found] == [
        *(("ddim", steps) for steps in (5, 10, 20, 50, 100)),
        *(("ddpm", steps) for steps in (5, 10, 20, 50, 100, 1000)),
    ]
    assert found[-1]["title"] == "DDPM, 1,000 steps"
    assert len(node.call("diffusion/samplers.js", "settingsOf", TOLD, {"left": "pc", "right": "pc"})) == 5


def side(name: str, few: float, shift: float) -> dict:
    images = [shift + 10 * k for k in range(4) for _ in range(784)]
    return {"name": name, **TOLD[name]} | {
        "few": {"evaluations": 5, "seconds": 1, "distance": few},
        "many": {"evaluations": 99, "seconds": 20, "x": images},
    }


@pytest.mark.parametrize(
    "left, right, eta, said",
    [
        ("ddim", "heun", 0, "Both solve the same equation"),
        ("ddim", "heun", 0.5, "DDIM adds noise on the way, so it goes elsewhere"),
        ("sde", "dpm", 0, "Reverse SDE adds noise on the way"),
        ("pc", "langevin", 0, "Both add noise on the way"),
    ],
)
def test_words_say_which_of_two_samplers_solve_the_same_equation(left: str, right: str, eta: float, said: str):
    sides = [side(left, 2.5, 0), side(right, 1.5, 1)]
    words, before = (node.call("diffusion/sampler_words.js", "pairWords", sides, eta, t) for t in (0, 250))
    assert said in words and f"end {28 / 255:.2f} apart, two images" in words and "20 times as long as 5" in words
    fixed = [name for name in (left, right) if not SAMPLERS[name].noisy and not (name == "ddim" and eta)]
    assert all(f"{SAMPLERS[name].title}'s 5 evaluations end" in words for name in fixed)
    assert words.count("(L2) from its 99") == before.count("evaluations are") == len(fixed)
    assert before.startswith("At t = 250 ") == bool(fixed)


def test_every_way_of_the_frontier_takes_about_what_is_asked_and_none_twice():
    ways = frontier_samplers(Diffusion(channels=(8, 8, 8), embedding=8))
    settings = [tuple(way.setting.values()) for way in ways]
    assert len(set(settings)) == len(settings)
    assert [way.evaluations for way in ways if way.name == "ddim"] == [1, 2, 5, 10, 20, 50]
    assert [way.evaluations for way in ways if way.name == "heun"] == [5, 9, 19, 49]
    assert [way.evaluations for way in ways if way.name == "dpm"] == [2, 5, 10, 20, 50]


def test_few_images_say_what_as_many_as_are_usual_would():
    """Of Gaussians whose Fréchet distance is known: 2,000 images alone are far off."""
    generator, width = torch.Generator().manual_seed(0), 64
    real = torch.randn(10_000, width, generator=generator, dtype=torch.float64)
    gaps, plain = [], []
    for _ in range(4):
        made = 1.1 * torch.randn(2_000, width, generator=generator, dtype=torch.float64)
        gaps.append(as_of_alike(real, made))
        plain.append(frechet(real, made))
    many = frechet(real, 1.1 * torch.randn(10_000, width, generator=generator, dtype=torch.float64))
    mean = sum(gaps) / 4
    assert abs(mean - many) < 0.05 * many and sum(plain) / 4 > 1.5 * many


def test_an_error_by_halves_is_that_of_a_mean():
    generator = torch.Generator().manual_seed(0)
    found = [error(torch.randn(400, 1, generator=generator), lambda some: float(some.mean())) for _ in range(30)]
    assert sum(found) / 30 == pytest.approx(1 / math.sqrt(400), rel=0.2)


def test_classes_come_in_proportion_and_in_order():
    labels = torch.tensor([2] * 50 + [0] * 30 + [1] * 20)
    assert in_proportion(labels, 10).bincount().tolist() == [3, 2, 5]
    assert in_proportion(labels, 10)[::2].tolist() == [0, 0, 1, 2, 2]
    found = of_classes(labels, in_proportion(labels, 10))
    assert labels[found].bincount().tolist() == [3, 2, 5] and len(set(found.tolist())) == 10


def test_what_is_known_is_not_measured_again(monkeypatch: pytest.MonkeyPatch):
    drawn = []
    way = lambda n: SamplerSteps("DDIM", n, n, lambda *given: drawn.append(n) or torch.zeros(4), "ddim")  # noqa: E731
    judge = SimpleNamespace(test=SimpleNamespace(labels=torch.arange(4)), real=torch.randn(8, 3))
    monkeypatch.setattr(frontier, "Judge", lambda *given, **how: judge)
    figures = [("frechet", 1.0, 0.1), ("recall", 0.5, 0.1)]
    monkeypatch.setattr(frontier, "figures", lambda *given: figures)
    known = [row("frechet", 0.5, n=4, sampler=FLOOR), row("frechet", 9.0, n=4, sampler="ddim", steps=2, evaluations=2)]
    parts = list(frontier.frontier([way(5), way(2), way(1)], known, "mnist", None, 0))
    assert drawn == [1, 5] and len(parts) == 3
    assert [each["value"] for each in parts[-1]["rows"] if each["name"] == "frechet"] == [0.5, 9.0, 1.0, 1.0]


PARTS = {
    "diffusion-mnist": {
        "n": 2000,
        "alike": 10_000,
        "rows": [
            row("frechet", 0.5, n=10_000, sampler=FLOOR),
            *(row(name, 0.9, se=0.01, n=2000, sampler=FLOOR) for name in ("precision", "recall")),
            *(
                row(name, 1.0 + steps, se=0.25, n=2000, sampler="dpm", steps=steps, evaluations=steps, title="DPM")
                for name in ("frechet", "precision", "recall")
                for steps in (5, 2)
            ),
        ],
    },
    "consistency-mnist": {
        "n": 2000,
        "alike": 10_000,
        "rows": [row("frechet", 3.0, se=0.5, n=2000, sampler="consistency", steps=4, evaluations=4, title="Student")],
    },
}


def test_the_frontier_is_drawn_over_its_floor_with_its_interval_and_each_point_opens_its_images():
    distance, precision, recall = charts.quality_plots(PARTS)
    assert all(plot.figure.layout.height == TALL for plot in (distance, precision, recall))
    assert all(len(plot.figure.layout.yaxis.title.text) < 20 for plot in (distance, precision, recall)), "cut at a side"
    dpm, student, floor = distance.figure.data
    assert list(floor.y) == [1, 1] and list(precision.figure.data[-1].y) == [0.9, 0.9]
    assert list(dpm.x) == [2, 5] and list(dpm.y) == [6.0, 12.0] and dpm.error_y.array[0] == pytest.approx(1.96 * 0.5)
    assert dpm.customdata[0] == ("?tab=diffusion&net=diffusion-mnist&seed=7&mode=reverse&grid=16&sampler=dpm&steps=2")
    assert student.customdata[0] == "?tab=diffusion&net=diffusion-mnist&seed=7&mode=few"
    assert "N = 2,000" in distance.words and "DPM 6.00 in 2, 12.00 in 5" in distance.words
    assert "training images 0.90" in precision.words and len(recall.figure.data) == 2
    found = node.call("kit/chart/plot.js", "addressesOf", distance.to_props()["figure"])
    assert found[0] == [dpm.customdata[0], "DPM, 2"] and len(found) == 3


def test_what_is_not_measured_is_not_drawn():
    assert list(charts.charts({})) == []
    assert charts.address("vae-mnist", {"sampler": "euler", "steps": 5}) is None


def test_a_point_of_flow_matching_opens_its_own_tab_at_the_solver_and_the_steps_it_says():
    found = [row for row in rows(read_card("flow-matching-mnist")["frontier"], "frechet") if row["sampler"] != FLOOR]
    queries = [dict(parse_qsl(charts.address("flow-matching-mnist", row).removeprefix("?"))) for row in found]
    assert len({tuple(query.items()) for query in queries}) == len(found) == 10
    for each, state in zip(found, address.read(flow_matching.TAB.fields, queries)):
        chosen = {"solver": each["sampler"], "steps": each["steps"]}
        assert {key: state[key] for key in chosen} == chosen
        assert (state["mode"], state["net"], state["seed"]) == ("solvers", "flow-matching-mnist", 7)
        drawn = node.call("flow_matching/solvers.js", "settingsOf", state)
        assert [{key: one[key] for key in chosen} for one in drawn].count(chosen) == 1


def test_a_point_of_the_diffusion_of_codes_opens_its_own_mode_in_as_many_steps():
    ways = latent_diffusion.frontier_samplers(LatentDiffusion(code=16, channels=(4, 4, 8), width=16, layers=1))
    assert [way.evaluations for way in ways] == [way.steps for way in ways] == [1, 2, 5, 10, 20, 50]
    net = "latent-diffusion-fashion-mnist"
    queries = [dict(parse_qsl(charts.address(net, way.setting).removeprefix("?"))) for way in ways]
    for way, state in zip(ways, address.read(tokens.TAB.fields, queries)):
        assert (state["mode"], state["net"], state["seed"], state["walk"]) == ("latent", net, 7, way.steps)
