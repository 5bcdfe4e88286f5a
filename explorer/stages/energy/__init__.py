"""Energies in the browser: a landscape with chains on it, four ways to learn one, a Boltzmann machine, images."""

from explorer.stages import Stage


class EnergyStage(Stage):
    """Networks whose density is known up to a constant, by modes of their own and by the shared questions."""

    asks = True
