"""Stage of the autoencoders: encoding and decoding of images, and what decoders make of other codes."""

from explorer.stages import OfNetworks, Stage


class AutoencodersStage(Stage):
    """Networks that encode and rebuild an image, with modes of their own and the shared questions."""

    asks = True
    networks = OfNetworks(
        "map",
        renews=(*OfNetworks.renews, "set"),
        about=dict.fromkeys(("map", "hole", "pull", "contractive", "dictionary", "sizes")),
    )
