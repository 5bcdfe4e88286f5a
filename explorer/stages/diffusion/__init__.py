"""Stage of the diffusion models: images denoised step by step, with the prediction of x₀ at each step."""

from explorer.stages import Stage


class DiffusionStage(Stage):
    """Networks that predict noise, and their modes; `value` contains the cards of these and the toy models."""

    asks = True
