"""Fields of the first page's address."""

from typing import Annotated

from explorer import data
from explorer.fields import Field, OneOf
from explorer.models import MODELS
from explorer.tabs.kit.layout.fields import DATA, SEED

MODES = {"map": "The map", "random": "Random images", "matrix": "Families × questions"}
GROUPS = {"look": ["map", "random"], "test": ["matrix"]}

SETS = Field("data", OneOf(tuple(data.DATASETS)), DATA.default, DATA.title)
Points = Annotated[str, SETS]

ORDER = Field("order", OneOf(("kind", "year")), "kind", "the order of the map, by p(x) or by the year of the paper")
FIELDS = (
    SETS,
    Field("mode", OneOf(tuple(MODES)), "map", "the mode"),
    SEED,
    ORDER,
    Field("leaf", OneOf(tuple(MODELS)), None, "the family that is looked at", optional=True),
)
"""Fields of the address, in this order."""
