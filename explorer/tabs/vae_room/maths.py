"""Live formulas of the tab of the VAE with many latents: bounds by k draws, for a model with known log p(x)."""

import math

import torch

from explorer.lessons.live import InputError, align, finite, live, tex

SETS, MOST_DRAWS = 2_000, 1_000


def normal_kl(mean: float, width: float) -> float:
    r"""Return $\mathrm{KL}(\mathcal{N}(\mu, \sigma^2) \,\|\, \mathcal{N}(0, 1))$ in nats."""
    return (mean**2 + width**2 - 1) / 2 - math.log(width)


def bound(x: float, mean: float, width: float, k: int) -> float:
    r"""Estimate the bound by k draws on $\log p(x)$ for $z \sim \mathcal{N}(0, 1)$, $x \mid z \sim \mathcal{N}(z, 1)$.

    The posterior is $q(z \mid x) = \mathcal{N}(\mu, \sigma^2)$, and the result is the mean over many sets of k draws.
    The exact value is $p(x) = \mathcal{N}(x; 0, 2)$.
    """
    z = mean + width * torch.randn(SETS, k, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    log_weights = -((z**2 + (x - z) ** 2) / 2) - math.log(2 * math.pi)
    log_q = -(((z - mean) / width) ** 2) / 2 - math.log(width) - math.log(2 * math.pi) / 2
    return float((torch.logsumexp(log_weights - log_q, -1) - math.log(k)).mean())


@live("Where the truth is known, with your numbers", ("x", 2.0), ("μ", 0.5), ("σ", 1.0), ("k", 10, 1))
def show_bound(x: float | None, mean: float | None, width: float | None, k: float | None) -> str:
    """Return a formula of the ELBO, the bound by k draws, and log p(x), for a model with a closed form."""
    x, mean = finite("x", x, -10, 10), finite("μ", mean, -10, 10)
    width, k = finite("σ", width, 0.05, 10), finite("k", k, 1, MOST_DRAWS)
    if k != int(k):
        raise InputError(f"k is {k:g}; wanted a whole number.")
    exact = -(x**2) / 4 - math.log(4 * math.pi) / 2
    likely = -((x - mean) ** 2 + width**2) / 2 - math.log(2 * math.pi) / 2
    elbo, by_draws = likely - normal_kl(mean, width), bound(x, mean, width, int(k))
    formula = align(
        rf"\mathrm{{ELBO}} &= {tex(elbo, 3)}\ \text{{nats}}",
        rf"\mathcal{{L}}_{{{int(k)}}} &\approx {tex(by_draws, 3)}",
        rf"\log p(x) &= {tex(exact, 3)}",
    )
    return f"{formula}\n\n{_reading(exact, elbo, by_draws)}"


def _reading(exact: float, elbo: float, by_draws: float) -> str:
    if exact - elbo < 1e-6:
        return "q is the true posterior, so that every weight is p(x), and one draw is enough."
    closed = (by_draws - elbo) / (exact - elbo)
    return f"The draws close {100 * max(0.0, min(1.0, closed)):.0f} % of the gap between the ELBO and log p(x)."
