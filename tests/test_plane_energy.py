"""Energies of points: four ways to learn one, and what is measured of them."""

import math

import pytest
import torch

from explorer import checkpoints
from explorer.card import find, rows
from explorer.data import toys
from explorer.measures import plane_energy as measures
from explorer.models import chains, plane_energy
from explorer.models.plane_energy import WAYS, Energy, PlaneEnergy, denoising, evenly, score_matching
from explorer.models.quadrature import grid, log_integral
from explorer.questions import complete, interpolate, likelihood, make
from explorer.steps import last
from tests.node import run

NETS = ["energy-moons", "energy-rings", "energy-eight-gaussians"]
RECIPE = {"negative_steps": 2, "jumps": 1, "sigma": 0.04}


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


class Quadratic(torch.nn.Module):
    """E = ½ xᵀ A x, whose gradient and Laplacian are known."""

    A = torch.tensor([[3.0, 0.5], [0.5, 2.0]], dtype=torch.float64)

    def forward(self, x):
        return (x @ self.A * x).sum(-1) / 2


@pytest.fixture
def model() -> PlaneEnergy:
    torch.manual_seed(0)
    found = PlaneEnergy(width=16, chains=20)
    with torch.no_grad():
        for way in found.ways.values():
            way.net[-1].weight.normal_()
    return found


def test_the_four_begin_alike_and_share_nothing():
    model = PlaneEnergy(width=8)
    x = torch.randn(5, 2)
    assert all(torch.equal(model.energy(x, way), model.energy(x)) for way in WAYS)
    assert len({id(parameter) for parameter in model.parameters()}) == 4 * 8


def test_score_is_minus_the_gradient_of_the_energy(model: PlaneEnergy):
    model, x, h = model.double(), torch.randn(6, 2, dtype=torch.float64), 1e-6
    for axis, shift in enumerate(h * torch.eye(2, dtype=torch.float64)):
        slope = (model.energy(x + shift) - model.energy(x - shift)) / (2 * h)
        torch.testing.assert_close(-model.score(x)[:, axis], slope, rtol=1e-5, atol=1e-7)


def test_score_matching_has_the_exact_trace():
    x = torch.randn(50, 2, generator=seeded(), dtype=torch.float64)
    exact = ((x @ Quadratic.A).square().sum(-1) / 2 - Quadratic.A.trace()).mean()
    torch.testing.assert_close(score_matching(Quadratic(), x), exact)


def test_score_matching_is_least_at_the_truth():
    """Of Gaussian energies, that whose precision is the data's: Hyvärinen's objective needs no Z to find it."""
    x = MIXED @ torch.randn(2, 100_000, generator=seeded(), dtype=torch.float64)
    precision = torch.linalg.inv(MIXED @ MIXED.T)

    def loss(factor: float) -> float:
        energy = Quadratic()
        energy.A = factor * precision
        return score_matching(energy, x.T).item()

    assert loss(1) < loss(0.95) < loss(0.8) and loss(1) < loss(1.05) < loss(1.3)


MIXED = torch.tensor([[1.0, 0.4], [0.0, 0.7]], dtype=torch.float64)


def test_denoising_is_least_at_the_score_of_the_noised_data():
    x = torch.randn(200_000, 2, generator=seeded(), dtype=torch.float64)
    eps, sigma = torch.randn(200_000, 2, generator=seeded(1), dtype=torch.float64), 0.5

    def loss(precision: float) -> float:
        energy = Quadratic()
        energy.A = precision * torch.eye(2, dtype=torch.float64)
        return denoising(energy, x, eps, sigma).item()

    best = 1 / (1 + sigma**2)
    assert loss(best) < loss(0.95 * best) and loss(best) < loss(1.05 * best) < loss(1.0)


def test_log_z_of_a_gaussian_is_known():
    energy = Energy(8)
    torch.nn.init.zeros_(energy.net[-1].weight)
    torch.nn.init.zeros_(energy.net[-1].bias)
    with torch.no_grad():
        assert float(log_integral(-energy(grid()[0]))) == pytest.approx(math.log(2 * math.pi), abs=1e-6)


def test_the_grid_integrates_the_known_densities_to_one():
    for mixture in toys.TOYS.values():
        assert float(log_integral(mixture.log_prob(grid()[0].double()))) == pytest.approx(0, abs=1e-6)


def test_a_density_integrates_to_one_and_another_grid_agrees(model: PlaneEnergy):
    axis = torch.linspace(-12, 12, 1_201)
    points = torch.cartesian_prod(axis, axis)
    with torch.no_grad():
        total = torch.cat([model.log_prob(part).exp() for part in points.split(300_000)]).double().sum() * 0.02**2
    assert float(total) == pytest.approx(1, abs=1e-4)
    assert likelihood.kind(model) == "exact"


def test_a_step_of_training_moves_every_way_by_its_own_loss(model: PlaneEnergy):
    x = toys.TOYS["moons"].sample(20, seeded())
    before = model.negatives.clone()
    model.training_loss(x, RECIPE, generator=seeded(), label=torch.zeros(20)).backward()
    assert all(any(p.grad.abs().sum() > 0 for p in way.parameters()) for way in model.ways.values())
    assert not torch.equal(model.negatives[1], before[1])
    near = (model.negatives[0] - x).norm(dim=-1)
    assert float(near.median()) < 0.5  # contrastive chains start from the data


def test_persistent_chains_go_on_from_where_they_were(monkeypatch: pytest.MonkeyPatch, model: PlaneEnergy):
    seen = []
    monkeypatch.setattr(plane_energy, "walked", lambda energy, x, steps, generator: seen.append(x.clone()) or x + 1)
    monkeypatch.setattr(plane_energy, "jumped", lambda energy, x, jumps, generator: x)
    x = torch.zeros(20, 2)
    for _ in range(2):
        model.training_loss(x, RECIPE, generator=seeded(), label=torch.zeros(20))
    assert torch.equal(seen[0], x) and torch.equal(seen[2], x)
    assert torch.equal(seen[3], seen[1] + 1)


def test_what_is_known_stays(model: PlaneEnergy):
    x, known = torch.tensor([[0.6, -0.4]]), torch.tensor([[False, True]])
    found = last(complete.steps(model, x, known, 30, 0)).x
    assert bool((found[:, 1] == x[0, 1]).all()) and float(found[:, 0].std()) > 0.05


def test_points_lie_evenly_on_a_path():
    path = torch.tensor([[0.0, 0], [1, 0], [1, 3], [2, 3]])
    found = evenly(path)
    assert torch.equal(found[[0, -1]], path[[0, -1]])
    torch.testing.assert_close(found[1], torch.tensor([1.0, 2 / 3]))
    torch.testing.assert_close(found[2], torch.tensor([1.0, 7 / 3]))


@pytest.mark.parametrize("net", NETS)
def test_a_path_over_the_landscape_has_a_lower_barrier_than_the_straight_one(net: str):
    model, (a, b) = checkpoints.load(net), toys.TOYS[net.removeprefix("energy-")].means[[0, 4]].unsqueeze(1)
    found = list(interpolate.steps(model, a, b, 25))
    assert torch.equal(found[-1].x[[0, -1]], torch.cat([a, b]))
    barriers = [float(step.numbers["barrier"]) for step in found]
    assert barriers[-1] <= barriers[0] + 1e-4
    torch.testing.assert_close(found[-1].numbers["energy"], model.energy(found[-1].x))


@pytest.mark.parametrize("net", NETS)
def test_the_card_holds_what_is_claimed_of_every_way(net: str):
    card = checkpoints.read_json(checkpoints.folder_of(net) / "card.json")
    kl = {way: find(card, "kl", of=way)["value"] for way in WAYS}
    assert kl[plane_energy.BEST] == min(kl.values()) <= 0.02
    measured = measures.of_way(checkpoints.load(net), "sm", net.removeprefix("energy-"))
    assert measured["kl"] == pytest.approx(kl["sm"], abs=1e-4)
    for way in WAYS:
        assert sum(row["value"] for row in rows(card, "share", of=way)) == pytest.approx(1, abs=1e-3)
    history = checkpoints.snapshots_of(net)["history"]
    assert history[-1]["kl"].keys() == kl.keys() and history[-1]["kl"]["pcd"] < history[0]["kl"]["pcd"]
    assert find(card, "crossings", kernel="tempering", step=0.1)["value"] > 0


def test_a_score_does_not_see_the_weights_of_separated_modes():
    """Of eight equal modes, by score matching: much mass in wrong ones, though its Fisher divergence is not worse."""
    card = checkpoints.read_json(checkpoints.folder_of("energy-eight-gaussians") / "card.json")
    off = {way: find(card, "shares_off", of=way)["value"] for way in WAYS}
    assert off["pcd"] < 0.05 < 0.1 < min(off["sm"], off["dsm"])


@pytest.mark.parametrize("net", NETS)
def test_samples_lie_where_the_known_density_is(net: str):
    mixture = toys.TOYS[net.removeprefix("energy-")]
    x = last(make.steps(checkpoints.load(net), 500, 0)).x
    drawn, data = (float(mixture.log_prob(each).mean()) for each in (x, mixture.sample(5_000, seeded())))
    assert abs(drawn - data) < 0.4
    piece = measures.nearest(net.removeprefix("energy-"), x)[0].bincount(minlength=2).double() / 500
    assert float((piece - measures.known_shares(net.removeprefix("energy-"))).abs().sum() / 2) < 0.15


def test_a_crossing_is_counted_where_a_chain_comes_to_rest():
    """From one mode to the next, then astray, and back; a place between modes is none."""
    a, b = toys.TOYS["eight-gaussians"].means[:2]
    trace = torch.stack([a, (a + b) / 2, a, b, 3 * b, b, a]).unsqueeze(1)
    assert measures.crossings("eight-gaussians", trace) == 2


def js_layers(energy: Energy) -> list[dict]:
    return [
        {
            "outputs": layer.out_features,
            "inputs": layer.in_features,
            "weight": layer.weight.flatten().tolist(),
            "bias": layer.bias.tolist(),
        }
        for layer in energy.net
        if isinstance(layer, torch.nn.Linear)
    ]


NET = """
const { EnergyNet } = await load("energy/energy_net.js");
const layers = given.map((layer) => ({ ...layer, weight: Float32Array.from(layer.weight) }));
const net = new EnergyNet(layers);
"""


def test_the_browser_has_the_same_energy_and_gradient(model: PlaneEnergy):
    energy, x = model.ways["cd"], torch.randn(7, 2, generator=seeded())
    found = run(
        f"{NET} const f = net.evaluate(x); return [[...f.energy], [...f.gradient]];",
        given=js_layers(energy),
        x=x.flatten().tolist(),
    )
    value, gradient = energy.target(x)
    torch.testing.assert_close(torch.tensor(found[0]), value, rtol=1e-5, atol=1e-4)
    torch.testing.assert_close(torch.tensor(found[1]).view(7, 2), gradient, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("kernel", chains.KERNELS)
def test_the_browser_makes_the_same_move(kernel: str):
    """Over a quadratic energy, with the same noise, three moves in a row."""

    def target(x):
        return (x @ Quadratic.A * x).sum(-1) / 2, x @ Quadratic.A

    n, step, generator = 40, 0.6, seeded(3)
    x = torch.randn(n, 2, generator=seeded(), dtype=torch.float64)
    state, noise, decisions, states, taken = chains.start(target, x), [], [], [], []
    for _ in range(3):
        copy = generator.clone_state()
        noise += torch.randn(n, 2, generator=copy, dtype=torch.float64).flatten().tolist()
        if kernel != "langevin":
            decisions += torch.rand(n, generator=copy, dtype=torch.float64).tolist()
        move = chains.KERNELS[kernel](target, state, step, generator)
        state = move.state
        states.append(state.x.flatten().tolist())
        taken.append(move.accepted.int().tolist())
    found = run(
        f"""const {{ KERNELS, begin }} = await load("energy/chains.js"); {JS_QUADRATIC}
        const random = {{ gauss: () => noise.shift(), uniform: () => decisions.shift() }};
        const step = new Float64Array(x.length / 2).fill({step});
        let state = begin(target, Float64Array.from(x));
        const states = [], taken = [];
        for (let k = 0; k < 3; k++) {{
            const move = KERNELS[kernel](target, state, step, random);
            state = move.state;
            states.push([...state.x]);
            taken.push([...move.accepted]);
        }}
        return {{ states, taken, left: noise.length + decisions.length }};""",
        kernel=kernel,
        x=x.flatten().tolist(),
        noise=noise,
        decisions=decisions,
    )
    assert found["taken"] == taken and found["left"] == 0
    torch.testing.assert_close(torch.tensor(found["states"]), torch.tensor(states), rtol=1e-5, atol=1e-6)


JS_QUADRATIC = """
const target = (x) => {
    const gradient = x.map((_, i) => i % 2 ? 0.5 * x[i - 1] + 2 * x[i] : 3 * x[i] + 0.5 * x[i + 1]);
    const energy = Float64Array.from({ length: x.length / 2 }, (_, i) =>
        (x[2 * i] * gradient[2 * i] + x[2 * i + 1] * gradient[2 * i + 1]) / 2);
    return { energy, gradient };
};
"""


def test_the_browser_exchanges_the_same_replicas():
    temperatures, n = [8.0, 2.0, 1.0], 6
    x, energy = (
        torch.randn(3, n, 2, generator=seeded(), dtype=torch.float64),
        4 * torch.rand(3, n, generator=seeded(1), dtype=torch.float64),
    )
    for first in (0, 1):
        u = torch.rand(n, generator=seeded(5), dtype=torch.float64)
        given = {"x": x.flatten().tolist(), "energy": energy.flatten().tolist(), "u": u.tolist(), "first": first}
        taken = chains.swap(x, energy, temperatures, first, seeded(5))
        found = run(
            """const { swap } = await load("energy/chains.js");
            const gradient = [...x];
            const taken = swap({ x, energy, gradient }, [8, 2, 1], 6, first, { uniform: () => u.shift() });
            return { x, energy, taken, gradient };""",
            **given,
        )
        assert found["taken"] == int(taken.sum()) and 0 < found["taken"] < n + 1
        torch.testing.assert_close(torch.tensor(found["x"], dtype=torch.float64), x.flatten())
        assert found["gradient"] == found["x"]
        torch.testing.assert_close(torch.tensor(found["energy"], dtype=torch.float64), energy.flatten())


def test_the_browser_measures_mixing_alike():
    series = torch.randn(4, 300, generator=seeded(), dtype=torch.float64).cumsum(-1) * 0.05
    series += torch.randn(4, 300, generator=seeded(1), dtype=torch.float64)
    found = run(
        """const { autocorrelation, effectiveSize } = await load("energy/mixing.js");
        return [autocorrelation(series, 30), effectiveSize(series)];""",
        series=series.tolist(),
    )
    rho = chains.autocorrelation(series)
    torch.testing.assert_close(torch.tensor(found[0][:20], dtype=torch.float64), rho[:20], rtol=1e-6, atol=1e-9)
    assert found[1] == pytest.approx(chains.effective_size(series), rel=1e-6)


def test_the_browser_counts_the_same_crossings():
    a, b = toys.TOYS["eight-gaussians"].means[:2].tolist()
    path = [a, [(p + q) / 2 for p, q in zip(a, b)], a, b, [3 * p for p in b], b, a]
    found = run(
        """const { Pieces, crossed } = await load("energy/mixing.js");
        const pieces = new Pieces({ means, sigma: 0.12, pieces: Array(8).fill(1) });
        const last = pieces.all(path[0]);
        return path.slice(1).map((place) => crossed(last, pieces.all(place)));""",
        means=toys.TOYS["eight-gaussians"].means.tolist(),
        path=path,
    )
    assert found == [0, 0, 1, 0, 0, 1]


SETTINGS = {
    "kernel": "mala",
    "eps": 0.1,
    "temp": 1,
    "chains": 10,
    "cure": "none",
    "drops": [0.5, 0.5],
    "length": 40,
    "seed": 7,
}
RUN = """
const { Run } = await load("energy/run.js");
const { Pieces } = await load("energy/mixing.js");
const pieces = new Pieces({ means: [[0.5, 0.5], [-0.5, -0.5]], sigma: 0.1, pieces: [1, 1] });
const runOf = (settings) => new Run({ net: { evaluate: target }, pieces, settings }).finish();
"""


@pytest.mark.parametrize("cure", ["none", "annealing", "tempering"])
@pytest.mark.parametrize("kernel", chains.KERNELS)
def test_the_same_seed_gives_the_same_chains_and_another_does_not(kernel: str, cure: str):
    settings = SETTINGS | {"kernel": kernel, "cure": cure}
    found = run(
        f"""{JS_QUADRATIC}{RUN}
        return [settings, settings, {{ ...settings, seed: 8 }}].map((each) => [...runOf(each).frames.at(-1).x]);""",
        settings=settings,
    )
    assert found[0] == found[1] != found[2]
    assert len(found[0]) == 20 and all(map(math.isfinite, found[0]))


def test_a_run_cools_to_its_temperature_half_way():
    found = run(
        f"{JS_QUADRATIC}{RUN} return runOf(settings).frames.map((frame) => frame.temperature);",
        settings=SETTINGS | {"cure": "annealing", "temp": 2},
    )
    assert len(found) == 41 and found[1] == pytest.approx(40) and found[21:] == pytest.approx(20 * [2])
    assert all(a >= b for a, b in zip(found[1:], found[2:]))


def test_a_run_that_diverges_stops_and_says_when_and_why():
    found = run(
        f"""{JS_QUADRATIC}{RUN}
        const {{ chainWords }} = await load("energy/words.js");
        const run = runOf(settings);
        return {{ ...run.diverged, frames: run.frames.length, words: chainWords(run, run.diverged.move) }};""",
        settings=SETTINGS | {"kernel": "langevin", "eps": 2.5},
    )
    assert found["why"] == "far" and found["move"] == found["frames"] - 1 < 40
    assert f"chain {found['chain'] + 1} went beyond 1,000 at move {found['move']}" in found["words"]
    assert "1 − ε²/2, which is −2.13" in found["words"]


def test_a_surface_has_the_log_z_and_the_divergence_of_python(model: PlaneEnergy):
    """By another grid than Python's."""
    energy, toy = model.ways["dsm"], toys.TOYS["rings"]
    found = run(
        f"""{NET}
        const {{ Surface, knownOf }} = await load("energy/surface.js");
        const {{ Pieces }} = await load("energy/mixing.js");
        const grid = {{ side: 100, half: 5 }};
        const surface = new Surface({{ net, known: knownOf(toy, 100, 5), pieces: new Pieces(toy), ...grid }});
        while (!surface.some());
        return [surface.logZ, surface.kl, [...surface.shares]];""",
        given=js_layers(energy),
        toy={"means": toy.means.tolist(), "sigma": toy.sigma, "pieces": [24, 48]},
    )
    measured = measures.of_way(model, "dsm", "rings")
    assert found[0] == pytest.approx(measured["log_z"], abs=2e-3)
    assert found[1] == pytest.approx(measured["kl"], abs=2e-3)
    assert found[2] == pytest.approx(measured["shares"], abs=0.01)
