"""The typical set of a flow's noise: lengths of codes by temperature, and what they decode to."""

import math
import statistics
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import torch
from torch.distributions import Chi2

from explorer import data
from explorer.models.image_flow import ImageFlow
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Axis, Chart, Details, Each, Figure, Table
from explorer.numbers.words import num, with_sign
from explorer.running.device import device_of
from explorer.steps import round_numbers
from explorer.tabs.flow.shared import PIXELS, ImageNet, bits_per_dim, of_levels
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import labels, rng
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import Label, Seed

USUAL = math.sqrt(2 * PIXELS)  # standard deviation of ‖z‖²
TYPICAL = 2  # standard deviations
TYPICAL_FARTHEST, TYPICAL_WIDE = (
    1800,
    40,
)  # end of the chart of ‖z‖², which is 1764 on average at temperature 1.5; width of a bar
STOPS = [k / 20 for k in range(31)]  # temperatures of the slider
SQUARED = Figure("‖z‖² of this z", digits=0)
AWAY = Figure("from Gaussian noise's 784", unit="standard deviations")
LOG_P_HERE = Figure("log p(x) of its image", unit="nats")
AS_BITS = Figure("as bits/dim", digits=3)
TESTS, AT_ONCE = 500, 100  # bundled test images whose z is displayed, and images per batch
TEMPERATURES = (0, 0.25, 0.5, 0.75, 1, 1.25, 1.5)
_LENGTHS: WeakKeyDictionary[ImageFlow, list[float]] = WeakKeyDictionary()
TYPICAL_HEADS = (SQUARED, AWAY, LOG_P_HERE, AS_BITS)


def lengths_chart(tests: Sequence[float]) -> Chart:
    """Return the histogram of ‖z‖² of test images, with the χ² density of Gaussian noise."""
    last = TYPICAL_FARTHEST // TYPICAL_WIDE - 1
    places = [min(last, int(value // TYPICAL_WIDE)) for value in tests]
    bars = [
        {"x0": k * TYPICAL_WIDE, "x1": (k + 1) * TYPICAL_WIDE, "y": places.count(k) / len(tests)}
        for k in sorted({*places})
    ]
    x = torch.arange(10, TYPICAL_FARTHEST + 1, 10, dtype=torch.float64)
    density = TYPICAL_WIDE * Chi2(torch.tensor(PIXELS, dtype=torch.float64)).log_prob(x).exp()
    points = [(0, 0), *zip(x.tolist(), density.tolist(), strict=True)]
    return Chart(
        x=Axis(ends=[0, TYPICAL_FARTHEST], ticks=[0, 400, PIXELS, 1200, 1600]),
        y=Axis(
            "‖z‖²: bars test images, line Gaussian noise (χ² of 784)",
            ends=[0, max(0.45, *(bar["y"] for bar in bars))],
            ticks=[0, 0.2, 0.4],
        ),
        bars=bars,
        lines=[{"points": points, "colour": "ink"}],
    )


def typical_answer(
    tests: Sequence[float],
    temperatures: Sequence[float],
    squared: Sequence[float],
    log_prob: Sequence[float],
    images: Sequence[str],
) -> Answer:
    """Describe one z at several temperatures, beside the lengths of the z of test images.

    Arguments:
        tests: ‖z‖² of the test images.
        temperatures: Temperatures of the decoded z; their ‖z‖² are `squared`, their log-densities `log_prob`.
        squared: ‖z‖² of the decoded z.
        log_prob: Log-densities of the images.
        images: The images: all of them, then each.
    """
    usual, (one, nothing) = squared[temperatures.index(1)], (log_prob[temperatures.index(1)], log_prob[0])
    mean, sd = statistics.fmean(tests), statistics.stdev(tests)
    uneven = ", more unequally so than noise" if sd > 1.2 * USUAL else ""
    apart = num(abs(nothing - one), 0)
    rest = [f"The z of {len(tests)} test images have {num(mean, 0)} ± {num(sd, 0)}{uneven}."]
    if nothing > one:
        rest.append(
            f"The mode of the noise, z = 0, gives an image that is {apart} nats likelier than this one at temperature "
            "1. No draw comes near it. It is not the mode of p(x): the layers change the volume."
        )
    else:
        rest.append(
            f"The mode of the noise, z = 0, gives an image that is {apart} nats less likely than this one at "
            "temperature 1: it is not the mode of p(x), as the layers change the volume."
        )

    def part(temperature: float) -> Answer:
        length = temperature**2 * usual
        away = (length - PIXELS) / USUAL
        place = "which is typical of Gaussian noise"
        if abs(away) >= TYPICAL:
            side = "short of" if away < 0 else "beyond"
            place = f"{num(abs(away), 1)} standard deviations {side} what Gaussian noise has"
        k = min(range(len(temperatures)), key=lambda k: abs(temperatures[k] - temperature))
        here = f"At temperature {num(temperature)} this z has ‖z‖² = {num(length, 0)}, {place} (784 ± {num(USUAL, 0)})."
        alternative = f"this z has {num(length, 0)}; test images have {num(mean, 0)} on average, Gaussian noise 784"
        return Answer(
            [
                SQUARED.of(length),
                AWAY.of(with_sign(away)),
                LOG_P_HERE.of(with_sign(log_prob[k])),
                AS_BITS.of(bits_per_dim(of_levels(log_prob[k]))),
            ],
            " ".join([here, *rest]),
            charts=[{"cursor": length, "words": alternative}],
            strips=[{"at": k}],
            pictures={"out": images[1 + k]},
        )

    named = [num(each) for each in temperatures]
    rows = {
        "‖z‖²": [num(each, 0) for each in squared],
        "log p(x), nats": [num(each, 0) for each in log_prob],
        "as bits/dim": [num(bits_per_dim(of_levels(each)), 3) for each in log_prob],
    }
    table = [
        {"temperature": temperature, "squared length of z": length, "log p(x), nats": nats}
        for temperature, length, nats in zip(temperatures, squared, log_prob, strict=True)
    ]
    return Answer(
        table=Table(table),
        charts=[lengths_chart(tests)],
        strips=[
            {
                "name": "One z at seven temperatures, decoded",
                "images": images[0],
                "says": f"temperatures {', '.join(named)}",
                "sets": [{"temperature": each} for each in temperatures],
            }
        ],
        stops={"temperature": [(each**2 * usual, each) for each in STOPS]},
        each=Each("temperature", STOPS, [part(each) for each in STOPS]),
        details=Details([{"temperature": name} | dict(zip(named, texts, strict=True)) for name, texts in rows.items()]),
    )


def lengths(net: str) -> list[float]:
    """Compute ‖z‖² of the first bundled test images, without a label, once per network."""
    model = checkpoints.load(net)
    if model not in _LENGTHS:
        generator, device = rng(0), device_of(model)
        parts = data.display_split(dataset_of(net))[:TESTS].pixels().split(AT_ONCE)
        with torch.no_grad():
            z = torch.cat([model.encode(model.dequantise(part.to(device), generator)) for part in parts])
        _LENGTHS[model] = round_numbers(z.flatten(1).square().sum(-1))
    return _LENGTHS[model]


@heavy
def typical(net: ImageNet, seed: Seed, label: Label) -> Answer:
    """Decode one z at each temperature, starting with the mode of the noise at 0, beside the lengths of data's z."""
    model = checkpoints.load(net)
    drawn, given = model.noise(1, rng(seed)), labels(label, len(TEMPERATURES))
    z = torch.tensor(TEMPERATURES).to(drawn).view(-1, 1, 1, 1) * drawn
    with torch.no_grad():
        x = model.decode(z, given)
        log_prob = round_numbers(model.log_prob(x, given))
    images = model.to_space(x, 0)
    encoded = [*map(model.space.encode, [images, *images.split(1)])]
    return typical_answer(lengths(net), TEMPERATURES, round_numbers(z.flatten(1).square().sum(-1)), log_prob, encoded)
