"""Live formula of the lab."""

from explorer.tabs.kit.live import aligned, finite, live, tex


def frechet_of_two(mean: float, deviation: float, other_mean: float, other_deviation: float) -> tuple[float, float]:
    """Return the two terms of the Fréchet distance between two Gaussians of a line: of the means, of the widths."""
    return (mean - other_mean) ** 2, (deviation - other_deviation) ** 2


@live("Fréchet distance, with your numbers", ("μ", 0), ("σ", 1), ("μ′", 1), ("σ′", 1.5))
def show_frechet(mean: float | None, deviation: float | None, other_mean: float | None, other: float | None) -> str:
    """Return the Fréchet distance of two Gaussians of a line, as a formula."""
    mean, other_mean = finite("μ", mean), finite("μ′", other_mean)
    deviation, other = finite("σ", deviation, 0), finite("σ′", other, 0)
    of_means, of_widths = frechet_of_two(mean, deviation, other_mean, other)
    return aligned(
        rf"(\mu - \mu')^2 + (\sigma - \sigma')^2 &= {tex(of_means)} + {tex(of_widths)} = {tex(of_means + of_widths)}"
    )
