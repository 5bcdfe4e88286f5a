"""Panels of the sound tab's modes."""

from explorer.data.spoken_digits import SPEAKERS
from explorer.tabs.kit.ask import compressing
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.sound import clock, server, words
from explorer.tabs.sound.fields import DEPTH, DIGIT, DILATED, GIVEN, SPEAKER, TEMPERATURE

SAID = [
    Control(DIGIT, "list", "Digit", options={digit: str(digit) for digit in range(10)}),
    Control(SPEAKER, "list", "Speaker", options={name: name.capitalize() for name in SPEAKERS}),
]
MILLISECONDS = {0: "none", 50: "50", 100: "100", 200: "200"}
SPOKEN = {"at": None, "temperature": 1, "given": 0}

PANELS = {
    "speak": Panel(
        server.speak,
        controls=[
            SAID,
            [Control(SEED, "seed")],
            [Control(GIVEN, "segments", "Real sound given first, ms", options=MILLISECONDS)],
        ],
        more=[[Control(TEMPERATURE, "slider", "Temperature", step=0.05, digits=2)]],
        tries=[
            ("A three by George", SPOKEN | {"digit": 3, "speaker": "george"}),
            ("Cold", SPOKEN | {"temperature": 0.5}),
            ("Continue a real seven", SPOKEN | {"given": 200}),
        ],
        shows=Shows("", words.SPEAK_HEADS),
    ),
    "score": Panel(
        server.score,
        controls=[SAID],
        tries=[
            ("A hissing six", {"digit": 6, "speaker": "lucas"}),
            ("A coarse recording", {"digit": 1, "speaker": "nicolas"}),
        ],
        shows=Shows(
            "Each sample costs −log₂ p bits: where are they high?",
            words.SCORE_HEADS,
            charts=[("Bits of each sample", 130, "tap")],
            bars="Bits per sample of this recording",
        ),
    ),
    "compress": Panel(
        server.compress,
        controls=[SAID],
        tries=[
            ("A hissing six", {"digit": 6, "speaker": "lucas"}),
            ("A coarse recording", {"digit": 1, "speaker": "nicolas"}),
        ],
        shows=Shows(
            "Better predictions make a shorter file of the sound",
            compressing.HEADS,
            charts=[("Bits of each sample", 230, "tap")],
            bars="Sizes of the same sound",
            waits="The network codes 4,000 samples, one after the other: a few seconds…",
        ),
    ),
    "digit": Panel(
        server.which,
        controls=[SAID],
        tries=[
            ("A five by George", {"digit": 5, "speaker": "george"}),
            ("A mistake", {"digit": 1, "speaker": "jackson"}),
        ],
        shows=Shows(
            "How likely is the recording, given each digit?",
            words.DIGIT_HEADS,
            charts=[("Posterior over time", 190, "tap"), ("Calibration on test recordings", 190)],
            bars="Probability of each digit",
            waits="The network reads the recording ten times, once for each digit: a few seconds…",
            module="sound/recorded",
        ),
    ),
    "dilations": Panel(
        server.layer_inputs,
        controls=[
            [Control(DILATED, "segments", "Layers", options={True: "Dilated", False: "Not dilated"})],
            [Control(DEPTH, "slider", "How many", live=True)],
        ],
        shows=Shows("Tap a sample: which samples does its prediction depend on?", words.SEEN_HEADS),
    ),
    "cached": Panel(
        clock.time_cache,
        controls=[SAID, [Control(SEED, "seed")]],
        tries=[
            ("A two by Lucas", {"digit": 2, "speaker": "lucas", "at": None}),
            ("A zero by George", {"digit": 0, "speaker": "george", "at": None}),
        ],
        shows=Shows("", clock.HEADS, charts=[("Seconds of computing so far", 220)]),
    ),
}
