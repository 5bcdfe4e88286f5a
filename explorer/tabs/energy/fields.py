"""What the address says of the Energy tab's own modes."""

from typing import Annotated

from explorer.fields import Field, OneOf, Real, Whole
from explorer.tabs.kit.fields import IMG, SET

RBM, EBM = "rbm-mnist", "ebm-mnist"
IMAGE_NETS = (RBM, EBM)
UNITS = 24  # of the hidden units of an image, those that say most about it

BEGIN = Field("begin", OneOf(("noise", "picture")), "noise", "what the chains begin with")
CLAMP = Field("clamp", OneOf(("none", "top", "left")), "none", "which half of the picture is held")
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
