"""False positives of the detectors of watermarks, on text that nobody marked."""

import math
from functools import cache
from typing import Literal

import numpy as np

from explorer import data
from explorer.models.watermark import KeyedHash, detect

FOUND_BELOW = 0.01  # a p-value below it counts as found
PASSAGES = 1_000
PASSAGE_LENGTH = 200  # characters


@cache
def false_positives(method: Literal["green", "gumbel"], width: int) -> float:
    """Return the share of passages of the test text with p below `FOUND_BELOW`; contexts have `width` characters.

    Each passage has a key of its own. Under one key all passages share the numbers of their common phrases, so its
    share varies from key to key around the same mean.
    """
    codes = data.load("shakespeare", "test").codes
    starts = np.linspace(0, len(codes) - PASSAGE_LENGTH, PASSAGES).astype(int)
    found = [
        detect(codes[start : start + PASSAGE_LENGTH], KeyedHash(key, width), method).log_p < math.log(FOUND_BELOW)
        for key, start in enumerate(starts)
    ]
    return float(np.mean(found))
