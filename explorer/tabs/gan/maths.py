"""Four live formulas below the stage of the GAN, and the text around them."""

import math

from explorer.lessons.live import InputError, align, finite, live, tex

GAN_PLACES, BEYOND = 2_000, 12.0


def best_discriminator(p: float, q: float) -> float:
    """Return the optimal discriminator's probability of being real, for the densities p and q."""
    return p / (p + q)


def jensen_shannon(theta: float) -> float:
    r"""Return $\mathrm{JS}(\mathcal{N}(0, 1), \mathcal{N}(\theta, 1))$ in nats, by the midpoint rule."""
    low, high = min(0, theta) - BEYOND, max(0, theta) + BEYOND
    step = (high - low) / GAN_PLACES
    total = 0.0
    for index in range(GAN_PLACES):
        x = low + (index + 0.5) * step
        log_p, log_q = -0.5 * x**2, -0.5 * (x - theta) ** 2
        for log_one, log_other in ((log_p, log_q), (log_q, log_p)):
            total += 0.5 * math.exp(log_one) * (math.log(2) - math.log1p(math.exp(min(log_other - log_one, 700))))
    return total * step / math.sqrt(2 * math.pi)


def divergence_of_modes(k: int, of: int) -> float:
    """Return the Jensen–Shannon divergence in nats between k equal modes and all of them, without overlap."""
    covered = k / of
    data = covered * math.log(2 * k / (k + of)) + (1 - covered) * math.log(2)
    return (data + math.log(2 * of / (k + of))) / 2


def sigmoid(f: float) -> float:
    return 1 / (1 + math.exp(-f)) if f >= 0 else math.exp(f) / (1 + math.exp(f))


def penalty(w1: float, w2: float, weight: float) -> float:
    r"""Return $\lambda (\|\nabla f\| - 1)^2$ of the critic $f(x) = w_1 x_1 + w_2 x_2$, whose gradient is $w$."""
    return weight * (math.hypot(w1, w2) - 1) ** 2


@live("The best discriminator, with your numbers", ("p", 0.3), ("q", 0.1))
def show_optimal(p: float | None, q: float | None) -> str:
    """Return a formula of the optimal discriminator at a point."""
    p, q = finite("p", p, 0), finite("q", q, 0)
    if p + q == 0:
        raise InputError("p and q are both 0: no image of either kind occurs here, and any D is optimal.")
    best = best_discriminator(p, q)
    formula = align(
        rf"D^*(x) &= \frac{{p}}{{p + q}} = \frac{{{tex(p)}}}{{{tex(p)} + {tex(q)}}} = {tex(best)}",
        rf"f^*(x) &= \log p - \log q = {_ratio(p, q)}",
    )
    return f"{formula}\n\n{_side(best)}"


def _ratio(p: float, q: float) -> str:
    if p == 0 or q == 0:
        return r"-\infty" if p == 0 else r"\infty"
    return tex(math.log(p) - math.log(q))


def _side(best: float) -> str:
    if best == 0.5:
        return "The densities are equal here, and the best discriminator outputs ½."
    kind = "real" if best > 0.5 else "generated"
    return f"Of all images that occur here {100 * max(best, 1 - best):.1f} % are {kind}."


@live("How far apart, with your number", ("θ", 3.0))
def show_distances(theta: float | None) -> str:
    """Return a formula of JS and W₁ between two Gaussians, and of their derivatives."""
    theta = finite("θ", theta, -100, 100)
    js, nearby = jensen_shannon(theta), 1e-3
    slope = (jensen_shannon(theta + nearby) - jensen_shannon(theta - nearby)) / (2 * nearby)
    turn = "undefined" if theta == 0 else f"{math.copysign(1, theta):.0f}"
    formula = align(
        rf"\mathrm{{JS}} &= {tex(js, 4)}, & \partial\, \mathrm{{JS}} / \partial \theta &= {_small(slope)}",
        rf"W_1 = |\theta| &= {tex(abs(theta), 4)}, & \partial W_1 / \partial \theta &= \text{{{turn}}}",
    )
    part = 100 * js / math.log(2)
    return f"{formula}\n\nJS has reached {part:.1f} % of log 2 ≈ 0.6931, its maximum."


def _small(value: float) -> str:
    return "0.0000" if abs(value) < 1e-9 else tex(value, 4)


@live("The generator's gradient, with your number", ("f", -4.0))
def show_slopes(f: float | None) -> str:
    """Return a formula of the gradient of each generator loss at a logit f."""
    f = finite("f", f, -50, 50)
    d = sigmoid(f)
    formula = align(
        rf"D = \sigma(f) &= {tex(d)}",
        rf"\text{{saturating: }} \tfrac{{\partial}}{{\partial f}} \log(1 - D) &= -D = {tex(-d)}",
        rf"\text{{non-saturating: }} \tfrac{{\partial}}{{\partial f}} (-\log D) &= -(1 - D) = {tex(-sigmoid(-f))}",
        r"\text{Wasserstein: } \tfrac{\partial}{\partial f} (-f) &= -1",
    )
    return f"{formula}\n\nThe discriminator gives {d:.2f}: {_what_it_tells(f)}."


def _what_it_tells(f: float) -> str:
    if f < -2:
        return "it is confident that this image is generated, and the saturating loss has hardly any slope"
    return (
        "it is fooled, and the gradients are small" if f > 2 else "it is uncertain, and all three losses have a slope"
    )


@live("A critic that is not too steep, with your numbers", ("w₁", 1.2), ("w₂", 0.9), ("λ", 10.0))
def show_penalty(w1: float | None, w2: float | None, weight: float | None) -> str:
    """Return a formula of the gradient penalty of a linear critic."""
    w1, w2, weight = finite("w₁", w1), finite("w₂", w2), finite("λ", weight, 0)
    norm = math.hypot(w1, w2)
    formula = align(
        rf"\|\nabla f\| &= \sqrt{{({tex(w1)})^2 + ({tex(w2)})^2}} = {tex(norm)}",
        rf"\lambda (\|\nabla f\| - 1)^2 &= {tex(weight)} \cdot ({tex(norm)} - 1)^2 = {tex(penalty(w1, w2, weight))}",
    )
    return f"{formula}\n\n{_steep(norm)}"


def _steep(norm: float) -> str:
    if norm == 0:
        return "The critic is flat, and there is nothing to divide by."
    divided = f"Divided by its largest singular value, {tex(norm)}, it has slope 1"
    if norm > 1:
        return f"The critic is steeper than the Wasserstein distance allows. {divided}."
    if norm < 1:
        return (
            "The critic is less steep than it may be. The definition allows that, but there is a penalty: it moves "
            f"the slope to 1 from both sides. {divided}: spectral normalisation makes it steeper, too."
        )
    return "The critic has just the slope that it may have, and there is no penalty."
