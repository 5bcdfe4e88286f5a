"""Panels of the style tab's modes."""

from explorer.measures.stylegan import DIRECTIONS
from explorer.models.stylegan import RESOLUTIONS
from explorer.tabs.kit.fields import SEED
from explorer.tabs.kit.panel import Control, Panel
from explorer.tabs.style import server
from explorer.tabs.style.fields import LEVEL

SEEDS = [Control(SEED, "seed")]
CLOTHES = {"net": "stylegan-fashion-mnist"}
SIZES = {level: f"{size}×{size}" for level, size in zip(LEVEL.kind.choices, RESOLUTIONS)}


def moved(direction: int, value: float) -> dict[str, list[float]]:
    """Return the state with one slider moved; directions count from 1."""
    return {"along": [value if index + 1 == direction else 0 for index in range(DIRECTIONS)]}


PANELS = {
    "mix": Panel(
        server.mix,
        controls=[[Control(LEVEL, "segments", "Style of the column at", options=SIZES)], SEEDS],
        tries=[
            ("Middle styles", {"level": "middle"}),
            ("Fine styles", {"level": "fine"}),
            ("Clothes, middle", CLOTHES | {"level": "middle"}),
        ],
    ),
    "truncate": Panel(
        server.truncate,
        controls=[SEEDS],
        tries=[("The mean of w", {"psi": 0}), ("Nothing truncated", {"psi": 1}), ("Clothes", CLOTHES)],
    ),
    "path": Panel(
        server.path, controls=[SEEDS], tries=[("Another pair", {"seed": 12}), ("Clothes", CLOTHES | {"seed": 3})]
    ),
    "noise": Panel(
        server.noise, controls=[SEEDS], tries=[("Another image", {"seed": 11}), ("Clothes", CLOTHES | {"seed": 3})]
    ),
    "directions": Panel(
        server.directions,
        controls=[SEEDS],
        tries=[("Far along the first", moved(1, 2)), ("Against the second", moved(2, -2)), ("Clothes", CLOTHES)],
    ),
}
