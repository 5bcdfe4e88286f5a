"""Live formula of the text tab."""

import math

from explorer.tabs.kit.live import InputError, aligned, finite, live, tex


def surprise_of(p: float) -> float:
    """Return the surprise of an event of probability p, in bits."""
    return -math.log2(p)


@live("Surprise, with your number", ("p", 0.25))
def show_surprise(p: float | None) -> str:
    """Return a formula of the surprise of a character of probability p."""
    p = finite("p", p)
    if not 0 < p <= 1:
        raise InputError("p must be above 0 and at most 1")
    return aligned(rf"-\log_2 {tex(p)} &= {tex(surprise_of(p))} \text{{ bits}}")
