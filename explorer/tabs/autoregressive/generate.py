"""*Make*: an image appears pixel by pixel."""

import functools
import time
from collections.abc import Iterable
from typing import Annotated, Any

import torch
from torch import Tensor

from explorer.data.neighbours import TrainingIndex
from explorer.fields import Field, Flag, OneOf, Whole
from explorer.models import levels
from explorer.models.raster import PIXELS, RasterModel
from explorer.numbers.answer import FINDING, Answer
from explorer.running.pauses import pausing
from explorer.serving.work import Batch
from explorer.steps import Step, last
from explorer.tabs.autoregressive.shared import (
    OF_IMAGE,
    RASTER_GRID,
    Label,
    Order,
    RasterNet,
    Temperature,
    _described,
    heat,
    load,
)
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

COUNT = Field("grid", OneOf((1, RASTER_GRID)), 1, "how many images to draw")
Count = Annotated[int, COUNT]
PAID = "The entropies of the predictions sum to {expected:0} bits, the draws cost {total:0}"
AT_T = PAID + ": at T = {T} the drawn levels are {} than expected. −log p is always at T = 1."
GENERATE = {
    "nothing": "nothing is drawn yet",
    "blank": "Nothing is drawn yet: ▶ plays, » draws a row, › a pixel.",
    "became": "{place} became {level}.",
    "finished": "Finished: −log p(x) = {cost} nats.",
    "begin": "The network has not drawn anything yet, but it already has a first prediction. Press ▶, or drag the "
    "slider.",
    "begun": "Nearly certain is a probability above 0.99.",
    "so_far": "So far the image has cost {total:1} bits.",
    "drawn": "{certain:%} of all {at:0} pixels were nearly certain (p > 0.99). Half of the {total:0} bits fall on "
    "{half:0} pixels.",
    "usual": PAID + ".",
    "likelier": AT_T.replace("{}", "likelier"),
    "less_likely": AT_T.replace("{}", "less likely"),
}
_DRAWN_ROWS = [
    FINDING.of("{certain:%} of the pixels so far were nearly certain."),
    ("pixel", "{at:0} of 784", ""),
    ("drawn", "{level}", ""),
    ("p of what was drawn", "{p}", ""),
    ("bits of this pixel", "{bits:3}", "bits"),
    ("its entropy", "{entropy:3}", "bits"),
]
GENERATE_ROWS = {
    "begun": [*_DRAWN_ROWS, ("−log p so far", "{cost}", "nats"), ("bits per pixel so far", "{rate:3}", "bits")],
    "drawn": [*_DRAWN_ROWS, ("−log p(x)", "{cost}", "nats"), ("bits/dim", "{rate:3}", "bits")],
}
GENERATE_AT_ONCE = 24  # images drawn in one batch: under a second


def draw_together(questions: list[dict[str, Any]]) -> list[Answer]:
    """Draw the images of several visitors in one batch, each with the predictions before each of its pixels.

    All requests have the same network and pixel order. Every visitor has separate random numbers, class and
    temperature, so the images equal those of a separate request.
    """
    model = load(questions[0]["net"], questions[0]["order"])
    counts = [question["count"] for question in questions]
    start = time.perf_counter()
    u = [torch.rand(question["count"], PIXELS, generator=rng(question["seed"])) for question in questions]
    temperatures = torch.tensor([question["temperature"] for question in questions])
    label = None
    if any(question["label"] is not None for question in questions):
        label = torch.tensor([model.classes if each["label"] is None else each["label"] for each in questions])
        label = label.repeat_interleave(torch.tensor(counts))
    how = {"label": label, "temperature": temperatures.repeat_interleave(torch.tensor(counts))}
    drawn = _drawn(model, pausing(model.draw_steps(torch.cat(u), **how)), counts)
    seconds = time.perf_counter() - start
    return [
        found | Answer(view={"count": count, "seconds": seconds}) for count, found in zip(counts, drawn, strict=True)
    ]


TOGETHER = Batch(
    draw_together, lambda asked: (asked["net"], asked["order"]), lambda asked: asked["count"], GENERATE_AT_ONCE
)


def _drawn(model: RasterModel, steps: Iterable[Step], counts: list[int]) -> list[Answer]:
    """Return the predictions before each pixel of a drawing, one answer per visitor; `counts` are their images."""
    pixels, taken = [], []
    for step in steps:
        pixels.append(step.time)
        taken.append(step.numbers)
    back = torch.tensor(pixels).argsort().to(step.x.device)
    names = ("log_prob", "entropy", "parameters")
    found = [torch.stack([numbers[name] for numbers in taken], dim=1)[:, back] for name in names]
    each = zip(*(part.split(counts) for part in (step.x, *found)), strict=True)
    return [_described(model, image, log_prob, entropy, parameters[0]) for image, log_prob, entropy, parameters in each]


@functools.partial(heavy, batch=TOGETHER)
def generate(net: RasterNet, seed: Seed, count: Count, label: Label, temperature: Temperature, order: Order) -> Answer:
    """Draw images pixel by pixel, each with the predictions before each of its pixels."""
    asked = {"net": net, "seed": seed, "count": count, "label": label, "temperature": temperature, "order": order}
    return draw_together([asked])[0]


def first_image(net: str, seed: int) -> Tensor:
    """Return the image of a seed: (1, 1, 28, 28)."""
    return last(load(net).draw_steps(torch.rand(1, PIXELS, generator=rng(seed)))).x


MODE = Mode(
    "generate",
    "Make",
    "look",
    draws=first_image,
    fields=[
        COUNT,
        Field("at", Whole(0, PIXELS), None, "how many pixels of the film are drawn"),
        Field("heat", Flag(), False, "whether the heat map is shown"),
    ],
    functions=[generate],
    panel=Panel(
        generate,
        controls=[
            [Control(SEED, "seed"), Control(COUNT, "segments", "How many", options={1: "1", 16: "16"})],
            OF_IMAGE,
            heat(),
        ],
        shows=Shows("Each pixel is drawn from the distribution beside it"),
        says=GENERATE,
        rows=GENERATE_ROWS,
    ),
    tries=[
        (
            "An 8, three times colder",
            {"net": "pixelcnn-mnist", "seed": 3, "label": 8, "T": 0.33, "grid": 1, "at": None},
        ),
        ("Sixteen at T = 1", {"label": None, "T": 1, "grid": 16, "at": None}),
        ("Too hot: T = 2", {"label": None, "T": 2, "grid": 1, "at": None}),
    ],
    code={
        "Make": [
            draw_together,
            RasterModel.draw_steps,
            levels.temper,
            levels.draw_level,
            TrainingIndex.nearest,
        ],
    },
)
