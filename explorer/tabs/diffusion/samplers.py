"""*Side by side*: two samplers side by side, from the same noise."""

from typing import Any

from explorer.fields import Field, OneOf
from explorer.models.solvers import SAMPLERS, Sampler
from explorer.tabs.diffusion.shared import CLOTHES, ETA, GUIDED, SAMPLER_TITLES, SEEDED, reverse
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel

LEFT = Field("left", OneOf(tuple(SAMPLERS)), "ddim", "the sampler on the left")
RIGHT = Field("right", OneOf(tuple(SAMPLERS)), "ddpm", "the sampler on the right")
USUAL = {"left": "ddim", "right": "ddpm", "at": None}
SAYS = {"films": "Samplers on one clock", "doing": "{title} draws"}
ROWS = {
    "columns": [("evaluations", "{cost}", ""), ("seconds", "{seconds}", ""), ("L2 to 100 steps", "{away}", "")],
    "fixed": [("{title}, L2 from {few.evaluations:0} to {many.evaluations:0} evaluations", "{few.distance}", "")],
    "cost": [("{many.evaluations:0} evaluations take", "{cost:0}", "times as long as {few.evaluations:0}")],
}
SIDES = [Control(side, "list", name, options=SAMPLER_TITLES) for side, name in ((LEFT, "Left"), (RIGHT, "Right"))]
SAMPLERS_EVALUATIONS = (5, 10, 20, 50, 100)  # of the rows of a sampler
NOTES = {
    "ddim": "η = {eta} of DDPM's noise.",
    "ddpm": "new noise at every step.",
    "heun": "two slopes a step, and their mean.",
    "dpm": "it extrapolates its last two predictions.",
    "sde": "plain Euler steps, with noise.",
    "pc": "a step of DDPM, then one of Langevin.",
    "langevin": "four steps of Langevin a level.",
}


def sampler_value(name: str, sampler: Sampler) -> dict[str, Any]:
    """Return the stage's data about a sampler: what it does, and its rows, each of at most so many evaluations."""
    counts = [sampler.steps(evaluations) for evaluations in SAMPLERS_EVALUATIONS]
    title = {steps: f"{sampler.title}, {steps:,}{' steps' * (steps == counts[0])}" for steps in counts}
    rows = [{"title": title[steps], "sampler": name, "steps": steps} for steps in counts]
    note = f"{sampler.title}: {NOTES[name]}"
    return {"title": sampler.title, "each": sampler.each, "noisy": sampler.noisy, "rows": rows, "note": note}


MODE = Mode(
    "samplers",
    "Side by side",
    "test",
    entry="Samplers",
    fields=[LEFT, RIGHT],
    panel=Panel(
        reverse,
        [SIDES, *SEEDED, GUIDED],
        more=[[Control(ETA, "slider", "η of DDIM", step=0.05, digits=2)]],
        says=SAYS,
        rows=ROWS,
    ),
    tries=[
        ("DDPM's noise: η = 1", USUAL | {"eta": 1}),
        ("A pullover", USUAL | {"net": CLOTHES, "label": 2, "w": 1, "eta": 0}),
        ("One equation, two solvers", {"left": "ddim", "right": "dpm", "eta": 0, "at": None}),
        ("Two ways with noise", {"left": "pc", "right": "sde", "at": None}),
    ],
)
