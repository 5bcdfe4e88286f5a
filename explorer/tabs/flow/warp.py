"""*Warp*: how layers of couplings move the points of the plane, which the browser computes."""

from explorer.fields import Field, OneOf, Real
from explorer.models.plane_flow import KINDS
from explorer.tabs.flow.shared import CHOICE, MOONS
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel

DEPTHS = (1, 2, 4, 8)
CURVE = Field("curve", OneOf(tuple(KINDS)), "affine", "the kind of coupling")
DEPTH = Field("depth", OneOf(DEPTHS), 4, "the number of layers")
DIRECTION = Field("way", OneOf(("back", "forward")), "back", "the direction")
HEAT = Field("heat", OneOf(("density", "volume", "none")), "density", "what is shaded")
DIRECTIONS = {"back": "z → x", "forward": "x → z"}


MODE = Mode(
    "warp",
    "Warp",
    "look",
    fields=[
        CURVE,
        DEPTH,
        DIRECTION,
        HEAT,
        Field("place", Real(0, max(DEPTHS)), 0, "the place on the way from x to z", "0 is x; each layer is one"),
    ],
    panel=Panel(
        None,
        controls=[
            CHOICE,
            [
                Control(
                    CURVE,
                    "segments",
                    "Couplings",
                    options={"additive": "Additive", "affine": "Affine", "spline": "Spline"},
                )
            ],
            [Control(DEPTH, "segments", "Layers", options={depth: str(depth) for depth in DEPTHS})],
        ],
        more=[
            [
                Control(
                    DIRECTION,
                    "segments",
                    "Direction",
                    options=DIRECTIONS,
                    also={"back": {"place": max(DEPTHS)}, "forward": {"place": 0}},
                )
            ],
            [
                Control(
                    HEAT,
                    "segments",
                    "Shade",
                    options={"density": "density", "volume": "log |det J|", "none": "nothing"},
                )
            ],
            [Control(SEED, "seed", when={"way": ["back"]})],
        ],
    ),
    tries=[
        ("Eight spline layers", MOONS | {"curve": "spline", "depth": 8}),
        ("Only shifting: NICE", MOONS | {"curve": "additive", "depth": 8}),
        ("Where layers stretch", {"curve": "spline", "depth": 2, "way": "forward", "place": 1, "heat": "volume"}),
    ],
)
