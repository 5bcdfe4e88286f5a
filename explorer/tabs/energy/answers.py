"""Sentences about energies of images and their chains."""

import math
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from explorer.measures.ebm import FLOOR, FROM_DIGITS, FROM_NOISE
from explorer.networks.card import Card, find, rows
from explorer.tabs.kit.numbers.answer import Answer, Figure, Report
from explorer.tabs.kit.numbers.words import RAISED, num, percent

Frame = Mapping[str, Any]
HELD = {"none": "", "top": ", the upper half held,", "left": ", the left half held,"}
BEGUN = {"noise": "noise", "picture": "the picture"}
ROUNDED = 14  # nats from which a ratio of probabilities is a power of ten
NEAR = 0.7  # nats below which two images count as about as likely


def surprise(nats: float | None, log_z: Sequence[float] | None) -> str:
    """Return −log p(x) by the estimate of log Z, with its standard error."""
    return "not measured yet" if nats is None else f"≈ {num(-nats, 1)} ± {num(log_z[1])}"


def machine_sentence(seen: Frame) -> str:
    """Describe a Boltzmann machine's view of an image: hidden units, free energy, and log p(x) if log Z is known."""
    on = sum(each > 0.5 for each in seen["on"])
    first = (
        f"{on} of {len(seen['on'])} hidden units are on. The free energy of this image is "
        f"{num(seen['free_energy'], 1)} nats, exactly: all the hidden units have been summed out."
    )
    if seen["nats"] is None:
        return first
    log_z, se = seen["log_z"]
    exact = seen["exact"]
    beside = "" if exact is None else f"; the PixelCNN computes {num(-exact, 1)} for the same pixels, exactly"
    return (
        f"{first} With log Z ≈ {num(log_z, 1)} ± {num(se)} that makes −log p(x) "
        f"{surprise(seen['nats'], seen['log_z'])} nats, an estimate{beside}."
    )


def unit(seen: Frame, rank: int) -> str:
    """Describe a hidden unit by its rank among those of the image."""
    index = seen["units"][rank]
    return (
        f"Unit {index + 1}: on at {percent(seen['on'][index])}. It lowers the free energy of this image "
        f"by {num(seen['adds'][rank], 1)} nats more than that of a blank page. White: ink there turns it on; black: "
        "off."
    )


def machine(seen: Frame) -> Answer:
    """Return the texts about an image of a Boltzmann machine: its sentence, its numbers, and a text for each unit."""
    known, exact = seen["log_z"], seen["exact"]
    return Answer(
        [
            FREE_ENERGY.of(seen["free_energy"]),
            LOG_Z.of(f"{num(known[0], 1)} ± {num(known[1])}" if known else None),
            COST.of(surprise(seen["nats"], known)),
            EXACT_COST.of(exact and -exact),
        ],
        machine_sentence(seen),
        view={"report": [unit(seen, rank) for rank in range(len(seen["units"]))]},
    )


FREE_ENERGY = Figure("free energy F(x), = exact", unit="nats", digits=1)
LOG_Z = Figure("log Z, ≈ estimate", unit="nats")
COST = Figure("−log p(x)", unit="nats")
EXACT_COST = Figure("−log p(x) by PixelCNN, = exact", unit="nats", digits=1)
LEFT = Figure("E of the picture on the left", unit="nats", digits=1)
RIGHT = Figure("E of the digit on the right", unit="nats", digits=1)
RATIO = Figure("log p(left) − log p(right), exact", unit="nats", digits=1)
LOG_P = Figure("log p of the picture")
HEADS = {"boltzmann": (FREE_ENERGY, LOG_Z, COST, EXACT_COST), "langevin": (LEFT, RIGHT, RATIO, LOG_P)}
"""Figures of each mode, the headline first."""


def gibbs(
    index: int, energy: Sequence[float], flipped: Sequence[float], first: float, begin: str, clamp: str
) -> Report:
    """Describe a step of block Gibbs chains; `first` is the mean free energy at the beginning."""
    now, turned, start = fmean(energy), num(fmean(flipped), 0), f"{BEGUN[begin]}{HELD[clamp]}"
    if index == 0:
        words = f"Four chains begin with {start}; their free energy is {num(now, 0)} nats on average."
        return Report(caption="The beginning", words=words)
    return Report(
        caption=f"{turned} pixel{'' if turned == '1' else 's'} changed",
        words=f"After {index:,} block Gibbs steps from {start} the free energy is {num(now, 0)} nats on "
        f"average, where it began at {num(first, 0)}. The last step flipped {turned} of 784 pixels.",
    )


def langevin(
    index: int, energy: Sequence[float], slope: Sequence[float], first: float, begin: str, stride: float, card: Card
) -> Report:
    """Describe a step of Langevin chains; `first` is the mean energy at the beginning."""
    if index == 0:
        words = f"Four chains begin with {BEGUN[begin]}, at an energy of {num(first, 0)} nats."
        return Report(caption="The beginning", words=f"{words} {weak(card)}".strip())
    usual = "" if stride == 1 else f", each {num(stride, 1)} times as large as in training,"
    words = (
        f"After {index:,} Langevin steps{usual} from {BEGUN[begin]} the mean energy is {num(fmean(energy), 0)} "
        f"nats. It began at {num(first, 0)}. The mean gradient is {num(fmean(slope), 0)} nats long."
    )
    caption = f"E, from left to right: {', '.join(num(each, 0) for each in energy)} nats"
    return Report(caption=caption, words=f"{words} {weak(card)}".strip())


def weak(card: Card) -> str:
    """Describe how far the chains of a card are from drawing digits; nothing if it was not measured."""
    ends, drifts = rows(card, "ks", of=FROM_NOISE), rows(card, "drift", of=FROM_DIGITS)
    if len(ends) < 2 or not drifts:
        return ""
    (few, many), drift = ends[:2], drifts[-1]
    changed = f"{'fallen' if drift['value'] < 0 else 'risen'} by {num(abs(drift['value']), 0)} nats"
    return (
        f"This energy is weak: its chains do not draw digits. The energies of {few['n']} chains from noise have a "
        f"Kolmogorov–Smirnov distance of {num(few['value'])} from those of digits after {few['steps']:,} steps, "
        f"and of {num(many['value'])} after {many['steps']:,}; training images have "
        f"{num(find(card, 'ks', of=FLOOR)['value'])}. Chains begun at digits should keep their energy, and after "
        f"{drift['steps']:,} steps it has {changed}."
    )


def times(nats: float) -> str:
    """Return e to the power of some nats: as a whole number, or as a power of ten."""
    return f"{round(math.exp(nats)):,}" if nats < ROUNDED else f"10{str(round(nats / math.log(10))).translate(RAISED)}"


def ratio_answer(mine: float, other: float, name: str) -> Answer:
    """Describe the energies of two images by their exact log-ratio; the first image is called `name`."""
    apart, beside = other - mine, "the digit beside it"
    more, less = (name, beside) if apart >= 0 else (beside, name)
    words = f"The energies are {num(mine, 1)} and {num(other, 1)} nats."
    if abs(apart) < NEAR:
        words += " By this energy both are about as likely."
    else:
        words += (
            f" log Z cancels: by this energy {more} is {times(abs(apart))} times as likely as {less}, "
            f"{num(abs(apart), 1)} nats, exactly."
        )
    return Answer([LEFT.of(mine), RIGHT.of(other), RATIO.of(apart), LOG_P.of("∅ cannot say")], words)
