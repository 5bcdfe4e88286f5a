"""Fields of the diffusion tab: those of its address, and the parameters of its server functions."""

import inspect
from dataclasses import replace
from typing import Annotated

from explorer.data.toys import TOYS
from explorer.fields import Bytes, Field, OneOf, Points, Real, Whole
from explorer.models.diffusion import Diffusion
from explorer.models.raster import PIXELS
from explorer.models.schedule import BETAS
from explorer.models.solvers import SAMPLERS
from explorer.tabs.diffusion.exercises import EXERCISES
from explorer.tabs.kit.ask.nets import Nets, with_further
from explorer.tabs.kit.layout.fields import AT_STEP, BITS, DRAW, IMG, KEPT, LABEL, SEED, SOURCE, TESTS
from explorer.tabs.kit.lessons.exercises import TITLE
from explorer.tabs.kit.lessons.exercises import fields as at_exercise

MODES = {
    "forward": "Forward",
    "reverse": "Reverse",
    "samplers": "Side by side",
    "few": "Few steps",
    "guidance": "Guidance",
    "middle": "SDEdit",
    "travel": "Between two",
    "complete": "Complete",
    "field": "Score field",
    "learned": "Learned",
    "tour": "Tour",
    "exercises": TITLE,
}
TIMES = inspect.signature(Diffusion).parameters["times"].default  # T, at which only noise is left

NET = Field("net", Nets(with_further("diffusion-mnist", "diffusion-fashion-mnist")), "diffusion-mnist", "the network")
W = Field("w", Real(0, 20), 1, "the guidance w", "0 leaves the class out, 1 gives it, more exaggerates it")
SAMPLER = Field("sampler", OneOf(tuple(SAMPLERS)), "ddim", "the sampler")
STEPS = Field("steps", Whole(1, TIMES), 50, "the number of steps")
ETA = Field("eta", Real(0, 1), 0, "η", "How much of DDPM's noise each step of DDIM adds")
START = Field("start", Whole(1, TIMES), 500, "the time to start from")
LEFT = Field("left", OneOf(tuple(SAMPLERS)), "ddim", "the sampler on the left")
RIGHT = Field("right", OneOf(tuple(SAMPLERS)), "ddpm", "the sampler on the right")
PLACE = Field("place", Real(0, 1), 0.5, "the place along the path")
EXAMPLE_CLASS = 3  # that guidance draws while no class is chosen
GRID = Field("grid", OneOf((1, 16)), 1, "how many images are drawn")
MOMENT = Field("moment", Whole(0, 9), None, "the snapshot of the distillation", optional=True)
RESAMPLES = Field("resamples", Whole(1, 10), 5, "how often each step is resampled")

T = Field("t", Whole(0, TIMES), None, "the time to which an image is noised")  # None is the end of the film
SCHEDULE = Field("schedule", OneOf(tuple(BETAS)), "linear", "the schedule")
TOY = Field("toy", OneOf(tuple(TOYS)), "moons", "the points")
LEVEL = Field("level", Whole(1, TIMES), 200, "the time whose field is shown")
PATHS = Field("paths", OneOf(("both", "sde", "ode")), "both", "the walks")
DROPS = Field("drops", Points(24, 4, "a dropped point"), (), "dropped points")
PART = Field("part", OneOf(("loss", "bound")), None, "the chart", optional=True)

FIELDS = (
    NET,
    Field("mode", OneOf(tuple(MODES)), "forward", "the mode"),
    SEED,
    LABEL,
    W,
    SAMPLER,
    STEPS,
    ETA,
    LEFT,
    RIGHT,
    MOMENT,
    GRID,
    # None is the last frame so far, unless the film was stopped at another one.
    Field("at", Whole(0, TIMES), None, "the frame of the film"),
    Field("tap", Whole(0, 15), 0, "the image that is watched"),
    T,
    SCHEDULE,
    IMG,
    DRAW,
    SOURCE,
    START,
    Field("img2", TESTS, None, "the second test image"),
    PLACE,
    Field("keep", OneOf(("top", "painted")), "top", "which pixels are kept"),
    Field("mask", BITS, None, "the painted pixels"),
    RESAMPLES,
    TOY,
    LEVEL,
    DROPS,
    PATHS,
    PART,
    AT_STEP,
    *at_exercise(EXERCISES),
)
"""Fields of the address, in this order."""

DiffusionNet = Annotated[str, NET]
Count = Annotated[int, Field("count", OneOf((1, 4, 8, 16)), title="how many images to draw")]
Scale = Annotated[float, W]
Sampler = Annotated[str, SAMPLER]
Steps = Annotated[int, STEPS]
Eta = Annotated[float, ETA]
Who = Annotated[str, Field("who", OneOf(("teacher", "student")), title="who jumps")]
Few = Annotated[int, Field("evaluations", Whole(1, 50), title="the number of evaluations")]
Moment = Annotated[int | None, MOMENT]
Time = Annotated[int, replace(T, default=300, optional=True)]
Part = Annotated[str | None, PART]
Start = Annotated[int, START]
Resamples = Annotated[int, RESAMPLES]
Painted = Annotated[bytes, replace(KEPT, parts=("keep", "mask"))]
EightImages = Annotated[bytes, Field("images", Bytes(8 * PIXELS), title="eight images")]
Toy = Annotated[str, TOY]
Drops = Annotated[tuple[tuple[float, float], ...], DROPS]
