"""*One map*: the map of an autoencoder with two numbers, decoded wherever the pointer is."""

from collections.abc import Sequence

import torch

from explorer import data
from explorer.fields import Field, Reals
from explorer.measures.autoencoder import rms_from_mean
from explorer.models.autoencoder import Autoencoder
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Figure, Table
from explorer.numbers.words import num, pair
from explorer.running.device import device_of
from explorer.spaces import LEVELS
from explorer.steps import round_numbers
from explorer.tabs.autoencoders.shared import (
    CLOTHES,
    KIND,
    KINDS,
    OF,
    OF_TWO,
    PLAIN,
    SPARSE,
    Found,
    MapNet,
    family_of,
    map_of,
    nets_of,
)
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import Picture
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Grid, Panel, Shows

MAP_REACH = 400  # largest coordinate of a code in a request
NEAREST = Figure("distance to the nearest test code, in z")
CLASS = Figure("its class")
WITHIN = Figure("test images within a tenth of the spread")
HEADS = (FINDING, NEAREST, CLASS, WITHIN)
TRIES = [
    ("The same place, contractive", {"net": "contractive-autoencoder-mnist", "z": [0, 0]}),
    ("A strange 2, by all networks", PLAIN | {"img": 29, "draw": None, "source": None}),
    ("Clothes", CLOTHES | {"z": [0, 0]}),
]


def rebuilt_captions(errors: Sequence[float]) -> Found:
    """Return the captions of a picture's four reconstructions."""
    named = [f"{kind} {num(error, 1)}" for kind, error in zip(KINDS.values(), errors, strict=True)]
    return {"captions": named, "words": ", ".join(named)}


def rebuilt_words(two: float, sparse: float) -> str:
    """Return how well two numbers and the sparse code rebuild a picture, from their squared errors, as a sentence."""
    closer = "closer" if sparse < two else "no closer"
    return (
        f"Two numbers rebuild your picture to a squared error of {num(two, 1)}; the sparse code comes {closer}, "
        f"to {num(sparse, 1)}."
    )


def map_answer(own: str, mean: Sequence[float], errors: Sequence[float]) -> Answer:
    """Return what is said of a map besides the place that is pointed at, and of a picture's reconstructions."""
    by = dict(zip(KINDS.values(), errors, strict=True))
    named = ", ".join(f"{num(error, 1)} {kind}" for kind, error in by.items())
    return Answer(
        view={
            "decoded": f"The {own} autoencoder's decoder draws what you see.",
            "useful": rebuilt_words(by.get(own, min(errors)), by[KINDS[SPARSE]]),
        },
        words=f"The codes' mean is {pair(mean)}: nothing in the training says where they should lie. "
        f"Squared errors of your picture: {named}. The sparse one keeps 25 numbers with their places, the others two.",
    )


@heavy
@torch.no_grad()
def map_codes(net: MapNet, picture: Picture) -> Answer:
    """Encode the bundled test images and a picture, and reconstruct the picture by each of the four autoencoders."""
    model, dataset = checkpoints.load(net), dataset_of(net)
    images, x = data.display_split(dataset), data.read(picture, LEVELS).to(device_of(model))
    z = model.encode(images.pixels().to(device_of(model)))
    rivals = [checkpoints.load(f"{family}-{dataset}") for family in (*OF_TWO, SPARSE)]
    rebuilt = torch.cat([rival.reconstruct(x) for rival in rivals])
    errors = (rebuilt - x).square().flatten(1).sum(-1).tolist()
    view = {
        "map": map_of(z, images.labels.tolist()),
        "spread": rms_from_mean(z),
        "mean": round_numbers(z.mean(0)),
        "own": round_numbers(model.encode(x)[0]),
        "errors": errors,
    }
    table = [
        {"test image": i, "class": label, "z1": z1, "z2": z2}
        for i, (label, (z1, z2)) in enumerate(zip(images.labels.tolist(), z.tolist(), strict=True))
    ]
    return Answer(
        table=Table(table),
        grids=[{"images": LEVELS.encode(rebuilt)} | rebuilt_captions(errors)],
        pictures={"x": LEVELS.encode(x)},
        view=view,
    ) | map_answer(KINDS.get(family_of(net), "chosen"), z.mean(0).tolist(), errors)


MODE = Mode(
    "map",
    "One map",
    "look",
    fields=[
        Field(
            "z", Reals((("z₁", -MAP_REACH, MAP_REACH), ("z₂", -MAP_REACH, MAP_REACH))), (0, 0), "the place on the map"
        )
    ],
    functions=[map_codes],
    panel=Panel(
        map_codes,
        controls=[OF, KIND],
        tries=TRIES,
        shows=Shows(
            "Move over the map: the decoder draws what lies there",
            HEADS,
            grids=[Grid("■ Yours, rebuilt (squared error)", 1, rows=7.6, place="side", titled=True)],
        ),
        nets=nets_of(*OF_TWO),
    ),
    tries=TRIES,
    code={
        "One map": [map_codes.plain, Autoencoder.encode, Autoencoder.decode],
    },
)
