"""Stage of the VAE with many latents: single latents, importance-weighted bounds, and recorded training runs."""

from explorer.stages import OfNetworks, Stage


class VaeRoomStage(Stage):
    """VAEs with tens of latents, with modes of their own and the shared questions; `value` contains the runs' rows."""

    asks = True
    networks = OfNetworks("traverse", about=dict.fromkeys(("collapse", "runs", "disentangle")))
