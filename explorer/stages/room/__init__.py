"""The VAE with room in the browser: its latents one by one, its bounds by many draws, and runs that were recorded."""

from explorer.stages import Stage


class RoomStage(Stage):
    """VAEs with tens of latents, their own modes and the shared questions; `value` carries the rows of the runs."""

    asks = True
