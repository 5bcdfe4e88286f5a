"""The fields of the comparison: what its address can say, and what its server functions ask for."""

from explorer.fields import Field, Flag, OneOf, Real, Whole
from explorer.models.raster import PIXELS, SIDE
from explorer.tabs.kit.fields import AT_STEP, DATA, DATASETS, DRAW, IMG, LABEL, SEED, SOURCE

MODES = {
    "make": "Make",
    "likely": "How likely?",
    "finish": "Finish this",
    "odd": "Is it odd?",
    "real": "Which is real?",
    "table": "The table",
}
QUESTIONS = {"make": "make", "likely": "likelihood", "finish": "complete", "odd": "anomaly"}
TRIES = {
    "make": [
        ("After 50 evaluations", {"clock": "evaluations", "at": 50 / PIXELS}),
        ("A tenth of the slowest one’s time", {"clock": "seconds", "at": 0.1}),
        ("A 3 from all who can be asked", {"data": "mnist", "label": 3}),
        ("Bags from all who can be asked", {"data": "fashion-mnist", "label": 8}),
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
        ("Nothing at all, to the digits' networks", {"data": "mnist", "kind": "blank"}),
        ("Digits, to the clothes' networks", {"data": "fashion-mnist", "kind": "mnist"}),
        ("Digits, turned", {"data": "mnist", "kind": "rotated"}),
    ],
}
KINDS = (*DATASETS.choices, "noise", "blank", "rotated", "inverted")

FIELDS = (
    DATA,
    Field("mode", OneOf(tuple(MODES)), "make", "the mode"),
    SEED,
    LABEL,
    Field("clock", OneOf(("share", "evaluations", "seconds")), "share", "the clock"),  # of the films
    Field("at", Real(0, 1), 1, "the place on the clock"),  # every film is over at 1
    Field("all", Flag(), False, "whether every figure of a family is shown"),
    IMG,
    DRAW,
    SOURCE,
    Field("keep", Whole(1, SIDE - 1), 14, "how many rows of the image are kept"),
    # Which images the data set's own are told from; None is the other data set's.
    Field("kind", OneOf(KINDS), None, "the other images"),
    Field("round", Whole(0, 19), None, "the round"),  # None is the first that is not answered
    AT_STEP,
)
"""What the address can say, in this order."""
