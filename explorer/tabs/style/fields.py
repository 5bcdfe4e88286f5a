"""Fields of the style tab: those of its own modes, and the parameters of its server functions."""

from typing import Annotated

from explorer.fields import Field, OneOf, Real, Reals
from explorer.measures.stylegan import DIRECTIONS, LEVELS
from explorer.tabs.kit.ask.nets import Nets, with_further

NETS = with_further("stylegan-mnist", "stylegan-fashion-mnist")
FAR = 3  # standard deviations to either side of a slider

LEVEL = Field("level", OneOf(LEVELS), "coarse", "the resolution")
PSI = Field("psi", Real(0, 1), 0.7, "the truncation ψ", "0 is the mean of w, 1 leaves w as it is")
ALONG = Field(
    "along",
    Reals(tuple((f"direction {index + 1}", -FAR, FAR) for index in range(DIRECTIONS))),
    (0,) * DIRECTIONS,
    "the places along the directions",
)

FIELDS = (LEVEL, PSI, ALONG)

StyleNet = Annotated[str, Field("net", Nets(NETS), title="the network")]
Level = Annotated[str, LEVEL]
Along = Annotated[tuple[float, ...], ALONG]
