"""Shared by several modes of the energies: their networks, the points, and how they are shaded."""

from collections.abc import Mapping
from typing import Annotated, Any

from explorer.fields import Field, OneOf, Real, Whole
from explorer.models.plane_energy import BEST, OBJECTIVES
from explorer.tabs.kit.ask.nets import Nets, with_further
from explorer.tabs.kit.layout.fields import POINTS
from explorer.tabs.kit.layout.panel import Control

PLANE_NETS = with_further("energy-moons", "energy-rings", "energy-eight-gaussians")
ENERGY_VIEW = 2.6  # half the side of the displayed square
OBJECTIVE = Field("way", OneOf(tuple(OBJECTIVES)), BEST, "the objective")
SHADED = Field("shows", OneOf(("energy", "density")), "energy", "what is shaded")
MOMENT = Field("moment", Whole(0, 99), None, "the snapshot of the training")  # None selects the last one
SPEED = Field("speed", Real(0.1, 100), 1, "the speed")
Shade = Annotated[str, SHADED]
Frame = Mapping[str, Any]
PlaneNet = Annotated[str, Field("net", Nets(PLANE_NETS), title="the network of points")]
DEEP = 14.0  # nats above the minimum at which the surface is cut
SHADE = Control(SHADED, "segments", "Shade", options={"energy": "energy E", "density": "density"})
NO_PLANE = "An energy of images has no plane to look at, so the two moons are shown."
CHOICE = [Control(POINTS, "points", NO_PLANE)]


def titles_of(values: tuple[float, ...]) -> dict[float, str]:
    """Return titles of numbers."""
    return {each: f"{each:,}" for each in values}
