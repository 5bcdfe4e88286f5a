"""*Side by side*: several families learn the visitor's points, filmed while they train."""

import base64
import math
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import torch

from explorer.data.playground import PRESETS, Points
from explorer.fields import Field, Flag, OneOf, Real
from explorer.models import chance
from explorer.models.learners import LEARNERS
from explorer.models.live_training import Rules, Trainee
from explorer.questions import learn_live as question
from explorer.questions.learn_live import SAMPLES, Look, Piece, Snapshot
from explorer.serving.films import Scene, Script
from explorer.serving.work import GUESS
from explorer.spaces import PLANE
from explorer.spaces.packing import pack
from explorer.steps import round_numbers
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.cells import CELLS
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel
from explorer.tabs.playground import cell, recorded, trained
from explorer.tabs.playground.costs import FRAME, Plan
from explorer.tabs.playground.shared import (
    BATCH,
    CLOCK,
    DEEPER,
    KNOBS,
    NAMES,
    NOISE,
    RATE,
    SIDE_SECONDS,
    STEPS,
    WIDTH,
    Batch,
    Board,
    Clock,
    Count,
    Data,
    Deeper,
    Knobs,
    Learn,
    N,
    Noise,
    Rate,
    Steps,
    Width,
)
from explorer.tabs.playground.snapshot import snapshot_report
from explorer.tabs.playground.taken import (
    TAKEN,
    TakenKey,
    files,
    found,
    keep,
    kept_states,
    opens,
    rules_of,
    settings_of,
)

SHADE = Field("shade", Flag(), True, "whether densities are shaded")
TIMED_GONE = "This server no longer has these networks, whose training counted seconds. Train them again first."
SENT = (
    *("steps", "cost", "loss", "distance", "distance_se", "memorised", "nll"),
    *("kl", "kl_error", "back", "astray", "modes", "missed"),
)
RATES = {rate: f"{rate:g} ×" for rate in (0.1, 0.3, 1, 3, 10, 30)}
LAYERS = {-1: "one less", 0: "as usual", 1: "one more", 2: "two more"}
PRESET = {"data": tuple(PRESETS)}
START = {"data": "moons", "noise": 0.1, "n": 1_000}


def knobs(**places: int) -> list[int]:
    """Return the families' own settings: the usual ones but for these."""
    return [places.get(name, usual) for name, usual in zip(LEARNERS, KNOBS.default)]


def number_titles(choices: tuple[int, ...]) -> dict[int, str]:
    """Return titles of numbers."""
    return {each: f"{each:,}" for each in choices}


BREAKS = [
    (
        "Rate × 30",
        START | {"rate": 30, "steps": 500, "learn": [1, 2, 4, 5, 7]},
        "Steps that are too long jump over every minimum. Flow, VAE and diffusion break, or end farther away.",
    ),
    (
        "One latent",
        {"data": "eight", "noise": 0.12, "learn": [2, 7], "knobs": knobs(vae=0)},
        "One latent is one curve. The VAE ends farther from eight islands than with two latents.",
    ),
    (
        "Fast D",
        {"data": "eight", "noise": 0.12, "learn": [6, 7], "steps": 500, "knobs": knobs(gan=1)},
        "D learns ten times as fast as G. The GAN ends farther from the points.",
    ),
    (
        "Short chains",
        {"data": "eight", "noise": 0.12, "learn": [6], "steps": 500, "knobs": knobs(energy=1)},
        "Chains of one step stay near the data. The energy of the empty rest of the plane is never raised.",
    ),
    (
        "Two noise levels",
        START | {"learn": [4, 5], "steps": 500, "knobs": knobs(diffusion=0)},
        "Two steps are too few to draw samples. The density of the diffusion does not change.",
    ),
    (
        "Two affine layers",
        {"data": "rings", "learn": [1], "steps": 500, "knobs": knobs(flow=3)},
        "Two affine couplings cannot bend a Gaussian into two rings. KL is more than twice that of splines.",
    ),
    (
        "Kernels of width 0",
        START | {"n": 50, "learn": [8, 9], "figure": "memorised", "knobs": knobs(kernels=1)},
        "Narrow kernels copy the training points. They give held-out points almost no probability.",
    ),
    (
        "20 points, 10,000 steps",
        START | {"n": 20, "steps": 10_000, "figure": "memorised", "learn": [9, 1, 2, 4, 5, 7]},
        "The flow memorises the 18 training points. Its −log p(x) of the held-out points is very large.",
    ),
]


def to_props(look: Look) -> Mapping[str, Any]:
    """Return the figures of a look in JSON form; one that is not finite counts as not measured."""
    found = {name: getattr(look, name) for name in SENT}
    finite = {name: round_numbers(torch.tensor(value)) for name, value in found.items() if _finite(value)}
    return finite | {"over": look.over, "unsolved": look.unsolved, "broken": look.x is None}


def _finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def frame(snapshot: Snapshot, points: Points, limit: float, names: list[str]) -> Mapping[str, Any]:
    """Return a moment as a frame: samples and densities of all families, one after the other, and their names.

    The first frame also holds the points. `names` are the families whose training is a recorded one.
    """
    drawn = {name: look.x for name, look in snapshot.looks.items() if look.x is not None}
    shades = {name: look.shade for name, look in snapshot.looks.items() if look.shade is not None}
    held = {"train": PLANE.encode(points.train), "held": PLANE.encode(points.held)}
    return {
        "x": PLANE.encode(torch.cat([torch.zeros(0, 2), *drawn.values()])),
        "drawn": [*drawn],
        "shades": pack(torch.cat([torch.zeros(0, dtype=torch.uint8), *shades.values()]), torch.uint8),
        "shaded": [*shades],
        "pictures": {} if snapshot.index else held,
        "time": snapshot.time,
        "looks": {name: to_props(look) for name, look in snapshot.looks.items()},
        "limit": limit,
        "recorded": names,
    }


@partial(film, threads=1)
def learn_live(
    learn: Learn,
    data: Data,
    board: Board,
    noise: Noise,
    n: Count,
    steps: Steps,
    clock: Clock,
    width: Width,
    deeper: Deeper,
    rate: Rate,
    batch: Batch,
    knobs: Knobs,
    seed: Seed,
    taken: TakenKey,
) -> Script:
    """Film several families that learn the same points, from the first step on.

    Trainings that are recorded, or that this server remembers, are shown at once, and the others run. If a visitor
    opened all of these networks, their end alone is shown.
    """
    settings = settings_of(locals())
    names = [NAMES[index] for index in dict.fromkeys(learn)]
    points = trained.points_of(data, board, noise, n, seed)
    seconds = steps * SIDE_SECONDS if clock == "seconds" else 0
    own = dict(zip(NAMES, knobs))
    rules = Rules(width, deeper, rate, batch, seed, own)
    limit = round(chance.limit(points), 6)
    if opens(taken, names, settings):
        return end_of(taken, names, settings, points, limit)
    task = trained.task_of(data, board, noise, n, steps, width, deeper, rate, batch, seed)
    before = {} if seconds else recorded.recorded_looks(names, task, own)
    known = before if seconds else trained.recent_looks(names, task, own) | before
    frames = len(question.snapshot_steps(steps))
    plan = Plan({name: (width, deeper, batch, own.get(name)) for name in names if name not in known}, steps, seconds)

    def scenes() -> Iterator[Scene]:
        seen, trainees = [], {}
        for done in question.steps(names, points, rules, steps, seconds, known, trainees):
            if isinstance(done, Piece):
                yield plan.units(done), None
                continue
            seen.append(done.looks)
            if len(seen) == frames:
                plan.learn()
                keep(trainees, {name: look.loss for name, look in done.looks.items()}, settings)
                trained.remember(seen, task, own) if not seconds else None
            shot = frame(done, points, limit, [*before])
            yield FRAME / GUESS, shot | {"report": snapshot_report(shot, clock)}

    return Script(PLANE, SAMPLES, frames, plan.total, scenes)


def end_of(key: str, names: list[str], settings: Mapping[str, Any], points: Points, limit: float) -> Script:
    """Return the film of networks that a visitor opened: one frame, measured now."""

    def scenes() -> Iterator[Scene]:
        looks = found(key, names, settings)
        shot = frame(Snapshot(0, settings["steps"], {name: looks[name] for name in names}), points, limit, [])
        report = snapshot_report(shot, settings["clock"])
        yield 1, shot | {"report": report | {"when": f"{report['when']} · opened"}}

    return Script(PLANE, SAMPLES, 1, 1, scenes)


@partial(film, threads=1)
def take_trained(
    learn: Learn,
    data: Data,
    board: Board,
    noise: Noise,
    n: Count,
    steps: Steps,
    clock: Clock,
    width: Width,
    deeper: Deeper,
    rate: Rate,
    batch: Batch,
    knobs: Knobs,
    seed: Seed,
) -> Script:
    """Film that ends with the networks of a training as files; those that this server does not keep train again."""
    settings = settings_of(locals())
    names = [NAMES[index] for index in dict.fromkeys(learn)]
    states = kept_states(names, settings)
    missing = [name for name in names if name not in states]
    if missing and clock == "seconds":
        raise ValueError(TIMED_GONE)
    points, own = trained.points_of(data, board, noise, n, seed), dict(zip(NAMES, knobs))
    trainees = {name: Trainee(name, points.train, rules_of(settings)) for name in missing}
    plan = Plan({name: (width, deeper, batch, own.get(name)) for name in missing}, steps, 0)

    def scenes() -> Iterator[Scene]:
        for done in question.train(trainees, steps, steps, 0):
            yield plan.units(done), None
        whole = states | keep(trainees, {name: each.loss() for name, each in trainees.items()}, settings)
        texts, weights = files({name: whole[name] for name in names if name in whole}, settings)
        packed = {"texts": texts, "weights": base64.b64encode(weights).decode()}
        yield FRAME / GUESS, {"x": PLANE.encode(torch.zeros(0, 2)), "index": 0, "total": 1, "time": steps} | packed

    return Script(PLANE, 0, 1, plan.total, scenes)


CELLS[learn_live.__name__] = cell.lines

MODE = Mode(
    "side",
    "Side by side",
    "look",
    fields=[
        CLOCK,
        Field(
            "figure",
            OneOf(("distance", "nll", "memorised", "loss", "cost", "kl")),
            "distance",
            "the figure of a family",
        ),
        SHADE,
        TAKEN,
        Field("tool", OneOf(("spray", "line", "erase")), "spray", "the tool"),
        Field("spread", Real(0.01, 0.5), 0.1, "how wide the tool draws"),
        Field("speed", Real(0.1, 100), 1, "the speed"),
    ],
    functions=[learn_live, take_trained],
    panel=Panel(
        learn_live,
        controls=[],
        more=[
            [Control(NOISE, "slider", "Noise", step=0.01, digits=2, when=PRESET)],
            [Control(N, "list", "Points", options=number_titles(N.kind.choices), when=PRESET)],
            [
                Control(STEPS, "list", "Steps", options=number_titles(STEPS.kind.choices)),
                Control(BATCH, "list", "Batch", options=number_titles(BATCH.kind.choices)),
            ],
            [
                Control(WIDTH, "list", "Units a layer", options=number_titles(WIDTH.kind.choices)),
                Control(DEEPER, "list", "Layers", options=LAYERS),
            ],
            [Control(RATE, "list", "Learning rate", options=RATES)],
            [
                Control(CLOCK, "segments", "Clock", options={"steps": "equal steps", "seconds": "equal time"}),
                Control(SHADE, "segments", "Density", options={True: "shaded", False: "hidden"}),
            ],
            [Control(SEED, "seed")],
        ],
        tries=BREAKS,
    ),
    code={"The training": [learn_live.plain, question.steps, Trainee.step]},
)
