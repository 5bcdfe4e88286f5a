"""The Autoencoders tab: networks that encode an image as a code, and decode codes that no image was encoded to."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from explorer.models.autoencoder import Autoencoder, ContractiveAutoencoder, DenoisingAutoencoder, SparseAutoencoder
from explorer.numbers.trained import Found
from explorer.stages.autoencoders import AutoencodersStage
from explorer.tabs.autoencoders import contractive, dictionary, hole, map, maths, pull, sizes
from explorer.tabs.autoencoders.exercises import EXERCISES
from explorer.tabs.autoencoders.maths import denoise
from explorer.tabs.autoencoders.shared import NETS, facts
from explorer.tabs.autoencoders.sizes import SIZES_NET, TITLE, sizes_value
from explorer.tabs.kit.layout.family import evidence, family_tab
from explorer.tabs.kit.layout.fields import SET
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.opening import Opening
from explorer.tabs.kit.layout.tab import Checkpoint, Tab

FOLDER = Path(__file__).parent
MODES = [map.MODE, hole.MODE, pull.MODE, contractive.MODE, dictionary.MODE, sizes.MODE]
SHORT = {
    "VAE": "variational autoencoder",
    "KL": "Kullback–Leibler divergence",
    "AUROC": "area under the receiver operating characteristic",
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
    opening=Opening({"img": 108, "z": (2, 3)}, "z", ((2, 3), (10, 8), (9, 0), (2, -8), (-6, 4), (2, 3)), seconds=8),
    folder=FOLDER,
    nets=NETS,
    asks=["make", "complete", "likelihood", "anomaly", "interpolate"],
    stage=AutoencodersStage,
    formulas=[maths.show_shrunk],
    to_props=facts,
    short=SHORT,
    mechanism=MECHANISM,
    modes=MODES,
    fields=[SET],
    exercises=EXERCISES,
    code={
        "Four autoencoders, as trained": [
            Autoencoder.training_loss,
            DenoisingAutoencoder.training_loss,
            ContractiveAutoencoder.training_loss,
            SparseAutoencoder.encode,
        ],
        "This page": [denoise],
    },
)


def list_nets() -> list[Checkpoint]:
    """Return the networks of the menu, and the network with one autoencoder per size."""
    sizes_net = Checkpoint(SIZES_NET, TITLE, sizes_value, partial(evidence, SIZES_NET, TITLE))
    return [*MADE.shown(), sizes_net]


def value(found: Mapping[str, Found]) -> dict[str, Any]:
    """Return the stage's additional data."""
    return MADE.value(found) | {"sizes": found[SIZES_NET].value}


TAB: Tab = replace(MADE, shown=list_nets, value=value, nets=[*MADE.nets, SIZES_NET])
