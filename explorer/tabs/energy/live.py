"""*Learn it live*: a short training by each of four objectives, filmed while it runs."""

from collections.abc import Iterator
from typing import Annotated, Any

import torch

from explorer.data.toys import TOYS
from explorer.fields import Field, Flag, OneOf
from explorer.models.learning import PARTS, Learning, Rules
from explorer.models.plane_energy import OBJECTIVES
from explorer.numbers.answer import Report
from explorer.numbers.words import num, percent
from explorer.serving.films import Scene, Script
from explorer.spaces import PLANE
from explorer.tabs.energy.objectives import (
    ALIKE,
    HEADS,
    STYLES,
    decades,
    divergence_chart,
    evaluate,
    nearest_words,
    objective_numbers,
    surfaces,
    table,
)
from explorer.tabs.energy.shared import CHOICE, SHADE, Frame, PlaneNet, titles_of
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

K = Field("k", OneOf((1, 5, 20)), 5, "the steps k of a chain")
JUMPS = Field("jumps", Flag(), True, "whether persistent chains propose jumps")
STEPS = Field("steps", OneOf((300, 1_000)), 300, "how many steps the training has")
ChainSteps = Annotated[int, K]
Jumps = Annotated[bool, JUMPS]
Steps = Annotated[int, STEPS]
LIVE_FRAMES = 50  # without the first
LESSON = {"steps": 300, "seed": 7, "shows": "energy", "at": 1}
LIVE = (
    "Lines lead from where a chain began to where it ended, and without chains down the energy. Bars: the lengths of "
    "the gradients of the positive phase, of the negative phase, and of their sum; each objective has its own unit."
)
COLOURS = {way: style["colour"] for way, style in zip(OBJECTIVES, STYLES, strict=True)}
PHASES = {"positive": "ink", "negative": "quiet", "both": None}
"""Colour of each bar; the sum of both has that of its objective."""


def shot(learning: Learning, dataset: str) -> dict[str, Any]:
    """Return a frame of the four trainings: energies, arrows, both phases of the gradients, and figures."""
    found, shown = surfaces({way: each.energy for way, each in learning.ways.items()}, dataset)
    ends = [each.arrows or (torch.zeros(0, 2),) * 2 for each in learning.ways.values()]
    start, stop = (torch.cat(each) for each in zip(*ends))
    count = len(start) // len(OBJECTIVES)
    phases = {way: vars(each.phases) if each.phases else None for way, each in learning.ways.items()}
    return {
        "x": PLANE.encode(start),
        "pictures": {"to": PLANE.encode(stop)},
        "surfaces": shown,
        "spans": {way: [k * count, (k + 1) * count] for k, way in enumerate(OBJECTIVES)},
        "step": learning.steps,
        "found": found,
        "phases": phases,
    }


@film
def learn_objectives(net: PlaneNet, k: ChainSteps, jumps: Jumps, seed: Seed, steps: Steps) -> Script:
    """Film the training of four energies from the first step, on the points of the selected network."""
    dataset, every = dataset_of(net), steps // LIVE_FRAMES

    def scenes() -> Iterator[Scene]:
        learning = Learning(TOYS[dataset], Rules(k, jumps), seed)
        for index in range(steps + 1):
            if index:
                learning.step()
            found = shot(learning, dataset) if index % every == 0 else None
            if found:
                found |= {"report": live_report(found, k, jumps, steps).to_props()}
            yield min(index, 1), found

    return Script(PLANE, len(OBJECTIVES), LIVE_FRAMES + 1, steps, scenes)


def live_report(frame: Frame, k: int, jumps: bool, steps: int) -> Report:
    """Return the report of a frame of the live training of `steps` steps, by chains of `k` steps."""
    found, phases, step = frame["found"], frame["phases"], frame["step"]
    words = ALIKE
    if step:
        best, *_, worst = sorted(OBJECTIVES, key=lambda name: found[name]["kl"])
        positive, negative, both = (num(phases["pcd"][key]) for key in PHASES)
        walk = f"chains of {k} step{'' if k == 1 else 's'}{', of which the persistent ones also jump' if jumps else ''}"
        words = (
            f"{nearest_words(best)} With {walk}, farthest after {step:,} steps is {OBJECTIVES[worst]} "
            f"({num(found[worst]['kl'], 3)}). With persistent chains, the gradient of the positive phase has the "
            f"length {positive}, that of the negative phase {negative}, their sum {both}. Persistent chains put "
            f"{percent(found['pcd']['off'])} of the mass in the wrong mode, score matching "
            f"{percent(found['sm']['off'])}."
        )
    ways = {
        way: {
            "words": f"KL {num(found[way]['kl'], 3)}",
            "bars": [(phases[way][key], colour or own) for key, colour in PHASES.items()] if phases[way] else [],
        }
        for way, own in COLOURS.items()
    }
    return Report(
        objective_numbers(found),
        f"{words} {LIVE}",
        caption=f"After {step:,} steps." if step else "Before the first step: four equal networks.",
        place=step,
        end=steps,
        curves=[[max(-2, decades(found[way]["kl"])) for way in OBJECTIVES]],
        row=table({"step": step}, found, {way: phases[way] or dict.fromkeys(PHASES) for way in OBJECTIVES}),
        view={"bars": "Gradients", "ways": ways},
    )


MODE = Mode(
    "live",
    "Learn it live",
    "play",
    fields=[K, JUMPS, STEPS],
    functions=[learn_objectives],
    panel=Panel(
        learn_objectives,
        controls=[
            CHOICE,
            [
                Control(K, "list", "Chain steps k", options=titles_of(K.kind.choices)),
                Control(STEPS, "list", "Training steps", options=titles_of(STEPS.kind.choices)),
            ],
        ],
        more=[
            [Control(JUMPS, "segments", "Persistent chains", options={True: "also jump", False: "only walk"})],
            [SHADE],
        ],
        renews={"at": 1},
        tries=[
            ("Chains of one step", LESSON | {"net": "energy-moons", "k": 1, "jumps": True}),
            ("Chains of twenty", LESSON | {"net": "energy-moons", "k": 20, "jumps": True}),
            ("Chains that cannot jump", LESSON | {"net": "energy-eight-gaussians", "k": 5, "jumps": False}),
        ],
        shows=Shows(
            "Choose k, and train all four",
            HEADS,
            curves=[divergence_chart("steps", -2, 200)],
            module="energy/ways",
        ),
    ),
    code={"Learn it live": [learn_objectives.plain, Learning.step, *PARTS.values(), evaluate]},
)
