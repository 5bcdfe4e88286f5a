"""Stage of the models that draw codes: a prior of tokens, and a diffusion of codes."""

from explorer.stages import OfNetworks, Stage


class TokensStage(Stage):
    """Networks that draw codes and decode them, with modes of their own and the shared questions."""

    asks = True
    networks = OfNetworks(
        "tokens",
        renews=(*OfNetworks.renews, "set"),
        fresh=("at", "swaps"),
        about=dict.fromkeys(("tokens", "straight", "slow", "surprise"), "vqvae-") | {"latent": "latent-diffusion-"},
    )
