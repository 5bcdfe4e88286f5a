"""Stage of flow matching: crossing lines and non-crossing paths, reflow, and four forms of the target."""

from explorer.stages import OfNetworks, Stage


class FlowMatchingStage(Stage):
    """Velocity fields, with modes of their own and the shared questions; `value` contains their weights' paths."""

    asks = True
    networks = OfNetworks(
        "paths",
        renews=("mode", "net", "seed", "label", "w", "img", "img2", "draw", "source", "keep", "y", "axis"),
        about=dict.fromkeys(("paths", "reflow", "fields", "family", "targets", "one_step", "bridges")),
    )
