"""*Why slow*: why drawing is slow and scoring is fast."""

import time
from collections.abc import Iterator
from functools import partial

import torch

from explorer.models.made import MADE
from explorer.models.raster import PIXELS, SIDE, RasterModel
from explorer.networks import checkpoints
from explorer.numbers.answer import Details, Figure, Report
from explorer.numbers.words import num
from explorer.running.device import device_of
from explorer.serving.films import Scene, Script
from explorer.steps import Step, frame
from explorer.tabs.autoregressive.shared import RasterNet
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.common import next_step, rng
from explorer.tabs.kit.ask.costs import CLOCK, Costs
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

NAIVE = SIDE // 4  # pixels of a row that are drawn without the cache, too
SCORES = 5  # passes of which the median counts
SUBPIXELS, TOKENS = 256 * 256 * 3, 32 * 32
WAYS = {"naive": "without the cache", "cached": "with the cache"}
RATIO = Figure("without the cache, this image takes", unit="times as long", digits=1)
BESIDE = Figure("drawing with the cache takes, beside scoring", unit="times as long")
SCORED = Figure("scoring all 784 pixels in one pass")
DRAWN = {"cached": Figure("drawing, cached"), "naive": Figure("drawing, without the cache")}
LARGE = {
    "cached": Figure("a 256×256 colour image, cached"),
    "naive": Figure("a 256×256 colour image, without the cache"),
}
HEADS = (RATIO, BESIDE, SCORED, *DRAWN.values(), *LARGE.values())
SLOW_FIRST, SLOW_PACE, TOTAL = "784 predictions", "time per pixel, in ms", "so far, in s"
UNITS = {"d": 24 * 3600, "h": 3600, "min": 60, "s": 1, "ms": 1e-3}


@partial(film, threads=1)
def time_cache(net: RasterNet, seed: Seed) -> Script:
    """Film an image that is drawn twice with the same random numbers: with the cache, and without it.

    Each frame is a row. Its `numbers` are the milliseconds of processor time that it took with the cache (`cached`) and
    without it (`naive`, four times those of the row's first quarter), and those of one pass that scores an image
    (`score`).
    """
    model: RasterModel = checkpoints.load(net)

    def roll() -> Iterator[Scene]:
        score = scoring_time(model)
        fast = model.sample_steps(1, generator=rng(seed))
        image = torch.zeros(1, PIXELS)
        costs = Costs(WAYS, SIDE)
        for row in range(SIDE):
            slow = model.sample_steps(1, generator=rng(seed), prefix=image[:, : row * SIDE], cached=False)
            naive = sum(next_step(slow)[1] for _ in range(NAIVE)) * SIDE / NAIVE
            drawn = [next_step(fast) for _ in range(SIDE)]
            spent = {"cached": sum(ms for _, ms in drawn), "naive": naive}
            image = drawn[-1][0].x.flatten(1).cpu()
            costs.add(spent)
            step = Step(drawn[-1][0].x, row, SIDE, row)
            shown = {"report": timing_report(costs, score / 1000, isinstance(model, MADE)).to_props()}
            yield SIDE + NAIVE, frame(step, model.space, more=spent | {"score": score}) | shown

    return Script(model.space, 1, SIDE, PIXELS + SIDE * NAIVE, roll)


@torch.no_grad()
def scoring_time(model: RasterModel) -> float:
    """Return the milliseconds of processor time of one pass that scores an image."""
    x = torch.zeros(1, 1, SIDE, SIDE, device=device_of(model))
    taken = []
    for _ in range(SCORES):
        start = time.thread_time()
        model.log_prob(x)
        taken.append(1000 * (time.thread_time() - start))
    return sorted(taken)[SCORES // 2]


def duration(seconds: float) -> str:
    """Return seconds in the unit that a person would choose."""
    unit = next((unit for unit, size in UNITS.items() if seconds >= 1.5 * size), "ms")
    value = seconds / UNITS[unit]
    return f"{num(float(f'{value:.2g}'), 1 if value < 10 else 0)} {unit}"


def times(ratio: float | None) -> str:
    """Return a ratio with two digits."""
    return "–" if ratio is None else num(float(f"{ratio:.2g}"), 1 if ratio < 10 else 0)


def timing_report(costs: Costs, score: float, made: bool) -> Report:
    """Return the curves, figures and sentences after some rows; one pass that scores takes `score` seconds."""
    whole = {way: costs.pace(way) * PIXELS / 1000 for way in WAYS}
    large = {way: duration(costs.pace(way) * SUBPIXELS / 1000) for way in WAYS}
    beside = times(whole["cached"] / score if score else None)
    ratio = costs.ratio()
    numbers = [
        RATIO.of(ratio),
        BESIDE.of(beside),
        SCORED.of(duration(score)),
        *(each.of(duration(whole[way])) for way, each in DRAWN.items()),
        *(each.of(large[way]) for way, each in LARGE.items()),
    ]
    scoring = {SLOW_FIRST: "scoring", SLOW_PACE: num(1000 * score / PIXELS, 3), TOTAL: num(score, 2)}
    cache = (
        "A MADE keeps no features; it only masks its weights once instead of at each pixel"
        if made
        else "With the cache only new features are computed"
    )
    return costs.report(
        costs.count // SIDE,
        SIDE,
        numbers,
        f"Drawing takes {beside} × as long as scoring{'' if made else ' even with the cache'}: each pixel "
        f"waits for the one before, and a known image has all its conditionals in one pass. {cache}: without ÷ with = "
        f"{times(ratio)} ×, timed on a quarter of each row. At the time of one pixel here, the {SUBPIXELS:,} "
        f"sub-pixels of a 256×256 colour image take {large['cached']} with the cache, and {large['naive']} without it. "
        f"A larger network would take longer, and a graphics processor less. 32×32 tokens in place of sub-pixels "
        f"(VQ-VAE, van den Oord et al. 2017) are {TOKENS:,} steps, {SUBPIXELS // TOKENS} times fewer; p(x) is then "
        f"that of the tokens. {CLOCK}",
        caption=f"{len(costs.frames)} of {SIDE} rows",
        counter=f"{len(costs.frames)}/{SIDE}",
        details=Details([*costs.rows(SLOW_FIRST, SLOW_PACE, TOTAL), scoring]),
    )


MODE = Mode(
    "slow",
    "Why slow",
    "understand",
    entry="Chain rule",
    functions=[time_cache],
    panel=Panel(
        time_cache,
        controls=[[Control(SEED, "seed")]],
        shows=Shows("", HEADS, charts=[("Seconds so far", 230), ("Milliseconds per pixel", 230)]),
    ),
    code={
        "Why slow": [time_cache.plain],
    },
)
