"""Images of the lab: the bundled test images, split at random into the sets that are damaged and compared."""

from functools import lru_cache

from torch import Tensor

from explorer import data
from explorer.measures import damages
from explorer.measures.damages import Sets
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.lab.fields import IMAGES


def sets_of(dataset: str, binary: bool, seed: int) -> Sets:
    """Return two sets of bundled test images and the spare ones, split at random."""
    found = data.bundled_images(dataset)
    return damages.split(images_of(dataset, binary), found.labels, IMAGES, rng(seed))


@lru_cache(maxsize=4)
def images_of(dataset: str, binary: bool) -> Tensor:
    """Return the bundled test images, black and white if `binary`: (2000, 1, 28, 28)."""
    return data.bundled_binary_images(dataset) if binary else data.bundled_images(dataset).pixels()
