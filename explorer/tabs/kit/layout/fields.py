"""Address fields shared by several tabs, and the parameter types of server functions."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

from explorer import data
from explorer.data.captions import PROMPT_LONGEST
from explorer.fields import Bytes, Field, Flag, Flags, Kind, OneOf, Real, Reals, Text, UpTo, Whole
from explorer.models.raster import PIXELS, SIDE
from explorer.models.scene_autoencoder import LATENT_SIDE
from explorer.questions import codefile
from explorer.spaces import PLANE
from explorer.spaces.colour import COLOUR_SIDE

SHIPPED = OneOf(tuple(data.CLASSES))
DATASETS = OneOf((*data.CLASSES, *data.OWN))
MOST_CLASSES = max(10, *(len(each.classes) for each in (*data.IMAGES.values(), *data.OWN.values())))
SEEDS = Whole(0, 2**31 - 1)
BITS = Bytes(PIXELS // 8, (PIXELS,))  # of a drawing; or the grey levels of a picture that was opened
TESTS = Whole(0, data.SAMPLE - 1)
REACH = PLANE.reach
Image = data.Picture

DATA = Field("data", SHIPPED, "mnist", "the data set")
SEED = Field("seed", SEEDS, 7, "the seed", "The same seed draws the same again")
LABEL = Field("label", Whole(0, MOST_CLASSES - 1), None, "the class", optional=True)  # None is any class
AT_STEP = Field("tour", Whole(0, 99), None, "the step of the tour")

# Image that a question is about: `source` gives its origin, and is None where `img` or `draw` implies it.
IMG = Field("img", TESTS, None, "the test image")
DRAW = Field("draw", BITS, None, "a drawing")
SET = Field("set", DATASETS, None, "the data set")  # data set of the test image; None is the network's own
IMG2 = Field("img2", TESTS, None, "the second test image")
POINT = Field("x", Reals((("x₁", -REACH, REACH), ("x₂", -REACH, REACH))), None, "the point")
POINT2 = Field("y", POINT.kind, None, "the second point")
SOURCE = Field("source", OneOf(("test", "draw", "open")), None, "where the image comes from")

# Display of the films of several columns on one clock.
CLOCK = Field("clock", OneOf(("share", "evaluations", "seconds")), "share", "the clock")
AT = Field("at", Real(0, 1), 1, "the place on the clock")  # every film ends at 1
ALL = Field("all", Flag(), False, "whether every figure of a family is shown")

KEEP = Field("keep", Whole(1, SIDE - 1), 14, "how many rows of the image are kept")
AXIS = Field("axis", OneOf((0, 1)), 0, "which coordinate of the point is kept")
# Comparison data of the anomaly question; None is the first measured kind.
KIND = Field("kind", OneOf((*data.DATASETS, "noise", "blank", "rotated", "inverted")), None, "the other images")

# Words that a scene is drawn from, beside the class of other networks, and the second end of a path between two.
CAPTION = Field("prompt", Text(PROMPT_LONGEST), "a yellow cat left of a blue car on grass", "the prompt")
CAPTION2 = Field("prompt2", CAPTION.kind, "a red boat above two stars on black", "the second prompt")
SEED2 = Field("seed2", SEEDS, 8, "the second seed")
HOLE_SIDES = ("from the left", "from the top", "to the right", "to the bottom")
HOLE = Field(
    "hole", Reals(tuple((name, 0, LATENT_SIDE) for name in HOLE_SIDES)), (6.0, 0.0, 12.0, 12.0), "the hidden part"
)

# Words that are given with a scene: its own, the prompt, or none.
GIVEN = Field("given", OneOf(("own", "prompt", "none")), "own", "the words that are given")

ASKED = (SEED, LABEL, CLOCK, AT, ALL, IMG, DRAW, SOURCE, KEEP, KIND, POINT, AXIS, IMG2, POINT2)
"""Address fields of the shared questions, in this order."""

POINTS = Field("net", OneOf(()), title="the network of points")  # as a control; each tab lists its own networks
PARTS = Field("parts", Whole(0, 99), title="the number of parts")
INDEX = Field("index", Whole(0, 99), title="the number of what is asked for")
PICTURE = Field("pixels", Bytes(PIXELS), title="a picture")
FILE = Field("file", UpTo(codefile.LARGEST_FILE), title="the file")
KEPT = Field("known", Flags(max(PIXELS, COLOUR_SIDE**2)), title="what is kept", parts=("keep", "axis"))


@dataclass(frozen=True)
class DrawnOrTest(Kind):
    """Test image of a data set, drawing, opened picture, point of the plane, or words with a seed."""

    def check(self, value: Any, title: str) -> Image:
        if isinstance(value, dict) and "test" in value:
            return "test", IMG.check(value["test"]), TEST_SET.check(value.get("set"))
        if isinstance(value, dict) and "words" in value:
            return "words", CAPTION.check(value["words"]), SEED.check(value.get("seed"))
        if isinstance(value, dict) and "bits" in value:
            return "bits", DRAW.check(value["bits"])
        if isinstance(value, dict) and "point" in value:
            return "point", POINT.check(value["point"])
        raise ValueError("choose a test image or draw one first")

    def to_schema(self) -> dict[str, Any]:
        test = {"test": IMG.to_schema(), "set": SET.to_schema()}
        forms = [one_of_schema({key: field.to_schema()}, key) for key, field in (("bits", DRAW), ("point", POINT))]
        return {"oneOf": [one_of_schema(test, "test", "set"), *forms]}


def one_of_schema(parts: dict[str, Any], *required: str) -> dict[str, Any]:
    """Return the JSON Schema of an object with these parts."""
    return {"type": "object", "properties": parts, "required": [*required], "additionalProperties": False}


def name_of(picture: Image) -> str:
    """Return the name of a picture in a sentence."""
    return own_name(picture) if picture[0] == "bits" else "the test image"


def own_name(picture: Image) -> str:
    """Return the name of a visitor's drawing, or of a picture that they opened."""
    return "your picture" if isinstance(picture[1], bytes) and len(picture[1]) == PIXELS else "your drawing"


TEST_SET = replace(SET, kind=OneOf((*DATASETS.choices, data.SCENES.name)))
Words = Annotated[str | None, replace(CAPTION, default=None, optional=True)]
"""Prompt; None for the words of the test scene that is asked about, and for a network that reads none."""
Dataset = Annotated[str, replace(DATA, kind=DATASETS)]
Seed = Annotated[int, SEED]
Label = Annotated[int | None, LABEL]
Index = Annotated[int, INDEX]
Parts = Annotated[int, PARTS]
"""Number of computed parts of a long answer: the page shows them and asks for one more, until there are all."""
Pixels = Annotated[bytes, PICTURE]
Kept = Annotated[bytes, KEPT]
File = Annotated[bytes, FILE]
"""A compressed file that a visitor opens; no address holds it."""
OF_PICTURE = ("img", "draw", "source", "set", "x")
Picture = Annotated[Image, Field("picture", DrawnOrTest(), parts=OF_PICTURE)]
Other = Annotated[Image, Field("other", DrawnOrTest(), parts=("img2", "y"))]
