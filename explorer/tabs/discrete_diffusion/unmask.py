"""*One image*: a film of one image whose pixels are unmasked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated

import torch
from torch import Tensor

from explorer.fields import Field, Whole, Wholes
from explorer.models.d3pm import D3PM
from explorer.networks import checkpoints
from explorer.numbers.answer import Figure, Report
from explorer.numbers.words import num, percent
from explorer.running import joint
from explorer.serving.films import Scene, Script
from explorer.spaces.images import PIXELS
from explorer.spaces.packing import pack, pack_bits
from explorer.steps import Step, frame, last
from explorer.tabs.discrete_diffusion.shared import (
    MASKING,
    ORDER,
    ORDER_TITLES,
    PER,
    PER_STEPS,
    MaskNet,
    Order,
    PerStep,
    evaluations,
)
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.common import labels, rng
from explorer.tabs.kit.layout.fields import LABEL, SEED, Label, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

OVERRIDES = 8
# Each number is (step · 784 + pixel) · 2 + level.
OVER = Field("over", Wholes(2 * PIXELS * PIXELS - 1, OVERRIDES), (), "the overrides")
PIXEL = Field("pixel", Whole(0, PIXELS - 1), None, "the pixel")
Overrides = Annotated[tuple[int, ...], OVER]
SO_FAR = Figure("log p so far", unit="nats")
LEFT = Figure("masked", digits=0)
EVALUATIONS = Figure("evaluations of the network", digits=0)
HEADS = (SO_FAR, LEFT, EVALUATIONS)
ORDERED = {"random": "in a random order", "raster": "row by row", "certain": "the most confident first"}
DRAWN = {"seed": 7, "over": [], "pixel": None, "at": 1}
CORNER = (40 * 784 + 0) * 2 + 1  # white, before step 41
UNMASK_FRAMES = 196  # most frames of a film
UNSURE = 0.01  # a pixel is sure below it, and above 1 minus it


def at_once(per: int) -> str:
    """Return how many pixels each step draws, in words."""
    return {1: "one at a time", PIXELS: "all at once"}.get(per, f"{per} at a time")


def unmask_report(left: int, fresh: int, step: int, nats: float, sure: float, order: str, per: int) -> Report:
    """Describe a step of unmasking.

    Arguments:
        left: Number of masked pixels.
        fresh: Number of pixels that are new in this frame.
        step: Number of the step, from 0.
        nats: log p of what is drawn so far.
        sure: Share of the masked pixels that the network is confident about.
        order: Order of the pixels.
        per: Number of pixels of each step.
    """
    how = f"{at_once(per)}, {ORDERED[order]}"
    apart = " Those drawn together are independent of each other." if per > 1 else ""
    known = (
        f"The noise is a mask: {left} of {PIXELS} pixels still have one and lose it {how}.{apart} The network is "
        "confident about "
        f"{percent(sure)} "
        "of the masked ones: black or white with at least 99 %."
    )
    done = (
        f"The noise was a mask: all {PIXELS} pixels have lost it, {how}.{apart} That took "
        f"{evaluations(PIXELS // (step + 1))} of the network, "
        f"and log p of it all is {num(nats)} nats."
    )
    name = "" if left else "log p of what was drawn"
    return Report(
        [SO_FAR.of(nats, name=name), LEFT.of(left), EVALUATIONS.of(step + 1)],
        caption=f"{left} of {PIXELS} pixels {'is' if left == 1 else 'are'} masked. Outlined: {fresh} just drawn."
        if left
        else "Nothing is masked any more.",
        view={"counter": f"{left}/{PIXELS} masked"},
        words=known if left else done,
    )


def forced_levels(over: Iterable[int]) -> Mapping[int, Mapping[int, int]]:
    """Return the forced level of each pixel by step, from numbers (step · 784 + pixel) · 2 + level."""
    found: dict[int, dict[int, int]] = {}
    for each in over:
        rest, level = divmod(each, 2)
        step, pixel = divmod(rest, PIXELS)
        found.setdefault(step, {})[pixel] = level
    return found


def walk(model: D3PM, seed: int, label: int | None, order: str, per: int, over: Iterable[int]) -> Iterator[Step]:
    """Return the steps of one image from a seed, `per` pixels per step, with the visitor's overrides."""
    when, u = model.noise(1, rng(seed))
    x = torch.zeros(1, *model.space.shape)
    known = torch.zeros_like(x, dtype=torch.bool)
    how = {"label": labels(label, 1), "steps": PIXELS // per, "order": order, "forced": forced_levels(over)}
    return model.unmask_steps(x, known, when, u, **how)


@film
def unmask(net: MaskNet, seed: Seed, label: Label, order: Order, per: PerStep, over: Overrides) -> Script:
    """Film one image as its pixels are unmasked; each frame has the probabilities of all pixels at that time.

    A frame has the `new` pixels since the last frame; `drawn` is the log p of all pixels drawn so far.
    """
    model = checkpoints.load(net)
    total = PIXELS // per
    every = max(1, total // UNMASK_FRAMES)

    def scenes() -> Iterator[Scene]:
        drawn, new = 0.0, []
        for step in walk(model, seed, label, order, per, over):
            drawn += float(step.numbers["log_prob"])
            new += step.numbers["new"][0].tolist()
            if (step.index + 1) % every:
                yield 1, None
                continue
            more = {"drawn": drawn, "left": step.time}
            found = frame(replace(step, pictures={}, known=None), model.space, ("entropy",), more)
            known, p = step.x.flatten() != 0.5, step.pictures["p"].flatten()
            sure = ((p < UNSURE) | (p > 1 - UNSURE))[~known].float().mean().nan_to_num(0)
            said = unmask_report(int(step.time), len(new), step.index, drawn, float(sure), order, per)
            yield (
                1,
                found | {"known": pack_bits(known), "p": pack(p, torch.float16), "new": new, "report": said.to_props()},
            )
            new = []

    return Script(model.space, 1, total // every, total, scenes, joint.network_of(model))


def first_image(net: str, seed: int) -> Tensor:
    """Return the image of a seed in the usual setting: (1, 1, 28, 28)."""
    return last(walk(checkpoints.load(net), seed, None, ORDER.default, PER.default, ())).x


MODE = Mode(
    "unmask",
    "One image",
    "look",
    draws=first_image,
    entry="Unmask",
    fields=[OVER, PIXEL],
    functions=[unmask],
    panel=Panel(
        unmask,
        [
            [Control(SEED, "seed"), Control(LABEL, "class")],
            [Control(ORDER, "segments", "Order", options=ORDER_TITLES)],
            [PER_STEPS],
        ],
        named={"over": OVER},
        tries=[
            ("The most confident first", DRAWN | {"seed": 10, "label": 3, "order": "certain", "per": 4}),
            ("All pixels at once", DRAWN | {"label": 3, "order": "random", "per": 784}),
            ("White in the corner", DRAWN | {"label": 3, "order": "random", "per": 4, "over": [CORNER], "pixel": 0}),
        ],
        shows=Shows("", HEADS),
        nets=MASKING,
    ),
    code={
        "Unmask": [unmask.plain, D3PM.unmask_steps, D3PM.logits],
    },
)
