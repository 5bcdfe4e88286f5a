"""Shared by several modes of flow matching: the time of a film, couplings, and the network in the plane."""

from typing import Annotated

import torch
from torch import Tensor

from explorer.fields import Field, OneOf, Real
from explorer.models.plane_flow_matching import COUPLINGS, PlaneFlowMatching, PlaneVelocity
from explorer.networks import checkpoints
from explorer.tabs.flow_matching.plane import TITLES
from explorer.tabs.kit.ask.nets import Nets, with_further
from explorer.tabs.kit.layout.fields import POINTS
from explorer.tabs.kit.layout.panel import Control

COUPLING = Field("coupling", OneOf(COUPLINGS), "independent", "the coupling")
# None is the end, to which a film plays once.
TIME = Field("time", Real(0, 1), None, "the time t", "0 is noise, 1 is data")
FM_NO_PLANE = "Flow matching of images has no plane to look at, so the two moons are shown."
CHOICE = [Control(POINTS, "points", FM_NO_PLANE)]
COUPLED = [
    Control(
        COUPLING,
        "segments",
        "Coupling",
        options=TITLES,
    )
]
MATCHING_PLANE = with_further("flow-matching-moons", "flow-matching-rings", "flow-matching-eight-gaussians")
MatchingNet = Annotated[str, Field("net", Nets(MATCHING_PLANE), title="the network of points")]
MOONS = {"net": "flow-matching-moons"}


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
