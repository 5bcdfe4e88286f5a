"""*Weight of L1*: translations with several weights λ of the L1 term."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

import torch

from explorer.fields import Field, OneOf
from explorer.measures.cyclegan import gap
from explorer.models.pix2pix import Pix2Pix
from explorer.models.sources import outline
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Details, Figure, Table
from explorer.numbers.words import num, percent
from explorer.spaces import LEVELS
from explorer.steps import round_numbers
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Picture, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Grid, Panel, Shows
from explorer.tabs.translate.networks import GARMENTS, WEIGHTS
from explorer.tabs.translate.shared import (
    DIFFERENCE,
    ERROR,
    GIVEN,
    KEPT,
    TEST,
    Found,
    Measured,
    classify,
    figures,
    grey,
    grid,
    kept_share,
    outline_grid,
    predicted_class,
    recorded_difference,
    source_of,
)

L1 = Field("l1", OneOf(tuple(WEIGHTS)), 100, "the weight λ of the L1 term")
Weight = Annotated[int, L1]
FORMS = {"error": percent, "frechet": num}
KEPT_WITH = Figure("class kept, with this λ")
FRECHET = Figure("Fréchet distance to the test images", digits=1)
SPREAD = Figure("difference of two answers", unit="of white")
HEADS = (KEPT_WITH, DIFFERENCE, ERROR, FRECHET, SPREAD)


def distance_of(found: Measured) -> Figure:
    """Return the recorded Fréchet distance."""
    return FRECHET.of_row(found["frechet"]) if "frechet" in found else FRECHET


def plain_figure(found: Measured, name: str) -> Any:
    """Return a recorded figure for a table; an empty text if there is none."""
    return found[name]["value"] if name in found else ""


def weight_answer(answer: Found) -> Answer:
    """Describe translations with all weights λ of L1."""
    weights, rows, made = answer["weights"], answer["measured"], answer["made_as"]
    at = weights.index(answer["chosen"])
    first, last, now = rows[0], rows[-1], rows[at]
    compared = ""
    if {"error", "frechet"} <= first.keys() & last.keys():
        changes = (f"{form(first[name]['value'], 1)} to {form(last[name]['value'], 1)}" for name, form in FORMS.items())
        compared = (
            f"From λ = {weights[0]} to {weights[-1]}, the difference from the real image changes from "
            "{}, and the Fréchet distance from {}. ".format(*changes)
        )
    words = (
        f"With λ = {answer['chosen']}, the translation is classified as {made[at]['name']}. {compared}"
        "The adversarial term rewards an image that looks real, the L1 term the right one on average."
    )
    differences = answer["differences"]
    numbers = [
        kept_share(replace(KEPT_WITH, name=f"class kept, λ = {answer['chosen']}"), now),
        grey(DIFFERENCE, differences and differences[at]),
        recorded_difference(ERROR, now, "error"),
        distance_of(now),
        recorded_difference(SPREAD, now, "spread", 2),
    ]
    images = [
        (image, f"λ {each}: {predicted_class(of)}")
        for image, each, of in zip(answer["made"], weights, made, strict=True)
    ]
    runs = [*zip(weights, made, rows, answer["epochs"], strict=True)]
    return Answer(
        numbers,
        words,
        Table([weight_row(*run) for run in runs]),
        grids=[grid(images, marks={str(at): "now"}), outline_grid(answer)],
        details=Details([weight_line(each, found, epochs) for each, _, found, epochs in runs]),
        pictures={"s": answer["source"], "y": answer["made"][at]},
        view=answer,
    )


def weight_row(weight: int, made_as: Measured, found: Measured, epochs: int) -> dict[str, Any]:
    """Return the row of a weight in the table to keep."""
    return {
        "l1": weight,
        "class": made_as["name"],
        "probability": made_as["share"],
        **{name: plain_figure(found, name) for name in ("kept", "error", "frechet")},
        "epochs": epochs,
    }


def weight_line(weight: int, found: Measured, epochs: int) -> dict[str, str]:
    """Return the row of a weight in the displayed table."""
    kept = kept_share(KEPT, found)
    return {
        "λ": str(weight),
        "class kept": f"{kept.text} {kept.unit}",
        "difference": recorded_difference(ERROR, found, "error").text,
        "Fréchet distance": distance_of(found).text,
        "epochs": str(epochs),
    }


@light
@torch.no_grad()
def weights(picture: Picture, seed: Seed, l1: Weight) -> Answer:
    """Translate an outline by the networks of all weights λ, with the same noise."""
    source, x = source_of(picture, outline)
    models: Mapping[int, Pix2Pix] = {weight: checkpoints.load(net) for weight, net in WEIGHTS.items()}
    made = torch.cat([model.sample(1, generator=rng(seed), source=source) for model in models.values()])
    found = {
        "source": LEVELS.encode(source),
        "real": None if x is None else LEVELS.encode(x),
        "chosen": l1,
        "weights": list(models),
        "made": [LEVELS.encode(each) for each in made],
        "made_as": classify("fashion-mnist", made),
        "differences": None if x is None else round_numbers(gap(made, x)),
        "measured": [figures(net, "kept", "error", "frechet", "spread") for net in WEIGHTS.values()],
        "epochs": [len(cards.of(net)["training"]["losses"]) for net in WEIGHTS.values()],
    }
    return weight_answer(found)


MODE = Mode(
    "weight",
    "Weight of L1",
    "test",
    fields=[L1],
    functions=[weights],
    panel=Panel(
        weights,
        controls=[
            [Control(L1, "segments", "Weight λ of L1", options={each: str(each) for each in L1.kind.choices})],
            [Control(SEED, "seed")],
        ],
        tries=[
            ("Adversarial loss alone", TEST | {"img": 1, "l1": 0}),
            ("A small weight", TEST | {"img": 14, "l1": 1}),
        ],
        nets=[GARMENTS],
        shows=Shows(
            "Choose λ, and compare what the two terms of the loss reward",
            HEADS,
            grids=[Grid("The translations by weight", 2, rows=2), GIVEN],
            details=True,
        ),
    ),
)
