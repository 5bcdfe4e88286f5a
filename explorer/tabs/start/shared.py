"""Field of the data set, which all modes of the first page share."""

from typing import Annotated

from explorer import data
from explorer.fields import Field, OneOf
from explorer.tabs.kit.layout.fields import DATA

SETS = Field("data", OneOf(tuple(data.DATASETS)), DATA.default, DATA.title)
Points = Annotated[str, SETS]
