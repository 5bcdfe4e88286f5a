"""Fields of the modes of tokens and of latent diffusion, and the parameters of their server functions."""

from typing import Annotated

from explorer import data
from explorer.fields import Field, Real, Whole, Wholes
from explorer.models.vqvae import TOKENS
from explorer.tabs.kit.ask.nets import Nets, with_further
from explorer.tabs.kit.layout.fields import SET

TOKEN_NETS = with_further("vqvae-mnist", "vqvae-fashion-mnist")
MOST_CODES = 64
STEP = 20.0  # largest predicted decrease of a gradient step, in nats

# An exchanged token is one number: its position times `MOST_CODES`, plus its new code.
SWAPS = Field("swaps", Wholes(TOKENS * MOST_CODES - 1, TOKENS), (), "exchanged tokens")
LATENT_NETS = with_further(*(f"latent-diffusion-{dataset}" for dataset in data.CLASSES))
STEPS = Field("walk", Whole(1, 100), 20, "the number of steps")
W = Field("guidance", Real(0, 8), 1, "the guidance w", "0 leaves the class out, 1 gives it, more exaggerates it")

TOKEN = Field("token", Whole(0, TOKENS - 1), TOKENS // 2, "the token that is looked at")
PROMISE = Field("promise", Real(0, STEP), 5, "the predicted gain of the step, in nats")

FIELDS = (
    SWAPS,
    TOKEN,
    PROMISE,
    SET,
    STEPS,
    W,
)

TokenNet = Annotated[str, Field("net", Nets(TOKEN_NETS), title="the network of tokens")]
Swaps = Annotated[tuple[int, ...], SWAPS]
Token = Annotated[int, TOKEN]
LatentNet = Annotated[str, Field("net", Nets(LATENT_NETS), title="the diffusion of codes")]
Steps = Annotated[int, STEPS]
Scale = Annotated[float, W]
