"""*Three orders*: four images of a seed in three orders, on one clock."""

from collections.abc import Sequence
from typing import Any

from explorer.models.d3pm import next_masked
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Figure
from explorer.serving.films import Script
from explorer.spaces.images import PIXELS
from explorer.tabs.discrete_diffusion.shared import (
    BY_STEPS,
    DRAWS,
    EVALUATION_COLUMNS,
    MASKING,
    ORDER_TITLES,
    PER_STEP,
    PER_STEP_SAYS,
    MaskNet,
    Order,
    PerStep,
    evaluations,
    four,
    row_at,
    with_error,
)
from explorer.tabs.kit.ask.questions import filmed
from explorer.tabs.kit.layout.fields import Label, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel, Shows

BOUND_PER_STEP = Figure("−log p(x) ≤", unit="nats")


def orders_answer(rows: Sequence[cards.Row], per: int) -> Answer:
    """Describe three orders with so many pixels a step, and what was measured of it; `{apart}` is told on the page."""
    how = {1: "Every pixel depends on all pixels before it", PIXELS: "The pixels are independent of each other"}
    known = how.get(per, f"{per} pixels at a time are independent of each other")
    row = row_at(rows, "nll_steps", per_step=per)
    return Answer(
        numbers=[BOUND_PER_STEP.of(with_error(row), name=f"{BOUND_PER_STEP.name}, {per} a step")] if row else [],
        view={"note": cost_words(rows, per)},
        words=f"Each order took {evaluations(per)}, with the same random number for each pixel. {known}. Of "
        f"{PIXELS} pixels others differ from the random order's image: {{apart}}. Another order is another model.",
    )


def by_steps(rows: Sequence[cards.Row]) -> dict[str, Any]:
    """Return the three orders, and what is said of them for each number of pixels a step."""
    settings = [{"title": title, "order": order} for order, title in ORDER_TITLES.items()]
    return {"said": {str(per): orders_answer(rows, per).to_props() for per in PER_STEP}, "settings": settings}


def cost_words(rows: Sequence[cards.Row], per: int) -> str:
    """Return what so many pixels a step cost, beside one pixel a step."""
    found = {each: row_at(rows, "nll_steps", per_step=each) for each in (1, per)}
    if None in found.values():
        return ""
    one, here = (with_error(found[each]) for each in (1, per))
    if per == 1:
        return f"One pixel a step, in a random order, is the bound itself: {one} nats of {found[1]['n']} images."
    many = "all pixels at once" if per == PIXELS else f"{per} pixels a step"
    return f"On {found[per]['n']} test images {many} cost {here} nats, in place of {one} with one at a time."


@filmed
def unmask_many(net: MaskNet, seed: Seed, label: Label, order: Order, per: PerStep) -> Script:
    """Film four images of a seed in one order; a masked pixel is grey."""
    return four(checkpoints.load(net), seed, label, per, order=order)


MODE = Mode(
    "orders",
    "Three orders",
    "look",
    entry="Unmask",
    functions=[unmask_many],
    panel=Panel(
        unmask_many,
        DRAWS,
        shows=Shows("One seed in three orders, on one clock: grey is masked", (), module=BY_STEPS),
        nets=MASKING,
        says=PER_STEP_SAYS | {"films": "Three orders on one clock"},
        rows=EVALUATION_COLUMNS,
    ),
    tries=[
        ("Eights, sixteen pixels at a time", {"label": 8, "per": 16, "seed": 7, "at": 1}),
        ("All pixels at once", {"label": 8, "per": 784, "seed": 7, "at": 1}),
    ],
    code={
        "Order": [unmask_many.plain, next_masked],
    },
)
