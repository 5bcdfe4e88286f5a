"""Live formulas below the stage of the foundations."""

import math
from collections.abc import Sequence

from explorer.lessons.live import align, finite, live, tex

DATA = (2.0, 3.0, 5.0)


def log_normal(x: float, mean: float, sd: float) -> float:
    r"""Return $\log \mathcal{N}(x; \mu, \sigma^2)$."""
    return -(((x - mean) / sd) ** 2) / 2 - math.log(sd) - math.log(2 * math.pi) / 2


def map_mean(sigma: float, tau: float, data: Sequence[float] = DATA) -> float:
    """Return the most probable mean given the data and a prior N(0, τ²)."""
    return sum(data) / (len(data) + (sigma / tau) ** 2)


def positive(name: str, value: float | None) -> float:
    """Check that an input is a number of at least 0.001, so that its square stays above zero, and return it."""
    return finite(name, value, 0.001)


@live("Maximum likelihood and MAP, with your numbers", ("μ", 1.0), ("σ", 1.0), ("τ", 1.0))
def show_likelihood(mu: float | None, sigma: float | None, tau: float | None) -> str:
    """Return a formula of the log-likelihood of a mean on {2, 3, 5} as a sum, and of the MAP estimate."""
    mu, sigma, tau = finite("μ", mu), positive("σ", sigma), positive("τ", tau)
    terms = [log_normal(x, mu, sigma) for x in DATA]
    said = " + ".join(f"({tex(term)})" for term in terms)
    return align(
        rf"\log p(2, 3, 5) &= {said} = {tex(sum(terms))}\ \text{{nats}}",
        rf"\mu_\text{{MAP}} &= \frac{{2 + 3 + 5}}{{3 + \sigma^2 / \tau^2}} = {tex(map_mean(sigma, tau))}",
    )


def kl(mean: float, sd: float, other: float, wide: float) -> float:
    r"""Return $\mathrm{KL}(\mathcal{N}(m_1, s_1^2) \,\|\, \mathcal{N}(m_2, s_2^2))$."""
    return math.log(wide / sd) + (sd**2 + (mean - other) ** 2) / (2 * wide**2) - 0.5


@live("Two Gaussians, both ways, with your numbers", ("m₁", 0.0), ("s₁", 1.0), ("m₂", 1.0), ("s₂", 2.0))
def show_divergence(m1: float | None, s1: float | None, m2: float | None, s2: float | None) -> str:
    """Return a formula of the KL divergence between two Gaussians, in both directions."""
    m1, s1, m2, s2 = finite("m₁", m1), positive("s₁", s1), finite("m₂", m2), positive("s₂", s2)
    return align(
        rf"\mathrm{{KL}}(1 \,\|\, 2) &= \log \frac{{s_2}}{{s_1}} + \frac{{s_1^2 + (m_1 - m_2)^2}}{{2 s_2^2}} - \tfrac12"
        rf" = {tex(kl(m1, s1, m2, s2))}",
        rf"\mathrm{{KL}}(2 \,\|\, 1) &= {tex(kl(m2, s2, m1, s1))}",
    )


def gap(a: float, b: float, w: float) -> float:
    r"""Return $\log \mathbb{E}[x] - \mathbb{E}[\log x]$ of two values."""
    return math.log(w * a + (1 - w) * b) - w * math.log(a) - (1 - w) * math.log(b)


@live("Jensen's gap, with your numbers", ("a", 0.4), ("b", 5.0), ("w", 0.5))
def show_gap(a: float | None, b: float | None, w: float | None) -> str:
    """Return a formula of the logarithm of a mean, the mean of the logarithms, and their difference."""
    a, b, w = positive("a", a), positive("b", b), finite("w", w, 0, 1)
    mean = w * a + (1 - w) * b
    return align(
        rf"\log \mathbb{{E}}[x] &= \log {tex(mean)} = {tex(math.log(mean))}",
        rf"\mathbb{{E}}[\log x] &= {tex(math.log(mean) - gap(a, b, w))}",
        rf"\text{{gap}} &= {tex(gap(a, b, w))}",
    )
