"""Two live formulas below the autoregressive stage, and the text around them."""

import math
from collections.abc import Sequence

from explorer.lessons.live import align, finite, live, tex

STATES = ("00", "01", "10", "11")
RASTER_BITS = ("p(x₁=1)", "p(x₂=1 | x₁=0)", "p(x₂=1 | x₁=1)")
RASTER_FIRST, SECOND, TEMPERATURE = 0.4, (0.45, 0.95), 0.5
GREY_STEP = 1 / 255


def temper(probabilities: Sequence[float], temperature: float) -> list[float]:
    r"""Return probabilities to the power $1/T$, renormalised."""
    largest = max(probabilities)
    powers = [(each / largest) ** (1 / temperature) for each in probabilities]
    return [power / sum(powers) for power in powers]


def two_bits(first: float, second: Sequence[float]) -> list[float]:
    """Return the joint of two bits, 00, 01, 10 and 11, from p(x₁=1) and p(x₂=1 | x₁=0), p(x₂=1 | x₁=1)."""
    return [p * q for p, one in zip((1 - first, first), second) for q in (1 - one, one)]


def tempered_conditionals(first: float, second: Sequence[float], temperature: float) -> list[float]:
    """Return the joint of a sampler that tempers each conditional in turn."""
    first, *second = (temper((1 - one, one), temperature)[1] for one in (first, *second))
    return two_bits(first, second)


def gaussian_nll(x: float, mu: float, sigma: float) -> float:
    r"""Return $-\log \mathcal{N}(x; \mu, \sigma^2) = (x - \mu)^2 / 2 \sigma^2 + \log (\sigma \sqrt{2 \pi})$ in nats."""
    return (x - mu) ** 2 / (2 * sigma**2) + math.log(sigma * math.sqrt(2 * math.pi))


@live("Temperature, with your numbers", *zip(RASTER_BITS, (RASTER_FIRST, *SECOND)), ("T", TEMPERATURE))
def show_two_bits(first: float | None, after_0: float | None, after_1: float | None, temperature: float | None) -> str:
    """Return a table of the four probabilities at T = 1, and tempered in both ways."""
    first, *second = (finite(name, each, 0, 1) for name, each in zip(RASTER_BITS, (first, after_0, after_1)))
    temperature = finite("T", temperature, 0.1, 3)
    joint = two_bits(first, second)
    ways = (joint, tempered_conditionals(first, second, temperature), temper(joint, temperature))
    at = f"at T = {temperature:g}"
    head = f"| x₁x₂ | T = 1 | conditionals {at} | joint {at} |\n| :-- | --: | --: | --: |"
    rows = [f"| {state} | {' | '.join(f'{each:.3f}' for each in row)} |" for state, *row in zip(STATES, *ways)]
    return "\n".join([head, *rows]) + f"\n\n{_reading(*ways[1:])}"


def _reading(conditionals: Sequence[float], joint: Sequence[float]) -> str:
    apart = max(abs(a - b) for a, b in zip(conditionals, joint))
    if apart < 5e-4:
        return "Both ways agree here: T is 1, the first bit is certain, or the second as uncertain after 0 as after 1."
    likeliest = [STATES[max(range(4), key=way.__getitem__)] for way in (conditionals, joint)]
    same = "Both ways prefer" if likeliest[0] == likeliest[1] else f"The conditionals prefer {likeliest[0]}, the joint"
    return f"They differ by up to {apart:.3f}. {same} {likeliest[1]}."


@live("Squared error in disguise, with your numbers", ("x", 0.8), ("μ", 0.7), ("σ", 0.1, 0.01))
def show_gaussian(x: float | None, mu: float | None, sigma: float | None) -> str:
    """Return a formula of a Gaussian pixel's −log density and of its squared error."""
    x, mu = finite("x", x), finite("μ", mu)
    sigma = finite("σ", sigma, 0.001)
    nll = gaussian_nll(x, mu, sigma)
    error = (x - mu) ** 2
    formula = align(
        r"-\log p(x) &= \frac{(x - \mu)^2}{2 \sigma^2} + \log\!\left(\sigma \sqrt{2\pi}\right)",
        rf"&= \frac{{{tex(error, 4)}}}{{{tex(2 * sigma**2, 4)}}} + ({tex(nll - error / (2 * sigma**2))})",
        rf"&= {tex(nll)}\ \text{{nats}}",
    )
    return f"{formula}\n\n{_density_reading(nll, level_mass(x, mu, sigma))}"


def level_mass(x: float, mu: float, sigma: float) -> float:
    """Return the Gaussian probability of the interval of one of 256 grey levels, of width 1/255."""
    far, half = abs(x - mu), GREY_STEP / 2
    return 0.5 * (math.erfc((far - half) / (sigma * math.sqrt(2))) - math.erfc((far + half) / (sigma * math.sqrt(2))))


def _density_reading(nll: float, mass: float) -> str:
    said = "A density's nats"
    if nll < 0:
        said = f"The density is {math.exp(-nll):.3g}, above one, so its nats are negative; they"
    if mass < 1e-300:
        return f"{said} cannot be compared with a probability's. A grey level here has less than a computer can count."
    return f"{said} cannot be compared with a probability's. A grey level here, 1/255 wide, costs {_nats(mass)} nats."


def _nats(probability: float) -> str:
    return f"{-math.log(probability):.3f}"
