"""Fields of the flow tab: those of its address, and the parameters of its server functions."""

from typing import Annotated

from explorer.fields import Field, Flag, OneOf, Real, Reals, Whole
from explorer.models.plane_flow import KINDS
from explorer.tabs.kit.ask.nets import Nets, with_further

DEPTHS = (1, 2, 4, 8)
PLACES = 7  # control points of a curve


def _curve(name: str, bound: float) -> Reals:
    """Return a field type for a curve's values at evenly spaced points."""
    return Reals(tuple((f"{name} at place {place}", -bound, bound) for place in range(1, PLACES + 1)))


CURVE = Field("curve", OneOf(tuple(KINDS)), "affine", "the kind of coupling")
DEPTH = Field("depth", OneOf(DEPTHS), 4, "the number of layers")
DIRECTION = Field("way", OneOf(("back", "forward")), "back", "the direction")
HEAT = Field("heat", OneOf(("density", "volume", "none")), "density", "what is shaded")
WARP = (
    CURVE,
    DEPTH,
    Field("place", Real(0, max(DEPTHS)), 0, "the place on the way from x to z", "0 is x; each layer is one"),
    DIRECTION,
    HEAT,
)
MASK = Field("mask", OneOf(("one", "same", "turns")), "one", "the couplings")
NICE = Field("nice", Flag(), False, "whether every area is kept")
COUPLING = (
    Field("s", _curve("s", 1.5), (-0.6, -0.6, 0.5, -0.7, 0.6, 0.3, 0.0), "the curve of the scale"),
    Field("t", _curve("t", 2), (1.2, 0.6, -0.4, -1.0, 0.5, 1.3, 0.2), "the curve of the shift"),
    MASK,
    NICE,
    Field("undone", Flag(), False, "whether it is undone"),
)
BASE = Field("base", OneOf(("gaussian", "uniform")), "gaussian", "the density of x")
MARK = Field("mark", Real(-3, 3), 0.5, "the marked x")
VARIABLES = (
    BASE,
    Field("bend", _curve("y", 3), (-2.6, -2.2, -1.6, 0.2, 1.4, 1.8, 2.7), "the curve"),
    MARK,
)

# Modes of images.
IMAGE_NETS = with_further("flow-mnist", "flow-fashion-mnist")
GRID = 16  # images
CUTS = (0, 16, 8, 4, 2, 1)  # stride of the rows and columns whose z come from the other image; 0 is none
PARTS = ("film", "mix", "typical")
UNITS = (1, 2, 255, 256)  # units between black and white

TEMPERATURE = Field("temperature", Real(0, 1.5), 1, "the temperature", "What the noise is multiplied by")
CUT = Field("cut", Whole(0, len(CUTS) - 1), 3, "how far the other image's z is taken")
PART = Field("part", OneOf(PARTS), "film", "what is looked at")
UNIT = Field("unit", OneOf(UNITS), 1, "the unit of a pixel")

OF_IMAGES = (
    PART,
    TEMPERATURE,
    Field("tap", Whole(0, GRID - 1), 0, "the image that was tapped"),
    CUT,
    UNIT,
)
FIELDS = (*WARP, *COUPLING, *VARIABLES, *OF_IMAGES)

ImageNet = Annotated[str, Field("net", Nets(IMAGE_NETS), title="the network of images")]
Temperature = Annotated[float, TEMPERATURE]
