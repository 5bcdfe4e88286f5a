"""Stage of the VAE: a two-dimensional latent space to view, drag, decode and traverse."""

from explorer.stages import Stage


class VaeStage(Stage):
    """Latent plane of a β-VAE, and shared questions; `value` contains the files and the card of each data set."""

    asks = True
