"""The raster: images written pixel after pixel, each drawn from the distribution that a network predicts for it."""

from explorer.stages import Stage


class AutoregressiveStage(Stage):
    """Autoregressive networks over pixels, and the modes that ask them; `value` carries the networks' cards."""
