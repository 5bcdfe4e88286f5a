"""Charts, numbers and sentences of the flow's modes of images. Log-densities are in nats, of pixels in [0, 1]."""

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch.distributions import Chi2

from explorer import data
from explorer.tabs.flow.fields import CUTS, GRID, UNITS
from explorer.tabs.kit.ask.likely import bar_texts
from explorer.tabs.kit.layout.fields import Image
from explorer.tabs.kit.layout.panel import Curves
from explorer.tabs.kit.numbers.answer import Answer, Axis, Chart, Details, Each, Figure, Report, Table
from explorer.tabs.kit.numbers.words import num, with_article, with_sign

Shot = Mapping[str, Any]
PIXELS, LEVELS = 784, 256
USUAL = math.sqrt(2 * PIXELS)  # standard deviation of ‖z‖²
TYPICAL = 2  # standard deviations
FARTHEST, WIDE = 1800, 40  # end of the chart of ‖z‖², which is 1764 on average at temperature 1.5; width of a bar
STOPS = [k / 20 for k in range(31)]  # temperatures of the slider
UNIT_NAMES = dict(zip(UNITS, ("0 … 1", "−1 … 1", "0 … 255", "0 … 256"), strict=True))
SQUARED = Figure("‖z‖² of this z", digits=0)
AWAY = Figure("from Gaussian noise's 784", unit="standard deviations")
LOG_P_HERE = Figure("log p(x) of its image", unit="nats")
AS_BITS = Figure("as bits/dim", digits=3)
LOG_P = Figure("log p(x)", unit="nats")
OF_A = Figure("z of A")
FAR = Figure("from A, from B (L2)")
SQUARED_MIX = Figure("‖z‖²", digits=0)
DENSITY_SO_FAR = Figure("log-density", unit="nats")
BY_LAYER = Figure("by this layer", unit="nats")
INVERTED, DRAWN = Figure("layers inverted"), Figure("pixels drawn")
DENSITY = Figure("log p(x), a density", unit="nats")
VOLUME = Figure("volume of a cell", unit="nats")
BOUND = Figure("log P(levels), a bound", unit="nats")
PER_PIXEL = Figure("per pixel, in every unit", unit="bits/dim")
HEADS = {
    "typical": (SQUARED, AWAY, LOG_P_HERE, AS_BITS),
    "mix": (LOG_P, OF_A, FAR, SQUARED_MIX),
    "film": (DENSITY_SO_FAR, BY_LAYER, INVERTED, DRAWN),
    "fifth": (DENSITY, VOLUME, BOUND, PER_PIXEL),
}
"""Figures of each mode, the headline first."""


def in_unit(log_prob: float, unit: float) -> float:
    """Return log p of pixels with `unit` units between black and white, from that of pixels in [0, 1]."""
    return log_prob - PIXELS * math.log(unit)


def of_levels(log_prob: float, unit: float = 1) -> float:
    """Return the bound on log P of levels: the density in a unit, times the volume of a cell."""
    return log_prob + PIXELS * math.log(unit / LEVELS)


def bits_per_dim(nats: float) -> float:
    """Return −log₂ P per pixel."""
    return -nats / (PIXELS * math.log(2))


def name_of(picture: Image) -> str:
    """Return what a sentence calls a picture: the class of a test image, or the visitor's drawing."""
    if picture[0] != "test":
        return "your drawing"
    _, index, dataset = picture
    return with_article(data.classes_of(dataset)[int(data.display_split(dataset).labels[index])])


DENSITIES = Curves(
    "Log-density of the state, layer by layer",
    "log-density after each layer, nats",
    120,
    GRID * [{"colour": "line", "width": 1}],
    (-2000, 5000),
    (-2000, 0, 4000),
)


def layer_report(shot: Shot, before: Sequence[float] | None, drawn: int, seed: int, temperature: float) -> Report:
    """Return the report of a state of images on their way from z, with a sentence and numbers for `each` of them.

    Arguments:
        shot: Frame of the state.
        before: Log-densities of the state before, None for z.
        drawn: Number of pixels that are drawn.
        seed: Seed of the images.
        temperature: Temperature of their z.
    """
    index, last, log_prob = shot["index"], shot["total"] - 1, shot["numbers"]["log_prob"]

    def words(image: int) -> str:
        name, here = f"Image {image + 1} of seed {seed}", with_sign(log_prob[image])
        if before is None:
            squared = shot["numbers"]["squared_length"][image]
            return (
                f"{name} begins as {PIXELS} Gaussian numbers, at temperature {num(temperature)}: ‖z‖² is "
                f"{num(squared, 0)} ({num(temperature**2 * PIXELS, 0)} on average). Its log-density is {here} nats. "
                "Every layer will add its own log-determinant."
            )
        added = with_sign(log_prob[image] - before[image])
        if index < last:
            stay = {0: "are drawn.", 1: "is drawn. It stays, and the next ones depend on it."}.get(
                drawn, "are drawn. They stay, and the next ones depend on them."
            )
            return (
                f"After {index} of {last} layers, {drawn} of {PIXELS} pixels of image {image + 1} {stay} This layer "
                f"has changed the log-density by {added} nats, to {here}."
            )
        return (
            f"log p(x) = {here} nats, for continuous pixels. For levels it is a bound. For {name} it is the sum of "
            f"all layers' terms. {added} nats are of the last layer, which draws nothing: it contracts black and white "
            f"to one level each, 1/256. For levels that is at most "
            f"{num(bits_per_dim(of_levels(log_prob[image])), 3)} bits per dimension."
        )

    def figures(image: int) -> list[Figure]:
        return [
            DENSITY_SO_FAR.of(with_sign(log_prob[image])),
            BY_LAYER.of(None if before is None else with_sign(log_prob[image] - before[image])),
            INVERTED.of(f"{index} of {last}"),
            DRAWN.of(f"{drawn} of {PIXELS}"),
        ]

    return Report(
        caption=f"Layer {index}: {shot['layer']}" if index else shot["layer"],
        words=f"log-density {', '.join(num(each, 0) for each in log_prob)}",
        place=index,
        end=last,
        curves=[log_prob],
        row={"layers done": index, "what": shot["layer"], "pixels drawn": drawn}
        | {f"nats of {k}": each for k, each in enumerate(log_prob, 1)},
        view={"each": [Answer(figures(image), words(image)) for image in range(len(log_prob))]},
    )


def lengths_chart(tests: Sequence[float]) -> Chart:
    """Return the histogram of ‖z‖² of test images, with the χ² density of Gaussian noise."""
    last = FARTHEST // WIDE - 1
    places = [min(last, int(value // WIDE)) for value in tests]
    bars = [{"x0": k * WIDE, "x1": (k + 1) * WIDE, "y": places.count(k) / len(tests)} for k in sorted({*places})]
    x = torch.arange(10, FARTHEST + 1, 10, dtype=torch.float64)
    density = WIDE * Chi2(torch.tensor(PIXELS, dtype=torch.float64)).log_prob(x).exp()
    points = [(0, 0), *zip(x.tolist(), density.tolist(), strict=True)]
    return Chart(
        x=Axis(ends=[0, FARTHEST], ticks=[0, 400, PIXELS, 1200, 1600]),
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


SIDES = ("A coarse, B fine", "B coarse, A fine")


def mix_answer(
    counts: Sequence[int],
    log_prob: Sequence[float],
    squared: Sequence[float],
    far: Sequence[Sequence[float]],
    images: Sequence[str],
    names: Sequence[str],
) -> Answer:
    """Describe mixtures of the z of two pictures, by how many coarse z are the first's, and the other way round.

    Arguments:
        counts: Numbers of coarse z at each cut.
        log_prob: Log-densities of the mixtures, first those with A's coarse z.
        squared: ‖z‖² of the mixtures.
        far: L2 distances of each mixture with A's coarse z from A and from B.
        images: The mixtures of each side together, then each mixture.
        names: What sentences call A and B.
    """
    (a, b), last = names, len(CUTS) - 1
    own, other = with_sign(log_prob[last]), with_sign(log_prob[0])

    def words(cut: int) -> str:
        count, here = counts[cut], with_sign(log_prob[cut])
        if count == 0:
            return f"Nothing of A, {a}, is taken yet: this is B, {b}. Its log p(x) is {other} nats."
        if count == PIXELS:
            return f"All of z is that of A, and the flow gives back {a}. Its log p(x) is {own} nats."
        return (
            f"A, {a}, gives {count} numbers of z; B, {b}, the other {PIXELS - count}. Those {count} pixels come out as "
            f"they are in A, and the others are drawn to fit. ‖z‖² is {num(squared[cut], 0)}. The image lies "
            f"{num(far[cut][0])} from A and {num(far[cut][1])} from B (L2), and its log p(x) is {here} nats, beside "
            f"A's {own} and B's {other}."
        )

    def strips(cut: int) -> list[Shot]:
        phrase = f"{counts[cut]} numbers of its z are the coarse one's"
        one = [{"images": images[2 + side * len(CUTS) + cut], "says": phrase} for side in (0, 1)]
        return [one[0], {"at": cut}, one[1], {"at": cut}]

    def part(cut: int) -> Answer:
        return Answer(
            [
                LOG_P.of(with_sign(log_prob[cut])),
                OF_A.of(f"{counts[cut]} of {PIXELS}"),
                FAR.of(", ".join(map(num, far[cut]))),
                SQUARED_MIX.of(squared[cut]),
            ],
            words(cut),
            strips=strips(cut),
            pictures={"out": images[2 + cut]},
        )

    says = f"{', '.join(map(str, counts))} z of the coarse one"
    rows = [
        [{"name": name}, {"images": images[side], "says": says, "sets": [{"cut": cut} for cut in range(len(CUTS))]}]
        for side, name in enumerate(SIDES)
    ]
    table = [
        {
            "coarse z of": "AB"[k // len(CUTS)],
            "how many": counts[k % len(CUTS)],
            "log p(x), nats": log_prob[k],
            "squared length of z": squared[k],
        }
        for k in range(len(log_prob))
    ]
    return Answer(
        table=Table(table),
        strips=[*rows[0], *rows[1]],
        stops={"cut": [(cut, cut) for cut in range(len(CUTS))]},
        each=Each("cut", [*range(len(CUTS))], [part(cut) for cut in range(len(CUTS))]),
    )


def density_answer(log_prob: Sequence[float], name: str) -> Answer:
    """Describe the log-density of a picture in several units, from several draws of the noise within the levels."""
    mean, se = statistics.fmean(log_prob), statistics.stdev(log_prob) / math.sqrt(len(log_prob))
    bound = of_levels(mean)
    bits = bits_per_dim(bound)
    known = [in_unit(mean, unit) for unit in UNITS]

    def areas(chosen: int) -> list[Shot]:
        return [
            {
                "points": [(k + 0.2, 0), (k + 0.2, y), (k + 0.8, y), (k + 0.8, 0)],
                "colour": "you" if k == chosen else "quiet",
                "alpha": 0.8,
            }
            for k, y in enumerate(known)
        ]

    def draws(unit: float) -> Shot:
        each = [in_unit(value, unit) for value in log_prob]
        middle = in_unit(mean, unit)
        reach = 1.15 * max(1, *(abs(value - middle) for value in each))
        return {
            "xs": [middle - reach, middle + reach],
            "ticks": {"x": [round(middle + side * reach, 1) for side in (-1, 0, 1)], "y": []},
            "lines": [{"points": [(value, 0), (value, 0.8)], "colour": "ink", "width": 1.5} for value in each],
            "cursor": middle,
            "words": f"{num(middle, 1)} nats on average, from {num(min(each), 1)} to {num(max(each), 1)}",
        }

    def words(unit: float) -> str:
        less = num(PIXELS * math.log(255 if unit == 1 else unit), 1)
        change = (
            f"In 0 … 1 it is {with_sign(mean)}: nothing has changed but the unit, by 784 · ln {unit} = {less} nats."
        )
        if unit == 1:
            other = with_sign(in_unit(mean, 255))
            change = f"In 0 … 255 it would be {other}: {less} less, with the same model of the same image."
        return (
            f"In {UNIT_NAMES[unit]}, the log-density of {name}, is {with_sign(in_unit(mean, unit))} nats. {change} "
            f"What stays is the probability of its levels, {with_sign(bound)} nats at least: {num(bits, 3)} bits/dim "
            "at most."
        )

    def part(k: int, unit: int) -> Answer:
        here = f"{with_sign(known[k])} ± {num(se, 1)}"
        return Answer(
            [
                DENSITY.of(here),
                VOLUME.of(f"− 784 · ln (256 / {unit}) = {with_sign(-PIXELS * math.log(LEVELS / unit))}"),
                BOUND.of(f"≥ {with_sign(bound)}"),
                PER_PIXEL.of(f"≤ {num(bits, 3)}"),
            ],
            words(unit),
            charts=[{"areas": areas(k), "words": f"{here} nats in {UNIT_NAMES[unit]}"}, draws(unit)],
        )

    places = [k + 0.5 for k in range(len(UNITS))]
    tops = [
        {"points": [(place, max(y, 0) + 230)], "label": with_sign(y), "colour": "ink", "over": True}
        for place, y in zip(places, known, strict=True)
    ]
    level = {"points": [(0, bound), (len(UNITS), bound)], "colour": "ink", "dash": [5, 4], "width": 1.5}
    own = {"kind": "bound", "nats": bound, "se": se, "bits_per_dim": bits}
    by_unit = Chart(
        x=Axis(ends=[0, len(UNITS)], ticks=places, names=[*UNIT_NAMES.values()]),
        y=Axis(
            "log p(x) in nats",
            "by the range of pixel values",
            ends=[min(0, *known, bound) - 300, max(0, *known) + 600],
            ticks=[0],
        ),
        lines=[level | {"label": f"256 levels: ≥ {with_sign(bound)} nats", "at": 0}, *tops],
    )
    by_draw = Chart(x=Axis(), y=Axis(f"log p(x) of {len(log_prob)} draws of the noise within the levels", "nats"))
    table = [
        {"draw": k}
        | {f"log p(x), pixels in {UNIT_NAMES[unit]}, nats": in_unit(value, unit) for unit in UNITS}
        | {"bits per dimension": bits_per_dim(of_levels(value))}
        for k, value in enumerate(log_prob, 1)
    ]
    return Answer(
        table=Table(table),
        charts=[by_unit, by_draw],
        stops={"unit": [(k + 0.5, unit) for k, unit in enumerate(UNITS)]},
        each=Each("unit", UNITS, [part(k, unit) for k, unit in enumerate(UNITS)]),
        view={"own": own | bar_texts(own)},
    )
