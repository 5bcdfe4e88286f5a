"""The fields of the Flow tab's own modes: what its address can say, and what its server functions ask for."""

from typing import Annotated

from explorer.fields import Field, OneOf, Real, Whole

# The modes of images.
IMAGE_NETS = ("flow-mnist", "flow-fashion-mnist")
GRID = 16  # images
CUTS = (0, 16, 8, 4, 2, 1)  # the z of every so manieth row and column are taken from the other image; none at first
PARTS = ("film", "mix", "typical")
UNITS = (1, 2, 255, 256)  # how many units lie between black and white

TEMPERATURE = Field("temperature", Real(0, 1.5), 1, "the temperature", "What the noise is multiplied by")

IMAGE_FIELDS = (
    Field("part", OneOf(PARTS), "film", "what is looked at"),
    TEMPERATURE,
    Field("tap", Whole(0, GRID - 1), 0, "the image that was tapped"),
    Field("cut", Whole(0, len(CUTS) - 1), 3, "how far the other image's z is taken"),
    Field("unit", OneOf(UNITS), 1, "the unit of a pixel"),
)
"""What the address says of the modes of images."""

ImageNet = Annotated[str, Field("net", OneOf(IMAGE_NETS), title="the network of images")]
Temperature = Annotated[float, TEMPERATURE]
