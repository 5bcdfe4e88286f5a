"""*Size of the code*: what a longer code rebuilds, and what it draws."""

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import torch

from explorer import data
from explorer.fields import Field, OneOf
from explorer.measures.autoencoder import draw_codes, top_class
from explorer.measures.autoencoder_sizes import to_nearest
from explorer.models.autoencoder import Autoencoder, AutoencoderSizes
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.networks.card import Card, Row, find
from explorer.numbers.answer import FINDING, Answer, Axis, Chart, Details, Figure, Table
from explorer.numbers.words import num, percent
from explorer.running.device import device_of
from explorer.spaces import LEVELS
from explorer.tabs.autoencoders.shared import BESIDE
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

SIZES_NET = "autoencoder-sizes-mnist"
CODE_SIZES = ("2", "8", "32", "64")
LATENTS = Field("latents", OneOf(CODE_SIZES), "2", "the size of the code")
Latents = Annotated[str, LATENTS]
PLACES = {
    "codes": "codes of test images",
    "midpoints": "points midway between two",
    "fitted": "draws from a Gaussian fitted to the codes",
}
COLOURS = {"codes": "ink", "midpoints": BESIDE, "fitted": "quiet"}
LABELS = {"codes": "rebuilt", "midpoints": "midway", "fitted": "drawn"}
MIDWAY = Figure("mean confidence midway between codes")
REBUILT = Figure("in rebuilt test images")
DRAWN = Figure("in draws from a Gaussian")
DATASET = "mnist"
PAIRS = 8
SIZES_ROWS = ("Test images, rebuilt", "Others, rebuilt", "Midway between their codes", "Draws from a fitted Gaussian")
TITLE = "Autoencoders by the size of the code · MNIST"
HEADS = (FINDING, MIDWAY, REBUILT, DRAWN)
TRIES = [
    ("Eight numbers", {"latents": "8", "seed": 7}),
    ("784–256–32, as in lectures", {"latents": "32", "seed": 7}),
    ("64 numbers", {"latents": "64", "seed": 7}),
]


def of_size(card: Card, latents: int) -> dict[str, dict[str, Row]]:
    """Return the rows of one size by what is decoded."""
    return {
        of: {name: find(card, name, of=of, latents=latents) for name in ("confidence", "distance")} for of in PLACES
    }


def midway_words(own: Mapping[str, Any]) -> str:
    """Return how much less confident a classifier is midway between two codes, as a sentence."""
    lost = round(100 * (own["codes"]["confidence"]["value"] - own["midpoints"]["confidence"]["value"]))
    much = f"{lost} point{'s' * (lost != 1)} of" if lost > 0 else "no"
    return f"Midway between two codes the classifier loses {much} confidence."


def by_size(card: Card, sizes: Sequence[str], chosen: str) -> Answer:
    """Describe what a classifier sees between codes and in draws, by the size of the code."""
    known = {size: of_size(card, int(size)) for size in sizes}
    own, mean = known[chosen], find(card, "confidence", of="means of pixels")
    values = {of: {size: known[size][of]["confidence"]["value"] for size in sizes} for of in PLACES}
    low = min(value for each in values.values() for value in each.values()) - 0.03
    places = {size: math.log2(int(size)) for size in sizes}
    named = (sizes[0], sizes[1], sizes[-1])
    sure = {of: percent(own[of]["confidence"]["value"]) for of in PLACES}
    far = {of: num(own[of]["distance"]["value"], 1) for of in PLACES}
    chart = Chart(
        x=Axis(
            ends=[places[sizes[0]] - 0.3, places[sizes[-1]] + 0.3],
            ticks=[places[size] for size in named],
            names=[f"{size} numbers" for size in named],
        ),
        y=Axis("mean confidence of the classifier", note="size of the code on a log scale", ends=[low, 1]),
        lines=[
            {
                "points": [(places[size], value) for size, value in values[of].items()],
                "colour": colour,
                "label": LABELS[of],
                "below": of == "fitted",
            }
            for of, colour in COLOURS.items()
        ],
        cursor=places[chosen],
        dot=[places[chosen], own["midpoints"]["confidence"]["value"]],
        words=f"{sure['midpoints']} midway between two codes of {chosen} numbers",
    )
    lines = [
        {
            "n": size,
            "codes": num(known[size]["codes"]["confidence"]["value"]),
            "midway": num(known[size]["midpoints"]["confidence"]["value"]),
            "draws": num(known[size]["fitted"]["confidence"]["value"]),
            "midway ↔": num(known[size]["midpoints"]["distance"]["value"]),
            "draws ↔": num(known[size]["fitted"]["distance"]["value"]),
        }
        for size in sizes
    ]
    return Answer(
        charts=[chart],
        stops={"latents": [(place, size) for size, place in places.items()]},
        details=Details(lines),
        numbers=[
            FINDING.of(midway_words(own)),
            MIDWAY.of(sure["midpoints"]),
            REBUILT.of(sure["codes"]),
            DRAWN.of(sure["fitted"]),
        ],
        words=f"Midway between two codes of {chosen} numbers the classifier is {sure['midpoints']} confident. In "
        f"rebuilt test images it is {sure['codes']}, and {sure['fitted']} in draws from a fitted Gaussian. "
        f"The mean of two images' pixels, without a network, has {percent(mean['value'])}. A midpoint is "
        f"{far['midpoints']} times as far from the nearest training code (↔) as a test image's code is, a draw "
        f"{far['fitted']} times. The autoencoders are 784–256–n–256–784.",
        table=sizes_table(card, known),
    )


def sizes_table(card: Card, known: Mapping[str, Mapping[str, Mapping[str, Row]]]) -> Table:
    """Return the figures of all sizes with their standard errors."""

    def about(name: str, row: Row) -> dict[str, float]:
        return {name: row["value"], f"standard error of {name}": row["se"]}

    def line(size: str, rows: Mapping[str, Mapping[str, Row]]) -> dict[str, Any]:
        found = {"numbers": size} | about("squared error", find(card, "error", latents=int(size)))
        for of, title in PLACES.items():
            found |= about(f"confidence, {title}", rows[of]["confidence"])
        found |= about("distance, midpoints", rows["midpoints"]["distance"])
        return found | about("distance, draws", rows["fitted"]["distance"])

    return Table([line(size, rows) for size, rows in known.items()])


@light
@torch.no_grad()
def midway(latents: Latents, seed: Seed) -> Answer:
    """Decode the codes of pairs of test images, their midpoints, and draws from a Gaussian fitted to all codes.

    Each row comes with the mean of the classifier's largest class probability.
    """
    model: Autoencoder = checkpoints.load(SIZES_NET).sizes[latents]
    z = model.encode(data.bundled_images(DATASET).pixels().to(device_of(model)))
    one, other = z[torch.randperm(len(z), generator=rng(seed))[: 2 * PAIRS]].chunk(2)
    drawn = draw_codes("fitted", PAIRS, z, rng(seed))
    images = model.decode(torch.cat([one, other, (one + other) / 2, drawn]))
    judge = checkpoints.load(f"classifier-{DATASET}")
    sure = top_class(judge, images)[0]
    strips = [
        {
            "name": f"{name}: here {part.mean():.0%} confident".replace("%", " %"),
            "images": LEVELS.encode(images),
            "says": name,
        }
        for name, images, part in zip(SIZES_ROWS, images.split(PAIRS), sure.split(PAIRS), strict=True)
    ]
    pictures = {"out": LEVELS.encode(images[2 * PAIRS :][:1])}
    return Answer(strips=strips, pictures=pictures) | by_size(cards.of(SIZES_NET), CODE_SIZES, latents)


def sizes_value(card: Card, error: str | None) -> dict[str, Any]:
    """Return the stage's data about the autoencoders of several sizes."""
    return {"error": error}


MODE = Mode(
    "sizes",
    "Size of the code",
    "test",
    fields=[LATENTS],
    functions=[midway],
    panel=Panel(
        midway,
        controls=[
            [Control(LATENTS, "segments", "Numbers in a code", options={size: size for size in CODE_SIZES})],
            [Control(SEED, "seed")],
        ],
        tries=TRIES,
        shows=Shows(
            "How many numbers should a code have?",
            HEADS,
            charts=[("The classifier's confidence by the size of the code", 170, "latents")],
            strips=[(8, 76)] * 4,
            details=True,
        ),
    ),
    tries=TRIES,
    code={
        "Size of the code": [midway.plain, AutoencoderSizes.training_loss, to_nearest],
    },
)
