"""Server functions of the discrete diffusion: films of pixels being unmasked, and the terms of the bound."""

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import torch
from torch import nn

from explorer import data
from explorer.models.d3pm import D3PM, random_mask
from explorer.networks import checkpoints
from explorer.running import joint
from explorer.running.device import device_of
from explorer.serving.films import Scene, Script
from explorer.spaces.images import PIXELS
from explorer.spaces.packing import pack, pack_bits, to_bytes
from explorer.steps import Step, frame, round_numbers
from explorer.tabs.discrete_diffusion import answers
from explorer.tabs.discrete_diffusion.by_hand import by_hand
from explorer.tabs.discrete_diffusion.fields import Either, Masked, MaskNet, Order, Overrides, PerStep
from explorer.tabs.kit.ask.answers import film, heavy
from explorer.tabs.kit.ask.common import labels, rng
from explorer.tabs.kit.ask.questions import filmed, script
from explorer.tabs.kit.layout.fields import Label, Picture, Seed
from explorer.tabs.kit.numbers.answer import Answer

FRAMES = 196  # most frames of a film
UNSURE = 0.01  # a pixel is sure below it, and above 1 minus it
TERMS = 4  # masked pixels between two terms


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
    every = max(1, total // FRAMES)

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
            said = answers.unmask_report(int(step.time), len(new), step.index, drawn, float(sure), order, per)
            yield (
                1,
                found | {"known": pack_bits(known), "p": pack(p, torch.float16), "new": new, "report": said.to_props()},
            )
            new = []

    return Script(model.space, 1, total // every, total, scenes, joint.network_of(model))


@filmed
def unmask_many(net: MaskNet, seed: Seed, label: Label, order: Order, per: PerStep) -> Script:
    """Film four images of a seed in one order; a masked pixel is grey."""
    return four(checkpoints.load(net), seed, label, per, order=order)


@filmed
def draw_chain(net: Either, seed: Seed, label: Label, per: PerStep) -> Script:
    """Film four images of a seed by either chain, in 784 / `per` steps for both."""
    return four(checkpoints.load(net), seed, label, per)


def four(model: nn.Module, seed: int, label: int | None, per: int, **how) -> Script:
    """Return a film of four images of a seed in 784 / `per` steps."""
    count, total = 4, PIXELS // per

    def steps() -> Iterator[Step]:
        how["label"] = labels(label, count)
        for step in model.sample_steps(count, generator=rng(seed), steps=total, **how):
            yield replace(step, known=None)

    return script(model, steps, total, 1, count)


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
    return answers.bound_answer(nats, masked, now) | Answer(strips=strips, pictures=pictures, view={"nats": now})


@functools.lru_cache(maxsize=64)
def terms(folder: str, net: str, picture: Picture, seed: int) -> tuple[float, ...]:
    """Return the mean cost of the next pixel for every fourth number of masked pixels, estimated by one mask each."""
    model = checkpoints.load(net)
    x = data.read(picture, model.space).to(device_of(model))
    return tuple(round_numbers(model.terms(x, torch.arange(TERMS, PIXELS + 1, TERMS), generator=rng(seed))))


@heavy
def in_raster_order(net: MaskNet, picture: Picture) -> Answer:
    """Return the exact log p of a picture by the chain rule in raster order, as a number and in words."""
    model = checkpoints.load(net)
    x = data.read(picture, model.space).to(device_of(model))
    return answers.row_by_row(float(model.order_log_prob(x, torch.arange(PIXELS))))


SERVER_FUNCTIONS = [unmask, unmask_many, draw_chain, bound, in_raster_order, by_hand]
