"""Live formulas of the translations."""

import math

from explorer.lessons.live import align, finite, live, tex


def generator_loss(probability: float, difference: float, weight: float) -> tuple[float, float]:
    """Return both terms of a paired generator's loss: adversarial, and λ times the mean absolute difference."""
    return -math.log(probability), weight * difference


@live("Loss of the generator, with your numbers", ("D", 0.5), ("difference", 0.08), ("λ", 100))
def show_loss(probability: float | None, difference: float | None, weight: float | None) -> str:
    """Return the generator's loss, as a formula."""
    probability = finite("D", probability, 1e-6, 1)
    difference, weight = finite("difference", difference, 0), finite("λ", weight, 0)
    adversarial, error = generator_loss(probability, difference, weight)
    return align(rf"-\log D + \lambda\, |x - \hat x| &= {tex(adversarial)} + {tex(error)} = {tex(adversarial + error)}")
