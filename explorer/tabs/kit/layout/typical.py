"""Typical seeds, on which the modes open that draw images from a seed; `python -m explorer.openings` writes them."""

import functools
import json
from collections.abc import Callable, Mapping

from torch import Tensor

from explorer.data import BUNDLED

Draws = Callable[[str, int], Tensor]
"""Images (n, 1, 28, 28) in [0, 1] that a network draws from a seed."""
OPENING_SEED = "The first one is typical of 25: its images have about the median confidence of our classifier"
"""What a visitor reads about the seed of such a mode."""
SEEDS_FILE = BUNDLED / "typical-seeds.json"


@functools.cache
def typical_seeds() -> Mapping[str, Mapping[str, Mapping[str, int]]]:
    """Return the typical seeds by tab, mode and choice of the network; none if there is no file."""
    return json.loads(SEEDS_FILE.read_text(encoding="utf-8")) if SEEDS_FILE.exists() else {}
