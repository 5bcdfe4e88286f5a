"""*Complete*: inpainting: known pixels are noised along with the unknown ones."""

import base64
from collections.abc import Callable, Iterable
from dataclasses import replace
from math import hypot
from typing import Annotated

import numpy as np
import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field, OneOf, Whole
from explorer.models.diffusion import Diffusion
from explorer.models.raster import SIDE
from explorer.networks import checkpoints
from explorer.numbers.answer import Report, Table
from explorer.numbers.words import num, percent
from explorer.running.device import device_of
from explorer.serving.films import Script
from explorer.steps import Step
from explorer.tabs.diffusion.shared import (
    ANSWERS,
    CLOTHES,
    FEWER,
    GUIDED,
    TEST,
    DiffusionNet,
    Scale,
    Steps,
    away_from,
    check_steps,
    levels,
    mean_distance,
    name_of,
    nearer_words,
    passes,
    script,
)
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.common import labels, rng
from explorer.tabs.kit.layout.fields import BITS, KEPT, LABEL, SEED, Label, Picture, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel

RESAMPLES = Field("resamples", Whole(1, 10), 5, "how often each step is resampled")
Resamples = Annotated[int, RESAMPLES]
Painted = Annotated[bytes, replace(KEPT, parts=("keep", "mask"))]
COMPLETE = {
    "films": "Four answers",
    "doing": "{title} fills in the rest",
    "lacks": "what you keep of it stays, and the network fills in the rest.",
    "all": "Everything is kept. Rub out a part of the picture, and the network fills it in four times.",
}
COMPLETE_ROWS = {
    "columns": [
        ("mean L2 to real rest", "{mean}", ""),
        ("L2 of each", "{four}", ""),
        ("L2 between them", "{among}", ""),
    ]
}
PIXELS = 784


def mask(keeps: Callable[[int, int], bool]) -> str:
    """Return the pixels of which `keeps(row, column)` is true, as the address has them."""
    flags = np.packbits([keeps(*divmod(pixel, SIDE)) for pixel in range(SIDE * SIDE)])
    return base64.urlsafe_b64encode(flags.tobytes()).decode().rstrip("=")


def seams(x: Tensor, kept: Tensor) -> Tensor | None:
    """Compute the mean difference of neighbours of which one is kept: (B, 1, 28, 28) to (B,); None without any.

    Shapes: `kept` (1, 28, 28).
    """
    parts = []
    for axis in (-1, -2):
        count = x.shape[axis] - 1
        cut = kept.narrow(axis, 0, count) != kept.narrow(axis, 1, count)
        parts.append(x.diff(dim=axis).abs()[:, cut])
    found = torch.cat(parts, dim=1)
    return found.mean(1) if found.shape[1] else None


def complete_answer(step: Step, picture: Tensor, kept: Tensor, name: str, resamples: int) -> Report:
    """Describe answers to what is missing of a picture, of which the pixels `kept`, (1, 28, 28), are known.

    Shapes: `picture` (1, 1, 28, 28).
    """
    x, time = levels(step.x), step.time
    away, among, count = away_from(x, picture), mean_distance(x), int(kept.sum())
    mean, jumps, own = num(float(away.mean())), seams(x, kept), seams(picture, kept)
    same = bool(((x * 255).round() == (picture * 255).round())[:, kept].all())
    if time > 0:
        words = (
            f"At t = {time} the answers are still noisy. They lie {mean} (L2) from the rest of {name} and {num(among)} "
            f"from each other. At each step only noised values of the {count} kept pixels are put back."
        )
    else:
        unchanged = ", and no answer changes one of them" if same else ""
        words = f"{count} pixels are kept{unchanged}; the other {PIXELS - count} are filled in."
        words = "Nothing is kept: this is plain sampling." if count == 0 else words
        words += f" The answers lie {mean} (L2) from the rest of {name}, and {num(among)} from each other."
        if own is not None:
            again = "without resampling" if resamples == 1 else f"with {resamples} rounds a step"
            words += (
                f" Across the seam neighbours differ by {percent(float(jumps.mean()), 1)} of white {again}; in {name} "
                f"by {percent(float(own.mean()), 1)}."
            )
    jumped = [None] * len(x) if jumps is None else jumps.tolist()
    table = [
        {
            "answer": k,
            "pixels kept": count,
            "resamples": resamples,
            "L2 distance from the real rest": value,
            "jump at the seam": jump,
        }
        for k, (value, jump) in enumerate(zip(away.tolist(), jumped, strict=True), 1)
    ]
    figures = [
        ("mean L2 to real rest", num(float(away.mean()))),
        ("L2 of each", ", ".join(map(num, away.tolist()))),
        ("L2 between them", num(among)),
    ]
    finding = nearer_words(away, among, name)
    return Report(words=words, view={"finding": finding, "figures": figures, "table": Table(table)})


@film
def complete(
    net: DiffusionNet,
    picture: Picture,
    known: Painted,
    seed: Seed,
    label: Label,
    w: Scale,
    steps: Steps,
    resamples: Resamples,
) -> Script:
    """Film four completions of the unknown pixels of a picture."""
    model = checkpoints.load(net)
    times = model.schedule.times(check_steps(steps))
    keep = model.space.flags(known)
    if bool(keep.all()):
        raise ValueError("every pixel is kept: leave some to be filled in")
    own = data.read(picture, model.space)

    def start() -> tuple[Tensor, Iterable[Step]]:
        x = own.expand(ANSWERS, -1, -1, -1).to(device_of(model))
        how = {"label": labels(label, ANSWERS), "steps": steps, "resamples": resamples, "guidance_scale": w}
        walk = model.inpaint_steps(x, keep.expand_as(x).to(x.device), generator=rng(seed), **how)
        return model.noise(ANSWERS, rng(seed)), walk  # the noise at the start of the walk

    def tell(step: Step) -> Report:
        return complete_answer(step, own, keep.view(1, *own.shape[-2:]), name_of(picture), resamples)

    return script(model, start, ANSWERS, times, [resamples * passes(label, w)] * steps, tell)


MODE = Mode(
    "complete",
    "Complete",
    "play",
    fields=[
        RESAMPLES,
        Field("keep", OneOf(("top", "painted")), "top", "which pixels are kept"),
        Field("mask", BITS, None, "the painted pixels"),
    ],
    functions=[complete],
    panel=Panel(
        complete,
        [[Control(SEED, "seed")]],
        more=[[Control(LABEL, "class")], GUIDED, [Control(RESAMPLES, "slider", "Resampling rounds a step")], FEWER],
        says=COMPLETE,
        rows=COMPLETE_ROWS,
    ),
    tries=[
        ("No resampling: r = 1", {"resamples": 1, "at": None}),
        (
            "A hole in the middle",
            {"keep": "painted", "mask": mask(lambda row, column: hypot(row - 13.5, column - 13.5) > 6), "at": None},
        ),
        (
            "Half a shirt",
            TEST
            | {"net": CLOTHES, "img": 6, "keep": "painted", "mask": mask(lambda row, column: column < SIDE / 2)}
            | {"label": None, "seed": 7, "resamples": 5, "at": None},
        ),
    ],
    code={
        "Inpainting": [complete.plain, Diffusion.inpaint_steps],
    },
)
