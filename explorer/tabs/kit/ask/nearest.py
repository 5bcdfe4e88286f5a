"""Nearest training image, a server function for the stage of every family."""

from explorer import data
from explorer.data.neighbours import training_index
from explorer.numbers.answer import Answer
from explorer.spaces import LEVELS
from explorer.spaces.packing import to_bytes
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.layout.fields import Dataset, Pixels


@light
def nearest(dataset: Dataset, pixels: Pixels) -> Answer:
    """Return the nearest of all 55,000 training images to an image of 784 grey levels."""
    index = training_index(dataset)
    x = LEVELS.read("pixels", pixels)[0]
    found = index.nearest(x)
    return Answer(
        view={
            "image": to_bytes(found.image),
            "index": found.index,
            "label": data.classes_of(dataset)[found.label],
            "distance": found.distance,
            "of": len(index),
            "levels": index.count,
        }
    )
