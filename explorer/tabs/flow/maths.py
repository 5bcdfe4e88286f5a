"""The mathematics below the flow's stage: formulas with live inputs."""

import math

from explorer.tabs.kit.live import InputError, aligned, finite, live, tex


def length(dim: int, temperature: float) -> tuple[float, float]:
    """Return the mean and the standard deviation of ‖Tz‖² for Gaussian z: T² times those of χ²."""
    return temperature**2 * dim, temperature**2 * math.sqrt(2 * dim)


@live("The mode and the typical set, with your numbers", ("dimensions d", 784, 1), ("temperature T", 1.0))
def show_length(dim: float | None, temperature: float | None) -> str:
    """Return how long a z is, and how much likelier the mode is than it."""
    dim, temperature = finite("d", dim, 1, 1_000_000), finite("T", temperature, 0, 10)
    if dim != int(dim):
        raise InputError(f"d is {dim:g}; wanted a whole number.")
    mean, sd = length(int(dim), temperature)
    formula = aligned(
        rf"\mathbb{{E}} \|Tz\|^2 &= T^2 d = {tex(mean, 1)} \pm {tex(sd, 1)}",
        rf"\log \mathcal{{N}}(0) - \mathbb{{E}} \log \mathcal{{N}}(Tz) &= \tfrac12 T^2 d = {tex(mean / 2, 1)}"
        r"\text{ nats}",
    )
    if not sd:
        return f"{formula}\n\nAt temperature 0 every draw is the mode."
    far = math.sqrt(dim / 2)
    return f"{formula}\n\nThe mode lies {far:.1f} standard deviations of ‖Tz‖² short of its mean, whatever T is."
