"""*Fill in*: gaps in the visitor's text are filled in."""

from collections.abc import Iterator
from typing import Annotated

import torch

from explorer.fields import Field, Text
from explorer.models.text_diffusion import TextDiffusion
from explorer.networks import checkpoints
from explorer.running import joint
from explorer.serving.films import Scene, Script
from explorer.spaces import TEXT
from explorer.spaces.tokens import BLANK
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
    ORDER,
    ORDER_TITLES,
    STEPS,
    TEMPERATURE,
    Filled,
    Order,
    Steps,
    Temperature,
    fill_scenes,
)

FILL_PLACES = "To be, or not to be, that is the ________: whether ___ nobler in the mind to suffer"
PLACED = Field("gap", Text(FILLED, 1), FILL_PLACES, "the text with gaps")
Gaps = Annotated[str, PLACED]
FILL_GAP = "ROMEO:\nIs the ____________________ my lord?\n\nJULIET:\nAy."


@film
def fill(text: Gaps, seed: Seed, order: Order, steps: Steps, temperature: Temperature) -> Script:
    """Film the masked diffusion that fills the gaps of a text, `BLANK` for each masked character."""
    model = checkpoints.load(DIFFUSION)
    known = torch.tensor([[character != BLANK for character in text]])
    if bool(known.all()):
        raise ValueError(f"nothing is left to fill in: write {BLANK} for a character, or tap one to mask it")
    x = TEXT.codes(text.replace(BLANK, " ")).unsqueeze(0)
    total = min(steps, int((~known).sum()))
    start = Step(x.masked_fill(~known, TEXT.size), -1, total + 1, int((~known).sum()), known=known[0])

    def roll() -> Iterator[Scene]:
        how = {"generator": rng(seed), "order": order, "steps": steps, "temperature": temperature}
        return fill_scenes(model.complete_steps(x, known, **how), start, Filled(int((~known).sum())))

    return Script(TEXT, 1, total + 1, total, roll, joint.network_of(model), 1)


MODE = Mode(
    "fill",
    "Fill in",
    "play",
    fields=[PLACED],
    functions=[fill],
    panel=Panel(
        fill,
        named={"text": PLACED},
        controls=[
            [Control(PLACED, "text", "Text, _ for a masked character")],
            [Control(SEED, "seed")],
            [Control(ORDER, "segments", "Order", options=ORDER_TITLES)],
        ],
        more=[
            [Control(STEPS, "segments", "Steps", options={steps: str(steps) for steps in STEPS.kind.choices})],
            [Control(TEMPERATURE, "slider", "Temperature", step=0.05, digits=2)],
        ],
        tries=[
            (
                "One gap",
                {"gap": FILL_GAP, "at": None},
            ),
            ("All at once", {"gap": "_" * 64, "steps": 1, "at": None}),
            ("From nothing, by confidence", {"gap": "_" * 64, "order": "confident", "steps": 64, "at": None}),
        ],
        shows=Shows("", FILL_HEADS),
    ),
    code={
        "Fill in": [fill.plain, TextDiffusion.unmask_steps],
    },
)
