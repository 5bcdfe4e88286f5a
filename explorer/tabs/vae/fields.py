"""Fields of the VAE tab: those of its address, and the parameters of its server functions."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

from explorer import data
from explorer.fields import Field, Flag, Kind, OneOf, Real, Reals, Whole, Wholes
from explorer.networks import checkpoints
from explorer.tabs.kit.ask.nets import Nets, dataset_of, further
from explorer.tabs.kit.layout.fields import (
    AT_STEP,
    DATA,
    DRAW,
    IMG,
    MOST_CLASSES,
    OF_PICTURE,
    SEED,
    SEEDS,
    SOURCE,
    TESTS,
)
from explorer.tabs.kit.layout.groups import TITLES
from explorer.tabs.kit.lessons.exercises import TITLE
from explorer.tabs.kit.lessons.exercises import fields as at_exercise
from explorer.tabs.vae.exercises import EXERCISES

MODES = {
    "explore": "Explore",
    "interpolate": TITLES["interpolate"],
    "encode": "Encode",
    "gaps": "Three gaps",
    "sample": TITLES["make"],
    "learn": "Watch it learn",
    "tour": "Tour",
    "exercises": TITLE,
}
POINT = Reals((("z₁", -1000, 1000), ("z₂", -1000, 1000)))
# Centre of the view, and width of its shorter side in latent units.
VIEW = Reals((("x", -1000, 1000), ("y", -1000, 1000), ("the width", 0.02, 400)))
HAND = Reals((("μ₁", -1000, 1000), ("μ₂", -1000, 1000), ("σ₁", 0.0001, 1000), ("σ₂", 0.0001, 1000)))

BETA = Field("beta", Real(0.01, 100, zero=True), 1, "β")
PIXELS = Field("pixels", OneOf(("means", "bits")), "means", "what is shown of a decoded image")
TAP = Field("tap", Whole(0, 63), None, "the image that was tapped")
Q = Field("q", OneOf(("encoder", "hand", "best", "mixture")), "encoder", "the approximate posterior")
Z = Field("z", POINT, (0.6, 0.4), "a latent point")
PIN = Field("pin", POINT, None, "the place that the whole model is asked about")  # stays as the cursor moves
PATH = Field("path", OneOf(("straight", "spherical")), "straight", "the path")
PART = Field("part", OneOf(("code", "posterior", "gradients")), "code", "what of the encoding is shown")
EPS = Field("eps", SEEDS, 7, "the seed of ε")

OWN = [dataset for dataset in data.OWN if checkpoints.exists(f"beta-vae-{dataset}")]
CHOICES = (*DATA.kind.choices, *OWN, *further("beta-vae"))
WHICH = replace(DATA, kind=Nets(CHOICES, like=(f"beta-vae-{DATA.default}",)))
"""The data set, which names our network for it; or a further network by its own name."""


def net_of(which: str) -> str:
    """Return the network of a choice of `WHICH`."""
    return f"beta-vae-{which}" if which in data.DATASETS else which


def set_of(which: str) -> str:
    """Return the data set of a choice of `WHICH`."""
    return dataset_of(net_of(which))


FIELDS = (
    WHICH,
    BETA,
    Field("mode", OneOf(tuple(MODES)), "explore", "the mode"),
    Z,
    PIN,
    Field("view", VIEW, None, "the view"),  # None follows the codes
    Field("bg", Flag(), True, "whether the background is shown"),
    Field("as", OneOf(("dots", "images")), "dots", "what codes are shown as"),
    Field("off", Wholes(MOST_CLASSES - 1), (), "the classes that are hidden"),
    Field("rings", Flag(), True, "whether the rings of the prior are shown"),
    Field("a", TESTS, None, "the test image at one end"),
    Field("b", TESTS, None, "the test image at the other end"),
    PATH,
    Field("frame", Whole(0, 999), 0, "the frame of the film"),
    IMG,
    DRAW,
    SOURCE,
    PART,
    Field("fit", Flag(), False, "whether q is fitted to the image alone"),
    Q,
    Field("hand", HAND, None, "mean and widths of a q by hand"),
    EPS,
    SEED,
    PIXELS,
    TAP,
    Field("step", Whole(0, 999), None, "the snapshot of the training"),
    AT_STEP,
    *at_exercise(EXERCISES),
)
"""Fields of the address, in this order."""


@dataclass(frozen=True)
class DrawnOrTest(Kind):
    """Bundled test image of the selected data set, or a drawing."""

    def check(self, value: Any, title: str) -> int | bytes:
        if isinstance(value, dict) and "test" in value:
            return IMG.check(value["test"])
        if isinstance(value, dict) and "bits" in value:
            return DRAW.check(value["bits"])
        raise ValueError("choose a test image or draw one first")


Which = Annotated[str, WHICH]
Beta = Annotated[float, BETA]
Tap = Annotated[int, TAP]
Pixels = Annotated[str, PIXELS]
Point = Annotated[tuple[float, float], Z]
Image = Annotated[int | bytes, Field("image", DrawnOrTest(), parts=OF_PICTURE)]
