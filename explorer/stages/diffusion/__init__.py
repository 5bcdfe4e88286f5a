"""Diffusion: images out of noise, step by step, and what the network believes at each of them."""

from explorer.stages import Stage


class DiffusionStage(Stage):
    """Networks that predict noise, and the modes that ask them; `value` carries their cards and the toys'."""

    asks = True
