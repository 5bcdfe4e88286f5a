"""Server function of the live training of four energies: a short training, filmed while it runs."""

from collections.abc import Iterator
from functools import cache

import torch
from torch import Tensor

from explorer.data.toys import TOYS
from explorer.measures.plane_energy import EMPTY, known_shares, nearest
from explorer.models.learning import Learning, Rules
from explorer.models.plane_energy import WAYS, Energy
from explorer.serving.films import Scene, Script
from explorer.spaces import PLANE
from explorer.spaces.packing import to_bytes
from explorer.steps import rounded
from explorer.tabs.energy import told
from explorer.tabs.energy.fields import ChainSteps, Jumps, PlaneNet, Steps
from explorer.tabs.kit.answers import film
from explorer.tabs.kit.fields import Seed
from explorer.tabs.kit.nets import dataset_of

REACH, SIDE = 4.0, 96  # half side and cells per side of the square of integration
KEPT = 64  # displayed cells along each axis, in the middle
DEEP = 14.0  # nats above the minimum at which the surface is cut
FRAMES = 50  # without the first


@cache
def cells() -> tuple[Tensor, float]:
    """Return the centres of cells from the upper left, row by row (SIDE², 2), and the area of one."""
    axis = ((2 * torch.arange(SIDE) + 1) / SIDE - 1) * REACH
    x2, x1 = torch.meshgrid(-axis, axis, indexing="ij")
    return torch.stack([x1, x2], -1).view(-1, 2), (2 * REACH / SIDE) ** 2


@cache
def truth(dataset: str) -> tuple[Tensor, Tensor]:
    """Return the known log p at the cells in nats, and the mode nearest to each cell: (SIDE²,) and (SIDE²,)."""
    points, _ = cells()
    return TOYS[dataset].log_prob(points.double()), nearest(dataset, points)[0]


@torch.no_grad()
def judged(energy: Energy, dataset: str) -> tuple[dict[str, float], Tensor]:
    """Return KL(p ‖ exp(−E)/Z) and misplaced mass, by integration, and E minus its minimum (SIDE, SIDE)."""
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
    return found, (values - values.min()).view(SIDE, SIDE)


def shot(learning: Learning, dataset: str) -> dict:
    """Return a frame of the four trainings: energies, arrows, both phases of the gradients, and figures."""
    cut = slice((SIDE - KEPT) // 2, (SIDE + KEPT) // 2)
    found = {way: judged(each.energy, dataset) for way, each in learning.ways.items()}
    surfaces = torch.stack([surface[cut, cut] for _, surface in found.values()])
    ends = [each.arrows or (torch.zeros(0, 2),) * 2 for each in learning.ways.values()]
    start, stop = (torch.cat(each) for each in zip(*ends))
    phases = {way: vars(each.phases) if each.phases else None for way, each in learning.ways.items()}
    return {
        "x": PLANE.encode(start),
        "pictures": {"to": PLANE.encode(stop)},
        "surfaces": to_bytes((surfaces / DEEP).clamp(max=1)),
        "step": learning.steps,
        "found": {
            way: {key: rounded(torch.tensor(value)) for key, value in each.items()} for way, (each, _) in found.items()
        },
        "phases": phases,
    }


@film
def learn_ways(net: PlaneNet, k: ChainSteps, jumps: Jumps, seed: Seed, steps: Steps) -> Script:
    """Film the training of four energies from the first step, on the points of the selected network."""
    dataset, every = dataset_of(net), steps // FRAMES

    def frame_of(learning: Learning, dataset: str) -> dict:
        found = shot(learning, dataset)
        return found | told.live(found, k, jumps)

    def scenes() -> Iterator[Scene]:
        learning = Learning(TOYS[dataset], Rules(k, jumps), seed)
        yield 0, frame_of(learning, dataset)
        for index in range(1, steps + 1):
            learning.step()
            yield 1, frame_of(learning, dataset) if index % every == 0 else None

    return Script(PLANE, len(WAYS), FRAMES + 1, steps, scenes)
