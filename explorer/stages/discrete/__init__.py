"""Stage of discrete diffusion: a small chain, the unmasking of pixels, and its order."""

from explorer.stages import Stage


class DiscreteStage(Stage):
    """Absorbing diffusion of binary images, with modes of its own and the shared questions."""

    asks = True
