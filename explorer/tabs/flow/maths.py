"""The mathematics below the flow stage: one coupling with live inputs."""

import math

from explorer.tabs.kit.live import aligned, finite, live, tex


def coupled(x1: float, x2: float, s: float, t: float) -> tuple[float, float]:
    r"""Return $y_2 = e^s x_2 + t$ and $\log p(x) = \log \mathcal{N}((x_1, y_2); 0, I) + s$."""
    y2 = math.exp(s) * x2 + t
    return y2, -0.5 * (x1**2 + y2**2) - math.log(2 * math.pi) + s


@live("One coupling, with your numbers", ("x₁", 0.5), ("x₂", 0.8), ("s", 0.6), ("t", -1.0))
def show_coupling(x1: float | None, x2: float | None, s: float | None, t: float | None) -> str:
    """Return one coupling of a point, and the density that a flow of it alone gives the point."""
    x1, x2, t = finite("x₁", x1), finite("x₂", x2), finite("t", t)
    s = finite("s", s, -7, 7)
    y2, log_prob = coupled(x1, x2, s, t)
    formula = aligned(
        rf"y_2 &= e^{{{tex(s)}}} \cdot ({tex(x2)}) + ({tex(t)}) = {tex(y2)}",
        rf"\log p(x) &= \log \mathcal{{N}}\big(({tex(x1)},\ {tex(y2)}); 0, I\big) + ({tex(s)}) "
        rf"= {tex(log_prob)}\ \text{{nats}}",
    )
    change = "as large as before" if s == 0 else f"{math.exp(s):.3g} times as large"
    return f"{formula}\n\nA small area around x becomes {change} on its way to z."
