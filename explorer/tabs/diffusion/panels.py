"""Panels of the diffusion's modes."""

from explorer import data
from explorer.data.toys import TOYS
from explorer.models.solvers import SAMPLERS
from explorer.tabs.diffusion import answers, learned, says, server, walks
from explorer.tabs.diffusion.fields import (
    ETA,
    EXAMPLE_CLASS,
    GRID,
    LEFT,
    LEVEL,
    PART,
    PATHS,
    PLACE,
    RESAMPLES,
    RIGHT,
    SAMPLER,
    SCHEDULE,
    STEPS,
    TOY,
    W,
)
from explorer.tabs.diffusion.tries import TRIES
from explorer.tabs.kit.layout.fields import LABEL, SEED
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.kit.numbers.answer import Figure

SAMPLER_TITLES = {name: sampler.title for name, sampler in SAMPLERS.items()}

WALKED = (5, 10, 20, 50, 100, 200, 1000)  # steps of the walks of points
MOST = server.MOST  # steps of a film that several images take
GUIDED = [Control(W, "slider", "Guidance scale w", step=0.25, digits=2, when={"label": range(10)})]

REVERSE = Panel(
    server.reverse,
    named={"count": GRID},
    controls=[
        [Control(SEED, "seed")],
        [
            Control(LABEL, "class"),
            Control(GRID, "segments", "How many", options={1: "1", 16: "16"}),
        ],
        GUIDED,
    ],
    more=[
        [Control(SAMPLER, "segments", "Sampler", options=SAMPLER_TITLES, first=2), Control(STEPS, "number", "Steps")],
        [Control(ETA, "slider", "η of DDIM", step=0.05, digits=2, when={"sampler": ["ddim"]})],
    ],
    tries=[
        (
            "A 3 in ten steps",
            {
                "net": "diffusion-mnist",
                "seed": 7,
                "label": 3,
                "w": 2,
                "sampler": "ddim",
                "steps": 10,
                "eta": 0,
                "grid": 1,
                "at": None,
            },
        ),
        ("Sixteen at once", {"label": None, "grid": 16, "sampler": "ddim", "steps": 50, "at": None}),
        ("DDPM, 250 steps", {"sampler": "ddpm", "steps": 250, "grid": 1, "at": None}),
    ],
    shows=Shows("Each step removes a little of the noise that the network predicts", answers.REVERSE_HEADS),
)
LEARNED = Panel(
    learned.loss_at,
    controls=[[Control(PART, "segments", "Shown", options={None: "Loss against t", "bound": "The bound, split"})]],
    tries=[
        ("Almost no noise", {"t": 1, "part": None}),
        ("What the bound pays for", {"t": 1, "part": "bound"}),
        ("Almost only noise", {"t": 800, "part": None}),
    ],
    shows=Shows(
        "Tap a bar: how well is the noise predicted at each time t?",
        learned.HEADS,
        charts=[("What was measured of every time", 500, "t")],
    ),
)
SEEDED = [[Control(SEED, "seed")], [Control(LABEL, "class")]]
FEWER = [Control(STEPS, "number", "Steps", most=MOST)]
SIDES = [Control(side, "list", name, options=SAMPLER_TITLES) for side, name in ((LEFT, "Left"), (RIGHT, "Right"))]
SCHEDULES = {"linear": "Linear", "cosine": "Cosine"}
WALKS = {"both": "both", "sde": "SDE", "ode": "ODE"}
PANELS = {
    "forward": Panel(
        None,
        [[Control(SEED, "seed")], [Control(SCHEDULE, "segments", "Schedule", options=SCHEDULES)]],
        says=says.FORWARD,
        rows=says.FORWARD_ROWS,
    ),
    "field": Panel(
        walks.walks,
        [
            [Control(TOY, "segments", "Points", options={toy: data.DATASETS[toy].title for toy in TOYS})],
            [Control(LEVEL, "slider", "Time t of the field", live=True)],
        ],
        more=[
            [
                Control(PATHS, "segments", "Walks", options=WALKS),
                Control(STEPS, "list", "Steps", options={steps: f"{steps:,}" for steps in WALKED}),
            ],
            [Control(SEED, "seed")],
        ],
        shows=Shows("Click or tap to drop noise; compare both scores", [Figure(*row) for row in says.FIELD_ROWS]),
        says=says.FIELD,
        rows=says.FIELD_ROWS,
    ),
    "reverse": REVERSE,
    "learned": LEARNED,
    "samplers": Panel(
        server.reverse,
        [SIDES, *SEEDED, GUIDED],
        more=[[Control(ETA, "slider", "η of DDIM", step=0.05, digits=2)]],
        says=says.SAMPLERS,
        rows=says.SAMPLER_ROWS,
    ),
    "few": Panel(server.jump, SEEDED, says=says.FEW, rows=says.FEW_ROWS),
    "guidance": Panel(
        server.reverse,
        [[Control(SEED, "seed")], [Control(LABEL, "class", initial=EXAMPLE_CLASS)]],
        more=[FEWER],
        says=says.GUIDANCE,
        rows=says.GUIDANCE_ROWS,
    ),
    "middle": Panel(
        server.middle,
        [[Control(SEED, "seed")]],
        more=[[Control(LABEL, "class")], GUIDED, FEWER],
        says=says.MIDDLE,
        rows=says.MIDDLE_ROWS,
    ),
    "travel": Panel(
        server.travel,
        [[Control(PLACE, "slider", "Position on the path", step=1 / (server.PATH - 1), digits=3, live=True)]],
        more=[FEWER],
        tries=TRIES["travel"],
        shows=Shows("Interpolate between two images' noises", answers.TRAVEL_HEADS),
    ),
    "complete": Panel(
        server.complete,
        [[Control(SEED, "seed")]],
        more=[[Control(LABEL, "class")], GUIDED, [Control(RESAMPLES, "slider", "Resampling rounds a step")], FEWER],
        says=says.COMPLETE,
        rows=says.COMPLETE_ROWS,
    ),
}
