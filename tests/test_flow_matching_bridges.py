"""Bridges: entropic couplings beside exact assignment, independence and Gaussians, and the law of the bridges."""

import itertools
import math

import pytest
import torch

from explorer.data.toys import TOYS
from explorer.models.transport import optimal_pairs
from explorer.tabs.flow_matching.bridges import CLOUD, LOG_EPSILON, MINIBATCHES, clouds, couple, minibatch_pairs
from tests.node import call, run

BRIDGES = "flow_matching/bridges_of.js"
COUPLED = """
const { costs, coupling, measured } = await load("flow_matching/bridges_of.js");
const cost = costs(x, y);
const plan = coupling(cost, epsilon);
return { plan: [...plan], ...measured(plan, cost) };
"""


def pair_of_clouds(n: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(n, 2, generator=generator), TOYS["moons"].sample(n, generator)


def coupled(x: torch.Tensor, y: torch.Tensor, epsilon: float) -> dict:
    return run(COUPLED, x=x.flatten().tolist(), y=y.flatten().tolist(), epsilon=epsilon)


@pytest.mark.parametrize("seed", range(3))
def test_with_little_entropy_the_coupling_is_the_best_permutation(seed: int):
    """Beside all permutations of six points, by brute force."""
    x, y = pair_of_clouds(6, seed)
    squares = torch.cdist(x.double(), y.double()).square()
    best = min(itertools.permutations(range(6)), key=lambda order: sum(squares[i, j] for i, j in enumerate(order)))
    found = coupled(x, y, 0.002)
    plan = torch.tensor(found["plan"]).view(6, 6)
    assert plan.argmax(1).tolist() == list(best) == optimal_pairs(x, y).tolist()
    assert found["squares"] == pytest.approx(float(squares[range(6), best].mean()), rel=0.01)


def test_the_cost_falls_to_that_of_optimal_transport_and_rises_to_that_of_chance():
    x, y = pair_of_clouds(CLOUD)
    exact = float((x - y[optimal_pairs(x, y)]).square().sum(-1).mean())
    independent = float(torch.cdist(x, y).square().mean())
    found = [coupled(x, y, epsilon) for epsilon in (0.03, 0.1, 0.3, 1, 3, 10, 1_000)]
    costs = [each["squares"] for each in found]
    assert costs == sorted(costs) and costs[0] > exact
    assert costs[0] == pytest.approx(exact, rel=0.06)
    assert costs[-1] == pytest.approx(independent, rel=0.01)
    assert found[-1]["information"] == pytest.approx(0, abs=1e-5)
    assert torch.tensor(found[-1]["plan"]).tolist() == pytest.approx([1 / CLOUD**2] * CLOUD**2, rel=0.02)


@pytest.mark.parametrize("name", TOYS)
def test_marginals_hold_to_a_millionth_over_the_whole_slider(name: str):
    x, y = clouds(f"flow-matching-{name}", 7)
    for k in range(6):
        place = LOG_EPSILON.kind.low + k * (LOG_EPSILON.kind.high - LOG_EPSILON.kind.low) / 5
        found = coupled(x, y, 10**place)
        plan = torch.tensor(found["plan"], dtype=torch.float64).view(CLOUD, CLOUD)
        for axis in (0, 1):
            assert float((plan.sum(axis) - 1 / CLOUD).abs().max()) < 1e-6
        assert found["off"] < 1e-6


@pytest.mark.parametrize(("a", "b", "epsilon"), [(1.0, 0.5, 0.3), (1.0, 1.0, 1.0), (0.7, 1.4, 2.0)])
def test_gaussians_have_the_closed_form(a: float, b: float, epsilon: float):
    """Cost and information on a grid, beside Janati et al. 2020: c² + ε c = a² b²."""
    body = """
    const { coupling, measured } = await load("flow_matching/bridges_of.js");
    const weights = (s) => {
      const all = grid.map((x) => Math.exp(-x * x / (2 * s * s)));
      const total = all.reduce((one, other) => one + other);
      return Float64Array.from(all, (each) => each / total);
    };
    const cost = Float64Array.from(grid.flatMap((x) => grid.map((y) => (x - y - gap) ** 2 / 2)));
    const [p, q] = [weights(a), weights(b)];
    return measured(coupling(cost, epsilon, p, q), cost, p, q);"""
    grid = torch.linspace(-6, 6, 121, dtype=torch.float64).tolist()
    gap = 0.8
    found = run(body, grid=grid, a=a, b=b, epsilon=epsilon, gap=gap)
    c = (math.sqrt(epsilon**2 + 4 * a**2 * b**2) - epsilon) / 2
    assert found["squares"] == pytest.approx(a**2 + b**2 - 2 * c + gap**2, rel=1e-3)
    assert found["information"] == pytest.approx(-math.log(1 - (c / (a * b)) ** 2) / 2, abs=1e-3)


def test_bridges_have_their_ends_their_mean_and_their_variance():
    n, epsilon, steps = 4_000, 0.6, 20
    body = """
    const { bridges } = await load("flow_matching/bridges_of.js");
    const from = Float32Array.from({ length: 2 * n }, () => 1);
    const to = Float32Array.from({ length: 2 * n }, (_, i) => i % 2 ? -1 : 2);
    const pairs = Array.from({ length: n }, (_, i) => n - 1 - i);
    return bridges(from, to, pairs, { epsilon, steps, seed: 3 }).map((each) => [...each]);"""
    states = torch.tensor(run(body, n=n, epsilon=epsilon, steps=steps)).view(steps + 1, n, 2)
    assert torch.allclose(states[0], torch.ones(n, 2))
    assert torch.allclose(states[-1], torch.tensor([2.0, -1.0]).expand(n, 2), atol=1e-6)
    for k in (4, 10, 17):
        t = k / steps
        assert states[k].mean(0).tolist() == pytest.approx([1 + t, 1 - 2 * t], abs=0.03)
        assert states[k].var(0).tolist() == pytest.approx([epsilon * t * (1 - t)] * 2, rel=0.08)
    both = torch.cov(states[[5, 15], :, 0])
    assert float(both[0, 1]) == pytest.approx(epsilon * 0.25 * 0.25, rel=0.15)


def test_partners_are_drawn_as_often_as_the_coupling_says():
    plan = [0.2, 0.3, 0.3, 0.2]
    first = [call(BRIDGES, "partners", plan, 2, seed)[0] for seed in range(400)]
    assert first.count(0) / 400 == pytest.approx(0.4, abs=0.08)


def test_minibatches_are_optimal_within_and_cost_more_than_all_at_once():
    x, y = clouds("flow-matching-moons", 7)
    best = float((x - y[optimal_pairs(x, y)]).square().sum(-1).mean())
    costs = []
    for size in MINIBATCHES:
        assert CLOUD % size == 0
        pairs = minibatch_pairs(x, y, size)
        assert sorted(pairs.tolist()) == [*range(CLOUD)]
        assert all(i // size == j // size for i, j in enumerate(pairs.tolist()))
        costs.append(float((x - y[pairs]).square().sum(-1).mean()))
    assert costs[0] > costs[-1] > best


def test_the_answer_has_both_clouds_and_both_pairings():
    found = couple.props("flow-matching-moons", 7, 8)
    x, y = clouds("flow-matching-moons", 7)
    assert found["optimal"] == optimal_pairs(x, y).tolist() and found["grouped"] == minibatch_pairs(x, y, 8).tolist()
