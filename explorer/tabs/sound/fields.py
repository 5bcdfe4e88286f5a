"""Fields of the sound tab: those of its address, and the parameters of its server functions."""

from typing import Annotated

from explorer.data.spoken_digits import SPEAKERS
from explorer.fields import Field, Flag, OneOf, Real, UpTo, Whole
from explorer.spaces.wave import LONGEST
from explorer.tabs.kit.ask.nets import apart
from explorer.tabs.kit.layout.fields import AT_STEP, SEED
from explorer.tabs.kit.lessons.exercises import TITLE
from explorer.tabs.kit.lessons.exercises import fields as at_exercise
from explorer.tabs.sound.exercises import EXERCISES
from explorer.tabs.sound.recordings import NET

NETS = {NET: "WaveNet"} | apart("wavenet")
CODED = 4_000  # most samples that are compressed: half a second
SHORTEST = 160  # samples of an own sound: 20 ms
MODES = {
    "speak": "Speak",
    "score": "How likely?",
    "compress": "Compress",
    "digit": "Which digit?",
    "dilations": "Dilations",
    "cached": "Why cached",
    "tour": "Tour",
    "exercises": TITLE,
}

NETWORK = Field("net", OneOf(tuple(NETS)), NET, "the network")
DIGIT = Field("digit", Whole(0, 9), 7, "the digit")
SPEAKER = Field("speaker", OneOf(SPEAKERS), "theo", "the speaker")
GIVEN = Field("given", OneOf((0, 50, 100, 200)), 0, "the given beginning, in milliseconds")
TEMPERATURE = Field("temperature", Real(0.1, 1.5), 1, "the temperature", "Below 1 likely levels become likelier")
DILATED = Field("dilated", Flag(), True, "whether the layers are dilated")
DEPTH = Field("layers", Whole(1, 12), 12, "the number of layers")

FIELDS = (
    NETWORK,
    Field("mode", OneOf(tuple(MODES)), "speak", "the mode"),
    SEED,
    DIGIT,
    SPEAKER,
    GIVEN,
    TEMPERATURE,
    DILATED,
    DEPTH,
    # None is the last frame so far, unless the film was stopped at another one.
    Field("at", Whole(0, LONGEST), None, "the frame of the film"),
    Field("tap", Whole(0, LONGEST), None, "the sample that is watched", optional=True),
    AT_STEP,
    *at_exercise(EXERCISES),
)
"""Fields of the address, in this order."""

Own = Annotated[bytes, Field("own", UpTo(LONGEST, SHORTEST), title="the sound, a µ-law level for each sample,")]
"""A visitor's own sound; no address holds it."""
SoundNet = Annotated[str, NETWORK]
Digit = Annotated[int, DIGIT]
Speaker = Annotated[str, SPEAKER]
Given = Annotated[int, GIVEN]
Temperature = Annotated[float, TEMPERATURE]
Dilated = Annotated[bool, DILATED]
Depth = Annotated[int, DEPTH]
