"""The tab of tokens and latent diffusion: networks that draw codes, which a decoder turns into images."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from explorer.models.vqvae import VQVAE, Codebook
from explorer.networks.card import Card
from explorer.stages.tokens import TokensStage
from explorer.tabs.kit.layout.family import family_tab
from explorer.tabs.kit.layout.fields import SET
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.opening import Opening
from explorer.tabs.tokens import latent, slow, straight, surprise, tokens
from explorer.tabs.tokens.exercises import EXERCISES
from explorer.tabs.tokens.latent import LATENT_NETS, cost_props
from explorer.tabs.tokens.readings import READINGS
from explorer.tabs.tokens.shared import TOKEN, TOKEN_NETS
from explorer.tabs.tokens.tokens import use_props

FOLDER = Path(__file__).parent
MODES = [tokens.MODE, straight.MODE, slow.MODE, surprise.MODE, latent.MODE]
SHORT = {
    "VAE": "variational autoencoder",
    "VQ-VAE": "vector quantised variational autoencoder",
    "AUROC": "area under the receiver operating characteristic",
}
MECHANISM = Mechanism(
    [
        Part("x, an image", "x", "likelihood", shows="x", lights=["complete", "anomaly"]),
        Part("Encoder", "x ↦ z", "straight", "narrows", lights=["tokens"]),
        Part("z, its code", "z", "tokens", shows="code", lights=["interpolate"]),
        Part("Prior", "p(z)", "surprise", "network", lights=["latent", "slow"], arrow="↔"),
        Part("Decoder", "z ↦ x̂", "tokens", "widens", lights=["straight", "latent"]),
        Part("x̂, what is decoded", "x̂", "make", shows="out", lights=["latent", "interpolate"]),
    ]
)


def to_props(net: str, card: Card) -> Mapping[str, Any]:
    """Return the additional data about a network."""
    return {**use_props(net, card), **cost_props(net, card)}


TAB = family_tab(
    "vqvae",
    title="Tokens and latent diffusion",
    name="tokens",
    group="bound",
    question="Which codes can create new images, and what do they cost?",
    opening=Opening({"img": 108, "swaps": [24 * 64 + 2]}, "token", (24, 17, 18, 19, 27, 35, 34, 33, 24), steps=True),
    folder=FOLDER,
    nets=[*TOKEN_NETS, *LATENT_NETS],
    asks=["make", "complete", "likelihood", "anomaly", "interpolate"],
    stage=TokensStage,
    to_props=to_props,
    short=SHORT,
    mechanism=MECHANISM,
    readings=READINGS,
    modes=MODES,
    fields=[TOKEN, SET],
    exercises=EXERCISES,
    code={
        "The codebook, as it was learnt": [VQVAE.codes_loss, Codebook.follow],
    },
)
