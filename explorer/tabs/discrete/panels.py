"""Panels of the modes in which pixels are unmasked."""

from explorer.spaces.images import PIXELS
from explorer.tabs.discrete import server
from explorer.tabs.discrete.fields import ORDER, PER, PER_STEP
from explorer.tabs.kit.fields import LABEL, SEED
from explorer.tabs.kit.panel import Control, Panel

ORDERS = {"random": "random", "raster": "row by row", "certain": "surest first"}
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
    "orders": Panel(server.unmask_many, [[PER_STEPS]]),
}
