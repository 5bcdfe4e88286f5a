"""Points on their way from noise to data: the pairs of a coupling with the paths of its field, and few Euler steps."""

import torch
from torch import Tensor

from explorer import data
from explorer.measures.plane_flow_matching import straightness
from explorer.models.plane_flow_matching import BEFORE, COUPLINGS, PlaneFlowMatching, PlaneVelocity
from explorer.models.transport import optimal_pairs
from explorer.networks import checkpoints
from explorer.spaces.packing import pack
from explorer.tabs.flow_matching.fields import Coupling, FewSteps
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.draws import gaussians, permutation
from explorer.tabs.kit.ask.nets import AnyNet, dataset_of
from explorer.tabs.kit.layout.family import POINTS
from explorer.tabs.kit.layout.fields import Seed

PAIRS, SHOWN = 24, 8  # pairs of a minibatch, and those that are shown
STEPS = 40  # of Heun's method for their paths
NOISE = 400  # points that take few steps


def of_points(net: str) -> PlaneFlowMatching:
    """Load networks of points.

    Raises:
        ValueError: if the network is one of images.
    """
    model = checkpoints.load(net)
    if not isinstance(model, PlaneFlowMatching):
        raise ValueError("choose a data set of points: images have no plane to travel in")
    return model


@torch.no_grad()
def states_of(field: PlaneVelocity, noise: Tensor, steps: int, solver: str) -> Tensor:
    """Return the states of points (N, 2) from noise to data: (steps + 1, N, 2)."""
    how = {"generator": torch.Generator(), "x_0": noise, "steps": steps, "solver": solver}
    return torch.stack([noise, *(step.numbers["x_t"] for step in field.sample_steps(len(noise), **how))])


def partners(model: PlaneFlowMatching, points: Tensor, coupling: str, noise: Tensor, seed: int) -> Tensor:
    """Return the partner of each noise (N, 2) by a coupling: points, or of reflow where the round before ends."""
    if coupling in BEFORE:
        return states_of(model.net(BEFORE[coupling]), noise, STEPS, "heun")[-1]
    chosen = points[permutation(len(points), seed)[: len(noise)]]
    return chosen if coupling == "independent" else chosen[optimal_pairs(noise, chosen)]


@heavy
def paths(net: AnyNet, coupling: Coupling, seed: Seed) -> dict:
    """Return noise with its partners, the paths of the field from the same noise, and how straight these are.

    `longer` is the length of all paths over that of the straight lines between their ends, minus 1.
    """
    model = of_points(net)
    noise = gaussians(seed, 2 * PAIRS).view(-1, 2).float()
    points = data.DATASETS[dataset_of(net)].load("test").points[:POINTS]
    ends = partners(model, points, coupling, noise, seed)[:SHOWN]
    states = states_of(model.net(coupling), noise[:SHOWN], STEPS, "heun")
    found = {"noise": noise[:SHOWN], "data": ends, "states": states}
    packed = {name: pack(x, torch.float32) for name, x in found.items()}
    length, straight = states.diff(dim=0).norm(dim=-1).sum(), (states[-1] - states[0]).norm(dim=-1).sum()
    bent = float(straightness(model.net(coupling), states).mean())
    return packed | {"bent": bent, "longer": float(length / straight) - 1}


@heavy
def rounds(net: AnyNet, few: FewSteps, seed: Seed) -> dict:
    """Return the states of the same noise in few Euler steps, by the field of each coupling."""
    model, noise = of_points(net), gaussians(seed, 2 * NOISE).view(-1, 2).float()
    return {name: pack(states_of(model.net(name), noise, few, "euler"), torch.float16) for name in COUPLINGS}
