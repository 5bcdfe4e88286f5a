"""The tab of translations: an outline becomes a garment, and a thin digit a bold one."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from explorer.measures import cyclegan as measures
from explorer.models.cyclegan import CycleGAN
from explorer.models.outline_diffusion import OutlineDiffusion
from explorer.models.patches import PatchDiscriminator
from explorer.models.pix2pix import Generator, Pix2Pix
from explorer.models.sources import outline, skeleton
from explorer.stages.translate import TranslateStage
from explorer.tabs.kit.ask.common import SHEETS
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.tab import Checkpoint, Tab
from explorer.tabs.kit.numbers import plots
from explorer.tabs.kit.numbers.rows import Quotes
from explorer.tabs.kit.numbers.trained import Card, Found
from explorer.tabs.translate import evidence, maths, server
from explorer.tabs.translate.exercises import EXERCISES
from explorer.tabs.translate.fields import (
    DIFFUSION,
    DIGITS,
    FIELDS,
    GARMENTS,
    MODES,
    NETS,
    PAIRED,
    PENS,
    TERMS,
    TRAINED,
    UNPAIRED,
    WEIGHTS,
    dataset_of,
    net_with,
)
from explorer.tabs.translate.panels import PANELS

CODE = {
    "With pairs": [server.translate_paired.plain, outline, skeleton, Generator.forward],
    "Training of pix2pix": [Pix2Pix.training_loss, PatchDiscriminator],
    "One answer or many": [server.many.plain, OutlineDiffusion.sample_steps],
    "Without pairs": [server.translate_unpaired.plain],
    "Training of CycleGAN": [CycleGAN.training_loss, CycleGAN.split_domains],
    "Swapped digits": [measures.shares],
    "This page": [maths.generator_loss],
}
CHOSEN = (*PAIRED, *UNPAIRED)
"""Networks that a visitor chooses; the others stand beside them."""


def titles() -> dict[str, str]:
    """Return the title of each network."""
    found = {net: f"pix2pix, {kind}" for net, kind in PAIRED.items()}
    found |= {net: f"pix2pix, λ = {weight}" for weight, net in WEIGHTS.items()}
    found |= {DIGITS: "pix2pix of digits", DIFFUSION: "Diffusion given an outline"}
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
    folder=Path(__file__).parent,
    stage=TranslateStage,
    fields=FIELDS,
    modes=MODES,
    shown=list_nets,
    value=value,
    quotes=lambda nets: Quotes({name: found.card for name, found in nets.items()}, GARMENTS, {}),
    whose="",
    functions=server.SERVER_FUNCTIONS,
    formulas=(maths.show_loss,),
    code=CODE,
    nets=NETS,
    short={"GAN": "generative adversarial network"},
    panels=PANELS,
    groups={"look": ["paired", "many"], "test": ["weight", "permutes"], "understand": ["unpaired"]},
    mechanism=Mechanism(
        [
            Part("Source", "s", "paired", shows="s", lights=["many", "weight", "unpaired"]),
            Part("Generator", "G(s, z)", "weight", "network", lights=["paired", "many", "unpaired", "permutes"]),
            Part("Translation", "ŷ", "many", shows="y", lights=["paired", "weight", "unpaired", "permutes"]),
            Part("Back again", "F(ŷ)", "unpaired", "network"),
        ]
    ),
    charts=(plots.training,),
    exercises=EXERCISES,
)
