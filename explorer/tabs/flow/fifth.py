"""*Density*: the density of one image, in units of its pixels, and what it is made of."""

import math
import statistics
from collections.abc import Sequence
from typing import TypedDict

import torch

from explorer import data
from explorer.fields import Field, OneOf
from explorer.models.image_flow import ImageFlow
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Axis, Chart, Each, Figure, Table
from explorer.numbers.words import num, with_sign
from explorer.questions import likelihood, reason
from explorer.running.device import device_of
from explorer.spaces import Space
from explorer.steps import round_numbers
from explorer.tabs.flow.shared import DIGIT, LEVELS, PIXELS, ImageNet, Shot, bits_per_dim, name_of, of_levels
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.ask.likely import bar_texts
from explorer.tabs.kit.ask.nets import dataset_of, nets_of
from explorer.tabs.kit.layout.fields import SEED, Picture, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

FIFTH_UNITS = (1, 2, 255, 256)  # units between black and white
UNIT = Field("unit", OneOf(FIFTH_UNITS), 1, "the unit of a pixel")
UNIT_NAMES = dict(zip(FIFTH_UNITS, ("0 … 1", "−1 … 1", "0 … 255", "0 … 256"), strict=True))
DENSITY = Figure("log p(x), a density", unit="nats")
VOLUME = Figure("volume of a cell", unit="nats")
BOUND = Figure("log P(levels), a bound", unit="nats")
PER_PIXEL = Figure("per pixel, in every unit", unit="bits/dim")
DRAWS = 16  # draws of the dequantisation noise of a picture
HEADS = (DENSITY, VOLUME, BOUND, PER_PIXEL)


def in_unit(log_prob: float, unit: float) -> float:
    """Return log p of pixels with `unit` units between black and white, from that of pixels in [0, 1]."""
    return log_prob - PIXELS * math.log(unit)


def density_answer(log_prob: Sequence[float], name: str) -> Answer:
    """Describe the log-density of a picture in several units, from several draws of the noise within the levels."""
    mean, se = statistics.fmean(log_prob), statistics.stdev(log_prob) / math.sqrt(len(log_prob))
    bound = of_levels(mean)
    bits = bits_per_dim(bound)
    known = [in_unit(mean, unit) for unit in FIFTH_UNITS]

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

    places = [k + 0.5 for k in range(len(FIFTH_UNITS))]
    tops = [
        {"points": [(place, max(y, 0) + 230)], "label": with_sign(y), "colour": "ink", "over": True}
        for place, y in zip(places, known, strict=True)
    ]
    level = {"points": [(0, bound), (len(FIFTH_UNITS), bound)], "colour": "ink", "dash": [5, 4], "width": 1.5}
    own = {"kind": "bound", "nats": bound, "se": se, "bits_per_dim": bits}
    by_unit = Chart(
        x=Axis(ends=[0, len(FIFTH_UNITS)], ticks=places, names=[*UNIT_NAMES.values()]),
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
        | {f"log p(x), pixels in {UNIT_NAMES[unit]}, nats": in_unit(value, unit) for unit in FIFTH_UNITS}
        | {"bits per dimension": bits_per_dim(of_levels(value))}
        for k, value in enumerate(log_prob, 1)
    ]
    return Answer(
        table=Table(table),
        charts=[by_unit, by_draw],
        stops={"unit": [(k + 0.5, unit) for k, unit in enumerate(FIFTH_UNITS)]},
        each=Each("unit", FIFTH_UNITS, [part(k, unit) for k, unit in enumerate(FIFTH_UNITS)]),
        view={"own": own | bar_texts(own)},
    )


@heavy
def density(net: ImageNet, picture: Picture, seed: Seed) -> Answer:
    """Compute the log-density of a picture for several draws of the dequantisation noise, in several units."""
    model = checkpoints.load(net)
    levels = data.read(picture, model.space).to(device_of(model)).expand(DRAWS, *model.space.shape)
    with torch.no_grad():
        log_prob = model.log_prob(model.dequantise(levels, rng(seed)))
    name = name_of(picture)
    return density_answer(round_numbers(log_prob), f"test image {picture[1]}, {name}" if picture[0] == "test" else name)


@heavy
def beside(net: ImageNet) -> Answer:
    """List the other networks of the same data, with the comparability of their likelihoods.

    Two log-probabilities are comparable if both are of the same x, that is if the spaces agree.
    """
    space = checkpoints.load(net).space
    return Answer(view={"nets": [stands(other, space) for other in nets_of(dataset_of(net)) if other != net]})


class Beside(TypedDict):
    """Likelihood of another network: its `kind`, its space, and whether it may be compared, or `why` it has none."""

    net: str
    title: str
    kind: str | None
    space: str | None
    comparable: bool
    why: str


def stands(net: str, space: Space) -> Beside:
    """Describe a network's likelihood and its comparability with `space`, or the error if it cannot be loaded."""
    try:
        model = checkpoints.load(net)
    except checkpoints.CheckpointError as error:
        return {"net": net, "title": net, "kind": None, "space": None, "comparable": False, "why": str(error)}
    return {
        "net": net,
        "title": model.title,
        "kind": likelihood.kind(model),
        "space": model.space.name,
        "comparable": space.comparable(model.space),
        "why": reason(model, "log_prob"),
    }


MODE = Mode(
    "fifth",
    "Density",
    "test",
    fields=[UNIT],
    functions=[density, beside],
    panel=Panel(
        density,
        controls=[[Control(UNIT, "segments", "Pixels in", options=UNIT_NAMES)]],
        more=[[Control(SEED, "seed")]],
        tries=[
            ("A plain 1", DIGIT | {"img": 330}),
            ("A strange 2", DIGIT | {"img": 29}),
            ("Pixels in 0 … 255", {"net": "flow-mnist", "unit": 255}),
        ],
        shows=Shows(
            "A log-density depends on the unit of a pixel: change it",
            HEADS,
            charts=[("log p(x) by the unit of a pixel", 330, "unit"), ("log p(x) of each draw within the levels", 130)],
            waits="The flow computes the density of the picture…",
        ),
    ),
    code={
        "Density": [density.plain, ImageFlow.dequantise, stands],
    },
)
