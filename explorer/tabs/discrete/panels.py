"""Panels of the modes in which pixels are unmasked."""

from explorer.spaces.images import PIXELS
from explorer.tabs.discrete import server, told
from explorer.tabs.discrete.fields import MASKED, MASKING, ORDER, OVER, PER, PER_STEP
from explorer.tabs.kit.fields import LABEL, SEED
from explorer.tabs.kit.panel import Control, Panel, Shows

ORDERS = {"random": "random", "raster": "row by row", "certain": "by confidence"}
PICTURE = {"draw": None, "source": None}
COUNTS = {per: f"{'all' if per == PIXELS else per} ({PIXELS // per:,} evaluations)" for per in PER_STEP}
DRAWN = {"seed": 7, "over": [], "pixel": None, "at": 1}
CORNER = (40 * 784 + 0) * 2 + 1  # white, before step 41
BY_STEPS = "discrete/per_step"  # module
PER_STEPS = Control(PER, "list", "Pixels a step", options=COUNTS)
PANELS = {
    "unmask": Panel(
        server.unmask,
        [
            [Control(SEED, "seed"), Control(LABEL, "class")],
            [Control(ORDER, "segments", "Order", options=ORDERS)],
            [PER_STEPS],
        ],
        named={"over": OVER},
        tries=[
            ("The most confident first", DRAWN | {"seed": 10, "label": 3, "order": "certain", "per": 4}),
            ("All pixels at once", DRAWN | {"label": 3, "order": "random", "per": 784}),
            ("White in the corner", DRAWN | {"label": 3, "order": "random", "per": 4, "over": [CORNER], "pixel": 0}),
        ],
        shows=Shows("", told.UNMASK_HEADS),
        nets=MASKING,
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
            "How many nats does the next pixel cost?",
            told.HEADS,
            charts=[("What the next pixel costs, by how many are masked", 200, "m")],
            strips=[(2, 352)],
            waits="The network is asked about 196 masks…",
        ),
        nets=MASKING,
    ),
    "orders": Panel(
        server.unmask_many,
        [[PER_STEPS]],
        shows=Shows("One seed in three orders, on one clock: grey is masked", (), module=BY_STEPS),
        nets=MASKING,
    ),
    "chains": Panel(
        server.draw_chain,
        [[PER_STEPS]],
        shows=Shows("Masks or uniform noise: one seed, one class, as many evaluations", (), module=BY_STEPS),
    ),
}
