"""Fields of the discrete diffusion's tab: those of its own modes, and the parameters of server functions."""

from typing import Annotated

from explorer.fields import Field, OneOf, Whole, Wholes
from explorer.models.d3pm import ORDERS, STEPS
from explorer.models.transitions import KINDS
from explorer.spaces.images import PIXELS
from explorer.tabs.kit.ask.nets import Nets, with_further

MASKING = with_further("d3pm-mnist")
NETS = (*MASKING, *with_further("uniform-d3pm-mnist"))
SIDE = 4  # of the image in the mode by hand
PATTERNS = 30  # bars or stripes, on four by four pixels
TIMES = (2, 4, 8, 16, 64)
PER_STEP = (1, 4, 16, 56, 196, 784)  # pixels; each divides 784
OVERRIDES = 8

CHAIN = Field("chain", OneOf(KINDS), "absorbing", "the transitions")
DIRECTION = Field("way", OneOf(("forward", "back")), "forward", "the direction of time")
STEPS_T = Field("times", OneOf(TIMES), 8, "how many steps T the chain has")
PATTERN = Field("pattern", Whole(0, PATTERNS - 1), 5, "the pattern x₀")
CELL = Field("cell", Whole(0, SIDE * SIDE - 1), 5, "the pixel that is looked at")
BY_HAND = (
    CHAIN,
    DIRECTION,
    STEPS_T,
    Field("t", Whole(0, max(TIMES)), None, "the time t"),  # None is the end of the film
    PATTERN,
    CELL,
)
ORDER = Field("order", OneOf(ORDERS), "random", "the order of the pixels")
PER = Field("per", OneOf(PER_STEP), PIXELS // STEPS, "how many pixels are unmasked at each step")
# Each number is (step · 784 + pixel) · 2 + level.
OVER = Field("over", Wholes(2 * PIXELS * PIXELS - 1, OVERRIDES), (), "the overrides")
MASKED = Field("m", Whole(1, PIXELS), 392, "how many pixels are masked")
OF_IMAGES = (
    ORDER,
    PER,
    OVER,
    Field("pixel", Whole(0, PIXELS - 1), None, "the pixel"),
    MASKED,
)
FIELDS = (*BY_HAND, *OF_IMAGES)

MaskNet = Annotated[str, Field("net", Nets(MASKING), title="the network")]
Either = Annotated[str, Field("net", Nets(NETS), title="the network")]
Order = Annotated[str, ORDER]
PerStep = Annotated[int, PER]
Overrides = Annotated[tuple[int, ...], OVER]
Masked = Annotated[int, MASKED]
Kind = Annotated[str, CHAIN]
Direction = Annotated[str, DIRECTION]
Times = Annotated[int, STEPS_T]
Pattern = Annotated[int, PATTERN]
Cell = Annotated[int, CELL]
