"""The sound tab: a WaveNet that speaks digits, one sample after another."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from explorer import codefile
from explorer.card import rows
from explorer.data import spoken_digits
from explorer.models.wavenet import Layer, Queues, WaveNet
from explorer.spaces import SOUND
from explorer.spaces.wave import LONGEST, expanded
from explorer.stages.sound import SoundStage
from explorer.tabs.kit import plots
from explorer.tabs.kit.compressing import CODER
from explorer.tabs.kit.mechanism import Mechanism, Part
from explorer.tabs.kit.tab import Net, Tab
from explorer.tabs.kit.trained import Card, Found
from explorer.tabs.sound import evidence, maths, server
from explorer.tabs.sound.fields import FIELDS, MODES, NET
from explorer.tabs.sound.panels import PANELS

LIT = ["speak", "compress", "digit", "dilations"]
CODE = {
    "Speak": [server.speak.plain, WaveNet.draw_steps, Queues],
    "Score": [server.score.plain, WaveNet.conditionals, server.rivals],
    "Compress": [WaveNet.predictions, *CODER],
    "Which digit?": [server.which.plain],
    "The network": [Layer, WaveNet.forward],
    "This page": [maths.receptive_field],
}


def net_value(card: Card, error: str | None) -> dict[str, Any]:
    """Return the stage's data about the network."""
    right = next((row["value"] for row in rows(card, "accuracy")), None)
    return {"title": "WaveNet", "error": error, "accuracy": right}


def shown() -> list[Net]:
    """Return the displayed network."""
    return [Net(NET, "WaveNet", net_value, evidence.tables)]


def value(nets: Mapping[str, Found]) -> dict[str, Any]:
    """Return the stage's data apart from its fields."""
    sizes = {"rate": SOUND.rate, "longest": LONGEST, "largest": codefile.MOST, "peak": peak()}
    return {"nets": {NET: nets[NET].value}, "bundled": {}} | sizes


def peak() -> float:
    """Return the usual largest amplitude of a recording; a visitor's own sound is made as loud."""
    peaks = [expanded(sound).abs().max() for sound in spoken_digits.bundled().sounds]
    return round(float(torch.stack(peaks).median()), 3)


TAB = Tab(
    name="sound",
    title="Sound",
    group="exact",
    question="Can a network speak if it only predicts the next sample?",
    folder=Path(__file__).parent,
    stage=SoundStage,
    fields=FIELDS,
    modes=MODES,
    shown=shown,
    value=value,
    quotes=lambda nets: {},
    whose="",
    functions=server.SERVER_FUNCTIONS,
    formulas=(maths.show_field,),
    code=CODE,
    nets=[NET],
    short={"FLAC": "free lossless audio codec", "WAV": "waveform audio file"},
    panels=PANELS,
    groups={"look": ["speak"], "test": ["score", "compress", "digit"], "understand": ["dilations"]},
    mechanism=Mechanism(
        [
            Part("The samples before", "x_<t", "dilations", lights=["speak", "score"]),
            Part("Dilated layers", "log p(· | x_<t, h)", "score", "network", lights=LIT),
            Part("Draw", "x_t ~ p", "speak", "step"),
            Part("Digit and speaker", "h", "digit", lights=["speak"], arrow="·"),
        ]
    ),
    charts=(plots.training,),
)
