"""Three live formulas below the comparison, and the text around them."""

import math

from explorer.lessons.live import InputError, align, finite, live, tex
from explorer.measures.intervals import wilson

PIXELS, LEVELS = 28 * 28, 256


def as_probability(density: float, span: float) -> float:
    """Convert a log-density of 784 pixels, each in a range of `span`, to the log-probability of 256 levels, in nats."""
    return density + PIXELS * math.log(span / LEVELS)


def bits_per_dim(nats: float) -> float:
    return -nats / (PIXELS * math.log(2))


def separation(own: float, other: float, sigma: float, tau: float) -> float:
    r"""Return the AUROC of two Gaussians of scores, $\Phi((\mu' - \mu) / \sqrt{\sigma^2 + \tau^2})$."""
    return 0.5 * math.erfc((own - other) / math.sqrt(2 * (sigma**2 + tau**2)))


def whole(name: str, value: float | None, low: int, high: int) -> int:
    """Check that an input is a whole number, and return it.

    Raises:
        InputError: If it is not a whole number between `low` and `high`.
    """
    number = finite(name, value, low, high)
    if number != int(number):
        raise InputError(f"{name} is {number:g}; wanted a whole number.")
    return int(number)


@live("A density beside a probability, with your numbers", ("log p(x), nats", 1300.0, 50), ("range of a pixel", 1.0, 1))
def show_dequantised(density: float | None, span: float | None) -> str:
    """Return a formula that converts a density to the probability of 256 levels."""
    density, span = finite("log p", density, -100_000, 100_000), finite("the range of a pixel", span, 0.001)
    nats = as_probability(density, span)
    formula = align(
        rf"\log P(x) &\geq {density:.1f} + 784 \cdot \log\frac{{{span:g}}}{{256}} = {nats:.1f} \text{{ nats}}",
        rf"&= {bits_per_dim(nats):.3f} \text{{ bits/dim, at most}}",
    )
    if nats > 0:
        return f"{formula}\n\nNo probability is above 1, so no model can have this density on average: check its range."
    return (
        f"{formula}\n\nThis may stand beside a network of 256 levels; beside one of black and white pixels it may not."
    )


@live(
    "How well a score detects anomalies, with your numbers",
    ("μ, own", 0.0),
    ("μ′, others", 1.0),
    ("σ, own", 1.0),
    ("τ, others", 1.0),
)
def show_separation(own: float | None, other: float | None, sigma: float | None, tau: float | None) -> str:
    """Return a formula of the AUROC of two Gaussian score distributions."""
    own, other = finite("μ", own), finite("μ′", other)
    sigma, tau = finite("σ", sigma, 0.001), finite("τ", tau, 0.001)
    found = separation(own, other, sigma, tau)
    formula = rf"\mathrm{{AUROC}} = \Phi\!\left(\frac{{\mu' - \mu}}{{\sqrt{{\sigma^2 + \tau^2}}}}\right) = {tex(found)}"
    return f"$${formula}$$\n\n{_verdict(found)}"


def _verdict(found: float) -> str:
    if abs(found - 0.5) < 0.02:
        return "The score cannot distinguish them: it is no better than chance."
    if found < 0.5:
        return "The others score as **less** unusual than the own ones: the score is worse than chance."
    return f"Of a hundred pairs, the other image has the higher score in {100 * found:.0f}."


@live("How much twenty rounds can show, with your numbers", ("k, wrong", 8, 1), ("n, rounds", 20, 1))
def show_rounds(wrong_ones: float | None, rounds: float | None) -> str:
    """Return a formula of an error rate with its interval."""
    rounds = whole("n", rounds, 1, 1000)
    wrong_ones = whole("k", wrong_ones, 0, rounds)
    low, high = wilson(wrong_ones, rounds)
    formula = rf"\frac{{k}}{{n}} = {tex(wrong_ones / rounds, 2)}, \qquad 95\,\%: \; [{low:.2f}, {high:.2f}]"
    result = "holds 0.5: these rounds cannot distinguish you from chance" if low <= 0.5 <= high else "does not hold 0.5"
    return f"$${formula}$$\n\nThe interval {result}."
