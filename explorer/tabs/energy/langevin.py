"""*An energy of images*: four Langevin chains, and the exact log-ratio of two images."""

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean
from typing import Annotated, Any

import torch

from explorer import data
from explorer.fields import Field, OneOf, Real
from explorer.measures.ebm import FLOOR, FROM_DIGITS, FROM_NOISE
from explorer.models.ebm import EBM
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.networks.card import Card, find, rows
from explorer.numbers.answer import Answer, Figure, Report
from explorer.numbers.words import RAISED, num
from explorer.running.device import device_of
from explorer.serving.films import Script
from explorer.steps import Step, round_numbers
from explorer.tabs.energy.image import BEGINS, BEGUN, DRAWN, EBM_NET, PICTURE, SETS, Begin, script
from explorer.tabs.kit.ask.answers import film, light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import IMG, SEED, Picture, Seed, name_of
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel

LONGER = Field("longer", OneOf((1, 10)), 1, "how many times the usual steps")
STRIDE = Field("stride", Real(0.5, 16), 1, "the size of a step, in the training's")
Longer = Annotated[int, LONGER]
Stride = Annotated[float, STRIDE]
OtherTest = Annotated[int, Field("other", IMG.kind, title="the second test image")]
ROUNDED = 14  # nats from which a ratio of probabilities is a power of ten
LANGEVIN_NEAR = 0.7  # nats below which two images count as about as likely
LEFT = Figure("E of the picture on the left", unit="nats", digits=1)
RIGHT = Figure("E of the digit on the right", unit="nats", digits=1)
RATIO = Figure("log p(left) − log p(right), exact", unit="nats", digits=1)
LOG_P = Figure("log p of the picture")
HEADS = (LEFT, RIGHT, RATIO, LOG_P)


@film
def langevin(picture: Picture, seed: Seed, begin: Begin, longer: Longer, stride: Stride) -> Script:
    """Film four Langevin chains on an energy of images, from noise or from a picture."""
    model: EBM = checkpoints.load(EBM_NET)
    steps = longer * model.steps

    def walk() -> Iterator[Step]:
        generator = rng(seed)
        x = torch.rand(DRAWN, *model.space.shape, generator=generator).to(device_of(model))
        if begin == "picture":
            x = data.read(picture, model.space).to(x).expand_as(x)
        return model.langevin_steps(x, generator=generator, steps=steps, step=stride * model.step)

    def say(index: int, numbers: Mapping[str, Any], first: float) -> Report:
        return langevin_report(index, numbers["energy"], numbers["slope"], first, begin, stride, cards.of(EBM_NET))

    return script(model, walk, steps, {"energy": "energy", "slope": "slope"}, say)


@light
def weigh(picture: Picture, other: OtherTest) -> Answer:
    """Return the energies of a picture and of a test image, in nats; their difference is a log-ratio of densities."""
    model: EBM = checkpoints.load(EBM_NET)
    with torch.no_grad():
        x = torch.cat([data.read(each, model.space) for each in (picture, ("test", other, "mnist"))])
        energies = round_numbers(model.energy(x.to(device_of(model))))
        name = name_of(picture)
        view = {"energies": energies, "x": model.space.encode(x)}
        return Answer(view=view) | ratio_answer(*energies, name)


def langevin_report(
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
    if abs(apart) < LANGEVIN_NEAR:
        words += " By this energy both are about as likely."
    else:
        words += (
            f" log Z cancels: by this energy {more} is {times(abs(apart))} times as likely as {less}, "
            f"{num(abs(apart), 1)} nats, exactly."
        )
    return Answer([LEFT.of(mine), RIGHT.of(other), RATIO.of(apart), LOG_P.of("∅ cannot say")], words)


MODE = Mode(
    "langevin",
    "An energy of images",
    "look",
    fields=[LONGER, STRIDE],
    functions=[langevin, weigh],
    panel=Panel(
        langevin,
        controls=[BEGINS],
        more=[
            SETS,
            [Control(LONGER, "segments", "How long", options={1: "as usual", 10: "10 × as long"})],
            [Control(SEED, "seed"), Control(STRIDE, "slider", "Step, × that of the training", step=0.5, digits=1)],
        ],
    ),
    tries=[
        ("Ten times as long", PICTURE | {"net": "ebm-mnist", "begin": "noise", "longer": 10, "stride": 1, "seed": 7}),
        ("Steps that are too large", PICTURE | {"net": "ebm-mnist", "begin": "picture", "longer": 1, "stride": 16}),
    ],
    heads=HEADS,
    code={"An energy of images": [langevin.plain, EBM.langevin_steps, EBM.langevin_step, weigh.plain]},
)
