"""Stage of StyleGAN: styles that are mixed, truncation, paths, noise, and directions of w."""

from explorer.stages import Stage


class StyleStage(Stage):
    """A StyleGAN, with modes of its own and the shared questions; `value` contains its networks."""

    asks = True
