"""The sound tab: a WaveNet that speaks digits, one sample after another."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import torch

from explorer.data.spoken_digits import DIGITS, SPEAKERS
from explorer.models.wavenet import Layer, WaveNet
from explorer.numbers import plots
from explorer.numbers.trained import Card, Found
from explorer.questions import codefile
from explorer.spaces import SOUND
from explorer.spaces.wave import WAVE_LONGEST, mu_law_decode
from explorer.stages.sound import SoundStage
from explorer.tabs.kit.ask.answers import frames, stop
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.mode import of_modes
from explorer.tabs.kit.layout.tab import Checkpoint, Tab
from explorer.tabs.sound import cached, compress, digit, dilations, evidence, maths, score, speak
from explorer.tabs.sound.exercises import EXERCISES
from explorer.tabs.sound.recordings import recording
from explorer.tabs.sound.shared import AT, DIGIT, NETS, NETWORK, SPEAKER, TAP

FOLDER = Path(__file__).parent
MODES = [speak.MODE, score.MODE, compress.MODE, digit.MODE, dilations.MODE, cached.MODE]
LIT = ["speak", "compress", "digit", "dilations"]


def net_value(title: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return the stage's data about one network."""
    return {"title": title, "error": error}


def list_nets() -> list[Checkpoint]:
    """Return the displayed networks."""
    return [Checkpoint(net, title, partial(net_value, title), evidence.tables) for net, title in NETS.items()]


def value(nets: Mapping[str, Found]) -> dict[str, Any]:
    """Return the stage's data apart from its fields."""
    sizes = {"rate": SOUND.rate, "longest": WAVE_LONGEST, "largest": codefile.LARGEST_FILE, "peaks": peaks()}
    return {"nets": {net: nets[net].value for net in NETS}, "bundled": {}} | sizes


def peaks() -> dict[str, float]:
    """Return each speaker's usual largest amplitude; a visitor's own sound is made as loud."""

    def usual(speaker: str) -> float:
        most = [mu_law_decode(recording(digit, speaker)).abs().max() for digit in range(DIGITS)]
        return round(float(torch.stack(most).median()), 3)

    return {speaker: usual(speaker) for speaker in SPEAKERS}


TAB = Tab(
    name="sound",
    title="Sound",
    group="exact",
    question="Can a network speak if it only predicts the next sample?",
    folder=FOLDER,
    stage=SoundStage,
    shown=list_nets,
    value=value,
    quotes=lambda nets: evidence.quotes({name: found.card for name, found in nets.items()}),
    whose="",
    formulas=(maths.show_field,),
    nets=list(NETS),
    short={"FLAC": "free lossless audio codec", "WAV": "waveform audio file"},
    mechanism=Mechanism(
        [
            Part("The samples before", "x_<t", "dilations", lights=["speak", "score"]),
            Part("Digit and speaker", "h", "digit", lights=["speak"], arrow=","),
            Part("Dilated layers", "log p(· | x_<t, h)", "score", "network", lights=LIT, tells=True),
            Part("Draw", "x_t ~ p", "speak", "step", lights=["cached"]),
        ]
    ),
    charts=(plots.training,),
    **of_modes(
        MODES,
        [NETWORK, SEED, DIGIT, SPEAKER, AT, TAP],
        FOLDER,
        exercises=EXERCISES,
        functions=[frames, stop],
        code={
            "The network": [Layer, WaveNet.forward],
            "This page": [maths.receptive_field],
        },
    ),
)
