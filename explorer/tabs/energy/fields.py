"""Fields of the address for the modes of the Energy tab."""

from typing import Annotated

from explorer.fields import Field, Flag, OneOf, Points, Real, Whole
from explorer.models.chains import KERNELS
from explorer.models.plane_energy import BEST, OBJECTIVES
from explorer.tabs.kit.ask.nets import Nets, with_further
from explorer.tabs.kit.layout.fields import IMG, SET

PLANE_NETS = with_further("energy-moons", "energy-rings", "energy-eight-gaussians")
VIEW = 2.6  # half the side of the displayed square
MOVES = (300, 1_000, 3_000)

OBJECTIVE = Field("way", OneOf(tuple(OBJECTIVES)), BEST, "the objective")
SHOWS = Field("shows", OneOf(("energy", "density")), "energy", "what is shaded")
K = Field("k", OneOf((1, 5, 20)), 5, "the steps k of a chain")
JUMPS = Field("jumps", Flag(), True, "whether persistent chains propose jumps")
STEPS = Field("steps", OneOf((300, 1_000)), 300, "how many steps the training has")
FORM = Field("form", OneOf(("heat", "surface")), "heat", "how the landscape is drawn")
KERNEL = Field("kernel", OneOf(tuple(KERNELS)), "langevin", "the sampler")
EPS = Field("eps", Real(0.01, 3), 0.1, "the step size ε")
TEMP = Field("temp", Real(0.1, 20), 1, "the temperature T")
CHAINS = Field("chains", OneOf((1, 10, 50, 200)), 50, "how many chains are dropped")
CURE = Field("cure", OneOf(("none", "annealing", "tempering")), "none", "the remedy for chains that do not mix")
LENGTH = Field("length", OneOf(MOVES), 1_000, "how many moves the chains make")
DROPS = Field("drops", Points(8, VIEW, "a dropped place"), (), "where chains are dropped")
PLANE_FIELDS = (
    OBJECTIVE,
    SHOWS,
    FORM,
    KERNEL,
    EPS,
    TEMP,
    CHAINS,
    CURE,
    DROPS,
    LENGTH,
    K,
    JUMPS,
    STEPS,
    Field("speed", Real(0.1, 100), 1, "the speed"),
    # None selects the last snapshot.
    Field("moment", Whole(0, 99), None, "the snapshot of the training"),
)

Objective = Annotated[str, OBJECTIVE]
Shows = Annotated[str, SHOWS]
ChainSteps = Annotated[int, K]
Jumps = Annotated[bool, JUMPS]
Steps = Annotated[int, STEPS]
Kernel = Annotated[str, KERNEL]
Eps = Annotated[float, EPS]
Temp = Annotated[float, TEMP]
Chains = Annotated[int, CHAINS]
Cure = Annotated[str, CURE]
Drops = Annotated[tuple[tuple[float, float], ...], DROPS]
Length = Annotated[int, LENGTH]
PlaneNet = Annotated[str, Field("net", Nets(PLANE_NETS), title="the network of points")]

RBM, EBM = "rbm-mnist", "ebm-mnist"
IMAGE_NETS = with_further(RBM, EBM)
UNITS = 24  # displayed hidden units of an image, those with the largest contribution

BEGIN = Field("begin", OneOf(("noise", "picture")), "noise", "what the chains begin with")
CLAMP = Field("clamp", OneOf(("none", "top", "left")), "none", "which half of the picture is clamped")
LONGER = Field("longer", OneOf((1, 10)), 1, "how many times the usual steps")
STRIDE = Field("stride", Real(0.5, 16), 1, "the size of a step, in the training's")
IMAGE_FIELDS = (
    BEGIN,
    CLAMP,
    LONGER,
    STRIDE,
    Field("unit", Whole(0, UNITS - 1), 0, "the hidden unit that is looked at"),
    SET,
)

Begin = Annotated[str, BEGIN]
Clamp = Annotated[str, CLAMP]
Longer = Annotated[int, LONGER]
Stride = Annotated[float, STRIDE]
OtherTest = Annotated[int, Field("other", IMG.kind, title="the second test image")]
