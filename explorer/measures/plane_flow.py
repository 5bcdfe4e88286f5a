"""What is measured of flows of points, all by integration on a grid, and beside the known density.

A flow is a homeomorphism: it cannot tear the plane. So where the data come in pieces, a bridge of mass stays between
them. How high it is, is measured: the greatest density at which a path leads from piece to piece.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.data import toys
from explorer.measures.common import Load
from explorer.models.plane_flow import PlaneFlow, PlaneFlows

REACH, SPACING = 6.0, 0.02
AT_ONCE = 60_000
PIECES = {"moons": (20, 60), "rings": (0, 24), "eight-gaussians": tuple(range(8))}
"""A Gaussian of each piece that a set of points comes in."""
EMPTY = 1e-3
"""Where the known density is lower there are hardly any data: `outside` says how many of the known density."""


@torch.no_grad()
def objectives(model: PlaneFlows, held_out: toys.Points, training: dict) -> list[float]:
    """The mean of −log p of the held-out points, in nats, by each flow."""
    return [float(-flow.log_prob(held_out.points).mean()) for flow in model.flows.values()]


def grid() -> Tensor:
    """The middles of square cells of side `SPACING`, as points of float32: (N, 2)."""
    axis = torch.arange(-REACH, REACH, SPACING, dtype=torch.float64) + SPACING / 2
    return torch.cartesian_prod(axis, axis).float()


def total(density: Tensor) -> float:
    """The integral over the grid of values (N,)."""
    return float(density.double().sum()) * SPACING**2


@torch.no_grad()
def figures(model: PlaneFlows, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Of each flow by its name, and of the known density where it has such a figure."""
    known, points = toys.TOYS[dataset], grid()
    truth = known.log_prob(points.double())
    test = load(dataset, "test").points
    measured = {name: of_flow(flow, dataset, points, truth, test) for name, flow in model.flows.items()}
    exact = {"bridge": bridge(truth, dataset), "outside": total(truth.exp()[truth.exp() < EMPTY])}
    return {"figures": {"known": exact} | measured}


def of_flow(flow: PlaneFlow, dataset: str, points: Tensor, truth: Tensor, test: Tensor) -> dict:
    r"""What is measured of one flow.

    `kl` is $\mathrm{KL}(p \| q)$ in nats; `integral` of the density, 1; `bridge`, see the module, and `outside`, the
    mass where there is no data; `volume`, how the layers together change areas around test points, as
    $\log |\det J|$: its least, mean and greatest; `round_trip`, the largest error of decode(encode(x)) in float32.
    """
    found = torch.cat([flow.log_prob(part) for part in points.split(AT_ONCE)]).double()
    z, log_det = flow.forward_and_log_det(test)
    return {
        "kl": total(truth.exp() * (truth - found)),
        "integral": total(found.exp()),
        "bridge": bridge(found, dataset),
        "outside": total(found.exp()[truth.exp() < EMPTY]),
        "volume": [float(each) for each in (log_det.min(), log_det.mean(), log_det.max())],
        "round_trip": float((flow.decode(z) - test).abs().max()),
    }


def bridge(log_density: Tensor, dataset: str) -> float:
    """The greatest log-density at which all pieces of a set hang together, of log-densities (N,) on the grid.

    From one piece outwards each cell learns the least density on the best path to it (a widest path).
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
    row, column = ((point + REACH) / SPACING).long().clamp(0, side - 1).tolist()
    return row, column


def headline(card: dict) -> str:
    """What the command line says when the measuring is done."""
    found = card["figures"]
    return "KL(p ‖ flow) " + ", ".join(f"{name} {each['kl']:.4f}" for name, each in found.items() if name != "known")
