"""*Bridges*: entropic couplings of two clouds, from independent pairs to optimal transport, and Schrödinger bridges."""

from typing import Annotated

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field, OneOf, Real
from explorer.models.transport import assignment, optimal_pairs
from explorer.numbers.answer import Answer
from explorer.spaces.packing import pack
from explorer.tabs.flow_matching.shared import CHOICE, TIME, MatchingNet
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.draws import gaussians, permutation
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.family import POINTS
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel

CLOUD = 48  # points of each cloud
MINIBATCHES = (4, 8, 16)  # points of a minibatch, which divide those of a cloud
LOG_EPSILON = Field("logeps", Real(-1.5, 1), -1, "log₁₀ ε", "the entropy's weight: small is optimal transport")
GROUP = Field("group", OneOf(MINIBATCHES), 8, "the points of a minibatch")
DRAWN_PLAN = Field("plan", OneOf(("entropic", "minibatch")), "entropic", "the coupling that is drawn")
Group = Annotated[int, GROUP]
SAYS = {
    "plan": "ε = {epsilon:3}: coupled points are {cost} apart (mean square). Optimal transport has {exact}, "
    "independent pairs have {independent}.",
    "minibatch": "Minibatches of {group:0} have {batch}: within each the pairs are optimal, but a point's best partner "
    "is often in another.",
    "wide": "Each noise has {partners:1} partners, by the entropy of the coupling.",
    "bridge": "Right: Brownian bridges of variance ε t (1 − t) between pairs drawn from the coupling.",
    "picture": "{title} at ε = {epsilon:3}: left the coupling, right its bridges at t = {t}.",
}
ROWS = [
    ("mean squared distance", "{cost:3}", ""),
    ("by optimal transport", "{exact:3}", ""),
    ("by minibatch OT", "{batch:3}", ""),
    ("of independent pairs", "{independent:3}", ""),
    ("mutual information", "{information:3}", "nats"),
    ("partners of a point", "{partners:1}", ""),
    ("ε", "{epsilon:3}", ""),
]


def clouds(net: str, seed: int) -> tuple[Tensor, Tensor]:
    """Return noise and points of a data set, `CLOUD` of each: (n, 2) twice."""
    noise = gaussians(seed, 2 * CLOUD).view(-1, 2).float()
    points = data.DATASETS[dataset_of(net)].load("test").pixels()[:POINTS]
    return noise, points[permutation(len(points), seed)[:CLOUD]]


def minibatch_pairs(a: Tensor, b: Tensor, size: int) -> Tensor:
    """Return the partner in `b` of each point of `a`, optimal within minibatches of so many in their order: (n,)."""
    parts = zip(a.split(size), b.split(size))
    return torch.cat([size * k + optimal_pairs(*each) for k, each in enumerate(parts)])


@heavy
def couple(net: MatchingNet, seed: Seed, group: Group) -> Answer:
    """Return two clouds, and their pairs by optimal transport of all, and by that of minibatches."""
    a, b = clouds(net, seed)
    found = {"noise": pack(a, torch.float32), "data": pack(b, torch.float32)}
    return Answer(
        view=found | {"optimal": optimal_pairs(a, b).tolist(), "grouped": minibatch_pairs(a, b, group).tolist()}
    )


MODE = Mode(
    "bridges",
    "Bridges",
    "understand",
    entry="Couplings",
    fields=[LOG_EPSILON, GROUP, DRAWN_PLAN],
    functions=[couple],
    panel=Panel(
        couple,
        [
            CHOICE,
            [Control(LOG_EPSILON, "slider", "log₁₀ ε", step=0.05, digits=2, live=True)],
            [Control(TIME, "slider", "Time t of the bridges", step=0.05, digits=2, initial=0.5, live=True)],
            [
                Control(
                    DRAWN_PLAN,
                    "segments",
                    "Coupling",
                    options={"entropic": "entropic", "minibatch": "minibatch OT"},
                )
            ],
            [
                Control(
                    GROUP,
                    "segments",
                    "Points of a minibatch",
                    options={each: str(each) for each in MINIBATCHES},
                )
            ],
            [Control(SEED, "seed")],
        ],
        says=SAYS,
        rows=ROWS,
    ),
    tries=[
        ("Nearly optimal transport", {"net": "flow-matching-moons", "logeps": -1.5, "time": 0.5}),
        ("Nearly independent", {"net": "flow-matching-moons", "logeps": 1, "time": 0.5}),
        ("Minibatches of four", {"net": "flow-matching-moons", "plan": "minibatch", "group": 4, "time": 0.5}),
    ],
    code={"Bridges": [couple.plain, minibatch_pairs, optimal_pairs, assignment]},
)
