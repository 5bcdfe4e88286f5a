"""The latent map: a two-dimensional latent space to look at, touch, decode and walk through."""

from explorer.stages import Stage


class VaeStage(Stage):
    """A β-VAE's latent plane and its seven modes; `value` names the files of each data set and carries their cards."""
