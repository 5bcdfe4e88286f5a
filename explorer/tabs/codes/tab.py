"""The Codes tab: networks that keep an image as a code, what comes of one that nobody encoded, and who draws codes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from explorer.card import Card
from explorer.stages.codes import CodesStage
from explorer.tabs.codes import autoencoders, latent, maths, tokens
from explorer.tabs.codes.exercises import EXERCISES
from explorer.tabs.codes.fields import AUTOENCODER_FIELDS, LATENT_FIELDS, LATENT_NETS, TOKEN_FIELDS, TOKEN_NETS
from explorer.tabs.kit.family import family_tab
from explorer.tabs.kit.mechanism import Mechanism, Part

PARTS = (autoencoders, tokens, latent)

SHORT = {
    "VAE": "variational autoencoder",
    "VQ-VAE": "vector quantised variational autoencoder",
    "KL": "Kullback–Leibler divergence",
    "AUROC": "area under the receiver operating characteristic",
}
GROUPS = {
    "look": ["map", "latent"],
    "play": ["pull", "tokens", "dictionary"],
    "test": ["hole", "surprise"],
    "understand": ["contractive", "straight", "slow"],
}
MECHANISM = Mechanism(
    [
        Part("x, an image", "x", "likelihood", shows="x", lights=["complete", "anomaly"]),
        Part("Encoder", "x ↦ z", "contractive", "narrows", lights=["straight", "pull"]),
        Part("z, its code", "z", "map", shows="code", lights=["tokens", "dictionary", "contractive", "interpolate"]),
        Part("Prior", "p(z)", "surprise", "network", lights=["latent", "slow", "hole"], arrow="↔"),
        Part("Decoder", "z ↦ x̂", "hole", "widens", lights=["map", "tokens", "pull", "straight"]),
        Part("x̂, what is decoded", "x̂", "make", shows="out", lights=["latent", "interpolate", "dictionary"]),
    ]
)


def told(net: str, card: Card) -> Mapping[str, Any]:
    """Return what each part of the tab tells the stage of a network besides."""
    return {key: value for part in PARTS for key, value in part.told(net, card).items()}


TAB = family_tab(
    "autoencoder",
    title="Codes",
    name="codes",
    question="A network keeps an image as a few numbers and rebuilds it from them. What is such a code worth, and who "
    "can draw new ones?",
    folder=Path(__file__).parent,
    nets=[*autoencoders.NETS, *TOKEN_NETS, *LATENT_NETS],
    asks=["make", "complete", "likelihood", "anomaly", "interpolate"],
    modes={mode: title for part in PARTS for mode, title in part.MODES.items()},
    fields=[*AUTOENCODER_FIELDS, *TOKEN_FIELDS, *LATENT_FIELDS],
    stage=CodesStage,
    functions=[each for part in PARTS for each in part.FUNCTIONS],
    formulas=[maths.show_shrunk],
    code={gesture: functions for part in PARTS for gesture, functions in part.CODE.items()},
    tries={mode: every for part in PARTS for mode, every in part.TRIES.items()},
    told=told,
    short=SHORT,
    groups=GROUPS,
    mechanism=MECHANISM,
    exercises=EXERCISES,
)
