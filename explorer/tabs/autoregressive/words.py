"""Numbers and sentences of an image that is scored, in nats."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from explorer.lessons.exercises import say
from explorer.models.raster import PIXELS, SIDE
from explorer.numbers.answer import FINDING, Answer, Figure, Table
from explorer.numbers.words import place_of
from explorer.tabs.kit.layout.fields import Image, own_name

REAL = Figure("−log p of the real rest", unit="nats")
LIKELIER = Figure("draws that are likelier")
LOWEST = Figure("lowest draw", unit="nats")
HIGHEST = Figure("highest draw", unit="nats")
COMPLETE_HEADS = (FINDING, REAL, LIKELIER, LOWEST, HIGHEST)
NATS = Figure("−log p(x)", unit="nats")
BITS = Figure("−log₂ p(x)", unit="bits")
PER_DIMENSION = Figure("bits per dimension", unit="bits/dim")
HEADS = (NATS, BITS, PER_DIMENSION)
PICTURES = {
    "test": "the test image",
    "pixels": "this image",
    "blank": "the blank page",
    "noise": "this noise",
}


def called(picture: Image) -> str:
    """Return what a sentence calls a picture."""
    return own_name(picture) if picture[0] == "bits" else PICTURES[picture[0]]


def half_on(costs: Tensor) -> int:
    """Return the smallest number of pixels that hold half of the costs (784,)."""
    held = costs.sort(descending=True).values.cumsum(0)
    return int((held < costs.sum() / 2).sum()) + 1


def score_report(log_prob: Tensor, entropy: Tensor, picture: Image, orders: bool) -> Answer:
    """Return the numbers and the sentences of an image.

    Arguments:
        log_prob: log p of each pixel given those before it, in nats: (784,).
        entropy: Entropy of each prediction, in nats: (784,).
        picture: The picture, whose kind names it.
        orders: Whether the network knows other orders than that of the raster.
    """
    total, bits = float(log_prob.sum()), -float(log_prob.sum()) / math.log(2)
    most = int(torch.argmin(log_prob))
    return Answer(
        numbers=[NATS.of(say(-total, 2)), BITS.of(say(bits, 2)), PER_DIMENSION.of(say(bits / PIXELS, 4))],
        view={"watched": most},
        words=f"All 784 conditionals of {called(picture)} come from one pass. They cost"
        f"{', in raster order,' if orders else ''} −log p(x) = {say(-total, 2)} nats: exact, not a bound. Half "
        f"of it lies in {half_on(-log_prob)} pixels, and the most surprising one, "
        f"{place_of(most, SIDE)}, alone costs {say(-float(log_prob[most]), 2)} nats. The network expected "
        f"{say(float(entropy.sum()), 2)} nats along the way, and the image cost {say(-total, 2)}.",
    )


def completion_report(rows: int, seed: int, picture: Image, rest: Sequence[float], real: float) -> Answer:
    """Return the numbers and sentences of completions of the first rows; log p of the rest in nats, drawn and real."""
    name, total, count = called(picture), PIXELS - SIDE * rows, len(rest)
    above = sum(each > real for each in rest)
    few = {0: "more likely than all eight", count: "less likely than all eight"}
    kept = "Nothing is given" if rows == 0 else f"The upper {rows} {'row is' if rows == 1 else 'rows are'} given"
    whose, which = ("yours", "Your") if picture[0] == "bits" else ("real", "The real")
    completions = {f"completion {k + 1}": value for k, value in enumerate(rest)}
    return Answer(
        numbers=[
            FINDING.of(f"{which} rest is {few.get(above, f'less likely than {above} of the draws')}."),
            REAL.of(say(-real, 2)),
            LIKELIER.of(f"{above} of {count}"),
            LOWEST.of(say(-max(rest), 2)),
            HIGHEST.of(say(-min(rest), 2)),
        ],
        view={"name": whose},
        words=f"{kept}. The other {total} pixels are drawn. The eight draws have −log p(rest | given) from "
        f"{say(-max(rest), 2)} to {say(-min(rest), 2)} nats; the real rest of {name} has {say(-real, 2)}. If the "
        "network had drawn the image, the real rest would be a ninth draw: each of nine ranks would be equally likely.",
        table=Table(
            [
                {"image": each, "rows given": rows, "seed": seed, "log p(rest | given), nats": value}
                for each, value in ({name: real} | completions).items()
            ]
        ),
    )
