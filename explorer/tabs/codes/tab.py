"""The Codes tab: networks that encode an image as a code, and distributions over codes."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from explorer.card import Card
from explorer.stages.codes import CodesStage
from explorer.tabs.codes import autoencoders, latent, maths, sizes, tokens
from explorer.tabs.codes.exercises import EXERCISES
from explorer.tabs.codes.fields import (
    AUTOENCODER_FIELDS,
    LATENT_FIELDS,
    LATENT_NETS,
    SIZES_NET,
    TOKEN_FIELDS,
    TOKEN_NETS,
)
from explorer.tabs.kit.family import evidence, family_tab
from explorer.tabs.kit.mechanism import Mechanism, Part
from explorer.tabs.kit.tab import Net, Tab
from explorer.tabs.kit.trained import Found

OF_NETS = (autoencoders, tokens, latent)
PARTS = (*OF_NETS, sizes)

SHORT = {
    "VAE": "variational autoencoder",
    "VQ-VAE": "vector quantised variational autoencoder",
    "KL": "Kullback–Leibler divergence",
    "AUROC": "area under the receiver operating characteristic",
}
GROUPS = {
    "look": ["map", "latent"],
    "play": ["pull", "tokens", "dictionary"],
    "test": ["hole", "sizes", "surprise"],
    "understand": ["contractive", "straight", "slow"],
}
MECHANISM = Mechanism(
    [
        Part("x, an image", "x", "likelihood", shows="x", lights=["complete", "anomaly"]),
        Part("Encoder", "x ↦ z", "contractive", "narrows", lights=["straight", "pull"]),
        Part("z, its code", "z", "map", shows="code", lights=["tokens", "dictionary", "contractive", "interpolate"]),
        Part("Prior", "p(z)", "surprise", "network", lights=["latent", "slow", "hole"], arrow="↔"),
        Part("Decoder", "z ↦ x̂", "hole", "widens", lights=["map", "tokens", "pull", "straight"]),
        Part("x̂, what is decoded", "x̂", "make", shows="out", lights=["latent", "interpolate", "dictionary", "sizes"]),
    ]
)


def told(net: str, card: Card) -> Mapping[str, Any]:
    """Return the additional data of each part of the tab about a network."""
    return {key: value for part in OF_NETS for key, value in part.told(net, card).items()}


MADE = family_tab(
    "autoencoder",
    title="Codes",
    name="codes",
    group="bound",
    question="What is a short code of an image worth, and which codes can create new images?",
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


def shown() -> list[Net]:
    """Return the networks of the menu, and the network with one autoencoder per size."""
    sizes_net = Net(SIZES_NET, sizes.TITLE, sizes.sizes_value, partial(evidence, SIZES_NET, sizes.TITLE))
    return [*MADE.shown(), sizes_net]


def value(found: Mapping[str, Found]) -> dict[str, Any]:
    """Return the stage's additional data."""
    return MADE.value(found) | {"sizes": found[SIZES_NET].value}


TAB: Tab = replace(MADE, shown=shown, value=value, nets=[*MADE.nets, SIZES_NET])
