"""Live formulas below the stage of the flows."""

import math

from explorer.lessons.live import InputError, align, finite, live, tex


def couple(x1: float, x2: float, s: float, t: float) -> tuple[float, float]:
    r"""Return $y_2 = e^s x_2 + t$ and $\log p(x) = \log \mathcal{N}((x_1, y_2); 0, I) + s$."""
    y2 = math.exp(s) * x2 + t
    return y2, -0.5 * (x1**2 + y2**2) - math.log(2 * math.pi) + s


@live("One coupling, with your numbers", ("x₁", 0.5), ("x₂", 0.8), ("s", 0.6), ("t", -1.0))
def show_coupling(x1: float | None, x2: float | None, s: float | None, t: float | None) -> str:
    """Return a formula of one coupling at a point, and of the density of a flow of this coupling alone."""
    x1, x2, t = finite("x₁", x1), finite("x₂", x2), finite("t", t)
    s = finite("s", s, -7, 7)
    y2, log_prob = couple(x1, x2, s, t)
    formula = align(
        rf"y_2 &= e^{{{tex(s)}}} \cdot ({tex(x2)}) + ({tex(t)}) = {tex(y2)}",
        rf"\log p(x) &= \log \mathcal{{N}}\big(({tex(x1)},\ {tex(y2)}); 0, I\big) + ({tex(s)}) "
        rf"= {tex(log_prob)}\ \text{{nats}}",
    )
    change = "as large as before" if s == 0 else f"{math.exp(s):.3g} times as large"
    return f"{formula}\n\nA small area around x becomes {change} on its way to z."


def undo(z1: float, z2: float, alpha1: float, alpha2: float) -> tuple[float, float]:
    r"""Return x of a block of two pixels: $x_1 = z_1 e^{\alpha_1}$, $x_2 = z_2 e^{\alpha_2} + \mu$ with μ = x₁."""
    x1 = z1 * math.exp(alpha1)
    return x1, z2 * math.exp(alpha2) + x1


def length(dim: int, temperature: float) -> tuple[float, float]:
    """Return the mean and the standard deviation of ‖Tz‖² for Gaussian z: T² times those of χ²."""
    return temperature**2 * dim, temperature**2 * math.sqrt(2 * dim)


@live("The mode and the typical set, with your numbers", ("dimensions d", 784, 1), ("temperature T", 1.0))
def show_length(dim: float | None, temperature: float | None) -> str:
    """Return a formula of the length of a z, and of the mode's density relative to it."""
    dim, temperature = finite("d", dim, 1, 1_000_000), finite("T", temperature, 0, 10)
    if dim != int(dim):
        raise InputError(f"d is {dim:g}; wanted a whole number.")
    mean, sd = length(int(dim), temperature)
    formula = align(
        rf"\mathbb{{E}} \|Tz\|^2 &= T^2 d = {tex(mean, 1)} \pm {tex(sd, 1)}",
        rf"\log \mathcal{{N}}(0) - \mathbb{{E}} \log \mathcal{{N}}(Tz) &= \tfrac12 T^2 d = {tex(mean / 2, 1)}"
        r"\text{ nats}",
    )
    if not sd:
        return f"{formula}\n\nAt temperature 0 every draw is the mode."
    far = math.sqrt(dim / 2)
    return f"{formula}\n\nThe mode lies {far:.1f} standard deviations of ‖Tz‖² short of its mean, whatever T is."
