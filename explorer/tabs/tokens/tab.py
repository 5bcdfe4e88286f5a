"""The tab of tokens and latent diffusion: networks that draw codes, which a decoder turns into images."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from explorer.networks.card import Card
from explorer.stages.tokens import TokensStage
from explorer.tabs.kit.layout.family import family_tab
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.tokens import latent, tokens
from explorer.tabs.tokens.exercises import EXERCISES
from explorer.tabs.tokens.fields import FIELDS, LATENT_NETS, TOKEN_NETS
from explorer.tabs.tokens.panels import PANELS
from explorer.tabs.tokens.readings import READINGS

SHORT = {
    "VAE": "variational autoencoder",
    "VQ-VAE": "vector quantised variational autoencoder",
    "AUROC": "area under the receiver operating characteristic",
}
GROUPS = {"look": ["tokens", "latent"], "test": ["surprise"], "understand": ["straight", "slow"]}
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
    return {**tokens.facts(net, card), **latent.to_props(net, card)}


MADE = family_tab(
    "vqvae",
    title="Tokens and latent diffusion",
    name="tokens",
    group="bound",
    question="Which codes can create new images, and what do they cost?",
    folder=Path(__file__).parent,
    nets=[*TOKEN_NETS, *LATENT_NETS],
    asks=["make", "complete", "likelihood", "anomaly", "interpolate"],
    modes={**tokens.MODES, **latent.MODES},
    fields=FIELDS,
    stage=TokensStage,
    functions=[*tokens.FUNCTIONS, *latent.FUNCTIONS],
    code={**tokens.CODE, **latent.CODE},
    tries={**tokens.TRIES, **latent.TRIES},
    to_props=to_props,
    short=SHORT,
    groups=GROUPS,
    mechanism=MECHANISM,
    exercises=EXERCISES,
    readings=READINGS,
)
TAB = replace(MADE, panels={**MADE.panels, **PANELS})
