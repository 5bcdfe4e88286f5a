"""Measures of flow matching in the plane: densities, straightness of paths, few steps, scores from velocities."""

import copy
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import torch
from torch import Tensor

from explorer.data import toys
from explorer.measures.common import Load, mean_row
from explorer.measures.plane_flow import EMPTY
from explorer.models.clouds import mean_pair_distance, squared_energy_distance
from explorer.models.divergence import exact_divergence, hutchinson, signs
from explorer.models.plane_flow_matching import (
    COUPLINGS,
    PAIRED,
    SOLVED,
    PlaneFlowMatching,
    PlaneVelocity,
    score_of,
)
from explorer.models.velocity_field import VelocityField
from explorer.networks.card import Card, find, row, rows
from explorer.running.device import device_of
from explorer.steps import last
from explorer.verdicts import chance_limit, of_values

ROUNDING_POINTS = 1_000
LOOKED_AT = 50  # equal time steps at which paths are measured
PLANE_FM_SAMPLES, PLANE_FM_AT_ONCE = 2_500, 1_250  # samples, and equally many test points
PLANE_FM_DRAWS, TRUE_DRAWS, PLANE_FM_DRAWN = (
    20,
    200,
    1_000,
)  # draws of a distance, of that of true samples, and points of each
FEW = (1, 2, 3, 5, 10, 20, 50)
SCORED, SCORED_AT, NUDGE = 500, 0.5, 1e-3  # points whose score is measured, their time, step of the differences
PLANE_FM_PROBED, PROBES = 300, 30  # test points whose log p is estimated by random signs, and draws of signs for each


@torch.no_grad()
def objectives(model: PlaneFlowMatching, held_out: toys.Points, training: dict) -> list[float]:
    """Return the mean of −log p of the first held-out points, in nats, for each network."""
    points = held_out.points[:ROUNDING_POINTS].to(device_of(model))
    return [float(-net.log_prob(points).mean()) for net in model.nets.values()]


def figures(model: PlaneFlowMatching, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure each network by its coupling, and points of the known density as a reference."""
    known, test = toys.TOYS[dataset], load(dataset, "test")[:PLANE_FM_SAMPLES].points.to(device_of(model))
    noise = torch.randn(PLANE_FM_SAMPLES, 2, generator=torch.Generator().manual_seed(seed)).to(test)
    found = [mean_row("off", (known.log_prob(test).exp() < EMPTY).double(), of="data")]
    for name in COUPLINGS:
        found += density(model.net(name), known, test, name)
        found += paths(model.net(name), known, noise, name, seed) + [residual(model, test, name, seed)]
        found.append(score_row(model.net(name), noise[:SCORED], name, seed))
    return {"rows": found + traces(model.net(), test[:PLANE_FM_PROBED], seed)}


def density(net: PlaneVelocity, known: toys.Mixture, test: Tensor, name: str) -> list[dict]:
    """Measure log p of test points by the ODE with the exact trace: its error, and the KL from the known density.

    Shapes: `test` (N, 2). Both are in nats.
    """
    found = torch.cat([net.log_prob(part) for part in test.split(PLANE_FM_AT_ONCE)]).double()
    truth = known.log_prob(test.double())
    return [
        mean_row("log_prob_error", (found - truth).abs(), unit="nats", of=name),
        mean_row("kl", truth - found, unit="nats", of=name),
    ]


@torch.no_grad()
def straightness(net: VelocityField, states: Sequence[Tensor]) -> Tensor:
    r"""Compute $\int_0^1 \|(x(1) - x(0)) - v(x(t), t)\|^2 dt$ of paths by the trapezoidal rule: states (N, 2) to (N,).

    Reference: Liu et al. 2023, section 2.2.
    """
    steps, way = len(states) - 1, states[-1] - states[0]
    speeds = [(way - net.velocity(state, index / steps)).square().sum(-1) for index, state in enumerate(states)]
    return (sum(speeds) - (speeds[0] + speeds[-1]) / 2) / steps


@torch.no_grad()
def paths(net: PlaneVelocity, known: toys.Mixture, noise: Tensor, name: str, seed: int) -> list[dict]:
    r"""Measure the straightness of paths from noise (N, 2), and the ends of few Euler steps.

    `straightness` is 0 for straight paths. `detour` is the length of a path over the distance of its ends, minus 1.
    `off` is the share of ends with a known density below `EMPTY`.
    """
    how = {"generator": torch.Generator(), "x_0": noise, "steps": LOOKED_AT, "solver": "heun"}
    states = [step.numbers["x_t"] for step in net.sample_steps(len(noise), **how)]
    length = sum((b - a).norm(dim=-1) for a, b in zip([noise, *states], states))
    of = {"seed": seed, "of": name}
    found = [
        mean_row("straightness", straightness(net, [noise, *states]), **of),
        mean_row("detour", length / (states[-1] - noise).norm(dim=-1) - 1, **of),
    ]
    for steps in FEW:
        off = known.log_prob(ends_of(net, noise, steps)).exp() < EMPTY
        found.append(mean_row("off", off.double(), steps=steps, **of))
    return found


def ends_of(net: PlaneVelocity, noise: Tensor, steps: int) -> Tensor:
    """Return where Euler steps take noise (N, 2): (N, 2)."""
    how = {"generator": torch.Generator(), "x_0": noise, "steps": steps, "solver": "euler"}
    return last(net.sample_steps(len(noise), **how)).x


def distances(model: PlaneFlowMatching, dataset: str, load: Load, seed: int) -> dict:
    """Measure D² of the ends of few Euler steps from fresh points, in several draws of noise and of points.

    Every coupling and number of steps has the same draws. Two sets of fresh points tell what chance gives: the mean of
    D², and the limit that 95 % of draws stay within.
    """
    known, generator = toys.TOYS[dataset], torch.Generator().manual_seed(seed)
    pairs = [[known.sample(PLANE_FM_DRAWN, generator) for _ in "xy"] for _ in range(TRUE_DRAWS)]
    true = [squared_energy_distance(*pair)[0] for pair in pairs]
    of = {"n": TRUE_DRAWS, "seed": seed, "of": "data"}
    found = [distance_row(true, **of), row("squared_energy_distance_limit", chance_limit(true), **of)]
    noises = [torch.randn(PLANE_FM_DRAWN, 2, generator=generator).to(device_of(model)) for _ in range(PLANE_FM_DRAWS)]
    fresh = [(y, mean_pair_distance(y)) for _, y in pairs[:PLANE_FM_DRAWS]]
    for name, steps in product(COUPLINGS, FEW):
        ends = [ends_of(model.net(name), noise, steps).cpu() for noise in noises]
        drawn = [squared_energy_distance(x, *y)[0] for x, y in zip(ends, fresh)]
        found.append(distance_row(drawn, n=PLANE_FM_DRAWS, seed=seed, of=name, steps=steps))
    return {"rows": found, "points": PLANE_FM_DRAWN}


def distance_row(values: Sequence[float], **setting: float | str) -> dict:
    """Return the mean of several draws of D² as a row, with its standard error."""
    mean = of_values(values)
    return row("squared_energy_distance", mean.value, se=mean.se, **setting)


PARTS = {"distances": distances}
"""Measures that `evaluate --only` can repeat alone."""


@torch.no_grad()
def residual(model: PlaneFlowMatching, test: Tensor, name: str, seed: int) -> dict:
    r"""Measure the mean of $\|x_1 - x_0 - v_\theta(x_t, t)\|^2$ of coupled pairs: how far crossing lines disagree.

    Shapes: `test` (N, 2).
    """
    generator, found = torch.Generator().manual_seed(seed), []
    for x in test.split(PAIRED):
        x0, x1 = (each[: len(x)] for each in model.training_pairs(x, name, generator))
        t = torch.rand(len(x), generator=generator).to(x)
        found.append((x1 - x0 - model.velocity(torch.lerp(x0, x1, t.unsqueeze(-1)), t, name)).square().sum(-1))
    return mean_row("residual", torch.cat(found), seed=seed, of=name)


def score_row(net: VelocityField, noise: Tensor, name: str, seed: int) -> dict:
    r"""Measure the RMS error of the score computed from the velocity, relative to the RMS of the score.

    The reference is the gradient of the network's own log-density at time `SCORED_AT`, by central differences. The
    points are those to which its ODE carries the noise (N, 2).
    """
    net, noise = copy.deepcopy(net).double(), noise.double()
    x = noise + 0
    for index in range(SOLVED):  # Heun's method to the time t, not to 1
        t, h = SCORED_AT * index / SOLVED, SCORED_AT / SOLVED
        with torch.no_grad():
            v = net.velocity(x, t)
            x = x + h / 2 * (v + net.velocity(x + h * v, t + h))
    times = [SCORED_AT * (1 - index / SOLVED) for index in range(SOLVED + 1)]
    nudges = NUDGE * torch.eye(2, dtype=x.dtype)
    slopes = [
        net.log_density(x + nudge, exact_divergence, steps=times)
        - net.log_density(x - nudge, exact_divergence, steps=times)
        for nudge in nudges
    ]
    true = torch.stack(slopes, -1) / (2 * NUDGE)
    with torch.no_grad():
        apart = score_of(x, SCORED_AT, net.velocity(x, SCORED_AT)) - true
    value = float((apart.square().sum() / true.square().sum()).sqrt())
    return row("score_error", value, n=len(x), seed=seed, t=SCORED_AT, of=name)


def traces(net: PlaneVelocity, points: Tensor, seed: int) -> list[dict]:
    """Measure the mean error of log p by random signs against log p by the exact trace, and its spread.

    Shapes: `points` (N, 2). Both are in nats.
    """
    exact, generator = net.log_prob(points), torch.Generator().manual_seed(seed)
    times = [1 - index / SOLVED for index in range(SOLVED + 1)]
    drawn = [net.log_density(points, hutchinson(signs(points, generator)), steps=times) for _ in range(PROBES)]
    apart = (torch.stack(drawn).double() - exact.double()).mean(-1)  # one number per draw of signs
    of = {"unit": "nats", "seed": seed, "of": "independent"}
    spread = (torch.stack(drawn).double() - exact.double()).square().mean().sqrt()
    return [
        mean_row("hutchinson_error", apart, **of),
        row("hutchinson_sd", float(spread), n=PROBES * len(points), **of),
    ]


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    error = find(card, "log_prob_error", of="independent")["value"]
    straight = ", ".join(f"{row['of']} {row['value']:.4f}" for row in rows(card, "straightness"))
    return f"|log p − known| {error:.4f} nats; straightness {straight}"
