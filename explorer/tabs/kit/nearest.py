"""The nearest training image, which every family's stage may ask for."""

from explorer import data
from explorer.neighbours import training_index
from explorer.spaces import LEVELS
from explorer.spaces.packing import to_bytes
from explorer.tabs.kit.answers import light
from explorer.tabs.kit.fields import Dataset, Pixels


@light
def nearest(dataset: Dataset, pixels: Pixels) -> dict:
    """The nearest of all 55,000 training images to a picture of 784 grey levels."""
    index = training_index(dataset)
    x = LEVELS.read("pixels", pixels)[0]
    found = index.nearest(x)
    return {
        "image": to_bytes(found.image),
        "index": found.index,
        "label": data.CLASSES[dataset][found.label],
        "distance": found.distance,
        "of": len(index),
        "levels": index.count,
    }
