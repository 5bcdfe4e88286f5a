"""Energies: landscapes in the plane with chains that walk over them, and four ways to learn one."""

from explorer.stages import Stage


class EnergyStage(Stage):
    """Networks that say an energy; `value` carries their columns."""

    asks = True
