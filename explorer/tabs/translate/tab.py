"""The tab of translations: an outline becomes a garment, and a thin digit a bold one."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from explorer.models.cyclegan import CycleGAN
from explorer.models.patches import PatchDiscriminator
from explorer.models.pix2pix import Pix2Pix
from explorer.numbers import plots
from explorer.numbers.rows import Quotes
from explorer.numbers.trained import Card, Found
from explorer.stages.translate import TranslateStage
from explorer.tabs.kit.ask.common import SHEETS
from explorer.tabs.kit.layout.fields import DRAW, IMG, SEED, SET, SOURCE
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.mode import of_modes
from explorer.tabs.kit.layout.opening import Opening
from explorer.tabs.kit.layout.tab import Checkpoint, Tab
from explorer.tabs.translate import evidence, many, maths, paired, permutes, unpaired, weight
from explorer.tabs.translate.exercises import EXERCISES
from explorer.tabs.translate.networks import (
    GARMENTS,
    NETS,
    NETWORKS_DIFFUSION,
    NETWORKS_DIGITS,
    PAIRED,
    TERMS,
    TRAINED,
    UNPAIRED,
    WEIGHTS,
    dataset_of,
    net_with,
)
from explorer.tabs.translate.shared import DIRECTION, NET, PENS

FOLDER = Path(__file__).parent
MODES = [paired.MODE, weight.MODE, many.MODE, unpaired.MODE, permutes.MODE]
CHOSEN = (*PAIRED, *UNPAIRED)
"""Networks that a visitor chooses; the others stand beside them."""


def titles() -> dict[str, str]:
    """Return the title of each network."""
    found = {net: f"pix2pix, {kind}" for net, kind in PAIRED.items()}
    found |= {net: f"pix2pix, λ = {weight}" for weight, net in WEIGHTS.items()}
    found |= {NETWORKS_DIGITS: "pix2pix of digits", NETWORKS_DIFFUSION: "Diffusion given an outline"}
    for net, kind in reversed(UNPAIRED.items()):
        found |= {
            net_with(net, term): f"CycleGAN {kind}, {words}" for term, words in TERMS.items() if term in TRAINED[net]
        }
    return found


def net_value(card: Card, error: str | None) -> dict[str, Any]:
    """Return the stage's data about one network."""
    return {"error": error}


def list_nets() -> list[Checkpoint]:
    """Return the networks of the tab."""
    named = titles()
    return [Checkpoint(net, named[net], net_value, partial(evidence.tables, dataset_of(net))) for net in NETS]


def value(nets: Mapping[str, Found]) -> dict[str, Any]:
    """Return the stage's data apart from its fields."""
    named = PAIRED | UNPAIRED
    chosen = {net: nets[net].value | {"title": named[net], "dataset": dataset_of(net)} for net in CHOSEN}
    return {"nets": chosen, "bundled": SHEETS, "pens": PENS}


TAB = Tab(
    name="translate",
    title="Translate",
    group="none",
    question="How does a network turn one image into another, with pairs and without?",
    opening=Opening({"img": 30}, "img", (30, 45, 27, 30), steps=True),
    folder=FOLDER,
    stage=TranslateStage,
    shown=list_nets,
    value=value,
    quotes=lambda nets: Quotes({name: found.card for name, found in nets.items()}, GARMENTS, {}),
    whose="",
    formulas=(maths.show_loss,),
    nets=NETS,
    short={"GAN": "generative adversarial network"},
    mechanism=Mechanism(
        [
            Part("Source", "s", "paired", shows="s", lights=["many", "weight", "unpaired"]),
            Part("Generator", "G(s, z)", "weight", "network", lights=["paired", "many", "unpaired", "permutes"]),
            Part("Translation", "ŷ", "many", shows="y", lights=["paired", "weight", "unpaired", "permutes"]),
            Part("Back again", "F(ŷ)", "unpaired", "network"),
        ]
    ),
    charts=(plots.training,),
    **of_modes(
        MODES,
        [NET, SEED, IMG, DRAW, SOURCE, SET, DIRECTION],
        FOLDER,
        exercises=EXERCISES,
        code={
            "Training of pix2pix": [Pix2Pix.training_loss, PatchDiscriminator],
            "Training of CycleGAN": [CycleGAN.training_loss, CycleGAN.split_domains],
            "This page": [maths.generator_loss],
        },
    ),
)
