"""Stage of the GANs: the game between a generator and a discriminator, and the trained networks."""

from explorer.stages import Stage


class GanStage(Stage):
    """Adversarially trained networks, and games in the plane; `value` contains their cards."""

    asks = True
