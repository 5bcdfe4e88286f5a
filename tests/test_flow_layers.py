"""The layers of plane flows in the browser are those of torch: both ways, with their log-determinants, in float64."""

import copy
import itertools

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer.data import toys
from explorer.models.bijections import Spline
from explorer.models.flow import Flow, standard_normal
from explorer.models.plane_flow import KINDS, PlaneFlow
from explorer.networks import checkpoints
from tests.node import run

NETS = [f"flow-{name}" for name in toys.TOYS]
FLOWS = list(itertools.product(KINDS, (1, 2, 4, 8)))
READ = """
const { readFileSync } = await import("node:fs");
globalThis.fetch = async (url, { headers }) => {
  const [from, to] = headers.Range.match(/[0-9]+/g).map(Number);
  const bytes = readFileSync(url).subarray(from, to + 1);
  return { ok: true, status: 206, arrayBuffer: async () => Uint8Array.from(bytes).buffer };
};
const { readFlow } = await load("flow/plane_flow.js");
const flow = ([kind, depth]) => readFlow(path, kind, depth);
"""


def in_browser(net: str, body: str, points: Tensor, **known):
    """Result of a body with the flows of a network, which `flow([kind, depth])` reads, and with `x`, points (N, 2)."""
    path = str(checkpoints.folder_of(net) / "model.safetensors")
    return run(READ + body, path=path, x=points.flatten().tolist(), **known)


def in_torch(net: str, kind: str, depth: int) -> PlaneFlow:
    return copy.deepcopy(checkpoints.load(net, "cpu").flow(kind, depth)).double()


def plane(n: int = 40) -> Tensor:
    """Points of the whole picture, some beyond the reach of a spline."""
    return 3 * torch.randn(n, 2, generator=torch.Generator().manual_seed(3), dtype=torch.float64)


@pytest.mark.parametrize("net", NETS)
@torch.no_grad()
def test_every_state_and_every_log_determinant_is_that_of_torch(net: str):
    x = plane()
    body = """return Promise.all(flows.map(async (which) => {
      const { states, logDets } = (await flow(which)).states(x);
      return { states: states.map((each) => [...each]), logDets: logDets.map((each) => [...each]) };
    }));"""
    for (kind, depth), found in zip(FLOWS, in_browser(net, body, x, flows=FLOWS), strict=True):
        state = x
        for layer, transform in enumerate(in_torch(net, kind, depth).transforms):
            state, log_det = transform.forward_and_log_det(state)
            assert found["states"][layer + 1] == pytest.approx(state.flatten().tolist(), abs=1e-6, rel=1e-9)
            assert found["logDets"][layer] == pytest.approx(log_det.tolist(), abs=1e-6)


@pytest.mark.parametrize("net", NETS)
@torch.no_grad()
def test_the_way_back_is_that_of_torch(net: str):
    z = plane()
    body = "return Promise.all(flows.map(async (which) => [...(await flow(which)).statesBack(x)[0]]));"
    for (kind, depth), found in zip(FLOWS, in_browser(net, body, z, flows=FLOWS), strict=True):
        expected = in_torch(net, kind, depth).decode(z).flatten().tolist()
        assert found == pytest.approx(expected, abs=1e-6, rel=1e-6)


@pytest.mark.parametrize("kind", KINDS)
@torch.no_grad()
def test_the_density_of_a_state_is_that_of_the_layers_that_are_left(kind: str):
    points = plane()
    body = """const made = await flow([kind, 4]);
    return [0, 1, 2, 3, 4].map((k) => made.densityAfter(x, k)).map(({ logP, next }) => [[...logP], [...next]]);"""
    found, flow = in_browser("flow-moons", body, points, kind=kind), in_torch("flow-moons", kind, 4)
    assert found[4] == [pytest.approx(standard_normal(points).tolist()), [0] * len(points)]
    for k, transform in enumerate(flow.transforms):
        left = Flow([*flow.transforms[k:]])
        assert found[k][0] == pytest.approx(left.log_prob(points).tolist(), abs=1e-6, rel=1e-9)
        assert found[k][1] == pytest.approx(transform.forward_and_log_det(points)[1].tolist(), abs=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_a_place_between_two_layers_leads_back_to_where_it_came_from(kind: str):
    """At place 2.4 a point is 40 % of the way from its second state to its third."""
    points = plane() / 2
    body = """const made = await flow([kind, 4]);
    const { states: [, , from, to] } = made.states(x);
    return [...made.undo(from.map((value, i) => value + 0.4 * (to[i] - value)), 2.4)];"""
    found = in_browser("flow-moons", body, points, kind=kind)
    assert found == pytest.approx(points.flatten().tolist(), abs=1e-7)
    whole = body.replace("2.4", "2").replace("value + 0.4 * (to[i] - value)", "value")
    assert in_browser("flow-moons", whole, points, kind=kind) == pytest.approx(points.flatten().tolist(), abs=1e-7)


def test_a_spline_is_torchs_from_end_to_end_and_beyond():
    knots = [[-3.0, -1, 0.5, 2], [-2.0, -1.5, 1, 3], [0.5, 2, 0.1, 1.5]]
    x = np.linspace(-5.013, 5, 81).tolist()
    body = """const { Spline } = await load("flow/bijections.js");
    const spline = new Spline(...knots);
    return x.map((each) => [...spline.forward(each), spline.inverse(spline.forward(each)[0])]);"""
    value = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    y, _ = Spline(*torch.tensor(knots, dtype=torch.float64)).forward_and_log_det(value)
    (slope,) = torch.autograd.grad(y.sum(), value)
    found = torch.tensor(run(body, knots=knots, x=x), dtype=torch.float64)
    torch.testing.assert_close(found[:, 0], y.detach(), rtol=0, atol=1e-12)
    torch.testing.assert_close(found[:, 1], slope.log(), rtol=0, atol=1e-9)
    torch.testing.assert_close(found[:, 2], value.detach(), rtol=0, atol=1e-9)
