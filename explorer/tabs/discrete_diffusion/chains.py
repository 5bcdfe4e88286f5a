"""*Two chains*: masks against uniform noise, in equally many evaluations."""

from collections.abc import Sequence
from typing import Annotated, Any

from explorer.fields import Field
from explorer.models.uniform_d3pm import UniformD3PM
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Figure
from explorer.serving.films import Script
from explorer.tabs.discrete_diffusion.shared import (
    BY_STEPS,
    DRAWS,
    EVALUATION_COLUMNS,
    MASKING,
    PER_STEP,
    PER_STEP_SAYS,
    PerStep,
    evaluations,
    four,
    row_at,
    with_error,
)
from explorer.tabs.kit.ask.nets import Nets, with_further
from explorer.tabs.kit.ask.questions import filmed
from explorer.tabs.kit.layout.fields import Label, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel, Shows

NETS = (*MASKING, *with_further("uniform-d3pm-mnist"))
Either = Annotated[str, Field("net", Nets(NETS), title="the network")]
SMALLEST = Figure("smallest bound on −log p(x)", unit="nats")


def chains_answer(nets: Sequence[tuple[str, int, Sequence[cards.Row]]], per: int) -> Answer:
    """Describe both chains with so many pixels a step; of each network its title, epochs and rows."""
    found = [(title, epochs, row_at(rows, "nll")) for title, epochs, rows in nets]
    bounds = [f"{title} {with_error(row)} (trained for {epochs} epochs)" for title, epochs, row in found if row]
    best = min(((row["value"], with_error(row), title) for title, _, row in found if row), default=None)
    note = f"−log p(x) of the test images is at most, in nats: {' and '.join(bounds)}." if bounds else ""
    return Answer(
        numbers=[SMALLEST.of(best[1], f"{SMALLEST.unit}, {best[2]}")] if best else [],
        view={"note": note},
        words=f"Each chain took {evaluations(per)}. A masked pixel is unmasked once and then keeps its value, "
        "right or wrong. In the uniform chain all pixels begin as uniform noise, and each step may flip any of them. "
        "A wrong pixel can still be corrected, and a right one may be lost.",
    )


def by_steps(nets: Sequence[tuple[str, int, Sequence[cards.Row]]]) -> dict[str, Any]:
    """Return what is said of both chains for each number of pixels a step."""
    return {"said": {str(per): chains_answer(nets, per).to_props() for per in PER_STEP}}


@filmed
def draw_chain(net: Either, seed: Seed, label: Label, per: PerStep) -> Script:
    """Film four images of a seed by either chain, in 784 / `per` steps for both."""
    return four(checkpoints.load(net), seed, label, per)


MODE = Mode(
    "chains",
    "Two chains",
    "understand",
    functions=[draw_chain],
    panel=Panel(
        draw_chain,
        DRAWS,
        shows=Shows("Masks or uniform noise: one seed, one class, equally many evaluations", (), module=BY_STEPS),
        says=PER_STEP_SAYS | {"films": "Two chains on one clock"},
        rows=EVALUATION_COLUMNS,
    ),
    tries=[
        ("Eights, in 49 steps", {"label": 8, "per": 16, "seed": 7, "at": 1}),
        ("In four steps", {"label": 8, "per": 196, "seed": 7, "at": 1}),
    ],
    code={
        "Two chains": [draw_chain.plain, UniformD3PM.way, UniformD3PM.towards, UniformD3PM.reverse],
    },
)
