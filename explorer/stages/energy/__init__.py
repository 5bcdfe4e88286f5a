"""Stage of the energy-based models: chains on an energy landscape, four objectives, an RBM, and images."""

from explorer.stages import OfNetworks, Stage


class EnergyStage(Stage):
    """Networks whose density is known up to a constant, with modes of their own and the shared questions."""

    asks = True
    networks = OfNetworks(
        "landscape",
        renews=(
            *("mode", "net", "seed", "label", "img", "img2", "draw", "source", "keep", "x", "y", "axis"),
            *("way", "kernel", "eps", "temp", "chains", "cure", "drops", "length", "k", "jumps", "steps"),
            *("set", "begin", "clamp", "longer", "stride"),
        ),
        about=dict.fromkeys(("landscape", "ways", "live", "boltzmann", "langevin")),
    )
