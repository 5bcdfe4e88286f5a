"""Fields of the comparison that are of no mode alone."""

from explorer import data
from explorer.fields import Field, OneOf
from explorer.models import MODELS
from explorer.networks import extra
from explorer.tabs.kit.layout.fields import DATA

SETS = Field("data", OneOf((*data.DATASETS, data.SCENES.name)), DATA.default, DATA.title)
LIT = Field("lit", OneOf((*MODELS, *extra.titles)), None, "the family that stands out")
