"""Stage of the normalizing flows: layers that transform the plane, one coupling, and the layers of an image flow."""

from explorer.stages import OfNetworks, Stage


class FlowStage(Stage):
    """Invertible networks, with modes of their own and the shared questions; `value` contains their weights' paths."""

    asks = True
    networks = OfNetworks(
        "warp",
        about=dict.fromkeys(("warp", "coupling", "variables", "causal")),
        spaces={"layers": "levels", "fifth": "levels"},
    )
