"""Stage of the VAE: a two-dimensional latent space to view, drag, decode and traverse."""

from explorer.stages import Stage


class VaeStage(Stage):
    """Latent plane of a β-VAE with seven modes; `value` names the files of each data set and contains their cards."""
