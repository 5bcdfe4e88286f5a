"""*Sparse*: a sparse code: its atoms, removed or amplified."""

from collections.abc import Sequence
from typing import Annotated

import torch

from explorer import data
from explorer.fields import Field, Reals, Whole
from explorer.models.autoencoder import SparseAutoencoder
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Each, Figure, Table
from explorer.numbers.words import num
from explorer.spaces import LEVELS
from explorer.steps import round_numbers
from explorer.tabs.autoencoders.shared import OF, PICTURE, SPARSE_NETS, Found
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.nets import Nets
from explorer.tabs.kit.layout.fields import Picture
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Grid, Panel, Shows

DICTIONARY_ACTIVE = 25  # active units of an image
LARGEST_FACTOR = 3  # largest factor on a unit's activation
UNIT = Field("unit", Whole(0, DICTIONARY_ACTIVE - 1), 0, "the unit that is looked at")
GAINS = Field(
    "gains",
    Reals((("a unit's factor", 0, LARGEST_FACTOR),) * DICTIONARY_ACTIVE),
    (1,) * DICTIONARY_ACTIVE,
    "what each unit is multiplied by",
)
SparseNet = Annotated[str, Field("net", Nets(SPARSE_NETS), title="the sparse autoencoder")]
Unit = Annotated[int, UNIT]
Gains = Annotated[tuple[float, ...], GAINS]
FIRE = Figure("units that fire")
ALL_ATOMS, EDITED = Figure("squared error, all atoms"), Figure("squared error, as edited")
FACTORS = [k / 10 for k in range(10 * LARGEST_FACTOR + 1)]  # of the chosen unit's activation
DICTIONARY = PICTURE | {"net": SPARSE_NETS[0]}
HEADS = (FIRE, ALL_ATOMS, EDITED)
TRIES = [
    ("Largest activation removed", DICTIONARY | {"unit": 0, "gains": [0, *[1] * (DICTIONARY_ACTIVE - 1)]}),
    ("Only five atoms", DICTIONARY | {"unit": 0, "gains": [1] * 5 + [0] * (DICTIONARY_ACTIVE - 5)}),
    ("One activation × 3", DICTIONARY | {"unit": 1, "gains": [1, 3, *[1] * (DICTIONARY_ACTIVE - 2)]}),
]


def dictionary_answer(
    found: Found,
    edited: tuple[int, Sequence[float]],
    images: tuple[str, Sequence[str], str],
    errors: tuple[float, Sequence[float]],
) -> Answer:
    """Describe a sum of atoms for each factor of the chosen unit.

    Arguments:
        found: Active units with their values, `of` how many, and the factors of the chosen one.
        edited: The chosen unit, and the factors of all.
        images: The picture, the sum for each factor, and the atoms.
        errors: Squared error of all atoms, and of the sum for each factor.
    """
    (unit, gains), (x, sums, atoms), (whole, after) = edited, images, errors
    names, values = found["units"], found["values"]
    fire = f"{len(names)} of {found['of']:,}"
    first = f"The picture is a sum of atoms. With the bias its squared error is {num(whole, 1)}."

    def part(k: int, factor: float) -> Answer:
        now = [factor if place == unit else gain for place, gain in enumerate(gains)]
        changed = sum(gain != 1 for gain in now)
        then = (
            f"With {changed} changed it is {num(after[k], 1)}."
            if changed
            else f"Unit {names[unit]} has the activation {num(values[unit], 1)}: without it nothing else changes, the "
            "sum is linear."
        )
        gone = {str(place): "gone" for place, gain in enumerate(now) if gain == 0}
        table = [
            {"unit": name, "value": value, "factor": gain} for name, value, gain in zip(names, values, now, strict=True)
        ]
        return Answer(
            grids=[
                {
                    "images": [x, sums[k]],
                    "captions": ["yours", f"{sum(gain > 0 for gain in now)} atoms, summed"],
                    "given": 1,
                },
                {
                    "images": atoms,
                    "captions": [num(value * gain, 1) for value, gain in zip(values, now, strict=True)],
                    "marks": gone | {str(unit): "now"},
                },
            ],
            pictures={"x": x, "out": sums[k]},
            numbers=[FIRE.of(fire), ALL_ATOMS.of(whole), EDITED.of(after[k])],
            words=f"{first} {then}",
            table=Table(table),
        )

    parts = [part(k, factor) for k, factor in enumerate(found["factors"])]
    return Answer(each=Each("factor", found["factors"], parts))


@light
@torch.no_grad()
def units(net: SparseNet, picture: Picture, unit: Unit, gains: Gains) -> Answer:
    """Return the active units for a picture, the largest first, each with its atom, and the sum of the scaled atoms.

    The sum is there for every factor of the chosen unit, because the browser has no atoms to add.
    """
    model: SparseAutoencoder = checkpoints.load(net)
    x = data.read(picture, LEVELS)
    values, which = model.encode(x)[0].topk(model.active)
    atoms = model.decoder.weight.T[which]
    factors = torch.tensor(FACTORS)
    others = torch.tensor(gains).index_fill(0, torch.tensor(unit), 0) * values
    linear = model.decoder.bias + others @ atoms + factors[:, None] * values[unit] * atoms[unit]
    whole = (model.decoder.bias + values @ atoms).clamp(0, 1)
    images = linear.clamp(0, 1)
    errors = (images - x.flatten()).square().sum(-1).tolist()
    reach = atoms.abs().amax(-1, keepdim=True).clamp(min=1e-9)
    levels = LEVELS.encode((0.5 + atoms / (2 * reach)).view(-1, *LEVELS.shape))
    return dictionary_answer(
        {"units": which.tolist(), "values": round_numbers(values), "of": model.latent, "factors": FACTORS},
        (unit, gains),
        (LEVELS.encode(x), [LEVELS.encode(image.view(1, *LEVELS.shape)) for image in images], levels),
        (float((whole - x.flatten()).square().sum()), errors),
    )


MODE = Mode(
    "dictionary",
    "Sparse",
    "play",
    fields=[UNIT, GAINS],
    functions=[units],
    panel=Panel(
        units,
        controls=[OF],
        tries=TRIES,
        shows=Shows(
            "Tap an atom to remove or amplify it",
            HEADS,
            grids=[
                Grid("Your picture and the sum", 2, rows=2.2),
                Grid("Atoms by activation", 9, rows=6.4, titled=True, sets="unit"),
            ],
        ),
        nets=SPARSE_NETS,
    ),
    tries=TRIES,
    code={
        "Sparse": [units.plain],
    },
)
