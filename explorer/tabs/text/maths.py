"""Live formula of the text tab."""

import math

from explorer.lessons.live import InputError, align, finite, live, tex


def surprise_of(p: float) -> float:
    """Return the surprise of an event of probability p, in bits."""
    return -math.log2(p)


def code_bits(*p: float) -> tuple[float, int]:
    """Return −log₂ of the product of some probabilities, and the bits of a code of that interval."""
    bits = -math.log2(math.prod(p))
    return bits, math.ceil(bits)


@live("A file as long as −log₂ p, with your numbers", ("p₁", 0.5), ("p₂", 0.1), ("p₃", 0.9))
def show_code(*p: float | None) -> str:
    """Return a formula of the width of an interval after three symbols, and of the bits of its code."""
    p = [finite(name, each) for name, each in zip(("p₁", "p₂", "p₃"), p)]
    if not all(1e-6 <= each <= 1 for each in p):
        raise InputError("each p must be from 0.000001 to 1")
    bits, whole = code_bits(*p)
    width = r" \cdot ".join(map(tex, p))
    return align(
        rf"w &= {width} = {tex(math.prod(p))}",
        rf"-\log_2 w &= {tex(bits)} \text{{ bits, so a code of at most }} {whole}",
    )


@live("Surprise, with your number", ("p", 0.25))
def show_surprise(p: float | None) -> str:
    """Return a formula of the surprise of a character of probability p."""
    p = finite("p", p)
    if not 0 < p <= 1:
        raise InputError("p must be above 0 and at most 1")
    return align(rf"-\log_2 {tex(p)} &= {tex(surprise_of(p))} \text{{ bits}}")
