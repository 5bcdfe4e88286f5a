"""Live formulas below the stage of flow matching."""

from explorer.lessons.live import InputError, align, finite, live, tex


def words_for(x: float, t: float, v: float) -> tuple[float, float, float]:
    r"""Return $\hat x_1$, $\hat\epsilon$ and the score of one coordinate x at time t < 1 with the mean velocity v.

    The score is valid if noise and data are independent.
    """
    data, noise = x + (1 - t) * v, x - t * v
    return data, noise, -noise / (1 - t)


@live("One target, with your numbers", ("x", 0.4), ("t", 0.5), ("v", -1.2))
def show_words(x: float | None, t: float | None, v: float | None) -> str:
    """Return a formula of predicted data, predicted noise, and score, for a velocity of independent pairs."""
    x, t, v = finite("x", x), finite("t", t, 0, 1), finite("v", v)
    if t == 1:
        raise InputError("t is 1; wanted less: at t = 1 there is no noise left.")
    data, noise, score = words_for(x, t, v)
    formula = align(
        rf"\hat x_1 &= x + (1 - t)\, v = {tex(data)}",
        rf"\hat\epsilon &= x - t\, v = {tex(noise)}",
        rf"\nabla \log p_t &= -\hat\epsilon / (1 - t) = {tex(score)}",
    )
    alpha = t**2 / (t**2 + (1 - t) ** 2)
    return f"{formula}\n\nFor a diffusion that is the noise level ᾱ = {alpha:.3f}."
