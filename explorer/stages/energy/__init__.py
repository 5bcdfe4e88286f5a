"""Stage of the energy-based models: chains on an energy landscape, four objectives, an RBM, and images."""

from explorer.stages import Stage


class EnergyStage(Stage):
    """Networks whose density is known up to a constant, with modes of their own and the shared questions."""

    asks = True
