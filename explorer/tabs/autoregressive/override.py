"""*Override*: one pixel is overridden, and what follows is drawn again."""

import time
from typing import Annotated

import torch

from explorer.fields import Field, Flag, Whole, Wholes
from explorer.models.levels import GREY_LEVELS
from explorer.models.raster import PIXELS, SIDE
from explorer.numbers.answer import FINDING, Answer
from explorer.running.device import device_of
from explorer.steps import last
from explorer.tabs.autoregressive.shared import (
    OF_IMAGE,
    RASTER_GRID,
    Label,
    Order,
    RasterNet,
    Temperature,
    _traced,
    heat,
    load,
)
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import labels, rng
from explorer.tabs.kit.layout.fields import SEED, Index, Pixels, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

Known = Annotated[int, Field("known", Whole(0, PIXELS), title="how many pixels are kept")]
_OF_BRANCH = (
    "Of the {left:0} after it {after:0} came out differently, with the same random numbers. The overridden pixel costs "
    "{paid.1} nats instead of {paid.0}; −log p goes from {cost.0} to {cost.1} nats."
)
OVERRIDE = {
    "start": "Tap the marked pixel, or any other: it flips, and the network draws everything after it again.",
    "many": "At most {most:0} overrides: undo one first.",
    "one": "your override",
    "several": "your first override",
    "begun": "{again:0} of the {left:0} pixels after {which} ({place}) are drawn again, with the same random numbers: "
    "{after:0} of them came out differently so far.",
    "unchanged": "Before {which} ({place}) {before:0} of {first:0} pixels changed: they do not depend on it. "
    + _OF_BRANCH,
    "changed": "Before {which} ({place}) {before:0} of {first:0} pixels changed. " + _OF_BRANCH,
    "step": "1 pixel is drawn again, with the same random numbers.",
    "steps": "{again:0} pixels are drawn again, with the same random numbers.",
    "both": "Both branches are finished.",
    "cost": "−log p = {cost.0} nats",
    "none": "Nothing is overridden yet.",
    "waits": "Being drawn again…",
    "known": "{known:0} of 784 pixels are drawn; {after:0} later pixels differ so far",
    "done": "−log p = {cost.1} nats; {after:0} later pixels differ",
}
_AS_DRAWN = ("−log p, as it was drawn", "{cost.0}", "nats")
_DIFFER = ("later pixels that differ", "{differ:0}", "")
OVERRIDE_ROWS = {
    "drawn": [FINDING.of("Nothing is overridden yet."), _AS_DRAWN, _AS_DRAWN, _DIFFER],
    "overridden": [
        FINDING.of("{differ:0} later pixels came out differently."),
        ("−log p, with your overrides", "{cost.1}", "nats"),
        _AS_DRAWN,
        _DIFFER,
    ],
}


@heavy
def resume(
    net: RasterNet,
    seed: Seed,
    index: Index,
    label: Label,
    temperature: Temperature,
    order: Order,
    pixels: Pixels,
    known: Known,
) -> Answer:
    """Keep the first pixels, and draw the others with the random numbers of one image of a grid."""
    if index >= RASTER_GRID:
        raise ValueError(f"a grid has {RASTER_GRID} images, numbered from 0")
    model = load(net, order)
    image = model.space.from_levels(pixels)
    u = torch.rand(index + 1, PIXELS, generator=rng(seed))[index:]
    start = time.perf_counter()
    if known < PIXELS:
        given = {"prefix": image[:, model.order[:known]], "label": labels(label, 1)}
        image = last(model.draw_steps(u, temperature=temperature, **given)).x
    seconds = time.perf_counter() - start
    return _traced(model, image.view(1, 1, SIDE, SIDE).to(device_of(model)), label) | Answer(view={"seconds": seconds})


MODE = Mode(
    "override",
    "Override",
    "play",
    fields=[
        Field("over", Wholes(PIXELS * GREY_LEVELS - 1, 8), (), "the overrides"),
        Field("diff", Flag(), True, "whether the differences of the two branches are marked"),
    ],
    functions=[resume],
    panel=Panel(
        resume,
        controls=[[Control(SEED, "seed")], OF_IMAGE, heat()],
        shows=Shows("Flip a pixel: what follows is drawn again, same random numbers"),
        says=OVERRIDE,
        rows=OVERRIDE_ROWS,
    ),
    code={
        "Override": [resume.plain],
    },
)
