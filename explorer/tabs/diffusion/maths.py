"""Five live formulas below the stage of the diffusion, and the text around them."""

import math

from explorer.lessons.live import InputError, align, finite, live, tex
from explorer.models.guided import drawn_variance, promised_variance
from explorer.models.schedule import Schedule

TIMES = 1000
ALPHAS = Schedule("linear", TIMES).alphas_cumprod.tolist()


def closed_form(x0: float, eps: float, alpha: float) -> float:
    r"""Return $x_t = \sqrt{\bar\alpha_t}\, x_0 + \sqrt{1 - \bar\alpha_t}\, \epsilon$."""
    return math.sqrt(alpha) * x0 + math.sqrt(1 - alpha) * eps


def posterior(x0: float, x_t: float, alpha_t: float, alpha_s: float) -> tuple[float, float, float]:
    r"""Return the weights of $x_0$ and $x_t$ in the mean of $q(x_s \mid x_t, x_0)$, and its standard deviation."""
    beta = 1 - alpha_t / alpha_s
    clean = math.sqrt(alpha_s) * beta / (1 - alpha_t)
    noisy = math.sqrt(alpha_t / alpha_s) * (1 - alpha_s) / (1 - alpha_t)
    return clean, noisy, math.sqrt(beta * (1 - alpha_s) / (1 - alpha_t))


def best_guess(x_t: float, alpha: float) -> float:
    r"""Return $\mathbb{E}[x_0 \mid x_t]$ for $x_0$ uniform on −1 and 1."""
    return math.tanh(math.sqrt(alpha) * x_t / (1 - alpha))


def time(value: float | None, low: int = 1) -> int:
    """Check that an input is a time step, and return it.

    Raises:
        InputError: If it is not a whole number from `low` to T.
    """
    t = finite("t", value, low, TIMES)
    if t != int(t):
        raise InputError(f"t is {t:g}; wanted a whole number.")
    return int(t)


@live("Noise in one go, with your numbers", ("x₀", 0.8), ("ε", -1.1), ("t", 260, 1))
def show_closed_form(x0: float | None, eps: float | None, t: float | None) -> str:
    """Return a formula of a noised pixel and its signal-to-noise ratio."""
    x0, eps, t = finite("x₀", x0), finite("ε", eps), time(t, 0)
    alpha = ALPHAS[t]
    signal, noise = math.sqrt(alpha), math.sqrt(1 - alpha)
    formula = align(
        r"x_t &= \sqrt{\bar\alpha_t}\, x_0 + \sqrt{1 - \bar\alpha_t}\, \epsilon",
        rf"&= {tex(signal, 4)} \cdot ({tex(x0)}) + {tex(noise, 4)} \cdot ({tex(eps)}) "
        rf"= {tex(closed_form(x0, eps, alpha))}",
    )
    if t == 0:
        return f"{formula}\n\nAt t = 0 there is no noise yet."
    ratio = alpha / (1 - alpha)
    said = f"ᾱₜ is {alpha:.3g} and the signal-to-noise ratio ᾱₜ / (1 − ᾱₜ) is {ratio:.3g}"
    return f"{formula}\n\n{said}: {'signal' if ratio > 1 else 'noise'} weighs more."


@live("One step back, with your numbers", ("x₀", 0.8), ("xₜ", -0.2), ("t", 260, 1))
def show_posterior(x0: float | None, x_t: float | None, t: float | None) -> str:
    """Return a formula of the mean and standard deviation of one reverse step."""
    x0, x_t, t = finite("x₀", x0), finite("xₜ", x_t), time(t)
    clean, noisy, deviation = posterior(x0, x_t, ALPHAS[t], ALPHAS[t - 1])
    formula = align(
        rf"\tilde\mu_t &= {tex(clean, 4)} \cdot ({tex(x0)}) + {tex(noisy, 4)} \cdot ({tex(x_t)}) "
        rf"= {tex(clean * x0 + noisy * x_t, 4)}",
        rf"\sqrt{{\tilde\beta_t}} &= {tex(deviation, 4)}",
    )
    if t == 1:
        return f"{formula}\n\nThe last step goes to x₀ itself: nothing of xₜ is kept, and no noise is added."
    kept = noisy / (clean + noisy)
    said = "one step changes little" if kept > 0.9 else "near the end the prediction x̂₀ has most of the weight"
    return f"{formula}\n\nxₜ has {100 * kept:.1f} % of the weight, x₀ the rest: {said}."


@live("Guidance by hand, with your numbers", ("v_c", 1.0), ("v_r", 2.0), ("w", 3.0))
def show_guided(wanted: float | None, reference: float | None, w: float | None) -> str:
    """Return a formula of the variances that guidance draws and promises, for two centred Gaussians."""
    wanted, reference = finite("v_c", wanted, 0.01, 100), finite("v_r", reference, 0.01, 100)
    w = finite("w", w, 0, 20)
    drawn = drawn_variance(wanted, reference, w)
    formula = align(
        rf"v_{{\text{{drawn}}}} &= {tex(wanted)}^{{{tex(w)}}} \cdot {tex(reference)}^{{1 - {tex(w)}}} = {tex(drawn, 4)}"
    )
    try:
        promised = promised_variance(wanted, reference, w)
    except ValueError:
        return f"{formula}\n\nThe promise has no finite integral: the reference is too narrow for this w."
    if w in (0, 1) or wanted == reference:
        return f"{formula}\n\nThe promise is {promised:.3g}, too: here both agree."
    side = "narrower" if drawn < promised else "wider"
    return (
        f"{formula}\n\nThe promise is {promised:.3g}: the flow draws a {side} distribution than its formula promises."
    )


@live("The score, with your numbers", ("xₜ", 0.3), ("t", 500, 1))
def show_score(x_t: float | None, t: float | None) -> str:
    """Return a formula of the best prediction, the noise and the score for x₀ in {−1, 1}."""
    x_t, t = finite("xₜ", x_t), time(t)
    alpha = ALPHAS[t]
    guess, noise = best_guess(x_t, alpha), math.sqrt(1 - alpha)
    eps = (x_t - math.sqrt(alpha) * guess) / noise
    formula = align(
        rf"\mathbb{{E}}[x_0 \mid x_t] &= \tanh\!\left(\frac{{\sqrt{{\bar\alpha_t}}\, x_t}}{{1 - \bar\alpha_t}}\right) "
        rf"= {tex(guess)}",
        r"\epsilon^* &= \frac{x_t - \sqrt{\bar\alpha_t}\, \mathbb{E}[x_0 \mid x_t]}{\sqrt{1 - \bar\alpha_t}} "
        rf"= {tex(eps)}",
        rf"\nabla \log p_t(x_t) &= -\frac{{\epsilon^*}}{{\sqrt{{1 - \bar\alpha_t}}}} = {tex(0 - eps / noise)}",
    )
    return f"{formula}\n\n{_guess_reading(guess)}"


def weight_of_second(x: float, sigma: float) -> float:
    """Return the weight of the point at 1 in the exact denoiser of points at 0 and 1."""
    return 1 / (1 + math.exp(min(700.0, (1 - 2 * x) / (2 * sigma**2))))


@live("Copies: what a perfect network draws, with your numbers", ("x", 0.6), ("σ", 0.3))
def show_copies(x: float | None, sigma: float | None) -> str:
    """Return a formula of the exact denoised point of two training points, and its score."""
    x, sigma = finite("x", x, -100, 100), finite("σ", sigma, 0.01, 100)
    weight = weight_of_second(x, sigma)
    formula = align(
        rf"D(x, \sigma) &= {tex(weight, 4)} \cdot 1 + {tex(1 - weight, 4)} \cdot 0 = {tex(weight, 4)}",
        rf"\nabla \log p_\sigma(x) &= \frac{{{tex(weight, 4)} - ({tex(x)})}}{{{tex(sigma)}^2}} "
        rf"= {tex((weight - x) / sigma**2, 4)}",
    )
    nearer = max(weight, 1 - weight)
    side = "1" if weight > 0.5 else "0"
    if nearer > 0.99:
        return f"{formula}\n\nThe point at {side} has nearly all of the weight: the flow copies it."
    return f"{formula}\n\nAt this σ the denoised point still mixes both. With less noise the nearer one wins."


def _guess_reading(guess: float) -> str:
    likelier = (1 + abs(guess)) / 2
    if likelier > 0.99:
        return f"The prediction is almost certain: x₀ was {'1' if guess > 0 else '−1'}."
    side, other = ("−1", "1") if guess < 0 else ("1", "−1")
    return f"Given this xₜ, x₀ is {side} with probability {likelier:.2f}, else {other}: the prediction is their mean."
