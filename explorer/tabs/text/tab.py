"""The text tab: networks that write like Shakespeare, one character after another or in any order."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from explorer.fields import Field, Whole
from explorer.measures.text_judged import TRANSFORMER
from explorer.models.transformer import Attention
from explorer.numbers import plots
from explorer.numbers.rows import Quotes
from explorer.numbers.trained import Card, Found
from explorer.questions import codefile
from explorer.spaces import TEXT
from explorer.spaces.tokens import LONGEST
from explorer.stages.text import TextStage
from explorer.tabs.kit.ask.answers import frames, stop
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.mode import of_modes
from explorer.tabs.kit.layout.opening import Opening
from explorer.tabs.kit.layout.tab import Checkpoint, Tab
from explorer.tabs.text import (
    attention,
    cached,
    compress,
    evidence,
    fill,
    generate,
    loss,
    maths,
    own,
    surprise,
    unmask,
    watermark,
)
from explorer.tabs.text.exercises import EXERCISES
from explorer.tabs.text.loss import SIZES
from explorer.tabs.text.shared import DIFFUSION, NET, NETS, ORDER, STEPS, TEMPERATURE, WORDS

FOLDER = Path(__file__).parent
MODES = [
    *(generate.MODE, unmask.MODE, fill.MODE, surprise.MODE, watermark.MODE, compress.MODE),
    *(own.MODE, attention.MODE, cached.MODE, loss.MODE),
]
LAST_FRAME = 192  # frame of the first text
SURPRISING = 156  # its character “V”, of “Volsces”
LIT = ["generate", "attention", "compress", "loss", "own"]
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
    return {"nets": found, "bundled": {}, "alphabet": TEXT.alphabet, "largest": codefile.LARGEST_FILE}


TAB = Tab(
    name="text",
    title="Text",
    group="exact",
    question="Can a network that only guesses the next character write a play?",
    opening=Opening(
        {"at": LAST_FRAME, "tap": SURPRISING}, "at", (LAST_FRAME, *range(0, LAST_FRAME, 4), LAST_FRAME), steps=True
    ),
    folder=FOLDER,
    stage=TextStage,
    shown=list_nets,
    value=value,
    quotes=lambda nets: Quotes({name: found.card for name, found in nets.items()}, TRANSFORMER, {}),
    whose="",
    formulas=(maths.show_surprise, maths.show_code),
    nets=[*SHOWN, SIZES],
    short={"LSTM": "long short-term memory"},
    mechanism=Mechanism(
        [
            Part("The characters before", "x_<t", "generate"),
            Part("Network", "log p(· | x_<t)", "surprise", "network", lights=LIT, tells=True),
            Part("Draw", "x_t ~ p", "generate", "step", lights=["cached", "watermark"]),
            Part("In any order", "p(x_M | x_K)", "fill", "network", lights=["unmask"], arrow="·", tells=True),
        ]
    ),
    charts=(plots.training,),
    **of_modes(
        MODES,
        [NET, SEED, TEMPERATURE, WORDS, ORDER, STEPS, Field("at", Whole(0, LONGEST), None, "the frame of the film")],
        FOLDER,
        exercises=EXERCISES,
        functions=[frames, stop],
        code={
            "The network": [Attention],
            "This page": [maths.surprise_of, maths.code_bits],
        },
    ),
)
