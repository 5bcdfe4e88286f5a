"""Fields of the first page's address."""

from typing import Annotated

from explorer import data
from explorer.fields import Field, OneOf
from explorer.models import MODELS
from explorer.tabs.kit.fields import DATA, SEED

MODES = {"map": "The map", "random": "Random images", "matrix": "Families × questions"}
GROUPS = {"look": ["map", "random"], "test": ["matrix"]}

ORDERS = {"kind": "By p(x)", "year": "By year"}
"""Orders of the map: by what p(x) is to a family, or by the year of its paper."""

SETS = Field("data", OneOf(tuple(data.DATASETS)), DATA.default, DATA.title)
Points = Annotated[str, SETS]

FIELDS = (
    SETS,
    Field("mode", OneOf(tuple(MODES)), "map", "the mode"),
    SEED,
    Field("order", OneOf(tuple(ORDERS)), "kind", "the order of the map"),
    Field("leaf", OneOf(tuple(MODELS)), None, "the family that is looked at", optional=True),
)
"""Fields of the address, in this order."""
