"""*Reflow*: paths that are straightened, round by round."""

from typing import Annotated

import torch

from explorer.fields import Field, OneOf
from explorer.measures.plane_flow_matching import FEW
from explorer.models.plane_flow_matching import COUPLINGS
from explorer.numbers.answer import Answer
from explorer.spaces.packing import pack
from explorer.tabs.flow_matching.shared import CHOICE, MOONS, of_points, states_of
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.draws import gaussians
from explorer.tabs.kit.ask.nets import AnyNet
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel

FEW_STEPS = Field("few", OneOf(FEW), 1, "the number of Euler steps")
FewSteps = Annotated[int, FEW_STEPS]
REFLOW = {
    "caption": "In {few:0} Euler steps.",
    "one": "In 1 Euler step.",
    "plane": "at t = {t}; the ends have a squared energy distance of {distance:4} ± {distance_se:4} to fresh data "
    "(20 draws of 1,000), and {off:1%} of 2,500 lie where no data are.",
    "ends": "The numbers are those of the ends, t = 1.",
}
ROUND_ROWS = [
    ("D², 20 draws", "{distance:4} ± {distance_se:4}", ""),
    ("off the data", "{off:1%}", ""),
    ("straightness S", "{straightness:5}", ""),
]
REFLOW_NOISE = 400  # points that take few steps


@heavy
def rounds(net: AnyNet, few: FewSteps, seed: Seed) -> Answer:
    """Return the states of the same noise in few Euler steps, by the field of each coupling."""
    model, noise = of_points(net), gaussians(seed, 2 * REFLOW_NOISE).view(-1, 2).float()
    found = {name: states_of(model.net(name), noise, few, "euler") for name in COUPLINGS}
    return Answer(view={name: pack(states, torch.float16) for name, states in found.items()})


MODE = Mode(
    "reflow",
    "Reflow",
    "understand",
    entry="Couplings",
    fields=[FEW_STEPS],
    functions=[rounds],
    panel=Panel(
        rounds,
        [
            CHOICE,
            [
                Control(
                    FEW_STEPS,
                    "segments",
                    "Euler steps",
                    options={few: str(few) for few in FEW},
                    also=dict.fromkeys(FEW, {"along": None}),
                )
            ],
            [Control(SEED, "seed")],
        ],
        says=REFLOW,
        rows=ROUND_ROWS,
    ),
    tries=[
        ("Fifty steps", MOONS | {"few": 50}),
        ("Two steps, eight Gaussians", {"net": "flow-matching-eight-gaussians", "few": 2}),
    ],
)
