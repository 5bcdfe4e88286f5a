"""*Paths*: paths from noise to data, for each coupling."""

from typing import Annotated

import torch
from torch import Tensor

from explorer import data
from explorer.measures.plane_flow_matching import straightness
from explorer.models.plane_flow_matching import BEFORE, PlaneFlowMatching
from explorer.models.transport import optimal_pairs
from explorer.numbers.answer import FINDING, Answer
from explorer.spaces.packing import pack
from explorer.tabs.flow_matching.shared import CHOICE, COUPLED, COUPLING, MOONS, of_points, states_of
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.draws import gaussians, permutation
from explorer.tabs.kit.ask.nets import AnyNet, dataset_of
from explorer.tabs.kit.layout.family import POINTS
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel

PATHS_PAIRS, SHOWN_PAIRS = 24, 8  # pairs of a minibatch, and those that are shown
Coupling = Annotated[str, COUPLING]
PATHS = {
    "longer": "Learned paths never meet, so they bend.",
    "straighter": "Few training lines meet, so the learned paths are nearly straight.",
    "bends": "Learned paths are {longer:1%} longer than straight ones.",
    "independent": "Noise and points are paired by chance.",
    "ot": "Of this minibatch, noise and points are paired so that the squared distances have the least sum.",
    "reflow-1": "Each noise is paired with the point to which the independent field takes it.",
    "reflow-2": "Each noise is paired with the point to which the field of the first round takes it.",
    "noise": "t = 0: Gaussian noise.",
    "data": "t = 1: data.",
    "way": "{percent:0} % of the way.",
    "plane": "{title}: {count:0} pairs with their straight lines, and the learned paths from the same noise.",
    "lines": "Lines through {point:p} at t = {t} go {exact:p} on average and spread by {spread} around it; the network "
    "has one velocity at a place and predicts {learned:p}.",
    "alone": "At {point:p} and t = {t} the network predicts {learned:p}.",
    "bent": "Two of its paths are never at the same place at the same time. Their straightness S, the mean squared "
    "deviation "
    "of the velocity from that of the straight line, is {bent:3} (0 is straight).",
    "measured": "Over 2,500 paths S is {measured.straightness:3}, and lines of this coupling that meet differ from the "
    "field by {measured.residual:3} (mean square).",
}
PATH_ROWS = [
    FINDING.of("{finding}"),
    ("extra path length", "{longer:1%}", ""),
    ("straightness S", "{bent:3}", ""),
    ("of 2,500 paths", "{measured.straightness:3}", ""),
    ("residual loss", "{measured.residual:3}", ""),
    ("your point", "{point:p}", ""),
    ("network's v there", "{learned:p}", ""),
    ("mean of lines", "{mean}", ""),
    ("spread of lines", "{spread}", ""),
    ("error of v", "{apart}", ""),
]
PATHS_STEPS = 40  # of Heun's method for their paths


def partners(model: PlaneFlowMatching, points: Tensor, coupling: str, noise: Tensor, seed: int) -> Tensor:
    """Return the partner of each noise (N, 2) by a coupling: points, or of reflow where the round before ends."""
    if coupling in BEFORE:
        return states_of(model.net(BEFORE[coupling]), noise, PATHS_STEPS, "heun")[-1]
    chosen = points[permutation(len(points), seed)[: len(noise)]]
    return chosen if coupling == "independent" else chosen[optimal_pairs(noise, chosen)]


@heavy
def paths(net: AnyNet, coupling: Coupling, seed: Seed) -> Answer:
    """Return noise with its partners, the paths of the field from the same noise, and how straight these are.

    `longer` is the length of all paths over that of the straight lines between their ends, minus 1.
    """
    model = of_points(net)
    noise = gaussians(seed, 2 * PATHS_PAIRS).view(-1, 2).float()
    points = data.DATASETS[dataset_of(net)].load("test").pixels()[:POINTS]
    ends = partners(model, points, coupling, noise, seed)[:SHOWN_PAIRS]
    states = states_of(model.net(coupling), noise[:SHOWN_PAIRS], PATHS_STEPS, "heun")
    found = {"noise": noise[:SHOWN_PAIRS], "data": ends, "states": states}
    packed = {name: pack(x, torch.float32) for name, x in found.items()}
    length, straight = states.diff(dim=0).norm(dim=-1).sum(), (states[-1] - states[0]).norm(dim=-1).sum()
    bent = float(straightness(model.net(coupling), [*states]).mean())
    return Answer(view=packed | {"bent": bent, "longer": float(length / straight) - 1})


MODE = Mode(
    "paths",
    "Paths",
    "look",
    functions=[paths],
    panel=Panel(paths, [CHOICE, COUPLED, [Control(SEED, "seed")]], says=PATHS, rows=PATH_ROWS),
    tries=[
        ("Between the moons", MOONS | {"coupling": "independent", "x": [0.5, 0.3], "time": 0.5}),
        ("Pairs of least distance", MOONS | {"coupling": "ot", "x": [0.5, 0.3], "time": 0.5}),
        ("Where lines begin: t = 0", {"coupling": "independent", "x": [0.5, -0.5], "time": 0}),
    ],
)
