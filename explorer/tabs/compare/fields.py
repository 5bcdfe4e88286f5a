"""The fields of the comparison: what its address can say, and what its server functions ask for."""

from typing import Annotated

from explorer.fields import Field, Flag, OneOf, Real, Whole
from explorer.models.raster import SIDE
from explorer.tabs.compare.families import named
from explorer.tabs.kit.fields import AT_STEP, DATA, DATASETS, DRAW, IMG, LABEL, SEED, SOURCE

MODES = {
    "make": "Make",
    "likely": "How likely?",
    "finish": "Finish this",
    "odd": "Is it odd?",
    "real": "Which is real?",
    "table": "The table",
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

Net = Annotated[str, Field("net", OneOf(tuple(named())), title="the network")]
