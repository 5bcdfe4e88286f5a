"""Stage of the GANs: the game between a generator and a discriminator, and the trained networks."""

from explorer.stages import OfNetworks, Stage


class GanStage(Stage):
    """Adversarially trained networks, and games in the plane; `value` contains their cards."""

    asks = True
    networks = OfNetworks(
        "generate",
        "The tour is about the MNIST network; yours comes back when you leave it.",
        renews=("mode", "net", "seed", "label", "plane", "img", "img2", "draw", "source", "set", "keep"),
        about=dict.fromkeys(("game", "collapse", "gradient", "learn")),  # points, and the one training that was kept
    )
