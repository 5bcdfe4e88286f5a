"""Shared by several modes of the sound tab: its networks, the recording that is chosen, and a visitor's own sound."""

import math
from collections.abc import Sequence
from typing import Annotated

from torch import Tensor

from explorer.data.spoken_digits import SPEAKERS
from explorer.fields import Field, OneOf, UpTo, Whole
from explorer.numbers.answer import Table
from explorer.spaces.wave import WAVE_LONGEST
from explorer.tabs.kit.ask.nets import apart
from explorer.tabs.kit.layout.panel import Control
from explorer.tabs.sound.recordings import NET

NETS = {NET: "WaveNet"} | apart("wavenet")
SOUND_SHORTEST = 160  # samples of an own sound: 20 ms
NETWORK = Field("net", OneOf(tuple(NETS)), NET, "the network")
DIGIT = Field("digit", Whole(0, 9), 7, "the digit")
SPEAKER = Field("speaker", OneOf(SPEAKERS), "theo", "the speaker")
# None is the last frame so far, unless the film was stopped at another one.
AT = Field("at", Whole(0, WAVE_LONGEST), None, "the frame of the film")
TAP = Field("tap", Whole(0, WAVE_LONGEST), None, "the sample that is watched", optional=True)
Own = Annotated[
    bytes, Field("own", UpTo(WAVE_LONGEST, SOUND_SHORTEST), title="the sound, a µ-law level for each sample,")
]
"""A visitor's own sound; no address holds it."""
SoundNet = Annotated[str, NETWORK]
Digit = Annotated[int, DIGIT]
Speaker = Annotated[str, SPEAKER]
SAID = [
    Control(DIGIT, "list", "Digit", options={digit: str(digit) for digit in range(10)}),
    Control(SPEAKER, "list", "Speaker", options={name: name.capitalize() for name in SPEAKERS}),
]
BITS = math.log(2)  # nats


def bits_table(x: Tensor, bits: Sequence[float]) -> Table:
    """Return the bits of each sample of a sound (T,) as a table."""
    pairs = zip(x.tolist(), bits, strict=True)
    return Table([{"sample": i, "level": level, "bits": each} for i, (level, each) in enumerate(pairs)])
