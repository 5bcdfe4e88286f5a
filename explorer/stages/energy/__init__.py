"""The energies: networks whose density is known up to a constant, and the chains that draw from them."""

from explorer.stages import Stage


class EnergyStage(Stage):
    """Energies by the shared questions and by modes of their own; `value` carries their networks."""

    asks = True
