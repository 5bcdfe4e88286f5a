"""The text tab: networks that write like Shakespeare, one character after another or in any order."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from explorer.measures import text_judged, text_sizes
from explorer.measures.text_judged import TRANSFORMER
from explorer.models.ngram import NGram
from explorer.models.text import NaiveReader, TextModel, filter_probabilities
from explorer.models.text_diffusion import TextDiffusion
from explorer.models.transformer import Attention, CachedReader, Transformer
from explorer.questions import codefile
from explorer.spaces import TEXT
from explorer.stages.text import TextStage
from explorer.tabs.kit.ask.compressing import CODER
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.tab import Checkpoint, Tab
from explorer.tabs.kit.numbers import plots
from explorer.tabs.kit.numbers.rows import Quotes
from explorer.tabs.kit.numbers.trained import Card, Found
from explorer.tabs.text import clock, evidence, losses, maths, server
from explorer.tabs.text.exercises import EXERCISES
from explorer.tabs.text.fields import DIFFUSION, FIELDS, MODES, NETS, SIZES
from explorer.tabs.text.panels import PANELS

CODE = {
    "Generate": [server.generate.plain, TextModel.draw_steps, filter_probabilities],
    "Surprise": [server.surprise.plain, TextModel.conditionals, NGram.conditionals_by_order],
    "Compress": [TextModel.predictions, *CODER],
    "Attention": [server.attention.plain, Attention.weights, Transformer.head_costs],
    "Unmask": [server.unmask.plain],
    "Why cached": [clock.time_cache.plain, CachedReader.read, NaiveReader.read],
    "Loss": [losses.drift, text_judged.drift, text_judged.slopes, text_sizes.train_network, text_sizes.power_law],
    "Fill in": [server.fill.plain, TextDiffusion.unmask_steps],
    "The network": [Attention],
    "This page": [maths.surprise_of, maths.code_bits],
}
LIT = ["generate", "attention", "compress", "loss"]
SHOWN = NETS | {DIFFUSION: "Masked diffusion"}


def net_value(title: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return the stage's data about one network."""
    return {"title": title, "error": error}


def list_nets() -> list[Checkpoint]:
    """Return the displayed networks."""
    return [Checkpoint(net, title, partial(net_value, title), evidence.tables) for net, title in SHOWN.items()]


def value(nets: Mapping[str, Found]) -> dict[str, Any]:
    """Return the stage's data apart from its fields."""
    found = {net: nets[net].value for net in NETS}
    return {"nets": found, "bundled": {}, "alphabet": TEXT.alphabet, "largest": codefile.MOST}


TAB = Tab(
    name="text",
    title="Text",
    group="exact",
    question="Can a network that only guesses the next character write a play?",
    folder=Path(__file__).parent,
    stage=TextStage,
    fields=FIELDS,
    modes=MODES,
    shown=list_nets,
    value=value,
    quotes=lambda nets: Quotes({name: found.card for name, found in nets.items()}, TRANSFORMER, {}),
    whose="",
    functions=[*server.SERVER_FUNCTIONS, clock.time_cache, losses.loss],
    formulas=(maths.show_surprise, maths.show_code),
    code=CODE,
    nets=[*SHOWN, SIZES],
    short={"LSTM": "long short-term memory"},
    panels=PANELS,
    groups={
        "look": ["generate", "unmask"],
        "play": ["fill"],
        "test": ["surprise", "compress", "loss"],
        "understand": ["attention", "cached"],
    },
    entries={"The transformer": ["attention", "cached"]},
    mechanism=Mechanism(
        [
            Part("The characters before", "x_<t", "generate"),
            Part("Network", "log p(· | x_<t)", "surprise", "network", lights=LIT, tells=True),
            Part("Draw", "x_t ~ p", "generate", "step", lights=["cached"]),
            Part("In any order", "p(x_M | x_K)", "fill", "network", lights=["unmask"], arrow="·", tells=True),
        ]
    ),
    charts=(plots.training,),
    exercises=EXERCISES,
)
