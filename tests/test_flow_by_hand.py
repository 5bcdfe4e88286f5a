"""A coupling by hand and a density under a curve: what the browser computes of them, held against other ways to it."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.autograd.functional import jacobian

from explorer.tabs.flow import coupling, maths, variables
from tests.node import run

S, T = (list(field.default) for field in coupling.MODE.fields if field.key in ("s", "t"))
PLACES = np.linspace(-3, 3, len(S)).tolist()
FORWARD = """
const { areaOf, HandCoupling, squareAround } = await load("flow/one_coupling.js");
const hand = new HandCoupling({ s, t, mask, nice });
"""
HAND = (
    FORWARD
    + """return points.map((x) => {
  const all = hand.forwardAll(x);
  return { ...hand.forward(x), all: [...all], back: [...hand.inverseAll(all)] };
});"""
)
POINTS = [[-3.4, 1.0], [-1.7, 0.3], [0.2, -1.1], [0.9, 2.0], [2.6, -0.4]]
CURVES = [
    [-2.6, -2.2, -1.6, 0.2, 1.4, 1.8, 2.7],
    [-3.0, -1.6, -0.2, 0, 0.2, 1.6, 3],
    [-2.2, -1.9, -1.5, 0, 1.5, 1.9, 2.2],
]
MODULE = 'const m = await load("flow/one_dimension.js");\n'


def hermite(values: list[float], x: torch.Tensor) -> torch.Tensor:
    """The Catmull–Rom curve through values at even places, level beyond, by its basis of polynomials."""
    v, wide = torch.tensor(values, dtype=torch.float64), PLACES[1] - PLACES[0]
    m = torch.zeros_like(v)
    m[1:-1] = (v[2:] - v[:-2]) / 2  # slopes per piece
    x = x.clamp(PLACES[0], PLACES[-1])
    k = min(int((float(x.detach()) - PLACES[0]) / wide), len(PLACES) - 2)
    u = (x - PLACES[k]) / wide
    basis = (2 * u**3 - 3 * u**2 + 1, u**3 - 2 * u**2 + u, -2 * u**3 + 3 * u**2, u**3 - u**2)
    return basis[0] * v[k] + basis[1] * m[k] + basis[2] * v[k + 1] + basis[3] * m[k + 1]


def coupled(x: torch.Tensor, moves: tuple[int, ...], nice: bool) -> torch.Tensor:
    for moved in moves:
        s = 0 * x[0] if nice else hermite(S, x[1 - moved])
        bent = x[moved] * s.exp() + hermite(T, x[1 - moved])
        x = torch.stack((x[0], bent) if moved else (bent, x[1]))
    return x


@pytest.mark.parametrize("nice", [False, True])
@pytest.mark.parametrize(("mask", "moves"), [("one", (1,)), ("same", (1, 1)), ("turns", (1, 0))])
def test_a_coupling_by_hand_and_its_jacobian_are_those_of_autograd(mask: str, moves: tuple[int, ...], nice: bool):
    for found, point in zip(run(HAND, s=S, t=T, mask=mask, nice=nice, points=POINTS), POINTS, strict=True):
        x = torch.tensor(point, dtype=torch.float64)
        expected = jacobian(lambda each: coupled(each, moves, nice), x)
        torch.testing.assert_close(torch.tensor(found["y"], dtype=torch.float64), coupled(x, moves, nice))
        torch.testing.assert_close(torch.tensor(found["jacobian"], dtype=torch.float64), expected)
        assert found["logDet"] == pytest.approx(float(expected.det().log()), abs=1e-9)
        assert found["all"] == pytest.approx(found["y"], abs=1e-12)
        assert found["back"] == pytest.approx(point, abs=1e-12)
        assert mask == "turns" or expected[0, 1] == 0, "triangular unless the masks take turns"


def test_the_same_mask_twice_leaves_the_first_number_where_it_was():
    found = run(HAND, s=S, t=T, mask="same", nice=False, points=POINTS)
    assert [each["y"][0] for each in found] == [x for x, _ in POINTS]
    assert all(y["y"][0] != x[0] for y, x in zip(run(HAND, s=S, t=T, mask="turns", nice=False, points=POINTS), POINTS))


@pytest.mark.parametrize("side", [0.5, 0.02])
def test_the_counted_area_of_a_square_is_its_determinant(side: float):
    body = (
        FORWARD
        + """
    const areas = (square) => [areaOf(square), areaOf(hand.forwardAll(square))];
    return points.map((x) => [...areas(squareAround(x, side)), hand.forward(x).logDet]);"""
    )
    for nice in (True, False):
        for before, after, log_det in run(body, s=S, t=T, mask="turns", nice=nice, points=POINTS[1:], side=side):
            assert before == pytest.approx(side**2)
            if nice:
                assert after == pytest.approx(before, rel=2e-3)
            elif side < 0.1:
                assert after == pytest.approx(before * math.exp(log_det), rel=0.02)


@pytest.mark.parametrize("values", CURVES)
@pytest.mark.parametrize("base", variables.MODE.fields[0].kind.choices)
def test_the_area_under_the_pushed_density_is_one_by_numpys_sum_too(values: list[float], base: str):
    body = (
        MODULE
        + """const curve = m.curveThrough(values);
    const density = m.pushed(curve, base);
    return { area: m.areaUnder(curve, base), p: ys.map(density), ends: [-2, 2].map((x) => curve.forward(x)[0]) };"""
    )
    ys = np.linspace(-12, 12, 60_001)
    found = run(body, values=values, base=base, ys=ys.tolist())
    assert found["area"] == pytest.approx(1, abs=2e-4)
    assert np.trapezoid(found["p"], ys) == pytest.approx(1, abs=2e-3)
    inside = (ys > found["ends"][0]) & (ys < found["ends"][1])
    expected = 1 if base == "uniform" else math.erf(2 / math.sqrt(2))
    assert np.trapezoid(np.array(found["p"])[inside], ys[inside]) == pytest.approx(expected, abs=2e-3)


def test_what_comes_out_of_the_curve_has_the_density_that_is_drawn():
    """A histogram of numbers that were drawn and sent through it."""
    x = np.random.default_rng(0).standard_normal(200_000)
    body = (
        MODULE
        + """const curve = m.curveThrough(values);
    return { y: x.map((each) => curve.forward(each)[0]), p: middles.map(m.pushed(curve, "gaussian")) };"""
    )
    edges = np.linspace(-2.5, 2.5, 26)
    found = run(body, values=CURVES[0], x=x[:20_000].tolist(), middles=((edges[1:] + edges[:-1]) / 2).tolist())
    counted = np.histogram(found["y"], edges)[0] / (20_000 * (edges[1] - edges[0]))
    assert counted == pytest.approx(np.array(found["p"]), abs=0.035)


@settings(max_examples=25)
@given(st.lists(st.floats(-3, 3), min_size=7, max_size=7))
def test_whatever_curve_a_link_brings_it_rises_and_stays_within_reach(values: list[float]):
    body = MODULE + "const rises = m.rising(values); return [rises, m.rising(rises), m.curveThrough(rises).slopes];"
    rises, again, slopes = run(body, values=values)
    assert again == pytest.approx(rises, abs=1e-12)
    assert min(np.diff(rises)) >= 0.05 - 1e-9 and max(map(abs, rises)) <= 3 + 1e-9
    assert min(slopes) > 0


def test_a_curve_that_rises_is_left_as_it_is():
    assert run(MODULE + "return m.rising(values);", values=CURVES[0]) == CURVES[0]


def test_the_flattest_and_the_steepest_place_are_found():
    body = MODULE + "return m.extremes(m.curveThrough(values), 2);"
    found = run(body, values=CURVES[1])
    assert abs(found["flattest"]["x"]) < 0.8 and found["flattest"]["slope"] < 0.3
    assert abs(found["steepest"]["x"]) > 1.2 and found["steepest"]["slope"] > 1.2


@given(*[st.floats(-5, 5)] * 4)
def test_the_live_coupling_is_that_of_torch(x1: float, x2: float, s: float, t: float):
    normal = torch.distributions.Normal(torch.zeros(2, dtype=torch.float64), 1.0)
    flow = torch.distributions.TransformedDistribution(
        normal, torch.distributions.AffineTransform(torch.tensor([0, t]), torch.tensor([1, math.exp(s)])).inv
    )
    y2, log_prob = maths.couple(x1, x2, s, t)
    assert y2 == pytest.approx(math.exp(s) * x2 + t)
    x = torch.tensor([x1, x2], dtype=torch.float64)
    assert log_prob == pytest.approx(float(flow.log_prob(x).sum()), rel=1e-4, abs=1e-4)


def test_the_live_coupling_says_which_input_is_wrong():
    assert "s is 99" in maths.show_coupling(0, 0, 99, 0)
    assert "x₂ is empty" in maths.show_coupling(0, None, 0, 0)
    assert "as large as before" in maths.show_coupling(0.5, 0.8, 0, 0)
