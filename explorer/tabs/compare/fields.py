"""Fields of the comparison: those of its address, and the parameters of its server functions."""

from explorer import data
from explorer.fields import Field, OneOf, Whole
from explorer.models import MODELS
from explorer.models.raster import PIXELS
from explorer.networks import extra
from explorer.tabs.compare.exercises import EXERCISES
from explorer.tabs.kit.layout.fields import ASKED, AT_STEP, DATA
from explorer.tabs.kit.layout.groups import COMPARED, TITLES
from explorer.tabs.kit.lessons.exercises import TITLE
from explorer.tabs.kit.lessons.exercises import fields as at_exercise
from explorer.tabs.sound.shared import DIGIT, SPEAKER
from explorer.tabs.text.shared import WORDS

QUESTIONS = {mode: question for question, mode in COMPARED.items()}
MODES = {
    "make": TITLES["make"],
    "texts": "Text",
    "likely": TITLES["likelihood"],
    "compress": "Compress",
    "finish": TITLES["complete"],
    "odd": TITLES["anomaly"],
    "between": TITLES["interpolate"],
    "real": "Which is real?",
    "table": "The table",
    "tour": "Tour",
    "exercises": TITLE,
}
GROUPS = {
    "look": ["make", "texts"],
    "play": ["finish", "between"],
    "test": ["likely", "compress", "odd", "real", "table"],
}
ENTRIES = {"Samples": ["make", "texts"], "Likelihood": ["likely", "compress"]}
TRIES = {
    "make": [
        ("After 50 evaluations", {"clock": "evaluations", "at": 50 / PIXELS}),
        ("A tenth of the time", {"clock": "seconds", "at": 0.1}),
        ("A 3 from each", {"data": "mnist", "label": 3}),
        ("Bags from each", {"data": "fashion-mnist", "label": 8}),
    ],
    "likely": [
        ("A plain 1", {"data": "mnist", "img": 330, "draw": None, "source": None}),
        ("A strange 2", {"data": "mnist", "img": 29, "draw": None, "source": None}),
        ("A boot", {"data": "fashion-mnist", "img": 30, "draw": None, "source": None}),
    ],
    "finish": [
        ("A quarter is kept", {"keep": 7}),
        ("Three quarters are kept", {"keep": 21}),
        ("Half a shirt", {"data": "fashion-mnist", "img": 6, "draw": None, "source": None, "keep": 14}),
    ],
    "odd": [
        ("Nothing at all", {"data": "mnist", "kind": "blank"}),
        ("Digits, to the clothes' networks", {"data": "fashion-mnist", "kind": "mnist"}),
        ("Digits, turned", {"data": "mnist", "kind": "rotated"}),
    ],
}

LIT = Field("lit", OneOf((*MODELS, *extra.titles)), None, "the family that stands out")
OF = Field("of", OneOf(("picture", "text", "sound")), "picture", "what is compressed")

# The columns of the table, those that are shown first at the beginning.
SORT = Field(
    "sort",
    OneOf(
        (
            "likelihood",
            "frechet",
            "recall",
            "milliseconds",
            "accuracy",
            "evaluations",
            "precision",
            "use",
            "parameters",
            "minutes",
        )
    ),
    "likelihood",
    "the figure that sorts the table",
)

FIELDS = (
    Field("data", OneOf(tuple(data.DATASETS)), DATA.default, DATA.title),
    Field("mode", OneOf(tuple(MODES)), "make", "the mode"),
    *ASKED,
    LIT,
    OF,
    WORDS,
    DIGIT,
    SPEAKER,
    Field("round", Whole(0, 19), None, "the round"),  # None is the first round without an answer
    AT_STEP,
    SORT,
    *at_exercise(EXERCISES),
)
"""Fields of the address, in this order."""
