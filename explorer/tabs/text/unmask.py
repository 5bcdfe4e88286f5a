"""*Unmask*: masked diffusion: a text appears in any order."""

from collections.abc import Iterator
from typing import Annotated

import torch

from explorer.fields import Field, Wholes
from explorer.models.text_diffusion import TextDiffusion
from explorer.networks import checkpoints
from explorer.running import joint
from explorer.serving.films import Scene, Script
from explorer.spaces import TEXT
from explorer.steps import Step
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.text.shared import (
    DIFFUSION,
    FILL_HEADS,
    FILLED,
    FILMED,
    JUDGED,
    ORDER,
    ORDER_TITLES,
    STEPS,
    TEMPERATURE,
    Order,
    Steps,
    Temperature,
    Unmasked,
    fill_scenes,
)

AGAIN = Field("again", Wholes(FILLED - 1, FILLED), (), "the characters that are masked again")
Again = Annotated[tuple[int, ...], AGAIN]
UNMASK_HEADS = (JUDGED, *FILL_HEADS)
WHOLE = {"again": [], "at": None}


@film
def unmask(seed: Seed, order: Order, steps: Steps, temperature: Temperature, again: Again) -> Script:
    """Film the masked diffusion that draws a text of nothing but masks.

    With `again`, film how these characters of the finished text are masked again, and drawn given all others. The last
    frame has the cost of the text by another network (`judged`).

    Reference: Austin et al. 2021, appendix A.3; Chang et al. 2022, section 3.2.
    """
    model: TextDiffusion = checkpoints.load(DIFFUSION)
    length = model.context
    if again and max(again) >= length:
        raise ValueError(f"the text has {length} characters, so none is number {max(again) + 1}")
    known = torch.ones(1, length, dtype=torch.bool).index_fill(1, torch.tensor(again, dtype=torch.long), False)
    masked = int((~known).sum()) if again else length
    total, first = min(steps, masked), min(steps, length)

    def roll() -> Iterator[Scene]:
        how = {"generator": rng(seed), "order": order, "steps": steps, "temperature": temperature}
        whole = model.sample_steps(1, **how)
        if not again:
            blank = torch.full((1, length), TEXT.size)
            start = Step(blank, -1, total + 1, length, known=blank[0] < TEXT.size)
            return fill_scenes(whole, start, Unmasked(length, order=order, total=total))
        return redrawn(whole, how)

    def redrawn(whole: Iterator[Step], how: dict) -> Iterator[Scene]:
        for step in whole:
            yield 1, None
        x = step.x.cpu()
        start = Step(x.masked_fill(~known, TEXT.size), -1, total + 1, masked, known=known[0])
        tell = Unmasked(masked, order=order, total=total, again=len(again))
        yield from fill_scenes(model.complete_steps(x, known, **how), start, tell)

    return Script(TEXT, 1, total + 1, total + (first if again else 0), roll, joint.network_of(model), 1)


MODE = Mode(
    "unmask",
    "Unmask",
    "look",
    fields=[AGAIN],
    functions=[unmask],
    panel=Panel(
        unmask,
        controls=[
            [Control(SEED, "seed")],
            [Control(ORDER, "segments", "Order", options=ORDER_TITLES)],
            [Control(STEPS, "segments", "Steps", options={steps: str(steps) for steps in FILMED})],
        ],
        more=[[Control(TEMPERATURE, "slider", "Temperature", step=0.05, digits=2)]],
        tries=[
            ("Eight steps", WHOLE | {"order": "random", "steps": 8}),
            ("Eight, by confidence", WHOLE | {"order": "confident", "steps": 8}),
            ("One at a time, by confidence", WHOLE | {"order": "confident", "steps": 128}),
        ],
        shows=Shows("", UNMASK_HEADS),
    ),
    code={
        "Unmask": [unmask.plain],
    },
)
