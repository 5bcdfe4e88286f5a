"""The family of paths: marginals, velocities, and walks of every noise ε, beside quadrature and the data themselves."""

import math

import pytest
import torch

from explorer.data.toys import TOYS, Mixture
from explorer.models.live_diffusion import signal
from explorer.models.plane_flow_matching import known_velocity
from explorer.tabs.flow_matching.family import EPSILON, NAMED_PATHS
from tests.node import call, run

FAMILY = "flow_matching/family_of.js"
EIGHT = TOYS["eight-gaussians"]
BENT = [0.3, 0.2, -0.1, 0.2, 0.3]
STRAIGHT = [0] * 5


def toy_of(mixture: Mixture) -> dict:
    return {"means": mixture.means.tolist(), "sigma": mixture.sigma}


def family(path: str, bent=STRAIGHT, noise=(0.0, 0.0, 0.0)) -> dict:
    return {"path": path, "bent": list(bent), "noise": list(noise)}


def marginal(path: str, t: float, bent=STRAIGHT) -> tuple[Mixture, dict]:
    curves = call(FAMILY, "curvesAt", family(path, bent), t)
    return Mixture(curves["alpha"] * EIGHT.means, math.hypot(curves["alpha"] * EIGHT.sigma, curves["sigma"])), curves


@pytest.mark.parametrize("bent", [STRAIGHT, BENT], ids=["preset", "bent"])
@pytest.mark.parametrize("path", NAMED_PATHS)
def test_rates_are_the_derivatives_of_the_curves(path: str, bent: list[float]):
    for t in (0.1, 0.4, 0.7, 0.95):
        low, here, high = (call(FAMILY, "curvesAt", family(path, bent), t + d) for d in (-1e-5, 0, 1e-5))
        for key in ("alpha", "sigma"):
            assert here[f"{key}Rate"] == pytest.approx((high[key] - low[key]) / 2e-5, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("path", NAMED_PATHS)
def test_a_bend_leaves_the_ends_where_they_are(path: str):
    for t in (0, 1):
        straight, bent = (call(FAMILY, "curvesAt", family(path, each), t) for each in (STRAIGHT, BENT))
        assert bent["alpha"] == pytest.approx(straight["alpha"], abs=1e-5)
        assert bent["sigma"] == pytest.approx(straight["sigma"], abs=1e-5)


def test_the_presets_are_the_schedules_of_their_papers():
    for t in (0.2, 0.5, 0.9):
        found = {path: call(FAMILY, "curvesAt", family(path), t) for path in NAMED_PATHS}
        assert [found["trigonometric"][key] for key in ("alpha", "sigma")] == pytest.approx(
            signal(torch.tensor(t, dtype=torch.float64)).tolist()
        )
        betas = torch.linspace(1e-4, 0.02, 1_000, dtype=torch.float64)  # of DDPM
        kept = float((1 - betas).cumprod(0)[round(1_000 * (1 - t)) - 1])
        assert found["vp"]["alpha"] == pytest.approx(math.sqrt(kept), abs=5e-3)
        assert found["vp"]["alpha"] ** 2 + found["vp"]["sigma"] ** 2 == pytest.approx(1)
        assert found["ve"]["alpha"] == 1 and found["ve"]["sigma"] == pytest.approx(0.01 * 500 ** (1 - t))


@pytest.mark.parametrize("t", [0.3, 0.5, 0.8])
def test_the_straight_path_has_the_known_velocity(t: float):
    for point in ([0.4, 0.2], [-1.1, 0.7], [2.0, -1.5]):
        words = call(FAMILY, "wordsAt", toy_of(EIGHT), call(FAMILY, "curvesAt", family("rectified"), t), point)
        expected = known_velocity(EIGHT, torch.tensor([point]).double(), t)[0]
        assert words["velocity"] == pytest.approx(expected.tolist(), abs=1e-5)


@pytest.mark.parametrize("bent", [STRAIGHT, BENT], ids=["preset", "bent"])
@pytest.mark.parametrize("path", NAMED_PATHS)
@pytest.mark.parametrize("t", [0.3, 0.75])
def test_words_are_posterior_means_by_quadrature(path: str, bent: list[float], t: float):
    """E[x₁ | x_t] by a sum over a fine grid of x₁, with no formula of a mixture's posterior."""
    mixture, curves = marginal(path, t, bent)
    axis = torch.arange(-2.4, 2.4, 0.01, dtype=torch.float64)
    grid = torch.cartesian_prod(axis, axis)
    data = EIGHT.log_prob(grid)
    point = torch.tensor([0.5, 0.3]).double() * curves["alpha"]
    log = data - (point - curves["alpha"] * grid).square().sum(-1) / (2 * curves["sigma"] ** 2)
    mean = log.softmax(0) @ grid
    noise = (point - curves["alpha"] * mean) / curves["sigma"]
    velocity = curves["alphaRate"] * mean + curves["sigmaRate"] * noise
    words = call(FAMILY, "wordsAt", toy_of(EIGHT), curves, point.tolist())
    assert words["data"] == pytest.approx(mean.tolist(), rel=0.01, abs=2e-3)
    assert words["noise"] == pytest.approx(noise.tolist(), rel=0.01, abs=2e-3)
    assert words["velocity"] == pytest.approx(velocity.tolist(), rel=0.01, abs=0.02)
    assert words["score"] == pytest.approx(mixture.score(point[None])[0].tolist(), rel=0.01, abs=1e-3)
    log_p = (log.logsumexp(0) + 2 * math.log(0.01 / curves["sigma"]) - math.log(2 * math.pi)).item()
    assert float(mixture.log_prob(point[None])) == pytest.approx(log_p, abs=0.01)


WALKED = """
const { walkFrom } = await load("flow_matching/family_of.js");
return [...walkFrom(toy, family, { steps, seed: 5, count: 100_000, isNoisy: true, until: at })[at]];
"""


@pytest.mark.parametrize(
    ("path", "noise"),
    [
        ("trigonometric", 0.0),
        ("trigonometric", 2.0),
        pytest.param("trigonometric", 0.5, marks=pytest.mark.deep),
        pytest.param("rectified", 1.0, marks=pytest.mark.deep),
        pytest.param("vp", 1.0, marks=pytest.mark.deep),
    ],
)
def test_every_noise_keeps_the_marginal(path: str, noise: float):
    """10⁵ points of the SDE at t = 0.6: their mean −log p is the exact entropy, and the shares of regions are exact."""
    steps, at = 400, 240
    given = family(path, BENT, [noise] * 3)
    x = torch.tensor(run(WALKED, toy=toy_of(EIGHT), family=given, steps=steps, at=at)).view(-1, 2).double()
    mixture, _ = marginal(path, at / steps, BENT)
    axis = torch.arange(-7, 7, 0.02, dtype=torch.float64) + 0.01
    grid = torch.cartesian_prod(axis, axis)
    log_p = mixture.log_prob(grid)
    p = log_p.exp() * 0.02**2
    assert float(p.sum()) == pytest.approx(1, abs=1e-4)
    assert float(-mixture.log_prob(x).mean()) == pytest.approx(float(-(p * log_p).sum()), abs=0.01)
    radius = torch.tensor([0.4, 0.8, 1.2, 1.6])
    for inside, exact in zip((x.norm(dim=1)[:, None] < radius).double().mean(0), radius):
        assert float(inside) == pytest.approx(float(p[grid.norm(dim=1) < exact].sum()), abs=0.01)
    for axis in (0, 1):
        assert float((x[:, axis] > 0.5).double().mean()) == pytest.approx(float(p[grid[:, axis] > 0.5].sum()), abs=0.01)


def test_paths_differ_in_length_and_error_where_the_marginals_agree():
    body = """
    const f = await load("flow_matching/family_of.js");
    return paths.map((path) => {
      const family = { path, bent: [0, 0, 0, 0, 0], noise: [1, 1, 1] };
      return Object.fromEntries([5, 50].map((steps) => {
        const walkOf = (isNoisy) => f.walkFrom(toy, family, { steps, seed: 7, count: 600, isNoisy });
        const both = { ode: walkOf(false), sde: walkOf(true) };
        const exact = f.exactly(toy, family, both.ode[0]);
        const end = { ode: both.ode.at(-1), sde: both.sde.at(-1) };
        const d = f.distancesAt(toy, f.curvesAt(family, 1), end, { seed: 7 });
        return [steps, { ...d, longer: exact.longer, error: f.errorOf(end.ode, exact.ends) }];
      }));
    });"""
    found = dict(zip(NAMED_PATHS, run(body, toy=toy_of(EIGHT), paths=[*NAMED_PATHS])))
    for path, each in found.items():
        assert each["5"]["error"] > 3 * each["50"]["error"], path
        for way in ("ode", "sde"):
            if path != "ve":
                assert abs(each["50"][way]["value"]) < 4 * each["50"][way]["se"], (path, way)
    assert found["rectified"]["5"]["longer"] > 2 * found["trigonometric"]["5"]["longer"]
    assert found["ve"]["50"]["error"] > found["trigonometric"]["50"]["error"]
    assert found["trigonometric"]["5"]["sde"]["value"] > found["trigonometric"]["5"]["ode"]["value"] + 0.02


def test_a_curve_of_the_noise_is_never_negative():
    for values in ([0, 2, 0], [2, 0, 2], [0.1, 1.9, 0.2]):
        assert all(call("flow_matching/family_of.js", "through", values, k / 97)[0] >= 0 for k in range(0, 98, 4))
        assert [
            call("flow_matching/family_of.js", "through", values, t)[0] for t in (0, 0.25, 0.5, 0.75, 1)
        ] == pytest.approx([0, *values, 0], abs=1e-9)
    assert EPSILON.kind.check([0, 2, 1], "ε") == (0, 2, 1)
