"""Panels of the style tab's modes."""

from explorer.measures.stylegan import DIRECTIONS
from explorer.models.stylegan import RESOLUTIONS
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.panel import Control, Grid, Panel, Shows
from explorer.tabs.style import server
from explorer.tabs.style.fields import LEVEL, PSI

SEEDS = [Control(SEED, "seed")]
CLOTHES = {"net": "stylegan-fashion-mnist"}
SIZES = {level: f"{level} {size}×{size}" for level, size in zip(LEVEL.kind.choices, RESOLUTIONS)}


def slider_state(direction: int, value: float) -> dict[str, list[float]]:
    """Return the state with one slider moved; directions count from 1."""
    return {"along": [value if index + 1 == direction else 0 for index in range(DIRECTIONS)]}


PANELS = {
    "mix": Panel(
        server.mix,
        controls=[[Control(LEVEL, "segments", "Style from the top row", options=SIZES)], SEEDS],
        tries=[
            ("Middle styles", {"level": "middle"}),
            ("Fine styles", {"level": "fine"}),
            ("Clothes, middle", CLOTHES | {"level": "middle"}),
        ],
        shows=Shows(
            "Choose a resolution: its style comes from the top row, all others from the left column",
            server.HEADS["mix"],
            grids=[Grid("Mixed styles", server.COLUMNS + 1)],
        ),
    ),
    "truncate": Panel(
        server.truncate,
        controls=[SEEDS],
        tries=[("The mean of w", {"psi": 0}), ("Nothing truncated", {"psi": 1}), ("Clothes", CLOTHES)],
        shows=Shows(
            "Move each style w towards the mean: the images become more alike",
            server.HEADS["truncate"],
            charts=[("Precision and recall by ψ", 400, "psi")],
            grids=[Grid("Truncated samples", 4)],
            slider=Control(PSI, "slider", "truncation ψ", step=0.1, digits=1),
            beside=True,
        ),
    ),
    "path": Panel(
        server.path,
        controls=[SEEDS],
        tries=[("Another pair", {"seed": 12}), ("Clothes", CLOTHES | {"seed": 3})],
        shows=Shows(
            "Two paths between the same two images: along which do they change more evenly?",
            server.HEADS["path"],
            charts=[("Distance of the features by step", 330)],
            grids=[Grid("Two paths from one image to another", server.SHOWN)],
        ),
    ),
    "noise": Panel(
        server.noise,
        controls=[SEEDS],
        tries=[("Another image", {"seed": 11}), ("Clothes", CLOTHES | {"seed": 3})],
        shows=Shows(
            "Same code, fresh noise at one resolution a row: what changes?",
            server.HEADS["noise"],
            grids=[Grid("Fresh noise at each resolution", server.SEEN + 1)],
        ),
    ),
    "directions": Panel(
        server.directions,
        controls=[SEEDS],
        tries=[
            ("Far along the first", slider_state(1, 2)),
            ("Against the second", slider_state(2, -2)),
            ("Clothes", CLOTHES),
        ],
        shows=Shows(
            "Move w along its principal directions: what changes?",
            server.HEADS["directions"],
            grids=[Grid("Images along each direction", len(server.PLACES), rows=5)],
        ),
    ),
}
