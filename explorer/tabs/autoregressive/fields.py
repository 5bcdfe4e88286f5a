"""Fields of the autoregressive tab: those of its address, and the parameters of its server functions."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

from explorer.fields import Field, Flag, Kind, OneOf, Real, Reals, Whole, Wholes
from explorer.models.levels import GREY_LEVELS
from explorer.models.raster import PIXELS, SIDE
from explorer.tabs.autoregressive.exercises import EXERCISES
from explorer.tabs.kit.ask.nets import Nets, with_further
from explorer.tabs.kit.layout import fields as shared_fields
from explorer.tabs.kit.layout.fields import AT_STEP, DRAW, IMG, OF_PICTURE, PICTURE, SEED, SEEDS, SET, SOURCE, Image
from explorer.tabs.kit.lessons.exercises import TITLE
from explorer.tabs.kit.lessons.exercises import fields as at_exercise

MODES = {
    "generate": "Make",
    "ask": "One pixel",
    "override": "Override",
    "complete": "Complete",
    "score": "How likely?",
    "compress": "Compress",
    "masks": "Masks",
    "chain": "By hand",
    "slow": "Why slow",
    "tour": "Tour",
    "exercises": TITLE,
}
GRID = 16  # images
KINDS = ("test", "draw", "blank", "noise")
PARTS = ("map", "histograms", "bayes", "kernel", "layers", "blind", "made")

NETS = with_further("pixelcnn-mnist", "pixelcnn-fashion-mnist", "made-mnist")
NET = Field("net", Nets(NETS), NETS[0], "the network")
DICE = Field("dice", SEEDS, 7, "the seed of the four pixels drawn by hand")
LABEL = replace(shared_fields.LABEL, title="the label")
TEMPERATURE = Field("T", Real(0.1, 3), 1, "the temperature", "Divides the logits: below 1 likely values are likelier")
COUNT = Field("grid", OneOf((1, GRID)), 1, "how many images to draw")
PIXEL = Field("pixel", Whole(0, PIXELS - 1), None, "the pixel")
ABOUT = Field("about", OneOf(("generated", "chosen")), "generated", "whose pixels are asked about")
PART = Field("part", OneOf(PARTS), None, "what is shown", optional=True)
ROWS = Field("rows", Whole(0, SIDE - 1), 14, "how many rows are kept")
KERNEL = Field("kernel", OneOf((3, 5, 7)), 3, "the kernel")
LAYER = Field("layer", Whole(0, 8), 1, "the layer")
TYPE = Field("type", OneOf(("A", "B")), "A", "the type of mask")
TAPS = Field("taps", Wholes(48, 49), (), "the cells of the kernel that were switched by hand")
OUTPUT = Field("output", Whole(0, 8), 4, "the output of the small MADE")
ORDER = Field("order", Whole(0, 3), 0, "the pixel order", optional=True)

FIELDS = (
    NET,
    Field("mode", OneOf(tuple(MODES)), "generate", "the mode"),
    SEED,
    DICE,
    LABEL,
    TEMPERATURE,
    COUNT,
    Field("at", Whole(0, PIXELS), None, "how many pixels of the film are drawn"),  # None starts the film
    Field("tap", Whole(0, GRID - 1), 0, "the image that is watched"),
    PIXEL,
    Field("heat", Flag(), False, "whether the heat map is shown"),
    ABOUT,
    Field("over", Wholes(PIXELS * GREY_LEVELS - 1, 8), (), "the overrides"),  # in order, each pixel · 256 + level
    Field("diff", Flag(), True, "whether the differences of the two branches are marked"),
    Field("kind", OneOf(KINDS), "test", "the kind of picture"),
    SET,
    IMG,
    DRAW,
    SOURCE,
    ROWS,
    PART,
    LAYER,
    KERNEL,
    TYPE,
    TAPS,
    ORDER,
    OUTPUT,
    Field("p", Reals(15 * (("a conditional", 0, 1),)), None, "the conditionals"),  # None is the lecture's example
    Field("step", Whole(0, 4), 0, "how many of the four pixels are drawn"),
    AT_STEP,
    *at_exercise(EXERCISES),
)
"""Fields of the address, in this order."""


@dataclass(frozen=True)
class AnyImage(Kind):
    """Bundled test image of a data set, a drawing, the levels of an image, a blank page, or noise of a seed."""

    def check(self, value: Any, title: str) -> Image:
        asked = value if isinstance(value, dict) else {}
        if "test" in asked or "bits" in asked:
            return shared_fields.DrawnOrTest().check(asked, title)
        if "pixels" in asked:
            return "pixels", PICTURE.check(asked["pixels"])
        if asked.get("kind") == "blank":
            return ("blank",)
        if asked.get("kind") == "noise":
            return "noise", SEED.check(asked.get("seed"))
        raise ValueError(f"{title} must be a test image, a drawing, 784 levels, a blank page or noise")


RasterNet = Annotated[str, NET]
Count = Annotated[int, COUNT]
Label = Annotated[int | None, LABEL]
Temperature = Annotated[float, TEMPERATURE]
Order = Annotated[int, ORDER]
Picture = Annotated[Image, Field("picture", AnyImage(), title="a picture", parts=("kind", "seed", *OF_PICTURE))]
Part = Annotated[str | None, PART]
Known = Annotated[int, Field("known", Whole(0, PIXELS), title="how many pixels are kept")]
Rows = Annotated[int, ROWS]
Pixel = Annotated[int, PIXEL]
AnyPixel = Annotated[int | None, replace(PIXEL, optional=True)]
MaskType = Annotated[str, TYPE]
Taps = Annotated[tuple[int, ...], TAPS]
Kernel = Annotated[int, KERNEL]
Layer = Annotated[int, LAYER]
