"""*Why cached*: why a cache makes drawing fast."""

from collections.abc import Iterator
from functools import partial
from itertools import chain

import torch

from explorer.models.text import NaiveReader
from explorer.models.text_diffusion import TextDiffusion
from explorer.models.transformer import CachedReader, Transformer
from explorer.networks import checkpoints
from explorer.numbers.answer import Details, Figure, Report
from explorer.numbers.words import num
from explorer.serving.films import Scene, Script
from explorer.spaces import TEXT
from explorer.steps import Step, frame
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.common import next_step, rng
from explorer.tabs.kit.ask.costs import CLOCK, Costs
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.text.exercises import TRANSFORMER
from explorer.tabs.text.shared import DIFFUSION, FILMED, STEPS, Steps

CACHED_LENGTH = 256  # characters; the context of the transformer
CACHED_WINDOW = 16  # characters over which the pace is a mean
WAYS = {"naive": "without the cache", "cached": "with the cache", "diffusion": "masked diffusion"}
RATIO = Figure("without the cache, this text takes", unit="times as long", digits=1)
SPENT = {
    "cached": Figure("with the cache", unit="seconds"),
    "naive": Figure("without the cache", unit="seconds"),
    "diffusion": Figure("masked diffusion, as many characters", unit="seconds"),
}
HEADS = (RATIO, *SPENT.values())


@partial(film, threads=1)
def time_cache(seed: Seed, steps: Steps) -> Script:
    """Film a text that is drawn twice with the same random numbers: with the cache, and without it.

    Each frame is one character. Its `numbers` are the milliseconds of processor time that this character took with the
    cache (`cached`) and without it (`naive`), and that the masked diffusion took since the frame before (`diffusion`).
    The diffusion draws texts of its own length C, one after another. Step s of a text comes at the frame of the first
    character at which s / steps of C are reached.
    """
    model: Transformer = checkpoints.load(TRANSFORMER)
    diffusion: TextDiffusion = checkpoints.load(DIFFUSION)
    u, length = torch.rand(1, CACHED_LENGTH, generator=rng(seed)), diffusion.context
    texts = CACHED_LENGTH // length

    def roll() -> Iterator[Scene]:
        kept, whole = (model.draw_steps(u, cached=each) for each in (True, False))
        generator = rng(seed)
        unmasked = chain.from_iterable(
            diffusion.sample_steps(1, generator=generator, steps=steps) for _ in range(texts)
        )
        costs = Costs(WAYS, window=CACHED_WINDOW)
        for place in range(CACHED_LENGTH):
            due = steps * (place + 1) // length - steps * place // length
            drawn, fast = next_step(kept)
            _, slow = next_step(whole)
            other = sum(next_step(unmasked)[1] for _ in range(due))
            numbers = {"cached": fast, "naive": slow, "diffusion": other}
            costs.add(numbers)
            step = Step(drawn.x, place, CACHED_LENGTH, place)
            yield 2 + due, frame(step, TEXT, more=numbers) | {"report": timing_report(costs, steps, texts).to_props()}

    return Script(TEXT, 1, CACHED_LENGTH, 2 * CACHED_LENGTH + texts * steps, roll)


def timing_report(costs: Costs, steps: int, texts: int) -> Report:
    """Return the curves, figures and sentences after some characters; the diffusion draws `texts` texts in all."""
    count = costs.count
    ratio = costs.ratio() if count >= CACHED_WINDOW else None
    work = {
        "naive": {"evaluations": num(1), "positions": num((count + 1) / 2, 1)},
        "cached": {"evaluations": num(1), "positions": num(1, 1)},
        "diffusion": {"evaluations": num(texts * steps / CACHED_LENGTH), "positions": num(steps, 1)},
    }
    positions = f"{count * (count + 1) // 2:,} positions" if count > 1 else "1 position"
    return costs.report(
        count,
        CACHED_LENGTH,
        [RATIO.of(ratio), *(spent.of(costs.seconds(way)) for way, spent in SPENT.items())],
        f"For {count} character{'s' * (count > 1)}, the sampler without a cache computes {positions}, with it "
        f"{count}. The masked diffusion evaluates its network {steps} time{'s' * (steps != 1)} for "
        f"{CACHED_LENGTH // texts} characters, each time at all positions. Each new character changes what all "
        f"others see, so it can keep nothing. {CLOCK}",
        caption=f"{count} of {CACHED_LENGTH} characters",
        counter=f"{count}/{CACHED_LENGTH}",
        details=Details(costs.rows("per character", "time in ms", "in all, in s", work)),
    )


MODE = Mode(
    "cached",
    "Why cached",
    "understand",
    entry="The transformer",
    functions=[time_cache],
    panel=Panel(
        time_cache,
        controls=[
            [Control(SEED, "seed")],
            [Control(STEPS, "segments", "Steps of the diffusion", options={steps: str(steps) for steps in FILMED})],
        ],
        tries=[
            ("Eight steps a text", {"steps": 8, "at": None}),
            ("One step a character", {"steps": 128, "at": None}),
        ],
        shows=Shows(
            "",
            HEADS,
            charts=[("Seconds so far", 390), ("Milliseconds per character", 390)],
        ),
    ),
    code={
        "Why cached": [time_cache.plain, CachedReader.read, NaiveReader.read],
    },
)
