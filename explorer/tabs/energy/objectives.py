"""Four objectives that learn one density: their figures by integration, and their charts."""

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import torch
from torch import Tensor

from explorer.data.toys import TOYS
from explorer.measures.plane_energy import EMPTY, known_shares, nearest
from explorer.models.plane_energy import OBJECTIVES, Energy
from explorer.numbers.answer import Figure
from explorer.numbers.words import percent
from explorer.spaces.packing import to_bytes
from explorer.tabs.energy.shared import DEEP, Frame
from explorer.tabs.kit.layout.panel import Curves

OBJECTIVES_REACH, OBJECTIVES_CELLS = 4.0, 96  # half side and cells per side of the square of integration
OBJECTIVES_KEPT = 64  # displayed cells along each axis, in the middle
ALIKE = "The four begin alike. The energy is half the squared distance and the output of an untrained network."
HEADINGS = {"cd": "contrastive (CD)", "pcd": "persistent (PCD)", "sm": "score matching (SM)", "dsm": "denoising (DSM)"}
"""Each objective as the headings above its plane name it."""
SMALLEST = Figure("smallest KL divergence", unit="nats", digits=3)
OFF = {way: Figure(f"mass in the wrong mode, {HEADINGS[way]}") for way in OBJECTIVES}
OUTSIDE = {way: Figure(f"mass outside the data, {HEADINGS[way]}") for way in OBJECTIVES}
HEADS = (SMALLEST, *OFF.values(), *OUTSIDE.values())
STYLES = [
    {"label": "CD", "colour": 0, "dash": [2, 3]},
    {"label": "PCD", "colour": 3},
    {"label": "SM", "colour": 9, "dash": [7, 4]},
    {"label": "DSM", "colour": 7, "dash": [7, 3, 2, 3]},
]
"""Line of each objective in the charts, in the order of `OBJECTIVES`."""


@cache
def cells() -> tuple[Tensor, float]:
    """Return the centres of cells from the upper left, row by row (SIDE², 2), and the area of one."""
    axis = ((2 * torch.arange(OBJECTIVES_CELLS) + 1) / OBJECTIVES_CELLS - 1) * OBJECTIVES_REACH
    x2, x1 = torch.meshgrid(-axis, axis, indexing="ij")
    return torch.stack([x1, x2], -1).view(-1, 2), (2 * OBJECTIVES_REACH / OBJECTIVES_CELLS) ** 2


@cache
def truth(dataset: str) -> tuple[Tensor, Tensor]:
    """Return the known log p at the cells in nats, and the mode nearest to each cell: (SIDE²,) and (SIDE²,)."""
    points, _ = cells()
    return TOYS[dataset].log_prob(points.double()), nearest(dataset, points)[0]


@torch.no_grad()
def evaluate(energy: Energy, dataset: str) -> tuple[dict[str, float], Tensor]:
    """Return KL(p ‖ exp(−E)/Z) and misplaced mass, by integration, and E minus its minimum, (CELLS, CELLS).

    Divergence and energies are in nats.
    """
    points, area = cells()
    values = energy(points).double()
    log_z = (-values).logsumexp(0) + torch.tensor(area).log()
    log_p, piece = truth(dataset)
    mass = (-values - log_z).exp() * area
    shares = torch.zeros(len(known_shares(dataset)), dtype=torch.float64)
    shares.index_add_(0, piece, mass)
    found = {
        "kl": float((log_p.exp() * (log_p + values + log_z)).sum() * area),
        "outside": float(mass[log_p.exp() < EMPTY].sum()),
        "off": float((shares - known_shares(dataset)).abs().sum() / 2),
    }
    return found, (values - values.min()).view(OBJECTIVES_CELLS, OBJECTIVES_CELLS)


def surfaces(energies: Mapping[str, Energy], dataset: str) -> tuple[dict[str, dict], str]:
    """Return the figures of the energy of each objective, and their displayed cells, one energy after the other."""
    cut = slice((OBJECTIVES_CELLS - OBJECTIVES_KEPT) // 2, (OBJECTIVES_CELLS + OBJECTIVES_KEPT) // 2)
    found = {way: evaluate(energy, dataset) for way, energy in energies.items()}
    shown = torch.stack([surface[cut, cut] for _, surface in found.values()])
    return {way: figures for way, (figures, _) in found.items()}, to_bytes((shown / DEEP).clamp(max=1))


def divergence_chart(clock: str, low: int, height: int) -> Curves:
    """Return the chart of the KL divergences by a clock, from 10 to the power of `low`."""
    name, ticks = "log₁₀ KL, nats", [*range(low, 2)]
    return Curves("KL divergence over the training", name, height, STYLES, (low, 1.5), ticks, along=clock)


def wrong_mode_chart(height: int) -> Curves:
    """Return the chart of the mass in the wrong mode."""
    name, ticks = "share in the wrong mode", [0, 0.4, 0.8]
    return Curves("Mass in the wrong mode", name, height, STYLES, (0, 0.8), ticks, along="epochs")


def decades(kl: float) -> float:
    """Return the decimal logarithm of a divergence, for a chart."""
    return round(math.log10(max(1e-9, kl)), 4)


def objective_numbers(found: Mapping[str, Frame]) -> list[Figure]:
    """Return the figures of the objectives, the least divergence first."""
    best = min(OBJECTIVES, key=lambda way: found[way]["kl"])
    return [
        SMALLEST.of(found[best]["kl"], f"{SMALLEST.unit}, {best.upper()}"),
        *(each.of(percent(found[way]["off"], 1)) for way, each in OFF.items()),
        *(each.of(percent(found[way]["outside"], 1)) for way, each in OUTSIDE.items()),
    ]


def table(place: Frame, found: Mapping[str, Frame], more: Mapping[str, Frame]) -> list[dict[str, Any]]:
    """Return the rows of the table at a snapshot, one for each objective."""
    names = {"kl": "KL", "outside": "mass outside", "off": "mass in the wrong mode"}
    figures = {way: {name: found[way][key] for key, name in names.items()} for way in OBJECTIVES}
    return [{**place, "objective": way, **figures[way], **more[way]} for way in OBJECTIVES]


def nearest_words(best: str) -> str:
    """Return the sentence on the objective that is nearest to the known density."""
    name = "Persistent CD" if best == "pcd" else OBJECTIVES[best].capitalize()
    return f"{name} is nearest to the known density."
