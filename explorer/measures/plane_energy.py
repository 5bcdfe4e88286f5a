r"""Measures of energies of points, by integration on a grid and against the known density.

An energy gives a density up to a constant. So the mass far from all data, and the mass of each mode, need Z. The score
$-\nabla E$ determines neither: between modes no data constrain how deep one lies relative to another.
"""

from pathlib import Path

import torch
from torch import Tensor

from explorer.data import toys
from explorer.measures.alike import samplers
from explorer.measures.common import Load
from explorer.models.chains import KERNELS, State, Target, effective_size, ladder, start, swap, temper
from explorer.models.plane_energy import BEST, HOTTEST, OBJECTIVES, STEP, PlaneEnergy
from explorer.models.quadrature import grid, log_integral
from explorer.networks import checkpoints
from explorer.networks.card import Card, row, rows

__all__ = ["SNAPSHOT_EPOCHS", "figures", "headline", "objectives", "progress", "samplers"]

SNAPSHOT_EPOCHS = (0, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28)
PLANE_EBM_AT_ONCE = 20_000
EMPTY = 1e-3
"""Known density below which there are hardly any data."""
CHAINS, MOVES, RUNGS = 100, 1_000, 5
SETTLED = 2.5
"""Largest distance of a chain in a mode from one of the mode's Gaussians, in multiples of their width."""
PIECES = {"moons": (40, 40), "rings": (24, 48), "eight-gaussians": 8 * (1,)}
"""Number of Gaussians in each mode of a set of points, in their order."""
UNITS = {"kl": "nats", "log_z": "nats", "fisher": "nats"}


def piece_of(dataset: str) -> Tensor:
    """Return the index of each Gaussian's mode: (K,)."""
    return torch.repeat_interleave(torch.arange(len(PIECES[dataset])), torch.tensor(PIECES[dataset]))


def nearest(dataset: str, x: Tensor) -> tuple[Tensor, Tensor]:
    """Return the mode nearest to each x (N, 2), and its distance: (N,) and (N,)."""
    distance, which = torch.cdist(x, toys.TOYS[dataset].means.to(x)).min(-1)
    return piece_of(dataset)[which], distance


@torch.no_grad()
def objectives(model: PlaneEnergy, held_out: toys.Points, training: dict) -> list[float]:
    """Return the mean of −log p of the held-out points, in nats, for each objective."""
    return [float(-model.log_prob(held_out.points, way).mean()) for way in OBJECTIVES]


@torch.no_grad()
def progress(model: PlaneEnergy, held_out: toys.Points, training: dict) -> dict:
    """Measure a snapshot of each objective; the held-out points identify the set of points."""
    dataset = next(name for name in toys.TOYS if torch.equal(_held_out(name), held_out.points))
    found = {way: of_way(model, way, dataset) for way in OBJECTIVES}
    return {key: {way: found[way][key] for way in OBJECTIVES} for key in ("kl", "outside", "shares")}


def _held_out(dataset: str) -> Tensor:
    return toys.PointSet(dataset, dataset, toys.TOYS[dataset]).load("held-out").points


@torch.no_grad()
def of_way(model: PlaneEnergy, way: str, dataset: str) -> dict:
    r"""Measure the energy of one objective, all by integration.

    `kl` is $\mathrm{KL}(p \| e^{-E} / Z)$ in nats. `outside` is the mass in regions without data. `shares` is the mass
    nearest to each mode, and `shares_off` is half the sum of its absolute errors. `fisher` is
    $\tfrac{1}{2} \mathbb{E}_p \|\nabla \log p + \nabla E\|^2$, which score matching minimises.
    """
    points, log_areas = grid()
    truth = toys.TOYS[dataset]
    log_p = truth.log_prob(points.double())
    parts = [model.ways[way].target(part) for part in points.split(PLANE_EBM_AT_ONCE)]
    energy, gradient = (torch.cat(each).double() for each in zip(*parts))
    log_z = log_integral(-energy)
    mass, known = ((each + log_areas).exp() for each in (-energy - log_z, log_p))
    piece = nearest(dataset, points)[0]
    shares = torch.zeros(len(PIECES[dataset]), dtype=torch.float64).index_add(0, piece, mass)
    gap = (truth.score(points.double()) + gradient).square().sum(-1)
    return {
        "kl": float((known * (log_p + energy + log_z)).sum()),
        "log_z": float(log_z),
        "fisher": float((known * gap).sum() / 2),
        "outside": float(mass[log_p.exp() < EMPTY].sum()),
        "shares_off": float((shares - known_shares(dataset)).abs().sum() / 2),
        "shares": [round(float(share), 5) for share in shares],
    }


def known_shares(dataset: str) -> Tensor:
    """Return the known density's mass of each mode, (modes,); its Gaussians have equal weights."""
    counts = torch.tensor(PIECES[dataset], dtype=torch.float64)
    return counts / counts.sum()


@torch.no_grad()
def figures(model: PlaneEnergy, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure each objective, the mass of each mode by it, and the mixing of chains on the best energy."""
    found = []
    for way in OBJECTIVES:
        measured = of_way(model, way, dataset)
        shares = measured.pop("shares")
        found += [row(key, value, unit=UNITS.get(key), of=way) for key, value in measured.items()]
        found += [row("share", share, of=way, piece=index + 1) for index, share in enumerate(shares)]
    blur = toys.Mixture(toys.TOYS[dataset].means, (toys.TOYS[dataset].sigma ** 2 + _sigma(folder) ** 2) ** 0.5)
    log_p, log_q = (each.log_prob(grid()[0].double()) for each in (toys.TOYS[dataset], blur))
    found.append(row("blur", float((log_p.exp() * (log_p - log_q) * grid()[1].exp()).sum()), "exact", unit="nats"))
    return {"rows": found + mixing(model, dataset, load(dataset, "test").points[:CHAINS], seed)}


def _sigma(folder: Path) -> float:
    """Return the recipe's noise of denoising score matching."""
    return checkpoints.read_json(folder / "config.json")["training"]["sigma"]


def mixing(model: PlaneEnergy, dataset: str, x: Tensor, seed: int) -> list[dict]:
    """Measure how chains of each kernel move between modes of the best energy, starting at test points x (B, 2)."""
    target, found = model.ways[BEST].target, []
    for kernel in (*KERNELS, "tempering"):
        generator = torch.Generator().manual_seed(seed)
        temperatures = ladder(HOTTEST, RUNGS) if kernel == "tempering" else [1.0]
        trace, accepted = run_chains(target, x, kernel, temperatures, generator)
        setting = {"n": len(x), "seed": seed, "kernel": kernel, "step": STEP}
        found += [
            row("crossings", 1_000 * crossings(dataset, trace) / MOVES, **setting),
            row("effective", min(effective_size(trace[..., axis].T) for axis in (0, 1)) / len(x), **setting),
            row("accepted", accepted, **setting),
        ]
    return found


def run_chains(
    target: Target, x: Tensor, kernel: str, temperatures: list[float], generator: torch.Generator
) -> tuple[Tensor, float]:
    """Run chains; return their states at the last temperature, (N, B, 2), and the share of accepted moves.

    Shapes: `x` (B, 2), the start of every chain.
    """
    move, rungs = KERNELS.get(kernel, KERNELS["mala"]), len(temperatures)
    hot = [temper(target, temperature) for temperature in temperatures]
    states: list[State] = [start(each, x) for each in hot]
    trace, taken = [], []
    for index in range(MOVES):
        for rung, temperature in enumerate(temperatures):
            step = move(hot[rung], states[rung], STEP * temperature**0.5, generator)
            states[rung] = step.state
        taken.append(step.accepted.float().mean())
        if rungs > 1:
            places = torch.stack([state.x for state in states])
            energies = torch.stack([state.energy * t for state, t in zip(states, temperatures)])
            swap(places, energies, temperatures, index % 2, generator)
            states = [start(each, place) for each, place in zip(hot, places)]
        trace.append(states[-1].x)
    return torch.stack(trace), float(torch.stack(taken).mean())


def assign_modes(dataset: str, x: Tensor) -> Tensor:
    """Return the mode in which each x (B, 2) lies, −1 between modes: (B,)."""
    piece, distance = nearest(dataset, x)
    return torch.where(distance < SETTLED * toys.TOYS[dataset].sigma, piece, -1)


def crossings(dataset: str, trace: Tensor) -> float:
    """Return the mean number of times that a chain of a trace (N, B, 2) settles in another mode than before."""
    steps, chains, _ = trace.shape
    piece, distance = (each.view(steps, chains) for each in nearest(dataset, trace.reshape(-1, 2)))
    settled = distance < SETTLED * toys.TOYS[dataset].sigma
    last, count = piece[0].clone(), torch.zeros(chains)
    for now, inside in zip(piece, settled):
        moved = inside & (now != last)
        count += moved
        last = torch.where(inside, now, last)
    return float(count.mean())


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    return "KL(p ‖ exp(−E) / Z) " + ", ".join(f"{each['of']} {each['value']:.4f}" for each in rows(card, "kl"))
