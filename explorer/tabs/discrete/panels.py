"""Panels of the modes in which pixels are unmasked."""

from explorer.spaces.images import PIXELS
from explorer.tabs.discrete import server, told
from explorer.tabs.discrete.fields import MASKED, MASKING, ORDER, PER, PER_STEP
from explorer.tabs.kit.fields import LABEL, SEED
from explorer.tabs.kit.panel import Control, Panel, Shows

ORDERS = {"random": "random", "raster": "row by row", "certain": "by confidence"}
PICTURE = {"draw": None, "source": None}
COUNTS = {per: f"{'all' if per == PIXELS else per} ({PIXELS // per:,} evaluations)" for per in PER_STEP}
PER_STEPS = Control(PER, "list", "Pixels a step", options=COUNTS)
PANELS = {
    "unmask": Panel(
        server.unmask,
        [
            [Control(SEED, "seed"), Control(LABEL, "class")],
            [Control(ORDER, "segments", "Order", options=ORDERS)],
            [PER_STEPS],
        ],
    ),
    "bound": Panel(
        server.bound,
        [[Control(MASKED, "slider", f"Masked, of {PIXELS}")], [Control(SEED, "seed")]],
        tries=[
            ("A plain 1", PICTURE | {"img": 330, "m": 392}),
            ("A strange 2", PICTURE | {"img": 29, "m": 392}),
            ("The last pixel of all", PICTURE | {"img": 8, "m": 1}),
        ],
        shows=Shows(
            "Drag: what does a pixel cost when so many are masked?",
            told.HEADS,
            charts=[("What the next pixel costs, by how many are masked", 200, "m")],
            strips=[(2, 352)],
            waits="The network is asked about 196 masks…",
        ),
        nets=MASKING,
    ),
    "orders": Panel(server.unmask_many, [[PER_STEPS]]),
}
