"""Stage of discrete diffusion: a small chain, the unmasking of pixels, and its order."""

from explorer.stages import OfNetworks, Stage


class DiscreteDiffusionStage(Stage):
    """Absorbing diffusion of binary images, with modes of its own and the shared questions."""

    asks = True
    networks = OfNetworks(
        "unmask",
        "The tour chooses its own images; yours come back when you leave it.",
        renews=("mode", "net", "seed", "label", "img", "img2", "draw", "source", "keep", "order", "per"),
        fresh=("at", "over"),
        about=dict.fromkeys(("unmask", "chain", "chains", "orders", "bound")),
    )
