"""Panels of the modes in which pixels are unmasked."""

from explorer.spaces.images import PIXELS
from explorer.tabs.discrete_diffusion import answers, by_hand, by_hand_answers, server
from explorer.tabs.discrete_diffusion.fields import (
    CHAIN,
    DIRECTION,
    MASKED,
    MASKING,
    ORDER,
    OVER,
    PATTERN,
    PER,
    PER_STEP,
    STEPS_T,
    TIMES,
)
from explorer.tabs.kit.ask.says import RACE
from explorer.tabs.kit.layout.fields import LABEL, SEED
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

ORDERS = {"random": "random", "raster": "row by row", "certain": "by confidence"}
PICTURE = {"draw": None, "source": None}
COUNTS = {per: f"{'all' if per == PIXELS else per} ({PIXELS // per:,} evaluations)" for per in PER_STEP}
FIRST = {"pattern": 5, "seed": 7, "times": 8}
DIRECTIONS = {"forward": "Forward", "back": "Back"}
STARTS = {"forward": {"t": 0}, "back": {"t": max(TIMES)}}
DRAWN = {"seed": 7, "over": [], "pixel": None, "at": 1}
CORNER = (40 * 784 + 0) * 2 + 1  # white, before step 41
BY_STEPS = "discrete_diffusion/per_step"  # module
PER_STEPS = Control(PER, "list", "Pixels a step", options=COUNTS)
DRAWS = [[PER_STEPS], [Control(SEED, "seed")], [Control(LABEL, "class")]]
PER_STEP_SAYS = RACE | {"doing": "{title} draws"}
COLUMNS = {"columns": [("evaluations", "{evaluations}", "")]}
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
        shows=Shows("", answers.UNMASK_HEADS),
        nets=MASKING,
    ),
    "chain": Panel(
        by_hand.by_hand,
        [
            [Control(CHAIN, "segments", "Transitions", options={"absorbing": "Absorbing", "uniform": "Uniform"})],
            [Control(DIRECTION, "segments", "Direction", options=DIRECTIONS, also=STARTS)],
            [Control(STEPS_T, "segments", "Steps T", options={times: str(times) for times in TIMES})],
        ],
        more=[[Control(PATTERN, "slider", "Pattern x₀", when={"way": ["forward"]})], [Control(SEED, "seed")]],
        tries=[
            ("Masks keep visible pixels correct", FIRST | {"chain": "absorbing", "way": "forward", "t": 4}),
            ("Uniform noise: visible may be wrong", FIRST | {"chain": "uniform", "way": "forward", "t": 4}),
            ("Back in two steps", {"chain": "absorbing", "way": "back", "seed": 7, "times": 2, "t": 0}),
        ],
        shows=Shows("Tap a pixel, then step the chain", by_hand_answers.HEADS),
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
            "Drag the number of masked pixels: what does the next pixel cost?",
            answers.HEADS,
            charts=[("What the next pixel costs, by how many are masked", 200, "m")],
            strips=[(2, 352)],
            waits="The network is asked about 196 masks…",
        ),
        nets=MASKING,
    ),
    "orders": Panel(
        server.unmask_many,
        DRAWS,
        shows=Shows("One seed in three orders, on one clock: grey is masked", (), module=BY_STEPS),
        nets=MASKING,
        says=PER_STEP_SAYS | {"films": "Three orders on one clock"},
        rows=COLUMNS,
    ),
    "chains": Panel(
        server.draw_chain,
        DRAWS,
        shows=Shows("Masks or uniform noise: one seed, one class, equally many evaluations", (), module=BY_STEPS),
        says=PER_STEP_SAYS | {"films": "Two chains on one clock"},
        rows=COLUMNS,
    ),
}
