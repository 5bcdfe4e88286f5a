"""*Random images*: images of random pixels, beside test images."""

import torch
from torch import Tensor

from explorer import data
from explorer.numbers.answer import FINDING, Answer, Figure
from explorer.spaces.packing import pack
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.draws import uniforms
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Grid, Panel, Shows
from explorer.tabs.start.shared import SETS, Points

LEVELS = 256
RANDOM_IMAGES = 10  # images of a kind
RANDOM = Figure("random: neighbouring pixels differ by", unit="levels", digits=0)
TEST = Figure("test images: neighbouring pixels differ by", unit="levels", digits=0)
HEADS = (FINDING, RANDOM, TEST)


def apart(images: Tensor) -> float:
    """Compute the mean difference of a pixel from the one to its right, in levels: (N, 28, 28) to a number."""
    return float(images.double().diff(dim=-1).abs().mean())


@light
def random_images(dataset: Points, seed: Seed) -> Answer:
    """Return images of random pixels beside test images; a sentence alone for points of the plane."""
    if dataset not in data.IMAGES:
        words = "Choose a data set of images: a random point of the plane may well lie among the data."
        return Answer(numbers=[FINDING, RANDOM.unknown, TEST.unknown], words=words)
    real = data.bundled_images(dataset).images[:RANDOM_IMAGES].view(-1, 28, 28)
    random = (uniforms(seed, real.numel()) * LEVELS).floor().view_as(real)
    times = apart(random) / apart(real)
    drawn, tested = RANDOM.of(apart(random)), TEST.of(apart(real))
    return Answer(
        grids=[{"images": pack(each, torch.uint8)} for each in (random, real)],
        numbers=[FINDING.of(f"Neighbouring pixels differ {times:.0f} times as much as in images."), drawn, tested],
        words=f"None of the random images looks like data. A pixel and the one to its right differ by {drawn.text} "
        f"levels on average, in the {data.DATASETS[dataset].title} test images by {tested.text}. With {LEVELS} levels "
        "a pixel there are 256^784 ≈ 10^1888 such images, and data fill a vanishing share of them.",
    )


MODE = Mode(
    "random",
    "Random images",
    "look",
    functions=[random_images],
    panel=Panel(
        random_images,
        [[Control(SEED, "seed")]],
        named={"dataset": SETS},
        shows=Shows(
            "Images of random pixels, beside test images",
            HEADS,
            grids=[Grid("Random images", 5, rows=4.2, titled=True), Grid("Test images", 5, rows=4.2, titled=True)],
        ),
    ),
)
