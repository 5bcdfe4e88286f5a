"""The fields of the flow tab: what its own modes add to the address."""

from explorer.fields import Field, Flag, OneOf, Real, Reals
from explorer.models.plane_flow import KINDS

DEPTHS = (1, 2, 4, 8)
PLACES = 7  # that a curve is bent at


def _curve(name: str, bound: float) -> Reals:
    """The values of a curve at places that are evenly spread."""
    return Reals(tuple((f"{name} at place {place}", -bound, bound) for place in range(1, PLACES + 1)))


WARP = (
    Field("curve", OneOf(tuple(KINDS)), "affine", "the kind of coupling"),
    Field("depth", OneOf(DEPTHS), 4, "the number of layers"),
    Field("place", Real(0, max(DEPTHS)), 0, "the place on the way from x to z", "0 is x; each layer is one"),
    Field("way", OneOf(("back", "forward")), "back", "the way"),
    Field("heat", OneOf(("density", "volume", "none")), "density", "what is shaded"),
)
COUPLING = (
    Field("s", _curve("s", 1.5), (-0.6, -0.6, 0.5, -0.7, 0.6, 0.3, 0.0), "the curve of the scale"),
    Field("t", _curve("t", 2), (1.2, 0.6, -0.4, -1.0, 0.5, 1.3, 0.2), "the curve of the shift"),
    Field("mask", OneOf(("one", "same", "turns")), "one", "the couplings"),
    Field("nice", Flag(), False, "whether every area is kept"),
    Field("undone", Flag(), False, "whether it is undone"),
)
VARIABLES = (
    Field("base", OneOf(("gaussian", "uniform")), "gaussian", "the density of x"),
    Field("bend", _curve("y", 3), (-2.6, -2.2, -1.6, 0.2, 1.4, 1.8, 2.7), "the curve"),
    Field("mark", Real(-3, 3), 0.5, "the marked x"),
)
FIELDS = (*WARP, *COUPLING, *VARIABLES)
