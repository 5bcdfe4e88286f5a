"""Flow matching in the browser computes what Python computes, on the same weights."""

import json

import pytest
import torch

from explorer.data import toys
from explorer.measures.plane_flow_matching import FEW
from explorer.models.plane_flow_matching import COUPLINGS, NO_SCORE, known_velocity
from explorer.networks import checkpoints
from explorer.networks.card import find
from explorer.numbers.trained import read_card
from explorer.tabs.flow_matching import plane as flow_matching_plane
from tests.node import call, run

READ = """
const { readFileSync } = await import("node:fs");
globalThis.fetch = async (url, { headers }) => {
  const [from, to] = headers.Range.match(/[0-9]+/g).map(Number);
  const bytes = readFileSync(url).subarray(from, to + 1);
  return { ok: true, status: 206, arrayBuffer: async () => Uint8Array.from(bytes).buffer };
};
const { readVelocities } = await load("flow_matching/velocity_net.js");
const nets = await readVelocities(path, couplings);
"""


def toy_of(name: str) -> dict:
    return {"means": toys.TOYS[name].means.tolist(), "sigma": toys.TOYS[name].sigma}


def points(n: int, seed: int = 0) -> torch.Tensor:
    return 1.5 * torch.randn(n, 2, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("name", toys.TOYS)
@torch.no_grad()
def test_velocities_are_those_of_torch(name: str):
    net = f"flow-matching-{name}"
    model, x = checkpoints.load(net, "cpu"), points(9).float()
    body = """return Object.fromEntries(couplings.map((coupling) => {
      const v = nets[coupling];
      const velocities = ts.map((t) => [...v(Float32Array.from(x), t)]);
      return [coupling, { velocities }];
    }));"""
    ts = [0.0, 0.37, 0.9, 1.0]
    path = str(checkpoints.folder_of(net) / "model.safetensors")
    found = run(READ + body, path=path, couplings=list(COUPLINGS), x=x.flatten().tolist(), ts=ts)
    for coupling in COUPLINGS:
        for t, v in zip(ts, found[coupling]["velocities"]):
            assert v == pytest.approx(model.velocity(x, t, coupling).flatten().tolist(), abs=2e-4, rel=1e-5)


@pytest.mark.parametrize("t", [0.0, 0.5, 0.97, 1.0])
def test_the_mean_of_the_lines_is_the_known_velocity(t: float):
    x = points(6)
    expected = known_velocity(toys.TOYS["moons"], x, t)
    for each, v in zip(x, expected):
        found = call("flow_matching/known.js", "linesThrough", toy_of("moons"), each.tolist(), t)
        assert found["v"] == pytest.approx(v.tolist(), abs=1e-4)
        assert found["score"] == pytest.approx([-n / max(1 - t, 1e-9) for n in found["noise"]], rel=1e-3) or t == 1


def test_drawn_lines_have_the_mean_and_the_spread_that_are_said():
    body = """
    const { linesThrough, someLines } = await load("flow_matching/known.js");
    const { gaussians, uniforms } = await load("kit/plane/random.js");
    const how = { count: 20000, uniform: uniforms(1), gaussian: gaussians(2) };
    return { lines: someLines(toy, x, 0.6, how), told: linesThrough(toy, x, 0.6) };"""
    found = run(body, toy=toy_of("moons"), x=[0.5, 0.3])
    lines = torch.tensor(found["lines"])
    assert lines.mean(0).tolist() == pytest.approx(found["told"]["v"], abs=0.04)
    spread = float((lines - lines.mean(0)).square().sum(-1).mean().sqrt())
    assert spread == pytest.approx(found["told"]["spread"], rel=0.02)


def test_the_spread_is_what_the_lines_of_drawn_pairs_have():
    toy, t, n = toys.TOYS["eight-gaussians"], 0.5, 2_000_000
    generator = torch.Generator().manual_seed(0)
    x0, x1 = torch.randn(n, 2, generator=generator), toy.sample(n, generator)
    near = (torch.lerp(x0, x1, t) - torch.tensor([0.4, 0.2])).norm(dim=-1) < 0.04
    lines = (x1 - x0)[near]
    spread = float((lines - lines.mean(0)).square().sum(-1).mean().sqrt())
    found = call("flow_matching/known.js", "linesThrough", toy_of("eight-gaussians"), [0.4, 0.2], t)
    assert found["spread"] == pytest.approx(spread, rel=0.05)


def test_what_reflow_says_of_the_ends_is_what_the_tour_says():
    """One energy distance and one share for each coupling and number of steps: those of the card."""
    net = "flow-matching-moons"
    card = read_card(net)
    figures = json.loads(json.dumps(flow_matching_plane.to_props(net, card)["figures"]))
    for few in FEW:
        for of, found in figures.items():
            assert found["ends"][str(few)]["distance"] == pytest.approx(
                find(card, "squared_energy_distance", of=of, steps=few)["value"], rel=1e-3, abs=1e-4
            )
    report = flow_matching_plane.to_props(net, card)["reflow"]["1"]
    words, (finding, (_, off, _)) = report["words"], (report["numbers"][0][1], report["numbers"][1])
    assert f"{100 * figures['reflow-2']['ends']['1']['off']:.1f} %" in finding
    assert off == f"{100 * figures['independent']['ends']['1']['off']:.1f} %" and off in words
    for of in ("independent", "reflow-1", "reflow-2"):
        assert f"{find(card, 'squared_energy_distance', of=of, steps=1)['value']:.4f} ± " in words
    assert "95 % of fresh samples stay below" in words


def test_the_four_words_follow_from_one_velocity():
    x, t, v = [0.7, -1.1], 0.4, [0.3, 0.9]
    found = call("flow_matching/words.js", "wordsOf", x, t, v)
    for i in range(2):
        assert found["data"][i] == pytest.approx(x[i] + 0.6 * v[i])
        assert found["noise"][i] == pytest.approx(x[i] - 0.4 * v[i])
        assert 0.4 * found["data"][i] + 0.6 * found["noise"][i] == pytest.approx(x[i])
        assert found["score"][i] == pytest.approx(-found["noise"][i] / 0.6)


@pytest.mark.parametrize("coupling", [each for each in COUPLINGS if each != "independent"])
def test_other_couplings_have_no_score_and_the_page_says_why(coupling: str):
    x, t, v = [0.7, -1.1], 0.4, [0.3, 0.9]
    words = call("flow_matching/words.js", "wordsOf", x, t, v, coupling)
    alone = call("flow_matching/words.js", "wordsOf", x, t, v)
    assert words == alone | {"score": None}
    figures = {of: {"score_error": error} for of, error in zip(COUPLINGS, (0.08, 0.93, 0.96, 0.8))}
    said = flow_matching_plane.scoreless(figures, coupling)
    assert f"The score does not, because {NO_SCORE}" in said
    assert f"off by {100 * figures[coupling]['score_error']:.0f} % of the true score here, and by 8 %" in said
