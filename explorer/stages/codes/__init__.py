"""Stage of the models with a latent code: encoding, decoding and sampling of images."""

from explorer.stages import Stage


class CodesStage(Stage):
    """Networks that encode an image, with modes of their own and the shared questions."""

    asks = True
