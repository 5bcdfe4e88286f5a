"""*Learned*: what each time costs in the training and in the bound."""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Annotated, Any

from explorer import data
from explorer.fields import Field, OneOf, Whole
from explorer.models.diffusion import Diffusion
from explorer.networks import checkpoints
from explorer.networks.card import Card, find
from explorer.numbers.answer import Answer, Axis, Chart, Figure, Table
from explorer.numbers.words import brief, num, percent, ticks
from explorer.tabs.diffusion.shared import TIMES, DiffusionNet
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import Picture, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

T = Field("t", Whole(0, TIMES), None, "the time to which an image is noised")  # None is the end of the film
PART = Field("part", OneOf(("loss", "bound")), None, "the chart", optional=True)
Time = Annotated[int, replace(T, default=300, optional=True)]
Part = Annotated[str | None, PART]
Bound = Mapping[str, Any]
EARLY = 10  # times
HARD = 0.1  # mean squared error of the predicted noise
NOTHING_LEFT = 0.03  # of ᾱ
LOSS_DIGITS = 4
NOT_YET = "the loss and the bound of this network are not measured yet"
LOSS = Figure("mean squared error of ε̂", digits=LOSS_DIGITS)
SHARE = Figure("share of the whole bound")
TIME = Figure("t")
BITS = Figure("bits of the interval", unit="bits/dim", digits=LOSS_DIGITS)
RATIO = Figure("signal to noise ᾱ/(1−ᾱ)")
FIRST = Figure(f"times up to about {EARLY}", unit="bits/dim", digits=3)
LATER = Figure("all later times", unit="bits/dim", digits=3)
PRIOR = Figure("x₁₀₀₀ against pure noise", unit="bits/dim", digits=5)
BOUND = Figure("−log₂ p(x) at most", unit="bits/dim")
HEADS = (LOSS, SHARE, TIME, BITS, RATIO, FIRST, LATER, PRIOR, BOUND)


@light
def loss_at(net: DiffusionNet, picture: Picture, seed: Seed, t: Time, part: Part) -> Answer:
    """Noise a picture to a time, and describe the loss and the cost of that time.

    Raises:
        ValueError: if they are not measured.
    """
    model: Diffusion = checkpoints.load(net)
    card = checkpoints.card_of(net)
    if "bound" not in card:
        raise ValueError(NOT_YET)
    noise = model.noise(1, rng(seed))
    x = data.read(picture, model.space)
    noised = model.schedule.add_noise(model.from_space(x.to(noise)), noise, max(1, t))
    clean, noisy = (model.space.encode(each) for each in (x, model.to_space(noised)))
    result = describe(card, max(1, t), part or "loss", model.schedule.alphas_cumprod.tolist())
    return result | Answer(fed=noisy, pictures={"x": clean, "out": noisy})


LEARNED = Panel(
    loss_at,
    controls=[[Control(PART, "segments", "Shown", options={None: "Loss against t", "bound": "The bound, split"})]],
    tries=[
        ("Almost no noise", {"t": 1, "part": None}),
        ("What the bound pays for", {"t": 1, "part": "bound"}),
        ("Almost only noise", {"t": 800, "part": None}),
    ],
    shows=Shows(
        "Tap a bar: how well is the noise predicted at each time t?",
        HEADS,
        charts=[("What was measured of every time", 500, "t")],
    ),
)


def times_in(edges: Sequence[int], k: int) -> str:
    """Return the times of an interval; its upper edge belongs to the next one."""
    low, high = edges[k], edges[k + 1] - 1
    return f"t = {low}" if low == high else f"t = {low} to {high}"


def describe(card: Card, t: int, part: str, alphas: Sequence[float]) -> Answer:
    """Return the chart, the numbers, the words and the table of a time.

    Arguments:
        card: Card with the bound by intervals of the time.
        t: The time.
        part: “loss” or “bound”, what the chart shows.
        alphas: ᾱ by time, from 0.
    """
    bound, prior = card["bound"], find(card, "prior")
    edges, bits, loss = bound["edges"], bound["bits"], bound["loss"]
    k = min(max(bisect_right(edges, t) - 1, 0), len(bits) - 1)
    whole = sum(bits) + prior["value"]
    early = bisect_right(edges, EARLY + 1) - 1
    first = sum(bits[:early])
    total = find(card, "bits_per_dim")
    middles = [math.floor(math.sqrt(low * (high - 1))) for low, high in pairwise(edges)]
    error, share = LOSS.of(loss[k]), SHARE.of(percent(bits[k] / whole, 1))
    numbers = [
        *((share, error) if part == "bound" else (error, share)),
        TIME.of(times_in(edges, k)[4:]),
        BITS.of(bits[k]),
        RATIO.of(brief(alphas[t] / (1 - alphas[t]), 3)),
        FIRST.of(first),
        LATER.of(sum(bits) - first),
        PRIOR.of_row(prior),
        BOUND.of_row(total, f"{num(total['value'], 3)} ± {num(total['se'], 3)}"),
    ]
    table = [
        {"from t": low, "to t": high - 1, "mean squared error": loss[k], "bits/dim": bits[k]}
        for k, (low, high) in enumerate(pairwise(edges))
    ]
    return Answer(
        numbers,
        table=Table(table),
        charts=[chart(bound, part, k, middles)],
        chosen={"t": t},
        stops={"t": [(math.log10(max(1, middle)), middle) for middle in middles]},
        words=f"{words(bound, part, k, whole, alphas)} Measured on {prior['n']:,} test images, without a class. "
        "Bits per dimension are of 784 pixels with 256 grey levels.",
    )


def chart(bound: Bound, part: str, chosen: int, middles: Sequence[int]) -> Chart:
    """Return the loss, or the cost, of every interval as bars over the logarithm of the time."""
    edges, values = bound["edges"], bound["loss" if part == "loss" else "bits"]
    log = [math.log10(edge) for edge in edges]
    if part == "loss":
        logs = [math.log10(value) for value in values]
        lowest = math.ceil(min(logs)) - 1  # the power of ten from which the bars rise
        heights, high = [each - lowest for each in logs], max(0, *logs) - lowest
        marks = list(range(math.floor(high) + 1))
        names = [f"{10.0 ** (lowest + mark):g}" for mark in marks]
        title, unit = "mean squared error of ε̂ by time t", "both axes log"
    else:
        heights, high = values, 1.05 * max(values)
        marks = ticks(0, high)
        names = [f"{mark:g}" for mark in marks]
        title, unit = "bits per dimension of the interval by time t", "axis of t log"
    middle = (log[0] + log[-1]) / 2
    return Chart(
        x=Axis(
            ends=[log[0], log[-1]],
            ticks=[log[0], middle, log[-1]],
            names=["1", f"{10**middle:.0f}", f"t = {edges[-1] - 1:,}"],
        ),
        y=Axis(title, unit, ends=[0, high], ticks=marks, names=names),
        bars=[
            {"x0": log[k], "x1": log[k + 1], "y": y, "colour": "you" if k == chosen else "quiet"}
            for k, y in enumerate(heights)
        ],
        words=f"{num(values[chosen], LOSS_DIGITS)} at {times_in(edges, chosen)}. Arrow keys choose another interval",
    )


def words(bound: Bound, part: str, k: int, whole: float, alphas: Sequence[float]) -> str:
    """Return how hard the noise of an interval is to predict and what the interval costs, what is shown first."""
    edges, loss = bound["edges"], bound["loss"]
    share = percent(bound["bits"][k] / whole, 1)
    times = percent((edges[k + 1] - edges[k]) / (edges[-1] - 1), 1)
    one = edges[k + 1] - edges[k] == 1
    cost = f"This single time costs {share}" if one else f"This bar covers {times} of the time steps and {share}"
    why = "The more noise there is, the better it can be seen."
    if loss[k] > HARD:
        why = "So little noise is hard to see in an image."
    elif alphas[edges[k]] < NOTHING_LEFT:
        why = "xₜ is nearly all noise here, so repeating xₜ is nearly right."
    hard = (
        f"At {times_in(edges, k)} the predicted noise has a mean squared error of {num(loss[k], LOSS_DIGITS)}; always "
        f"predicting 0 would have 1. {why}"
    )
    return f"{cost} of the bound. {hard}" if part == "bound" else f"{hard} {cost} of the bound."


MODE = Mode(
    "learned",
    "Learned",
    "test",
    fields=[T, PART],
    functions=[loss_at],
    panel=LEARNED,
)
