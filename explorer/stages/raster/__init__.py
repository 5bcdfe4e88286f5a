"""The raster: images written one pixel after another, each drawn from the distribution that a network predicts for it."""

from explorer.stages import Stage


class Raster(Stage):
    """Autoregressive networks over pixels and the modes that ask them; `value` names the nets and carries their cards."""

    uses = ("film",)
