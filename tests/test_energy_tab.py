"""The Energy tab around its stage: what it tells, quotes and shows of energies in the plane."""

import inspect
import math
from types import CodeType

import pytest
import torch
from torch.distributions import Categorical, MixtureSameFamily, Normal

from explorer import fields
from explorer.data.toys import TOYS
from explorer.lessons import live as formulas
from explorer.measures import plane_energy as measures
from explorer.measures.ebm import EBM_DRAWN, FLOOR, FROM_DIGITS, FROM_NOISE
from explorer.models.chains import KERNELS
from explorer.models.plane_energy import OBJECTIVES, PlaneEnergy
from explorer.models.rbm import RBM, ais
from explorer.networks import card, checkpoints
from explorer.numbers import trained
from explorer.tabs.energy import boltzmann, landscape, langevin, live, maths, ways
from explorer.tabs.energy.tab import TAB
from explorer.tabs.kit.ask import asks
from tests.address import passed_over
from tests.test_code_shown import recording

DIGIT = ("test", 8, "mnist")
NETS = ("energy-moons", "energy-rings", "energy-eight-gaussians")


@pytest.fixture(scope="module")
def found() -> dict[str, trained.Found]:
    return {net.name: net.content() for net in TAB.shown()}


def test_every_figure_that_the_texts_quote_is_in_a_card(found: dict[str, trained.Found]):
    quotes = TAB.quotes(found)
    tour = TAB.tour(quotes)
    assert "Fifty chains" in [step["title"] for step in tour] and "{{" not in str(tour)
    text = (TAB.folder / "maths.md").read_text(encoding="utf-8")
    assert {formula.heading for formula in TAB.formulas} <= {
        line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")
    }
    assert not passed_over(TAB.fields, [step[when] for step in tour for when in ("state", "after")])


def test_what_the_tour_says_of_longer_chains_is_so_by_the_card():
    energy = {steps: figure("energy", of=FROM_NOISE, steps=steps) for steps in (500, 5000)}
    floor = figure("energy", of=FLOOR)
    assert energy[5000]["value"] + 3 * energy[5000]["se"] < floor["value"] < energy[500]["value"] - 3 * floor["se"]
    assert figure("ks", of=FROM_NOISE, steps=5000)["value"] > 2 * figure("ks", of=FLOOR)["value"]


def figure(name: str, **setting: float | str) -> dict:
    return card.find(card.of("ebm-mnist"), name, **setting)


BAD = ("blank pages", "half-bright digits", "noise", "descent without noise")


def test_every_figure_of_the_chains_puts_known_bad_images_behind_training_images():
    critical = 1.358 * math.sqrt(1 / EBM_DRAWN + 1 / 10_000)  # exceeded by one in twenty draws of 100 digits
    assert figure("ks", of=FLOOR)["value"] < critical == pytest.approx(0.14, abs=0.005)
    for name in BAD:
        assert figure("ks", of=name)["value"] > critical, name
        assert figure("frechet", of=name)["value"] > 3 * figure("frechet", of=FLOOR)["value"], name
    assert figure("farther", of=FLOOR)["value"] == 0, "copies of training images, which the others cannot see"
    drift = figure("drift", of="descent without noise", steps=500)
    assert drift["value"] < -3 * drift["se"]


def test_what_bad_images_pass_does_not_judge_the_chains():
    higher, floor = figure("higher", of="descent without noise"), figure("higher", of=FLOOR)
    assert abs(higher["value"] - floor["value"]) < 2 * math.hypot(higher["se"], floor["se"])
    assert figure("reached", of="blank pages")["value"] == 1 == figure("reached", of="descent without noise")["value"]
    assert not [row for row in card.rows(card.of("ebm-mnist"), "reached") if "chains" in row["of"]]


def test_the_page_says_that_the_energy_is_weak_by_the_figures_of_its_card():
    words = langevin.weak(card.of("ebm-mnist"))
    assert "its chains do not draw digits" in words
    for steps in (500, 5000):
        assert f"{figure('ks', of=FROM_NOISE, steps=steps)['value']:.2f}" in words
    drift = figure("drift", of=FROM_DIGITS, steps=2000)
    assert abs(drift["value"]) > 3 * drift["se"] and f"{abs(drift['value']):.0f} nats" in words
    assert langevin.weak({"rows": []}) == ""


def test_what_a_preset_sets_the_address_can_say():
    known = {field.key: field for field in TAB.fields}
    for mode, presets in TAB.tries.items():
        assert mode in TAB.modes and 2 <= len(presets) <= 3
        for _, patch in presets:
            for key, value in patch.items():
                assert value is None or known[key].check(value) is not None


@pytest.mark.parametrize("net", NETS)
def test_every_kept_moment_of_the_training_is_told_by_its_figures(net: str):
    script = ways.objective_snapshots.props(net)
    frames = [frame for _, frame in script.scenes()]
    history = checkpoints.snapshots_of(net)["history"]
    assert len(frames) == script.total == len(history) >= 20
    last, kept = frames[-1]["report"], history[-1]
    assert "this measure does not compare the mass of modes." in last["words"] and set(last["ways"]) == set(OBJECTIVES)
    assert last["ways"]["pcd"]["words"] == f"KL {kept['kl']['pcd']:.3f}"
    assert [value for value, _ in last["ways"]["sm"]["bars"]] == kept["shares"]["sm"]
    assert sum(last["ways"]["sm"]["marks"]) == pytest.approx(1)
    assert last["curves"][0][1] == pytest.approx(max(-3, math.log10(kept["kl"]["pcd"])), abs=1e-3)
    assert [row["objective"] for row in last["row"]] == [*OBJECTIVES] and last["end"] == last["place"] == kept["epoch"]


@pytest.mark.parametrize("net", [None, "energy-mnist", "flow-moons", 3, "../energy-moons"])
def test_another_network_is_refused_in_words(net):
    with pytest.raises(ValueError, match="the network of points must be one of energy-moons"):
        fields.of(ways.objective_snapshots.plain)["net"].check(net)


def test_the_blind_spot_is_what_quadrature_and_torch_say():
    p, q = (
        MixtureSameFamily(
            Categorical(torch.tensor([share, 1 - share]).double()), Normal(torch.tensor([-1.5, 1.5]).double(), 1.0)
        )
        for share in (0.8, 0.5)
    )
    x = torch.linspace(-10, 10, 40_001, dtype=torch.float64).requires_grad_()
    gap = p.log_prob(x) - q.log_prob(x)
    (slope,) = torch.autograd.grad(gap.sum(), x)
    kl = torch.trapezoid(p.log_prob(x).exp() * gap, x).item()
    fisher = torch.trapezoid(p.log_prob(x).exp() * slope.square(), x).item() / 2
    assert maths.blind(0.8, 0.5, 3.0) == pytest.approx((kl, fisher), abs=1e-6)


def test_far_modes_leave_nothing_for_a_score_to_see():
    kl, fisher = maths.blind(0.8, 0.5, 12.0)
    assert kl == pytest.approx(0.8 * torch.tensor(1.6).log().item() + 0.2 * torch.tensor(0.4).log().item(), abs=1e-4)
    assert 0 <= fisher < 1e-5 * kl
    assert "is almost 0" in maths.show_blind(0.8, 0.5, 12)
    assert "both divergences" in maths.show_blind(0.8, 0.5, 1)
    assert "agree" in maths.show_blind(0.3, 0.3, 8)


@pytest.mark.parametrize(
    ("show", "given", "words"),
    [
        (maths.show_blind, (1.2, 0.5, 8), "the true share is 1.2; wanted a number from 0.01"),
        (maths.show_blind, (0.5, None, 8), "the model's share is empty"),
        (maths.show_step, (2.5,), "from 2 on each step overshoots"),
        (maths.show_step, (float("nan"),), "ε is not a number"),
    ],
)
def test_bad_input_is_answered_in_a_sentence(show, given, words: str):
    assert words in show(*given)


def test_the_variance_of_a_step_is_that_of_a_long_run():
    x = torch.zeros(50_000, dtype=torch.float64)
    for _ in range(60):
        x = (
            x
            - 0.8**2 / 2 * x
            + 0.8 * torch.randn(len(x), generator=torch.Generator().manual_seed(0).manual_seed(_), dtype=torch.float64)
        )
    assert maths.stationary(0.8) == pytest.approx(float(x.var()), rel=0.03)
    assert formulas.tex(maths.stationary(0.8), 4) in maths.show_step(0.8)


def test_each_function_on_the_page_is_one_that_ran(monkeypatch: pytest.MonkeyPatch):
    """By the gesture, by the measuring, or by the training that is shown."""
    ran: set[CodeType] = set()
    monkeypatch.setattr(measures, "MOVES", 2)
    model, x = PlaneEnergy(8, 10), TOYS["moons"].sample(10, torch.Generator().manual_seed(0))
    with recording(ran):
        landscape.measurements.cache_clear()
        landscape.landscape.props("energy-moons", "pcd")
        landscape.landscape_surface.props("energy-moons", "pcd", "energy")
        for kernel in KERNELS:
            [*landscape.walk.props("energy-moons", "pcd", kernel, 0.1, 1, 1, "tempering", ((0, 0),), 3, 7).scenes()]
        measures.mixing(model, "moons", x, seed=0)
        recipe = {"negative_steps": 1, "jumps": 1, "sigma": 0.1}
        model.training_loss(x, recipe, generator=torch.Generator().manual_seed(0), label=x[:, 0])
        maths.show_blind(0.8, 0.5, 8)
        boltzmann.look.props(DIGIT)
        langevin.weigh.props(DIGIT, 3)
        films = [boltzmann.gibbs.props(DIGIT, 7, "noise", "none"), langevin.langevin.props(DIGIT, 7, "noise", 1, 1.0)]
        for script in [*films, live.learn_objectives.props("energy-moons", 1, True, 7, 300)]:
            for _ in zip(range(2), script.scenes(), strict=False):
                pass
        how = {"between": 2, "chains": 2, "generator": torch.Generator().manual_seed(0)}
        ais(RBM(4), torch.zeros(784), **how)
    shared = {each for called in asks.CODE.values() for each in called}
    for shown in TAB.code.values():
        assert all(inspect.unwrap(each).__code__ in ran for each in shown if each not in shared)
