"""The GAN: a generator and a discriminator that play against each other, and what can be asked of them."""

from explorer.stages import Stage


class GanStage(Stage):
    """Networks trained by playing, and games in the plane; `value` carries their cards."""
