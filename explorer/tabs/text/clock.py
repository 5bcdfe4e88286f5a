"""Film of one text drawn with the cache and without it, and of the masked diffusion, all on one clock."""

from collections.abc import Iterator
from functools import partial
from itertools import chain

import torch

from explorer import checkpoints
from explorer.models.text_diffusion import TextDiffusion
from explorer.models.transformer import Transformer
from explorer.serving.films import Scene, Script
from explorer.spaces import TEXT
from explorer.steps import Step, frame
from explorer.tabs.kit.answers import film
from explorer.tabs.kit.common import seeded, timed
from explorer.tabs.kit.fields import Seed
from explorer.tabs.text.fields import DIFFUSION, TRANSFORMER, Steps

LENGTH = 256  # characters; the context of the transformer


@partial(film, threads=1)
def cached(seed: Seed, steps: Steps) -> Script:
    """Film a text that is drawn twice with the same random numbers: with the cache, and without it.

    Each frame is one character. Its `numbers` are the milliseconds of processor time that this character took with the
    cache (`cached`) and without it (`naive`), and that the masked diffusion took since the frame before (`diffusion`).
    The diffusion draws texts of its own length C, one after another. Step s of a text comes at the frame of the first
    character at which s / steps of C are reached.
    """
    model: Transformer = checkpoints.load(TRANSFORMER)
    diffusion: TextDiffusion = checkpoints.load(DIFFUSION)
    u, length = torch.rand(1, LENGTH, generator=seeded(seed)), diffusion.context
    texts = LENGTH // length

    def roll() -> Iterator[Scene]:
        kept, whole = (model.draw_steps(u, cached=each) for each in (True, False))
        generator = seeded(seed)
        unmasked = chain.from_iterable(
            diffusion.sample_steps(1, generator=generator, steps=steps) for _ in range(texts)
        )
        for place in range(LENGTH):
            due = steps * (place + 1) // length - steps * place // length
            drawn, fast = timed(kept)
            _, slow = timed(whole)
            other = sum(timed(unmasked)[1] for _ in range(due))
            numbers = {"cached": fast, "naive": slow, "diffusion": other}
            yield 2 + due, frame(Step(drawn.x, place, LENGTH, place), TEXT, more=numbers)

    return Script(TEXT, 1, LENGTH, 2 * LENGTH + texts * steps, roll)
