"""The Autoencoders tab: networks that encode an image as a code, and decode codes that no image was encoded to."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from explorer.stages.autoencoders import AutoencodersStage
from explorer.tabs.autoencoders import maths, networks, sizes
from explorer.tabs.autoencoders.exercises import EXERCISES
from explorer.tabs.autoencoders.fields import FIELDS, SIZES_NET
from explorer.tabs.autoencoders.panels import PANELS
from explorer.tabs.kit.layout.family import evidence, family_tab
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.tab import Checkpoint, Tab
from explorer.tabs.kit.numbers.trained import Found

SHORT = {
    "VAE": "variational autoencoder",
    "KL": "Kullback–Leibler divergence",
    "AUROC": "area under the receiver operating characteristic",
}
GROUPS = {
    "look": ["map"],
    "play": ["pull", "dictionary"],
    "test": ["hole", "sizes"],
    "understand": ["contractive"],
}
MECHANISM = Mechanism(
    [
        Part("x, an image", "x", "likelihood", shows="x", lights=["complete", "anomaly"]),
        Part("Encoder", "x ↦ z", "contractive", "narrows", lights=["pull"]),
        Part("z, its code", "z", "map", shows="code", lights=["dictionary", "contractive", "interpolate"]),
        Part("Decoder", "z ↦ x̂", "hole", "widens", lights=["map", "pull"]),
        Part("x̂, what is decoded", "x̂", "make", shows="out", lights=["interpolate", "dictionary", "sizes"]),
    ]
)

MADE = family_tab(
    "autoencoder",
    title="Autoencoders",
    name="autoencoders",
    group="none",
    question="How useful is a short code of an image?",
    folder=Path(__file__).parent,
    nets=networks.NETS,
    asks=["make", "complete", "likelihood", "anomaly", "interpolate"],
    modes={**networks.MODES, **sizes.MODES},
    fields=FIELDS,
    stage=AutoencodersStage,
    functions=[*networks.FUNCTIONS, *sizes.FUNCTIONS],
    formulas=[maths.show_shrunk],
    code={**networks.CODE, **sizes.CODE},
    tries={**networks.TRIES, **sizes.TRIES},
    to_props=networks.facts,
    short=SHORT,
    groups=GROUPS,
    mechanism=MECHANISM,
    exercises=EXERCISES,
)


def list_nets() -> list[Checkpoint]:
    """Return the networks of the menu, and the network with one autoencoder per size."""
    sizes_net = Checkpoint(SIZES_NET, sizes.TITLE, sizes.sizes_value, partial(evidence, SIZES_NET, sizes.TITLE))
    return [*MADE.shown(), sizes_net]


def value(found: Mapping[str, Found]) -> dict[str, Any]:
    """Return the stage's additional data."""
    return MADE.value(found) | {"sizes": found[SIZES_NET].value}


TAB: Tab = replace(MADE, shown=list_nets, value=value, nets=[*MADE.nets, SIZES_NET], panels={**MADE.panels, **PANELS})
