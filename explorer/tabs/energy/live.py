"""Server functions of four objectives: films of the training that was kept, and of a short one while it runs."""

from collections.abc import Iterator, Mapping
from functools import cache

import torch
from torch import Tensor

from explorer.data.toys import TOYS
from explorer.measures.plane_energy import EMPTY, known_shares, nearest
from explorer.models.learning import Learning, Rules
from explorer.models.plane_energy import OBJECTIVES, Energy
from explorer.networks import checkpoints
from explorer.serving.films import Scene, Script
from explorer.spaces import PLANE
from explorer.spaces.packing import to_bytes
from explorer.tabs.energy import objective_answers
from explorer.tabs.energy.fields import ChainSteps, Jumps, PlaneNet, Steps
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import Seed
from explorer.tabs.kit.numbers.trained import read_card

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
def evaluate(energy: Energy, dataset: str) -> tuple[dict[str, float], Tensor]:
    """Return KL(p ‖ exp(−E)/Z) and misplaced mass, by integration, and E minus its minimum, (SIDE, SIDE).

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
    return found, (values - values.min()).view(SIDE, SIDE)


def surfaces(energies: Mapping[str, Energy], dataset: str) -> tuple[dict[str, dict], str]:
    """Return the figures of the energy of each objective, and their displayed cells, one energy after the other."""
    cut = slice((SIDE - KEPT) // 2, (SIDE + KEPT) // 2)
    found = {way: evaluate(energy, dataset) for way, energy in energies.items()}
    shown = torch.stack([surface[cut, cut] for _, surface in found.values()])
    return {way: figures for way, (figures, _) in found.items()}, to_bytes((shown / DEEP).clamp(max=1))


def shot(learning: Learning, dataset: str) -> dict:
    """Return a frame of the four trainings: energies, arrows, both phases of the gradients, and figures."""
    found, shown = surfaces({way: each.energy for way, each in learning.ways.items()}, dataset)
    ends = [each.arrows or (torch.zeros(0, 2),) * 2 for each in learning.ways.values()]
    start, stop = (torch.cat(each) for each in zip(*ends))
    count = len(start) // len(OBJECTIVES)
    phases = {way: vars(each.phases) if each.phases else None for way, each in learning.ways.items()}
    return {
        "x": PLANE.encode(start),
        "pictures": {"to": PLANE.encode(stop)},
        "surfaces": shown,
        "spans": {way: [k * count, (k + 1) * count] for k, way in enumerate(OBJECTIVES)},
        "step": learning.steps,
        "found": found,
        "phases": phases,
    }


@film
def learn_objectives(net: PlaneNet, k: ChainSteps, jumps: Jumps, seed: Seed, steps: Steps) -> Script:
    """Film the training of four energies from the first step, on the points of the selected network."""
    dataset, every = dataset_of(net), steps // FRAMES

    def scenes() -> Iterator[Scene]:
        learning = Learning(TOYS[dataset], Rules(k, jumps), seed)
        for index in range(steps + 1):
            if index:
                learning.step()
            found = shot(learning, dataset) if index % every == 0 else None
            if found:
                found |= {"report": objective_answers.live(found, k, jumps, steps).to_props()}
            yield min(index, 1), found

    return Script(PLANE, len(OBJECTIVES), FRAMES + 1, steps, scenes)


@film
def objective_snapshots(net: PlaneNet) -> Script:
    """Film the snapshots of the training of four energies, with their negative samples."""
    kept, card, dataset = checkpoints.snapshots_of(net), read_card(net), dataset_of(net)
    reports = objective_answers.snapshot_reports(kept["history"], known_shares(dataset).tolist(), card)

    def scenes() -> Iterator[Scene]:
        for index, result in enumerate(reports):
            model = checkpoints.snapshot(net, index)
            count = model.negatives.shape[1]
            yield (
                1,
                {
                    "x": PLANE.encode(model.negatives.flatten(0, 1)),
                    "surfaces": surfaces(model.ways, dataset)[1],
                    "spans": {"cd": [0, count], "pcd": [count, 2 * count]},
                    "report": result.to_props(),
                },
            )

    count = len(kept["history"])
    return Script(PLANE, len(OBJECTIVES), count, count, scenes)


FILMS = [objective_snapshots, learn_objectives]
