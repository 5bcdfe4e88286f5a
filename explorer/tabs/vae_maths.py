"""The mathematics below the VAE stage: two formulas with live inputs, and the text around them."""

import math
from collections.abc import Mapping
from pathlib import Path

import gradio as gr

from explorer.tabs import parts

TEXT = Path(__file__).parents[1] / "lessons" / "vae-maths.md"
LIMIT = 1000.0

MU, LOG_VAR, EPS = (1.5, -0.3), (-0.5, -1.0), (0.42, -1.10)


class InputError(ValueError):
    """A live input cannot be used; the message says which one, and what was wanted."""


def kl(mu: float, sigma: float) -> float:
    r"""Return the divergence of one Gaussian dimension from the prior, in nats.

    $$ \mathrm{KL}(\mathcal{N}(\mu, \sigma^2) \,\|\, \mathcal{N}(0, 1))
       = -\tfrac{1}{2} (1 + \log \sigma^2 - \mu^2 - \sigma^2) $$

    Reference: Kingma & Welling 2013, appendix B.
    """
    return -0.5 * (1 + 2 * math.log(sigma) - mu**2 - sigma**2)


def reparameterise(mu: float, log_var: float, eps: float) -> float:
    r"""Return $z = \mu + \sigma \varepsilon$ with $\sigma = \exp(\tfrac{1}{2} \log \sigma^2)$."""
    return mu + math.exp(0.5 * log_var) * eps


def show_kl(mu: float | None, sigma: float | None) -> str:
    """Return the closed form with these numbers in it, or what is wrong with them."""
    try:
        mu, sigma = _finite("μ", mu), _finite("σ", sigma)
        if sigma < 1 / LIMIT:
            raise InputError(f"σ is {sigma:g}; it is a standard deviation, so it must be at least {1 / LIMIT:g}.")
    except InputError as error:
        return f'<span class="wrong">{error}</span>'
    terms = f"1 + ({_tex(2 * math.log(sigma))}) - {_tex(mu**2)} - {_tex(sigma**2)}"
    return _aligned(
        r"\mathrm{KL} &= -\tfrac12\,[\,1 + \log\sigma^2 - \mu^2 - \sigma^2\,]",
        rf"&= -\tfrac12\,[\,{terms}\,]",
        rf"&= {_tex(kl(mu, sigma))}\ \text{{nats}}",
    )


def show_reparameterise(*inputs: float | None) -> str:
    """Return σ and z for two dimensions of μ, log σ² and ε, or what is wrong with an input."""
    names = ("μ₁", "μ₂", "log σ²₁", "log σ²₂", "ε₁", "ε₂")
    try:
        mu_1, mu_2, log_var_1, log_var_2, eps_1, eps_2 = map(_finite, names, inputs)
        for name, log_var in (("log σ²₁", log_var_1), ("log σ²₂", log_var_2)):
            if abs(log_var) > 14:
                raise InputError(f"{name} is {log_var:g}; wanted a number from −14 to 14 (σ from 0.0009 to 1,097).")
    except InputError as error:
        return f'<span class="wrong">{error}</span>'
    rows = [(mu_1, log_var_1, eps_1), (mu_2, log_var_2, eps_2)]
    rounded = [mu + round(math.exp(0.5 * log_var), 3) * eps for mu, log_var, eps in rows]
    return (
        _aligned(*(_sigma(index, row[1]) for index, row in enumerate(rows, start=1)))
        + _aligned(*(_z(index, *row) for index, row in enumerate(rows, start=1)))
        + f"\n\nBy hand, with σ first rounded to three places: $z = [{_tex(rounded[0])},\\ {_tex(rounded[1])}]$."
    )


def _sigma(index: int, log_var: float) -> str:
    return rf"\sigma_{index} &= \exp(\tfrac12 \times {_bracketed(log_var)}) = {_tex(math.exp(0.5 * log_var), 4)}"


def _z(index: int, mu: float, log_var: float, eps: float) -> str:
    sigma, z = _tex(math.exp(0.5 * log_var), 4), _tex(reparameterise(mu, log_var, eps), 4)
    return rf"z_{index} &= {mu:g} + {sigma} \times {_bracketed(eps)} = {z}"


def _bracketed(value: float) -> str:
    return f"({value:g})" if value < 0 else f"{value:g}"


def _aligned(*lines: str) -> str:
    return "$$\\begin{aligned}" + r"\\".join(lines) + "\\end{aligned}$$"


def _finite(name: str, value: float | None) -> float:
    if value is None:
        raise InputError(f"{name} is empty; type a number.")
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(f"{name} is not a number.")
    if abs(value) > LIMIT:
        raise InputError(f"{name} is {value:g}; wanted a number from −{LIMIT:,.0f} to {LIMIT:,.0f}.")
    return float(value)


def _tex(value: float, digits: int = 3) -> str:
    return f"{value:.{digits}f}" if abs(value) >= 10**-digits or value == 0 else f"{value:.1e}"


def build(figures: Mapping[str, str]) -> None:
    """Lay out the text and its live inputs; `{{name}}` in the text becomes that figure of the card."""
    text = {title: parts.fill(body, {**figures, **parts.MARKS}) for title, body in parts.sections(TEXT).items()}
    live = {"KL, with your numbers": _live_kl, "Reparameterisation, with your numbers": _live_reparameterise}
    for title, body in text.items():
        parts.prose(f"### {title}\n\n{body}")
        if title in live:
            live[title]()


def _live_kl() -> None:
    with gr.Row(elem_classes="live"):
        inputs = [_input("μ", 2.0), _input("σ", 0.5)]
    _live(show_kl, inputs)


def _live_reparameterise() -> None:
    inputs = []
    with gr.Row(elem_classes="live"):
        for name, values in (("μ", MU), ("log σ²", LOG_VAR), ("ε", EPS)):
            inputs += [_input(f"{name}{index}", value) for index, value in zip("₁₂", values)]
    _live(show_reparameterise, inputs)


def _input(name: str, value: float) -> gr.Number:
    return gr.Number(value, label=name, step=0.1, min_width=72)


def _live(show, inputs: list[gr.Number]) -> None:
    answer = parts.prose(show(*(each.value for each in inputs)), elem_id=show.__name__)
    for each in inputs:
        each.input(show, inputs, answer, queue=False, show_progress="hidden", trigger_mode="always_last")
