"""Shared by several modes of the lab: its record, its sets of test images, and how it names a metric."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any

from torch import Tensor

from explorer import data
from explorer.fields import Field, OneOf
from explorer.measures import damages, lab
from explorer.measures.damages import Sets
from explorer.measures.lab import Seen
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.numbers.words import num
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import DATA
from explorer.verdicts import ranked

RECORD = "lab"
"""Checkpoint without weights that holds the recorded figures."""
IMAGES = 500
"""Images of a set that is judged while the visitor waits."""
DAMAGED = "damaged"
LEVEL = Field("level", OneOf((25, 50, 100)), 50, "the strength of all damages, in per cent")
Dataset = Annotated[str, DATA]
Level = Annotated[int, LEVEL]
Rows = Sequence[Mapping[str, Any]]
CAPITALS = ("Fréchet", "Inception")


def worse(deviations: float) -> str:
    """Return by how many standard deviations of the floor a figure is worse, or better."""
    return f"{num(abs(deviations), 1)} σ {ranked(deviations, least=True, better='better', worse='worse', tie='worse')}"


def within(title: str) -> str:
    """Return a metric's title within a sentence: names keep their capital letter."""
    return title if title.startswith(CAPITALS) else title.lower()


@lru_cache(maxsize=4)
def classifier_outputs(dataset: str, binary: bool) -> Seen:
    """Return the bundled test images as the classifier sees them."""
    return lab.classify(checkpoints.load(f"classifier-{dataset}"), images_of(dataset, binary))


def record() -> cards.Card:
    """Return the recorded figures."""
    return cards.of(RECORD, {"rows": list})


def sets_of(dataset: str, binary: bool, seed: int) -> Sets:
    """Return two sets of bundled test images and the spare ones, split at random."""
    found = data.bundled_images(dataset)
    return damages.split(images_of(dataset, binary), found.labels, IMAGES, rng(seed))


@lru_cache(maxsize=4)
def images_of(dataset: str, binary: bool) -> Tensor:
    """Return the bundled test images, black and white if `binary`: (2000, 1, 28, 28)."""
    return data.bundled_binary_images(dataset) if binary else data.bundled_images(dataset).pixels()
