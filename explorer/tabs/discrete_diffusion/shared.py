"""Shared by several modes of discrete diffusion: the masking networks, the pixels of a step, and their order."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Annotated

from torch import nn

from explorer.fields import Field, OneOf
from explorer.models.d3pm import ORDERS, STEPS
from explorer.networks import card as cards
from explorer.numbers.words import num
from explorer.serving.films import Script
from explorer.spaces.images import PIXELS
from explorer.steps import Step
from explorer.tabs.kit.ask.common import labels, rng
from explorer.tabs.kit.ask.nets import Nets, with_further
from explorer.tabs.kit.ask.questions import script
from explorer.tabs.kit.ask.says import RACE
from explorer.tabs.kit.layout.fields import LABEL, SEED
from explorer.tabs.kit.layout.panel import Control

MASKING = with_further("d3pm-mnist")
PER_STEP = (1, 4, 16, 56, 196, 784)  # pixels; each divides 784
ORDER = Field("order", OneOf(ORDERS), "random", "the order of the pixels")
PER = Field("per", OneOf(PER_STEP), PIXELS // STEPS, "how many pixels are unmasked at each step")
MaskNet = Annotated[str, Field("net", Nets(MASKING), title="the network")]
Order = Annotated[str, ORDER]
PerStep = Annotated[int, PER]
ORDER_TITLES = {"random": "random", "raster": "row by row", "certain": "by confidence"}
COUNTS = {per: f"{'all' if per == PIXELS else per} ({PIXELS // per:,} evaluations)" for per in PER_STEP}
BY_STEPS = "discrete_diffusion/per_step"  # module
PER_STEPS = Control(PER, "list", "Pixels a step", options=COUNTS)
DRAWS = [[PER_STEPS], [Control(SEED, "seed")], [Control(LABEL, "class")]]
PER_STEP_SAYS = RACE | {"doing": "{title} draws"}
EVALUATION_COLUMNS = {"columns": [("evaluations", "{evaluations}", "")]}


def evaluations(per: int) -> str:
    """Return the number of evaluations in words."""
    count = PIXELS // per
    return "one evaluation" if count == 1 else f"{count:,} evaluations"


def row_at(rows: Sequence[cards.Row], name: str, **setting: float) -> cards.Row | None:
    """Return the row that was measured at exactly this setting, if there is one."""
    with suppress(KeyError):
        return cards.find({"rows": rows}, name, **setting)
    return None


def with_error(row: cards.Row) -> str:
    """Return a figure with its standard error."""
    return f"{num(row['value'], 1)} ± {num(row['se'], 1)}"


def four(model: nn.Module, seed: int, label: int | None, per: int, **how) -> Script:
    """Return a film of four images of a seed in 784 / `per` steps."""
    count, total = 4, PIXELS // per

    def steps() -> Iterator[Step]:
        how["label"] = labels(label, count)
        for step in model.sample_steps(count, generator=rng(seed), steps=total, **how):
            yield replace(step, known=None)

    return script(model, steps, total, 1, count)
