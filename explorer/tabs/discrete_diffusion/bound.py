"""*Bound*: the cost of the next pixel by the number of masked ones; their area is the bound."""

import functools
from collections.abc import Sequence
from typing import Annotated

import torch

from explorer import data
from explorer.fields import Field, Whole
from explorer.models.d3pm import D3PM, random_mask
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Axis, Chart, Figure, Table
from explorer.numbers.words import num, percent
from explorer.running.device import device_of
from explorer.spaces.images import PIXELS
from explorer.spaces.packing import to_bytes
from explorer.steps import round_numbers
from explorer.tabs.discrete_diffusion.shared import MASKING, MaskNet
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Picture, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

MASKED_COUNT = Field("m", Whole(1, PIXELS), 392, "how many pixels are masked")
Masked = Annotated[int, MASKED_COUNT]
BOUND = Figure("log p(x) is at least", unit="nats")
NEXT = Figure("the next pixel, at this number of masked ones", unit="nats", digits=4)
RASTER = Figure("log p row by row, = exact", unit="nats")
HEADS = (BOUND, NEXT, RASTER)
PICTURE = {"draw": None, "source": None}
BOUND_APART = 4  # masked pixels between two terms


def bound_answer(nats: Sequence[float], masked: int, now: float) -> Answer:
    """Describe the terms of the bound of one picture.

    Arguments:
        nats: Mean cost of the next pixel, for evenly spaced numbers of masked pixels.
        masked: Chosen number of masked pixels; the next pixel costs `now` nats with it.
    """
    each = PIXELS // len(nats)  # numbers of masked pixels that a term stands for
    costs = {each * k: cost for k, cost in enumerate(nats, 1)}
    whole = each * sum(nats)
    late = each * sum(cost for size, cost in costs.items() if size > PIXELS / 2)
    top = 1.05 * max(0.1, *nats)
    chart = Chart(
        x=Axis(
            ends=[0, PIXELS],
            ticks=[0, PIXELS // 2, PIXELS],
            names=["0", str(PIXELS // 2), f"{PIXELS} masked"],
        ),
        y=Axis("cost of the next pixel in nats", "by masked pixels", ends=[0, top]),
        bars=[{"x0": size - each, "x1": size, "y": cost} for size, cost in costs.items()],
        cursor=masked,
        words=f"the bound is {num(-whole)} nats",
    )
    return Answer(
        charts=[chart],
        stops={"m": [(size, size) for size in range(1, PIXELS + 1)]},
        numbers=[BOUND.of(-whole), NEXT.of(now), RASTER],
        words=f"With {masked} of {PIXELS} pixels masked, the next one costs {num(now, 4)} nats, the mean over the "
        f"masked ones. The area is the bound, log p(x) ≥ {num(-whole)} nats, by one mask for each of {len(nats)} "
        f"sizes; {percent(late / whole)} of it is paid while more than half of the image is masked.",
        table=Table([{"masked": size, "nats of the next pixel": cost} for size, cost in costs.items()]),
    )


def raster_answer(raster: float) -> Answer:
    """Describe the exact log p of a picture in raster order, in nats."""
    said = f"Row by row alone the chain rule gives {num(raster)} nats, exactly: the bound is the mean over all orders."
    return Answer(words=said, view={"number": RASTER.of(raster)})


@heavy
def bound(net: MaskNet, picture: Picture, seed: Seed, masked: Masked) -> Answer:
    """Return what the next pixel of a picture costs, for every number of masked pixels, and for `masked` of them.

    The area under these costs is the bound. One mask is drawn for each of them.
    """
    nats = terms(str(checkpoints.pretrained_folder()), net, picture, seed)
    model = checkpoints.load(net)
    x = data.read(picture, model.space).to(device_of(model))
    mask = random_mask(torch.tensor([masked]), rng(seed)).to(x.device)
    with torch.no_grad():
        logits = model.logits(x, mask)
        now = -float(model.log_probs(x, mask).sum()) / masked
    images = [torch.where(mask, 0.5, x), logits.sigmoid()]
    strips = [
        {
            "name": "Left: visible pixels (grey: masked). Right: probability of white",
            "images": to_bytes(torch.cat([each.cpu() for each in images])),
            "says": f"{masked} of {PIXELS} pixels {'is' if masked == 1 else 'are'} masked",
        }
    ]
    pictures = {name: to_bytes(each.cpu()) for name, each in zip(("x", "out", "guess"), [x, *images], strict=True)}
    return bound_answer(nats, masked, now) | Answer(strips=strips, pictures=pictures, view={"nats": now})


@functools.lru_cache(maxsize=64)
def terms(folder: str, net: str, picture: Picture, seed: int) -> tuple[float, ...]:
    """Return the mean cost of the next pixel for every fourth number of masked pixels, estimated by one mask each."""
    model = checkpoints.load(net)
    x = data.read(picture, model.space).to(device_of(model))
    return tuple(round_numbers(model.terms(x, torch.arange(BOUND_APART, PIXELS + 1, BOUND_APART), generator=rng(seed))))


@heavy
def in_raster_order(net: MaskNet, picture: Picture) -> Answer:
    """Return the exact log p of a picture by the chain rule in raster order, as a number and in words."""
    model = checkpoints.load(net)
    x = data.read(picture, model.space).to(device_of(model))
    return raster_answer(float(model.order_log_prob(x, torch.arange(PIXELS))))


MODE = Mode(
    "bound",
    "Bound",
    "test",
    fields=[MASKED_COUNT],
    functions=[bound, in_raster_order],
    panel=Panel(
        bound,
        [[Control(MASKED_COUNT, "slider", f"Masked, of {PIXELS}")], [Control(SEED, "seed")]],
        tries=[
            ("A plain 1", PICTURE | {"img": 330, "m": 392}),
            ("A strange 2", PICTURE | {"img": 29, "m": 392}),
            ("The last pixel of all", PICTURE | {"img": 8, "m": 1}),
        ],
        shows=Shows(
            "Drag the number of masked pixels: what does the next pixel cost?",
            HEADS,
            charts=[("What the next pixel costs, by how many are masked", 200, "m")],
            strips=[(2, 352)],
            waits="The network is asked about 196 masks…",
        ),
        nets=MASKING,
    ),
    code={
        "Bound": [bound.plain, terms, D3PM.terms, D3PM.order_log_prob],
    },
)
