"""*With pairs*: an outline becomes a garment, by a network trained with pairs."""

from typing import Annotated

import torch

from explorer.fields import Field, OneOf
from explorer.models.pix2pix import Generator, Pix2Pix
from explorer.models.sources import outline, skeleton
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Figure, Table
from explorer.numbers.rows import share
from explorer.running.device import device_of
from explorer.spaces import LEVELS
from explorer.steps import round_numbers
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Picture, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Grid, Panel, Shows
from explorer.tabs.translate.networks import GARMENTS, NETWORKS_DIGITS, PAIRED, SOURCES, dataset_of
from explorer.tabs.translate.shared import (
    DIFFERENCE,
    ERROR,
    KEPT,
    NET,
    TEST,
    Found,
    classify,
    figures,
    grey,
    grid,
    kept_share,
    predicted_class,
    recorded_difference,
    source_of,
)

PairedNet = Annotated[str, Field("net", OneOf(tuple(PAIRED)), title="the paired translation")]
PROBABILITY = Figure("the classifier's probability of this class")
REAL_PATCHES = Figure("patches: mean probability of real, by D")
HEADS = (FINDING, PROBABILITY, DIFFERENCE, REAL_PATCHES, KEPT, ERROR)


def paired_answer(answer: Found, source: str) -> Answer:
    """Describe a translation of an outline or a skeleton, `source`."""
    made, real, patches = answer["made_as"], answer.get("real_as"), answer["patches"]
    kept = kept_share(KEPT, answer["measured"])
    same = ""
    if real:
        same = ", like the real image" if real["label"] == made["label"] else f", the real one as {real['name']}"
    words = (
        f"The classifier recognises the translation as {made['name']}{same}. "
        f"The generator sees only the {source}, never the grey levels. "
        + (f"On all test images it keeps the class of {kept.text}. " if "kept" in answer["measured"] else "")
        + "The discriminator scores 49 overlapping patches, each of 18 × 18 pixels."
    )
    numbers = [
        FINDING.of(translated_words(source, made, real)),
        PROBABILITY.of(share(made["share"]), name=f"the classifier's probability of {made['name']}"),
        grey(DIFFERENCE, answer.get("difference")),
        REAL_PATCHES.of(share(sum(patches) / len(patches))),
        kept,
        recorded_difference(ERROR, answer["measured"], "error"),
    ]
    first = real and (answer["real"], f"real image: {real['name']}")
    pair = [(answer["source"], source), (answer["made"], f"translation: {predicted_class(made)}")]
    return Answer(
        numbers,
        words,
        Table([{"patch": patch, "probability of real": each} for patch, each in enumerate(patches)]),
        grids=[grid([first, *pair], given=2 if real else 1)],
        pictures={"s": answer["source"], "y": answer["made"]},
        view=answer,
    )


def translated_words(source: str, made: Found, real: Found | None) -> str:
    """Return the headline: what the source became, and whether a classifier sees the same in the real image."""
    if real is None:
        return f"Your {source} became an image that is classified as {made['name']}."
    enough = "alone was enough" if made["label"] == real["label"] else "was not enough"
    return f"The {source} {enough}: the translation is classified as {made['name']}."


@light
@torch.no_grad()
def translate_paired(net: PairedNet, picture: Picture, seed: Seed) -> Answer:
    """Translate a picture's source, and score the patches of the answer."""
    model: Pix2Pix = checkpoints.load(net)
    source, x = source_of(picture, model.source)
    source = source.to(device_of(model))
    made = model.sample(1, generator=rng(seed), source=source)
    dataset = dataset_of(net)
    found = {
        "source": LEVELS.encode(source),
        "made": LEVELS.encode(made),
        "patches": round_numbers(model.score(source, made).sigmoid().flatten()),
        "made_as": classify(dataset, made)[0],
        "measured": figures(net, "kept", "error"),
    }
    if x is not None:
        found |= {
            "real": LEVELS.encode(x),
            "real_as": classify(dataset, x)[0],
            "difference": float((made - x).abs().mean()),
        }
    return paired_answer(found, SOURCES[net])


MODE = Mode(
    "paired",
    "With pairs",
    "look",
    functions=[translate_paired],
    panel=Panel(
        translate_paired,
        controls=[[Control(NET, "segments", "Translation", options=PAIRED)], [Control(SEED, "seed")]],
        tries=[
            ("An ankle boot", TEST | {"net": GARMENTS, "img": 1}),
            ("A bag", TEST | {"net": GARMENTS, "img": 14}),
            ("A digit from its skeleton", TEST | {"net": NETWORKS_DIGITS, "img": 0}),
        ],
        nets=[*PAIRED],
        shows=Shows(
            "Choose a test image, or draw one: the generator fills in its outline",
            HEADS,
            grids=[Grid("The real image, what is given of it, and its translation", 3, rows=1)],
        ),
    ),
    code={
        "With pairs": [translate_paired.plain, outline, skeleton, Generator.forward],
    },
)
