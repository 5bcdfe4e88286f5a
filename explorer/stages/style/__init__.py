"""Stage of StyleGAN: styles that are mixed, truncation, paths, noise, and directions of w."""

from explorer.stages import OfNetworks, Stage


class StyleStage(Stage):
    """A StyleGAN, with modes of its own and the shared questions; `value` contains its networks."""

    asks = True
    networks = OfNetworks(
        "mix",
        note="The tour chooses its own network; yours comes back when you leave it.",
        renews=("mode", "net", "seed", "img", "img2", "draw", "source", "keep"),
    )
