"""Live formula of the style tab."""

import math

from explorer.lessons.live import InputError, align, finite, live, tex


def demodulation(style: float, other: float, weight: float, other_weight: float) -> tuple[float, float]:
    """Return both weights of one output channel after modulation and demodulation."""
    modulated = style * weight, other * other_weight
    size = math.hypot(*modulated)
    return modulated[0] / size, modulated[1] / size


@live("A modulated weight, with your numbers", ("s₁", 2), ("s₂", 0.5), ("w₁", 0.6), ("w₂", -0.8))
def show_demodulation(first: float | None, second: float | None, weight: float | None, other: float | None) -> str:
    """Return the weights of an output channel with two inputs, modulated and demodulated, as a formula."""
    first, second = finite("s₁", first), finite("s₂", second)
    weight, other = finite("w₁", weight), finite("w₂", other)
    modulated = first * weight, second * other
    if math.hypot(*modulated) == 0:
        raise InputError("both modulated weights are 0; wanted one that is not.")
    found = demodulation(first, second, weight, other)
    return align(
        rf"w' &= (s_1 w_1,\ s_2 w_2) = ({tex(modulated[0])},\ {tex(modulated[1])})",
        rf"w'' &= w' / \|w'\| = ({tex(found[0])},\ {tex(found[1])})",
    )
