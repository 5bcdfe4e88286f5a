"""Values and texts of the flow matching tab, and the films of its solvers."""

import math
from statistics import fmean, stdev

import orjson
import pytest
import torch
from torch import Tensor

from explorer.data import toys
from explorer.measures.quality import FLOOR
from explorer.models.plane_flow_matching import COUPLINGS
from explorer.networks import checkpoints
from explorer.networks.card import find, row
from explorer.numbers.rows import UNKNOWN
from explorer.numbers.trained import Found, read_card
from explorer.tabs.flow_matching import evidence, maths
from explorer.tabs.flow_matching import plane as flow_matching_plane
from explorer.tabs.flow_matching import solvers as flow_matching_solvers
from explorer.tabs.flow_matching import tab as flow_matching
from explorer.tabs.kit.ask import questions
from tests import tiny_nets
from tests.address import passed_over
from tests.asking import wait_for

CARDS = {net: read_card(net) for net in flow_matching.NETS}
PLANE = [f"flow-matching-{name}" for name in toys.TOYS]
RECIPES = {net: checkpoints.read_json(checkpoints.folder_of(net) / "config.json")["training"] for net in PLANE}
WARM = [net for net, recipe in RECIPES.items() if recipe.get("warm")]
"""Networks whose reflows begin with the weights of the round before."""


def quotes():
    return flow_matching.TAB.quotes({net: Found(card, {}, "", None) for net, card in CARDS.items()})


@pytest.mark.parametrize("net", PLANE)
def test_the_stage_is_told_what_the_card_says_and_where_the_weights_lie(net: str):
    result = flow_matching_plane.to_props(net, CARDS[net])
    assert orjson.loads(orjson.dumps(result)) == result, "as the page gets it"
    assert set(result["figures"]) == set(COUPLINGS) == set(checkpoints.load(net, "cpu").nets)
    for of, found in result["figures"].items():
        assert found["straightness"] == pytest.approx(find(CARDS[net], "straightness", of=of)["value"], rel=1e-4)
    path, _, version = result["weights"].partition("?v=")
    assert (checkpoints.ROOT / path).exists() and CARDS[net]["sha256"].startswith(version)
    assert result["sigma"] == toys.TOYS[net.removeprefix("flow-matching-")].sigma
    assert flow_matching_plane.to_props("flow-matching-mnist", {}) == {}


def test_nothing_that_the_texts_quote_is_unmeasured():
    found = quotes()
    texts = [(flow_matching.TAB.folder / name).read_text(encoding="utf-8") for name in ("tour.md", "maths.md")]
    quoted = {part.split("}}")[0] for text in texts for part in text.split("{{")[1:]}
    assert len(quoted) >= 8
    assert not {name for name in quoted if UNKNOWN in found[name]}


def test_what_the_texts_claim_is_what_the_cards_say():
    for net in PLANE:
        card = CARDS[net]
        bend = [find(card, "straightness", of=of)["value"] for of in COUPLINGS]
        assert bend[0] > 10 * max(bend[1:]), "the independent field is bent, the others nearly straight"
        one = [find(card, "squared_energy_distance", of=of, steps=1)["value"] for of in COUPLINGS]
        assert one[0] > 25 * max(one[1:])
        trace = find(card, "hutchinson_error", of="independent")
        assert abs(trace["value"]) < 3 * trace["se"]
        most = 0.06 if net == "flow-matching-eight-gaussians" else 0.05
        assert find(card, "log_prob_error", of="independent")["value"] <= most
    result = evidence.one_step(CARDS)
    assert result.index("before") < result.index("one round") < result.index("after two")
    assert result.endswith(
        "By 20 draws of 1,000 points, one step after one round and after two cannot be told from fresh data."
    )


@pytest.mark.deep
@pytest.mark.parametrize("points", [1_000, 2_500])
def test_one_step_after_reflow_is_as_far_from_fresh_moons_as_fresh_moons_are(points: int):
    """With other draws than the card's, more points and another computation of D²."""

    def within(x: Tensor) -> float:
        return float(torch.cdist(x, x).sum()) / (points * (points - 1))

    generator, model = torch.Generator().manual_seed(5), checkpoints.load("flow-matching-moons")
    apart: dict[str, list[float]] = {of: [] for of in ("independent", "reflow-1", "reflow-2")}
    for _ in range(20):
        y, x = (toys.TOYS["moons"].sample(points, generator).double() for _ in range(2))
        noise = torch.randn(points, 2, generator=generator)
        true = 2 * float(torch.cdist(x, y).mean()) - within(x)
        for of, gaps in apart.items():
            how = {"generator": generator, "x_0": noise, "steps": 1, "solver": "euler"}
            ends = model.net(of).sample(points, **how).double()
            gaps.append(2 * float(torch.cdist(ends, y).mean()) - within(ends) - true)
    size = {of: abs(fmean(gaps)) / (stdev(gaps) / math.sqrt(20)) for of, gaps in apart.items()}
    assert max(size["reflow-1"], size["reflow-2"]) < 2.1 < 50 < size["independent"]


@pytest.mark.parametrize("net", WARM)
def test_rounds_of_reflow_straighten_the_paths_and_inherit_errors(net: str):
    def by_coupling(name: str, **setting: int) -> dict[str, float]:
        return {of: find(CARDS[net], name, of=of, **setting)["value"] for of in COUPLINGS}

    bend = by_coupling("straightness")
    assert bend["reflow-2"] < bend["reflow-1"] < bend["ot"] < bend["independent"], "straighter with each round"
    kl, off = by_coupling("kl"), by_coupling("off", steps=50)
    for of in ("reflow-1", "reflow-2"):
        assert kl["independent"] < kl[of] < 0.05, of
        assert off[of] < 0.05, "fifty steps of each reach the data"
    assert kl["independent"] < kl["ot"] < 0.05, "the network by optimal transport keeps the distribution less well"
    assert off["ot"] < 0.05 and bend["ot"] < 0.01, "and still reaches the data, on nearly straight paths"


def test_fifty_steps_of_every_field_reach_the_moons():
    assert max(find(CARDS[PLANE[0]], "off", of=of, steps=50)["value"] for of in COUPLINGS) < 0.05


@pytest.mark.parametrize("net", PLANE)
def test_only_independent_pairs_have_the_score_that_the_formula_says(net: str):
    error = {of: find(CARDS[net], "score_error", of=of, t=0.5)["value"] for of in COUPLINGS}
    assert error.pop("independent") < 0.15 and min(error.values()) > 0.5


def test_what_is_said_of_images_is_their_cards_and_nothing_where_there_is_none():
    assert "not been measured" in evidence.bits({}) and "not been measured" in evidence.samples({})
    quality = [row("frechet", value, pixels="grey", way=way) for value, way in [(0.5, FLOOR), (1, "A"), (2, "A")]]
    card = {"quality": {"rows": quality}}
    card["rows"] = [
        *(row("bits_per_dim", 1.25, se=0.01, n=128), row("bits_per_dim", 1.14, "bound", se=0.01, n=128, of="flow")),
        *(row("solver_error", 0.0008, n=128), row("probe_error", 0.0011, n=25)),
        row("paired", 0.114, se=0.006, n=128, of="flow"),
    ]
    cards = {evidence.FM_IMAGES: card}
    assert "3.00 × (A)" in evidence.samples(cards)
    said = evidence.bits(cards)
    assert "For 128 images" in said and "about 1.25 ± 0.01 bits/dim" in said and "at most 1.25" not in said
    assert "solver's error is about 8.0 · 10⁻⁴" in said and "probes' standard error 0.0011" in said
    assert "Flow says at most 1.14 ± 0.01 of the same images: 0.114 ± 0.006 less, image by image" in said


def test_the_answers_of_the_tour_hold():
    tour = {step["title"]: step for step in flow_matching.TAB.tour(quotes())}
    assert not passed_over(
        flow_matching.TAB.fields, [step[when] for step in tour.values() for when in ("state", "after")]
    )
    answers = {title: step["choices"][step["answer"]] for title, step in tour.items()}
    assert "mean of them all" in answers["Where lines meet"]
    assert "straighter" in answers["Minibatch coupling"]
    assert "near the middle" in answers["A single step"]
    assert "by a formula" in answers["Velocity, noise and score"]
    assert "Heun" in answers["Two evaluations a step"]


@torch.no_grad()
def test_heun_beats_euler_at_ten_evaluations_as_the_tour_says():
    model, generator = checkpoints.load(PLANE[0], "cpu"), torch.Generator().manual_seed(7)
    noise = torch.randn(500, 2, generator=generator)

    def end(solver: str, steps: int) -> torch.Tensor:
        return model.sample(500, generator=generator, x_0=noise, solver=solver, steps=steps)

    reference = end("euler", 50)
    assert (end("heun", 5) - reference).square().mean() < (end("euler", 10) - reference).square().mean()


def test_the_words_follow_from_the_velocity():
    data, noise, score = maths.words_for(0.4, 0.25, -1.2)
    assert 0.75 * noise + 0.25 * data == pytest.approx(0.4)
    assert data - noise == pytest.approx(-1.2)
    assert score == pytest.approx(-noise / 0.75)
    assert (
        "ᾱ = 0.100" in maths.show_words.__wrapped__(0.4, 0.25, -1.2) if hasattr(maths.show_words, "__wrapped__") else 1
    )


@pytest.mark.parametrize(("solver", "label", "w", "cost"), [("euler", None, 1.0, 1), ("heun", 3, 2.0, 4)])
def test_a_film_says_what_its_solver_cost(tmp_path, monkeypatch, solver, label, w, cost):
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(tiny_nets.write(tmp_path, tiny_nets.VELOCITIES)))
    script = flow_matching_solvers.solve.props("flow-matching-mnist", 7, label, w, solver, 3)
    scenes = list(script.scenes())
    frames = [frame for _, frame in scenes]
    last = cost // 2 or cost  # Heun's last step is Euler's
    assert [frame["numbers"]["evaluations"] for frame in frames] == [cost, 2 * cost, 2 * cost + last]
    assert sum(evaluations for evaluations, _ in scenes) == 2 * cost + last <= script.evaluations == 3 * cost
    assert [frame["time"] for frame in frames] == pytest.approx([1 / 3, 2 / 3, 1])
    assert all(math.isfinite(frame["numbers"]["speed"][0]) for frame in frames)


def test_a_class_is_refused_where_there_are_none():
    with pytest.raises(ValueError, match="no classes"):
        flow_matching_solvers.solve.props(PLANE[0], 7, 3, 1.0, "euler", 2)


def test_a_point_far_out_whose_ode_is_not_solved_has_no_likelihood_and_the_answer_says_so():
    far = {"point": [-4, -4]}
    net = "flow-matching-rings"
    found = wait_for(questions.ask_likelihood({"net": net, "picture": far}))
    assert found["nats"] is None and "its ODE is not solved" in found["words"]
    assert "its ODE is not solved" in wait_for(questions.ask_anomaly({"net": net, "picture": far}))["words"]
    for nets in ([net], [net, "flow-rings"]):
        several = wait_for(questions.ask_likely({"nets": nets, "parts": 2, "picture": far}))
        (line,) = several["silent"]["rows"]
        assert line["net"] == net and "its ODE is not solved" in line["words"] and not several["more"]
        assert len(several["groups"]) == len(nets) - 1 == len(several["table"]) - 1
