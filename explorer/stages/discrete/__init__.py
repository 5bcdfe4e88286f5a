"""Discrete diffusion in the browser: a chain by hand, pixels that are unmasked, the order they come in."""

from explorer.stages import Stage


class DiscreteStage(Stage):
    """An absorbing diffusion of binary images, its own modes and the shared questions."""

    asks = True
