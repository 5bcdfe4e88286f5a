"""Stage of the playground: a board to draw points on, and the families that learn them side by side."""

from explorer.stages import OfNetworks, Stage


class PlaygroundStage(Stage):
    """Board, samples and densities of several families, on one clock."""

    networks = OfNetworks(
        "side",
        note="",
        renews=(
            *("mode", "data", "board", "noise", "n", "learn", "steps", "clock"),
            *("width", "deeper", "rate", "batch", "knobs", "seed", "taken"),
        ),
        about=None,
    )
