"""Scenes in the comparison: the test scenes that a visitor chooses, and the controls that only they have."""

from explorer import data
from explorer.numbers.answer import Answer
from explorer.spaces import COLOUR
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.readings import words_of
from explorer.tabs.kit.layout.fields import CAPTION, CAPTION2, GIVEN, SEED, SEED2, Picture
from explorer.tabs.kit.layout.panel import Control

ONLY_SCENES = {"dataset": [data.SCENES.name]}
"""Facts of the data set with which a control is in sight."""
ONLY_PROMPT = ONLY_SCENES | {"given": ["prompt"]}
PROMPT_LABEL = "Prompt, up to 13 known words"
PROMPTED = [Control(CAPTION, "text", PROMPT_LABEL, when=ONLY_SCENES)]
GIVEN_WORDS = [
    [
        Control(
            GIVEN,
            "segments",
            "Words that are given",
            options={"own": "Its own", "prompt": "A prompt", "none": "None"},
            when=ONLY_SCENES,
        )
    ],
    [Control(CAPTION, "text", PROMPT_LABEL, when=ONLY_PROMPT)],
]
ENDS = [
    [
        Control(CAPTION, "text", "First prompt", when=ONLY_SCENES),
        Control(SEED, "number", "First seed", when=ONLY_SCENES),
    ],
    [
        Control(CAPTION2, "text", "Second prompt", when=ONLY_SCENES),
        Control(SEED2, "number", "Second seed", when=ONLY_SCENES),
    ],
]


@light
def test_scene(picture: Picture) -> Answer:
    """Return a test scene with its words, or a scene that is drawn of the words of an end."""
    return Answer(words=words_of(picture) or "", view={"x": COLOUR.encode(data.read(picture, COLOUR))})
