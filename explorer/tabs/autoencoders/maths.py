"""Live formula of the autoencoders: the denoising residual of a perfect denoiser for Gaussian data."""

from explorer.lessons.live import align, finite, live, tex


def denoise(x: float, s: float, sigma: float) -> tuple[float, float, float]:
    r"""Return r(x), its denoising residual over σ², and the score of the clean data, for data $\mathcal{N}(0, s^2)$.

    $r(x) = x\, s^2 / (s^2 + \sigma^2)$ is the mean of the clean number given the number noised by σ.
    """
    rebuilt = x * s**2 / (s**2 + sigma**2)
    return rebuilt, (rebuilt - x) / sigma**2, -x / s**2


@live("The denoising residual over one Gaussian", ("x", 0.2), ("the data's width s", 0.1), ("the noise's width σ", 0.1))
def show_shrunk(x: float | None, s: float | None, sigma: float | None) -> str:
    """Return a formula of a perfect denoiser's output, and of its residual with two scores."""
    x, s = finite("x", x, -10, 10), finite("the data's width", s, 0.01, 10)
    sigma = finite("the noise's width", sigma, 0.001, 10)
    rebuilt, residual, clean = denoise(x, s, sigma)
    return align(
        rf"r(x) = \frac{{s^2}}{{s^2 + \sigma^2}}\, x &= {tex(rebuilt, 4)}",
        rf"\frac{{r(x) - x}}{{\sigma^2}} = \nabla \log p_\sigma(x) &= {tex(residual, 4)}",
        rf"\nabla \log p(x) &= {tex(clean, 4)}",
    )
