"""*Complete*: the rest of an image is drawn in several ways."""

import time
from typing import Annotated

import torch

from explorer.fields import Field, Whole
from explorer.models.raster import SIDE
from explorer.numbers.answer import Answer
from explorer.spaces.packing import pack
from explorer.steps import last
from explorer.tabs.autoregressive.shared import LABEL, TEST, Label, Picture, RasterNet, _predicted, image_of, load
from explorer.tabs.autoregressive.words import COMPLETE_HEADS, completion_report
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import labels, rng
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

ROWS = Field("rows", Whole(0, SIDE - 1), 14, "how many rows are kept")
Rows = Annotated[int, ROWS]
ANY = TEST | {"set": None, "at": None}
COMPLETIONS = 8


@heavy
def complete(net: RasterNet, picture: Picture, rows: Rows, seed: Seed, label: Label) -> Answer:
    """Draw eight completions of the first rows of an image, with the exact log p of the drawn pixels and the real ones.

    A network without classes ignores the label.
    """
    model = load(net)
    label = label if model.classes else None
    real = image_of(model, picture)
    given = real.flatten(1)[:, : rows * SIDE].expand(COMPLETIONS, -1)
    given_labels = labels(label, COMPLETIONS)
    start = time.perf_counter()
    x = last(model.sample_steps(COMPLETIONS, generator=rng(seed), label=given_labels, prefix=given)).x
    with torch.no_grad():
        log_prob = model(x, given_labels).log_prob(x).flatten(1)
    seconds = time.perf_counter() - start
    before, after = log_prob.cpu().double().tensor_split([rows * SIDE], dim=1)
    rest = after.sum(-1).tolist()
    real_rest = float(_predicted(model, real, label)[0].cpu().double()[0, rows * SIDE :].sum())
    view = {
        "values": pack(x * (model.levels - 1), torch.uint8),
        "log_prob": pack(log_prob, torch.float32),
        "given": float(before[0].sum()),
        "rest": rest,
        "real": pack(real * (model.levels - 1), torch.uint8),
        "real_rest": real_rest,
        "seconds": seconds,
    }
    return Answer(view=view) | completion_report(rows, seed, picture, rest, real_rest)


MODE = Mode(
    "complete",
    "Complete",
    "look",
    fields=[ROWS],
    functions=[complete],
    panel=Panel(
        complete,
        controls=[[Control(SEED, "seed"), Control(LABEL, "class")]],
        tries=[
            ("A 5 begun, an 8 wanted", ANY | {"net": "pixelcnn-mnist", "img": 33, "rows": 6, "label": 8, "seed": 7}),
            (
                "Half a boot",
                ANY | {"net": "pixelcnn-fashion-mnist", "img": 30, "rows": 14, "label": None, "seed": 7},
            ),
            ("From nothing", {"rows": 0, "label": None, "at": None}),
        ],
        shows=Shows("", COMPLETE_HEADS),
    ),
    code={"Complete": [complete.plain]},
)
