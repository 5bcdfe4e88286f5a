"""Flow matching: solvers against what is known of them, densities against known ones, pairs and samplers."""

import itertools
import math

import pytest
import torch
from diffusers import FlowMatchEulerDiscreteScheduler
from torch import Tensor

from explorer import data
from explorer.data import toys
from explorer.measures.flow_matching import frontier_samplers
from explorer.measures.plane_flow_matching import SCORED_AT, score_row
from explorer.models import flow_matching, plane_flow_matching
from explorer.models.clouds import squared_energy_distance
from explorer.models.divergence import exact_divergence, hutchinson, signs
from explorer.models.flow import standard_normal
from explorer.models.flow_matching import FlowMatching, finer_near_data, renoise
from explorer.models.ode import (
    MOST_SOLVER_STEPS,
    adaptive,
    euler,
    extrapolate,
    heun,
    heun_to_data,
    logarithmic,
    logarithmic_times,
)
from explorer.models.plane_flow_matching import COUPLINGS, PlaneFlowMatching, PlaneVelocity, known_velocity
from explorer.models.transport import assignment, optimal_pairs
from explorer.models.velocity_field import VelocityField, times
from explorer.networks import checkpoints
from explorer.questions import likelihood
from explorer.spaces import PLANE
from explorer.steps import last
from explorer.tabs.kit.ask import likely


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


class Known(VelocityField):
    """The exact field of independent pairs with a toy."""

    space = PLANE

    def __init__(self, toy: toys.Mixture):
        super().__init__()
        self.toy = toy

    def velocity(self, x: Tensor, t: float, label: Tensor | None = None) -> Tensor:
        return known_velocity(self.toy, x, t)


def untrained(jitter: float = 0.1) -> FlowMatching:
    torch.manual_seed(0)
    model = FlowMatching([8, 8, 8], classes=10, embedding=8)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(jitter * torch.randn_like(parameter))
    return model.eval()


def images(n: int) -> Tensor:
    return torch.randint(256, (n, 1, 28, 28), generator=rng()) / 255


def turning(x: Tensor, t: float) -> Tensor:
    """x₁' = −x₂ (1 + t), x₂' = x₁ (1 + t): a turn by t + t²/2."""
    return (1 + t) * torch.stack([-x[:, 1], x[:, 0]], dim=-1)


def turned(x: Tensor, t: float) -> Tensor:
    angle = t + t**2 / 2
    c, s = math.cos(angle), math.sin(angle)
    return x @ torch.tensor([[c, s], [-s, c]], dtype=x.dtype)


def error(solver, steps: int, at=times) -> float:
    x = torch.tensor([[1.0, 0.0], [0.3, -2.0]], dtype=torch.float64)
    *_, end = solver(turning, x, at(steps))
    return float((end.x - turned(x, 1)).norm())


def even_by_logarithm(steps: int) -> list[float]:
    return logarithmic_times(steps)[::-1]


@pytest.mark.parametrize(
    ("solver", "order", "at"), [(euler, 1, times), (heun, 2, times), (logarithmic, 4, even_by_logarithm)]
)
def test_halving_the_step_divides_the_error_by_two_to_the_order(solver, order: int, at):
    assert math.log2(error(solver, 100, at) / error(solver, 200, at)) == pytest.approx(order, abs=0.05)


class Narrow(VelocityField):
    """The exact field of independent pairs with a Gaussian as narrow as a grey level, whose density is known."""

    space, sigma = PLANE, 0.004

    def velocity(self, x: Tensor, t: float, label: Tensor | None = None) -> Tensor:
        return (t * self.sigma**2 - (1 - t)) / ((t * self.sigma) ** 2 + (1 - t) ** 2) * x

    def found(self, x: Tensor, steps: int) -> Tensor:
        return self.log_density(x, exact_divergence, steps=logarithmic_times(steps), solver=logarithmic)


def test_the_density_of_a_narrow_gaussian_comes_out_within_the_told_error_of_the_solver():
    x = Narrow.sigma * torch.randn(200, 2, generator=rng(), dtype=torch.float64)
    known = torch.distributions.Normal(0.0, Narrow.sigma).log_prob(x).sum(-1)
    fine, coarse = (Narrow().found(x, steps) for steps in (20, 10))
    better, result = extrapolate(fine, coarse, 4)
    assert float((fine - known).abs().mean()) < 0.02 * float((heun_in_40(x) - known).abs().mean())
    assert float((better - known).abs().mean()) < 2 * float(result.mean()) < 0.02


def heun_in_40(x: Tensor) -> Tensor:
    return Narrow().log_density(x, exact_divergence, steps=finer_near_data(40))


def test_extrapolation_leaves_nothing_of_an_error_of_its_order():
    h, truth, slope = 0.1, torch.tensor([2.0, -3.0]), torch.tensor([5.0, 70.0])
    fine, coarse = (truth + slope * step**4 for step in (h, 2 * h))
    value, result = extrapolate(fine, coarse, 4)
    torch.testing.assert_close(value, truth)
    torch.testing.assert_close(result, (fine - truth).abs(), atol=1e-6, rtol=1e-3)


def test_logarithmic_times_begin_at_the_data_and_end_at_the_noise():
    found = logarithmic_times(10)
    assert (found[0], found[-1]) == (1, 0) and found == sorted(found, reverse=True) and len(found) == 11


POINTS = {
    "moons": [(0.5, 0.5), (-0.75, -1.5), (3.0, -3.0)],
    "rings": [(1.0, 0.5), (-3.0, 0.5)],
    "eight-gaussians": [(0.0, 0.0), (-3.0, 1.25)],
}
"""At the data, and far out, where the field is steep."""


@pytest.mark.parametrize("name", POINTS)
def test_a_point_s_likelihood_is_as_far_from_that_of_many_small_steps_as_is_told(name: str):
    model = checkpoints.load(f"flow-matching-{name}", "cpu")
    for point in POINTS[name]:
        x = torch.tensor([point])
        found = likelihood.ask(model, x)
        assert likelihood.kind(model) == found.kind == "estimate" and found.se is None
        assert abs(found.nats - float(model.log_prob(x, steps=1600))) < 2 * found.solver + 0.01
    assert "solved by steps" in likely.doubt(found)


@pytest.mark.deep
@torch.no_grad()
def test_the_trained_network_s_likelihood_has_converged_as_far_as_is_told():
    """Twice as many steps change it by no more than twice the told error; Heun's method in 40 was far off."""
    model, x = checkpoints.load("flow-matching-mnist", "cpu"), data.bundled_images("mnist")[5:6].pixels()
    found, result = likelihood.by_ode(model, x, seed=3)
    finer = model.log_prob_by_ode(x, generator=rng(3), steps=40).double()
    assert float((found - finer).abs()) < 2 * float(result) < 3
    assert float(-model.anomaly_score(x, generator=rng(3)) - finer) > 20


@pytest.mark.parametrize("steps", [1, 2, 5])
def test_heun_s_method_leaves_no_noise_where_the_data_are_a_point(steps: int):
    """There v(x, t) = (a − x) / (1 − t), and v(x, 1) = x, as x has no noise: Heun's own last step ends short."""
    a, x = torch.tensor([[2.0, -1.0]], dtype=torch.float64), torch.tensor([[0.3, 0.7]], dtype=torch.float64)

    def field(x: Tensor, t: float) -> Tensor:
        return (a - x) / (1 - t) if t < 1 else x

    *_, end = heun_to_data(field, x, times(steps))
    torch.testing.assert_close(end.x, a)
    assert end.evaluations == 2 * steps - 1 and end.time == 1
    *_, plain = heun(field, x, times(steps))
    assert (plain.x - a).norm() > 0.1 / steps


@pytest.mark.parametrize("ends", [(0.0, 1.0), (1.0, 0.0)])
def test_the_adaptive_solver_keeps_to_its_tolerance_at_every_time_that_is_asked_for(ends):
    start = torch.tensor([[1.0, 0.0], [0.3, -2.0]], dtype=torch.float64)
    x = turned(start, ends[0])
    wanted = [ends[0] + (ends[1] - ends[0]) * k / 7 for k in range(7)] + [ends[1]]
    costs = []
    for tolerance in (1e-3, 1e-6):
        moved = list(adaptive(turning, x, wanted, tolerance))
        assert [each.time for each in moved] == wanted[1:]
        for each in moved:
            torch.testing.assert_close(each.x, turned(start, each.time), atol=30 * tolerance, rtol=0)
        costs.append(moved[-1].evaluations)
    assert costs[0] < costs[1]
    assert (costs[0] - 1) % 3 == 0  # the last velocity of a step is the first of the next


@pytest.mark.parametrize("speed", [3e38, math.nan, math.inf])
def test_the_adaptive_solver_gives_up_a_field_that_is_not_finite_at_once(speed: float):
    """Three evaluations and not 30,000: no step is small enough for an error that is not a number."""
    asked = []

    def field(x: Tensor, t: float) -> Tensor:
        asked.append(t)
        return torch.full_like(x, speed) * (1 + t)

    with pytest.raises(ValueError, match="not finite"):
        list(adaptive(field, torch.zeros(2, 3), times(10)))
    assert len(asked) == 4


def test_the_adaptive_solver_bounds_its_evaluations():
    """A field that turns a million times a second is followed for so many steps and no longer."""
    asked = []

    def field(x: Tensor, t: float) -> Tensor:
        asked.append(t)
        return torch.full_like(x, 1e6 * math.cos(1e6 * t))

    with pytest.raises(ValueError, match="more than 1,000 steps"):
        list(adaptive(field, torch.zeros(1, 1, dtype=torch.float64), times(1)))
    assert len(asked) <= 1 + 3 * MOST_SOLVER_STEPS


def test_euler_is_that_of_diffusers():
    """Its clock runs down from 1, where the noise is, and its network says noise less data."""
    steps = 13
    scheduler = FlowMatchEulerDiscreteScheduler(num_train_timesteps=1000, shift=1.0)
    scheduler.set_timesteps(sigmas=[1 - k / steps for k in range(steps)])
    toy = Known(toys.TOYS["moons"])
    x = torch.randn(20, 2, generator=rng(), dtype=torch.float64)
    ours = euler(toy.velocity, x, times(steps))
    for index, moved in enumerate(ours):
        sigma = float(scheduler.sigmas[index])
        theirs = scheduler.step(-toy.velocity(x, 1 - sigma), scheduler.timesteps[index], x).prev_sample
        assert theirs.dtype == torch.float64
        torch.testing.assert_close(moved.x, theirs, atol=1e-6, rtol=0)
        x = moved.x


@pytest.mark.parametrize("t", [0.0, 0.3, 0.8, 1.0])
def test_the_known_velocity_is_what_the_score_says(t: float):
    toy = toys.TOYS["eight-gaussians"]
    x = 1.5 * torch.randn(50, 2, generator=rng(), dtype=torch.float64)
    v = known_velocity(toy, x, t)
    noised = toys.Mixture(t * toy.means, math.sqrt((t * toy.sigma) ** 2 + (1 - t) ** 2))
    torch.testing.assert_close(x - t * v, -(1 - t) * noised.score(x), atol=1e-5, rtol=1e-5)


def test_the_known_velocity_is_the_mean_of_drawn_lines():
    toy, t, n = toys.TOYS["moons"], 0.6, 2_000_000
    x0, x1 = torch.randn(n, 2, generator=rng()), toy.sample(n, rng(1))
    near = (torch.lerp(x0, x1, t) - torch.tensor([0.5, 0.3])).norm(dim=-1) < 0.05
    lines = (x1 - x0)[near]
    expected = known_velocity(toy, torch.tensor([[0.5, 0.3]]), t)[0]
    assert ((lines.mean(0) - expected).abs() < 3 * lines.std(0) / len(lines) ** 0.5 + 0.02).all()


@pytest.mark.parametrize("name", toys.TOYS)
def test_the_density_by_the_known_field_is_the_known_density(name: str):
    toy = toys.TOYS[name]
    x = toy.sample(60, rng()).double()
    found = Known(toy).log_density(x, exact_divergence, steps=[1 - k / 400 for k in range(401)])
    torch.testing.assert_close(found, toy.log_prob(x), atol=2e-3, rtol=0)


def test_the_exact_divergence_is_the_trace_of_the_jacobian():
    net = PlaneVelocity(16).double()
    torch.nn.init.normal_(net.last[-1].weight)
    x = torch.randn(5, 2, generator=rng(), dtype=torch.float64).requires_grad_()
    found = exact_divergence(x, net.velocity(x, 0.4))
    for each, divergence in zip(x.detach(), found):
        jacobian = torch.autograd.functional.jacobian(lambda y: net.velocity(y.unsqueeze(0), 0.4)[0], each)
        assert float(divergence) == pytest.approx(float(jacobian.trace()), abs=1e-10)


def test_random_signs_give_the_exact_density_within_three_standard_errors():
    torch.manual_seed(0)
    net, generator = PlaneVelocity(16), rng()
    for block in net.blocks:
        torch.nn.init.normal_(block[-1].weight, std=0.2)
    x = torch.randn(4, 2, generator=generator)
    exact = net.log_prob(x, steps=20)
    again = x.repeat(400, 1)
    drawn = net.log_density(again, hutchinson(signs(again, generator)), steps=times(20)[::-1]).view(400, 4).double()
    gap, se = drawn.mean(0) - exact, drawn.std(0) / len(drawn) ** 0.5
    assert (se > 0).all() and (se < 0.2).all()
    assert (gap.abs() <= 3 * se).all()


def test_the_pairing_has_the_least_sum_of_all():
    generator = rng()
    for n in range(1, 7):
        cost = torch.rand(n, n, generator=generator).double().numpy()
        found = assignment(cost)
        assert sorted(found) == list(range(n))
        least = min(sum(cost[i, p[i]] for i in range(n)) for p in itertools.permutations(range(n)))
        assert sum(cost[i, found[i]] for i in range(n)) == pytest.approx(least)


def test_an_optimal_pairing_makes_lines_shorter_and_keeps_both_sets():
    a, b = torch.randn(60, 2, generator=rng()), toys.TOYS["moons"].sample(60, rng(1))
    order = optimal_pairs(a, b)
    assert sorted(order.tolist()) == list(range(60))
    assert (a - b[order]).square().sum() < 0.5 * (a - b).square().sum()


class Scaled(VelocityField):
    """The exact field of pairs x₁ = s x₀, which are as dependent as can be."""

    space, scale = PLANE, 0.6

    def velocity(self, x: Tensor, t: float, label: Tensor | None = None) -> Tensor:
        return (self.scale - 1) / (1 - t + t * self.scale) * x


def test_a_velocity_gives_the_score_of_independent_pairs_and_of_no_others():
    """Of x₁ = s x₀ the true score is −x / w², w = 1 − t + t s, where the formula has −x / (w (1 − t))."""
    noise, t, s = torch.randn(40, 2, generator=rng()), SCORED_AT, Scaled.scale
    assert score_row(Known(toys.TOYS["moons"]), noise, "independent", 0)["value"] < 1e-3
    assert score_row(Scaled(), noise, "ot", 0)["value"] == pytest.approx(t * s / (1 - t), rel=1e-3)


def test_the_score_is_refused_where_pairs_were_chosen():
    model, x, t = PlaneFlowMatching(8), torch.randn(5, 2, generator=rng()), 0.3
    torch.testing.assert_close(model.score(x, t), -(x - t * model.velocity(x, t)) / (1 - t))
    for coupling in COUPLINGS[1:]:
        with pytest.raises(ValueError, match="the noise was chosen for its point"):
            model.score(x, t, coupling)


def test_a_warm_reflow_begins_where_the_network_before_ended_and_only_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(plane_flow_matching, "PLANE_FM_POOL", 50)
    model, x = PlaneFlowMatching(8), toys.TOYS["moons"].sample(20, rng())
    for net in (model.net("independent"), model.net("ot")):
        torch.nn.init.normal_(net.blocks[0][-1].weight, std=0.1)
    recipe = {"draws": 2, "middle": [0.5, 0.97], "warm": True}

    def loss(coupling: str, **more) -> Tensor:
        now = recipe | {"cycle": COUPLINGS.index(coupling)} | more
        return model.training_loss(x, now, generator=rng(), label=torch.zeros(20))

    loss("reflow-1", warm=False)
    assert model.net("reflow-1").is_untrained
    loss("reflow-1")
    for before, after in zip(model.net("independent").parameters(), model.net("reflow-1").parameters()):
        assert torch.equal(before, after)
    with torch.no_grad():
        model.net("reflow-1").last[-1].bias.add_(1)
    loss("reflow-1")
    ours, theirs = (model.net(name).last[-1].bias for name in ("reflow-1", "independent"))
    torch.testing.assert_close(ours, theirs + 1)


@pytest.mark.parametrize("coupling", COUPLINGS)
def test_every_coupling_trains_its_own_network_and_no_other(coupling: str):
    model, x = PlaneFlowMatching(8), toys.TOYS["moons"].sample(250, rng())
    recipe = {"cycle": COUPLINGS.index(coupling), "draws": 2, "middle": [0.5, 0.97]}
    model.training_loss(x, recipe, generator=rng(), label=torch.zeros(250)).backward()
    for name, net in model.nets.items():
        assert all((parameter.grad is not None) == (name == coupling) for parameter in net.parameters())


def test_reflow_learns_where_the_network_before_takes_its_noise():
    model = PlaneFlowMatching(8)
    x0, x1 = model.training_pairs(torch.zeros(50, 2), "reflow-1", rng())
    ends = model.net("independent").sample(100, generator=rng(), x_0=x0, steps=50, solver="heun")
    torch.testing.assert_close(x1, ends, atol=1e-5, rtol=0)


def test_a_reflow_leaves_out_noise_that_the_network_before_loses(monkeypatch: pytest.MonkeyPatch):
    model = PlaneFlowMatching(8)
    lose = lambda n, x_0, **how: x_0 * torch.where(x_0.norm(dim=1, keepdim=True) > 3, math.nan, 1)  # noqa: E731
    monkeypatch.setattr(model.net("independent"), "sample", lose)
    x0, x1 = model.pool("reflow-1", torch.zeros(1, 2))
    assert torch.equal(x0, x1) and 0.98 * 50_000 < len(x0) < 50_000


def test_pairs_by_chance_keep_both_distributions_and_come_with_the_opposite_noise():
    x = toys.TOYS["moons"].sample(250, rng())
    x0, x1 = PlaneFlowMatching(8).training_pairs(x, "independent", rng(1), draws=4)
    assert torch.equal(x1, x.repeat(4, 1)) and torch.equal(x0[:500], -x0[500:])
    assert float(x0[:500].std()) == pytest.approx(1, abs=0.1)


def test_noising_back_gives_the_earlier_time_its_noise():
    """Of data at 0: x_s is all noise, and what comes of it has the standard deviation 1 − t."""
    for t, s in [(0.0, 0.1), (0.4, 0.6), (0.9, 1.0)]:
        x_s = (1 - s) * torch.randn(200_000, generator=rng())
        back = renoise(x_s, s, t, torch.randn(200_000, generator=rng(1)))
        assert float(back.std()) == pytest.approx(1 - t, rel=0.01)


def test_an_image_goes_to_its_noise_and_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(flow_matching, "FM_CLOCK", 1)  # an untrained network changes with every thousandth of t
    model, x = untrained(jitter=0.05), images(2)
    noise = last(model.invert_steps(x, steps=40, solver="heun")).numbers["x_t"]
    back = model.sample(2, generator=rng(), x_0=noise, steps=40, solver="heun")
    assert (back - x).abs().max() <= 2 / 255


def test_what_is_known_of_an_image_is_kept():
    model, x = untrained(), images(2)
    known = torch.rand(2, 1, 28, 28, generator=rng()) < 0.5
    steps = list(model.complete_steps(x, known, generator=rng(), steps=4))
    assert [step.total for step in steps] == [4] * 4
    assert torch.equal(steps[-1].x[known], x[known])
    assert not torch.equal(steps[-1].x, x)
    assert int(steps[-1].numbers["evaluations_so_far"]) == 4 * model.completing_evaluations


def test_levels_come_back_from_anywhere_in_their_cells():
    model, x = untrained(), images(3)
    for at in (model.from_space(x), model.dequantise(x, rng())):
        assert at.min() >= -1 and at.max() <= 1
        torch.testing.assert_close(model.to_space(at), x)


def test_the_bound_of_a_field_that_stands_still_is_that_of_gaussian_noise():
    model, x = untrained(), images(3)
    model.velocity = lambda x, t, label=None: 0 * x
    at = model.dequantise(x, rng(4))
    expected = standard_normal(at) - 784 * math.log(128)
    torch.testing.assert_close(model.log_prob_by_ode(x, generator=rng(4)), expected)


def test_what_an_ode_says_of_an_image_is_an_estimate_with_both_its_errors():
    model, x = untrained(), images(1)
    found = likelihood.ask(model, x)
    assert likelihood.kind(model) == found.kind == "estimate" and found.draws > 1
    assert found.se > 0 and 0 < found.solver < 100
    said = likely.doubt(found)
    assert "not a bound" in said and "solver is about" in said and "draws of noise and probes" in said


def test_guidance_is_a_straight_line_through_both_velocities():
    model, x, label = untrained(), torch.randn(2, 1, 28, 28, generator=rng()), torch.tensor([3, 5])
    with torch.no_grad():
        free, given, twice = (model.guided_field(label, w)(x, 0.3) for w in (0, 1, 2))
    torch.testing.assert_close(free, model.velocity(x, 0.3).detach())
    assert not torch.allclose(free, given)
    torch.testing.assert_close(twice, 2 * given - free, atol=1e-5, rtol=1e-5)


def test_the_guesses_on_a_straight_way_are_its_end():
    """A field that is constant: every guess of the data is where it ends."""
    net = PlaneVelocity(8)
    net.velocity = lambda x, t, label=None: torch.ones_like(x)
    for solver in ("euler", "heun", "adaptive"):
        steps = list(net.sample_steps(3, generator=rng(), steps=4, solver=solver))
        for step in steps:
            torch.testing.assert_close(step.pictures["x1"], steps[-1].x)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"steps": 0}, "steps must be"),
        ({"solver": "magic"}, "no solver"),
        ({"guidance_scale": 21}, "guidance_scale"),
        ({"x_0": torch.zeros(3)}, "start from"),
        ({"label": torch.tensor([11, 0])}, "label"),
    ],
)
def test_what_cannot_be_is_refused_in_words(how: dict, words: str):
    with pytest.raises(ValueError, match=words):
        untrained().sample(2, generator=rng(), **how)


def test_steps_near_data_are_the_finest():
    found = finer_near_data(10)
    steps = [a - b for a, b in itertools.pairwise(found)]
    assert (found[0], found[-1]) == (1, 0) and steps == sorted(steps)


def test_the_energy_distance_sees_a_shift_and_a_collapse():
    toy = toys.TOYS["moons"]
    a, b = toy.sample(2000, rng()), toy.sample(2000, rng(1))
    own, moved, alone = (squared_energy_distance(a, x)[0] for x in (b, b + 0.3, b.mean(0).expand(2000, 2)))
    assert abs(own) < 0.0036 < moved and alone > 0.25


def test_every_way_of_the_frontier_evaluates_the_network_as_often_as_it_says(monkeypatch: pytest.MonkeyPatch):
    model, seen = untrained(0), []
    velocity = model.velocity
    monkeypatch.setattr(model, "velocity", lambda *given, **how: seen.append(1) or velocity(*given, **how))
    for way in frontier_samplers(model):
        seen.clear()
        way.draw(1, rng(), torch.tensor([3]))
        assert len(seen) == way.evaluations, way
    assert [way.evaluations for way in frontier_samplers(model)] == [1, 2, 5, 10, 20, 50, 5, 9, 19, 49]


@pytest.mark.parametrize("name", toys.TOYS)
def test_an_average_of_weights_has_forgotten_those_of_an_untrained_network(name: str):
    """Of the network that is trained last an average with decay d keeps dⁿ of how it began, after n steps."""
    training = checkpoints.read_json(checkpoints.folder_of(f"flow-matching-{name}") / "config.json")["training"]
    steps = training["cycles"][-1] * (toys.SIZES["train"] // training["batch_size"])
    assert training.get("average", 0) ** steps < 0.02
