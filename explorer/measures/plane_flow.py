"""Measures of flows of points, by integration on a grid and against the known density.

A flow is a homeomorphism: it cannot tear the plane. So a bridge of mass connects separate modes of the data. Its height
is the greatest density at which a path leads from mode to mode.
"""

from functools import cache
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.data import toys
from explorer.measures.common import Load
from explorer.models.plane_flow import PlaneFlow, PlaneFlows
from explorer.networks.card import Card, row, rows

PLANE_FLOW_REACH, SPACING = 4.5, 0.015  # of t, where a coordinate is sinh t: fine in the middle, reaching out to 45
PLANE_FLOW_AT_ONCE = 60_000
UNITS = {"kl": "nats", "bridge": "nats"} | {f"volume_{which}": "nats" for which in ("least", "mean", "greatest")}
PIECES = {"moons": (20, 60), "rings": (0, 24), "eight-gaussians": tuple(range(8))}
"""Index of one Gaussian in each mode of a set of points."""
EMPTY = 1e-3
"""Known density below which there are hardly any data; `outside` gives the known density's own share there."""

SNAPSHOT_EPOCHS = (0, 0.1, 0.3, 1, 2, 4, 8)


@torch.no_grad()
def objectives(model: PlaneFlows, held_out: toys.Points, training: dict) -> list[float]:
    """Return the mean of −log p of the held-out points, in nats, for each flow."""
    return [float(-flow.log_prob(held_out.points).mean()) for flow in model.flows.values()]


@torch.no_grad()
def progress(model: PlaneFlows, held_out: toys.Points, training: dict) -> dict[str, float]:
    """Measure the mean of −log p of the held-out points, in nats, for the deepest spline flow."""
    return {"nll": float(-model.log_prob(held_out.points).mean())}


@cache
def grid() -> tuple[Tensor, Tensor]:
    """Return the centres of cells as points of float32 (N, 2), and the cells' areas (N,)."""
    axis = torch.arange(-PLANE_FLOW_REACH, PLANE_FLOW_REACH, SPACING, dtype=torch.float64) + SPACING / 2
    t = torch.cartesian_prod(axis, axis)
    return t.sinh().float(), SPACING**2 * t.cosh().prod(-1)


def total(values: Tensor, where: Tensor | None = None) -> float:
    """Return the integral of values (N,) over the grid, or over the cells selected by `where`."""
    areas = grid()[1]
    return float((values.double() * areas if where is None else (values.double() * areas)[where]).sum())


@torch.no_grad()
def figures(model: PlaneFlows, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure each flow, and the bridge and outside mass of the "known" density."""
    truth = toys.TOYS[dataset].log_prob(grid()[0].double())
    test = load(dataset, "test").points
    known = {"bridge": bridge(truth, dataset), "outside": total(truth.exp(), truth.exp() < EMPTY)}
    of = {"known": known} | {name: of_flow(flow, dataset, truth, test) for name, flow in model.flows.items()}
    return {"rows": [row(key, value, unit=UNITS.get(key), of=name) for name in of for key, value in of[name].items()]}


def of_flow(flow: PlaneFlow, dataset: str, truth: Tensor, test: Tensor) -> dict[str, float]:
    r"""Measure one flow.

    `kl` is $\mathrm{KL}(p \| q)$ in nats. `integral` is that of the density, 1 if exact. `bridge` is defined in the
    module's docstring. `outside` is the mass in regions without data. `volume_…` are the least, mean and greatest
    $\log |\det J|$ of all layers together at test points. `round_trip` is the largest error of decode(encode(x)) in
    float32.

    Shapes: `truth` (N,), the known log-density on the grid in nats; `test` (M, 2).
    """
    found = torch.cat([flow.log_prob(part) for part in grid()[0].split(PLANE_FLOW_AT_ONCE)]).double()
    z, log_det = flow.forward_and_log_det(test)
    return {
        "kl": total(truth.exp() * (truth - found)),
        "integral": total(found.exp()),
        "bridge": bridge(found, dataset),
        "outside": total(found.exp(), truth.exp() < EMPTY),
        "volume_least": float(log_det.min()),
        "volume_mean": float(log_det.mean()),
        "volume_greatest": float(log_det.max()),
        "round_trip": float((flow.decode(z) - test).abs().max()),
    }


def bridge(log_density: Tensor, dataset: str) -> float:
    """Return the greatest log-density at which all modes are connected, from log-densities (N,) on the grid.

    Each cell is assigned the least density on the best path from the first mode to it (a widest path).
    """
    side = round(len(log_density) ** 0.5)
    height = log_density.view(1, 1, side, side)
    first, *others = (_cell(toys.TOYS[dataset].means[index], side) for index in PIECES[dataset])
    width = torch.full_like(height, -torch.inf)
    width[..., first[0], first[1]] = height[..., first[0], first[1]]
    while True:
        wider = torch.minimum(height, F.max_pool2d(width, 3, 1, 1))
        if torch.equal(wider, width):
            return float(min(width[0, 0, row, column] for row, column in others))
        width = wider


def _cell(point: Tensor, side: int) -> tuple[int, int]:
    row, column = ((point.asinh() + PLANE_FLOW_REACH) / SPACING).long().clamp(0, side - 1).tolist()
    return row, column


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    return "KL(p ‖ flow) " + ", ".join(f"{row['of']} {row['value']:.4f}" for row in rows(card, "kl"))
