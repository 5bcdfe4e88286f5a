"""Two live formulas below the stage of the VAE, and the text around them."""

import math

from explorer.lessons.live import LIMIT, InputError, align, finite, live, tex

MU, LOG_VAR, EPS = (1.5, -0.3), (-0.5, -1.0), (0.42, -1.10)
VAE_NAMES = ("μ₁", "μ₂", "log σ²₁", "log σ²₂", "ε₁", "ε₂")


def kl(mu: float, sigma: float) -> float:
    r"""Return the divergence of one Gaussian dimension from the prior, in nats.

    $$ \mathrm{KL}(\mathcal{N}(\mu, \sigma^2) \,\|\, \mathcal{N}(0, 1))
       = -\tfrac{1}{2} (1 + \log \sigma^2 - \mu^2 - \sigma^2) $$

    Reference: Kingma & Welling 2014, appendix B.
    """
    return -0.5 * (1 + 2 * math.log(sigma) - mu**2 - sigma**2)


def reparameterise(mu: float, log_var: float, eps: float) -> float:
    r"""Return $z = \mu + \sigma \varepsilon$ with $\sigma = \exp(\tfrac{1}{2} \log \sigma^2)$."""
    return mu + math.exp(0.5 * log_var) * eps


@live("KL, with your numbers", ("μ", 2.0), ("σ", 0.5))
def show_kl(mu: float | None, sigma: float | None) -> str:
    """Return the closed form with the given numbers."""
    mu, sigma = finite("μ", mu), finite("σ", sigma)
    if sigma < 1 / LIMIT:
        raise InputError(f"σ is {sigma:g}; it is a standard deviation, so it must be at least {1 / LIMIT:g}.")
    terms = f"1 + ({tex(2 * math.log(sigma))}) - {tex(mu**2)} - {tex(sigma**2)}"
    return align(
        r"\mathrm{KL} &= -\tfrac12\,[\,1 + \log\sigma^2 - \mu^2 - \sigma^2\,]",
        rf"&= -\tfrac12\,[\,{terms}\,]",
        rf"&= {tex(kl(mu, sigma))}\ \text{{nats}}",
    )


@live("Reparameterisation, with your numbers", *zip(VAE_NAMES, (*MU, *LOG_VAR, *EPS)))
def show_reparameterise(*inputs: float | None) -> str:
    """Return a formula of σ and z for two dimensions of μ, log σ² and ε."""
    mu_1, mu_2, log_var_1, log_var_2, eps_1, eps_2 = map(finite, VAE_NAMES, inputs)
    for name, log_var in (("log σ²₁", log_var_1), ("log σ²₂", log_var_2)):
        if abs(log_var) > 14:
            raise InputError(f"{name} is {log_var:g}; wanted a number from −14 to 14 (σ from 0.0009 to 1,097).")
    rows = [(mu_1, log_var_1, eps_1), (mu_2, log_var_2, eps_2)]
    rounded = [mu + round(math.exp(0.5 * log_var), 3) * eps for mu, log_var, eps in rows]
    return (
        align(*(_sigma(index, row[1]) for index, row in enumerate(rows, start=1)))
        + align(*(_z(index, *row) for index, row in enumerate(rows, start=1)))
        + f"\n\nBy hand, with σ first rounded to three places: $z = [{tex(rounded[0])},\\ {tex(rounded[1])}]$."
    )


def _sigma(index: int, log_var: float) -> str:
    return rf"\sigma_{index} &= \exp(\tfrac12 \times {_bracketed(log_var)}) = {tex(math.exp(0.5 * log_var), 4)}"


def _z(index: int, mu: float, log_var: float, eps: float) -> str:
    sigma, z = tex(math.exp(0.5 * log_var), 4), tex(reparameterise(mu, log_var, eps), 4)
    return rf"z_{index} &= {mu:g} + {sigma} \times {_bracketed(eps)} = {z}"


def _bracketed(value: float) -> str:
    return f"({value:g})" if value < 0 else f"{value:g}"
