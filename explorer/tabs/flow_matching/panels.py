"""Panels of the modes of flow matching."""

from explorer.measures.plane_flow_matching import FEW
from explorer.tabs.flow_matching import says, server, travelled
from explorer.tabs.flow_matching.fields import COUPLING, FEW_STEPS, SCALE, SOLVER, STEPS, TIME, VIEW
from explorer.tabs.flow_matching.plane import TITLES
from explorer.tabs.kit.ask.asks import CLOCKS
from explorer.tabs.kit.layout.fields import LABEL, POINTS, SEED
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

NO_PLANE = "Flow matching of images has no plane to look at, so the two moons are shown."
LAST = 0.98  # latest time of the fields: at 1 there is no noise to speak of
CHOICE = [Control(POINTS, "points", NO_PLANE)]
COUPLED = [
    Control(
        COUPLING,
        "segments",
        "Coupling",
        options=TITLES,
    )
]
VIEWS = {"velocity": "velocity v", "data": "data x̂₁ − x", "noise": "noise −ε̂", "score": "score"}
PANELS = {
    "paths": Panel(travelled.paths, [CHOICE, COUPLED, [Control(SEED, "seed")]], says=says.PATHS, rows=says.PATH_ROWS),
    "reflow": Panel(
        travelled.rounds,
        [
            CHOICE,
            [
                Control(
                    FEW_STEPS,
                    "segments",
                    "Euler steps",
                    options={few: str(few) for few in FEW},
                    also=dict.fromkeys(FEW, {"along": None}),
                )
            ],
            [Control(SEED, "seed")],
        ],
        says=says.REFLOW,
        rows=says.ROUND_ROWS,
    ),
    "fields": Panel(
        None,
        [
            CHOICE,
            COUPLED,
            [Control(VIEW, "segments", "Arrows", options=VIEWS)],
            [Control(TIME, "slider", "Time t", step=0.02, digits=2, initial=0.5, most=LAST, live=True)],
        ],
        says=says.FIELDS,
        rows=says.FIELD_ROWS,
    ),
    "solvers": Panel(
        server.solve,
        [
            CLOCKS,
            [Control(SEED, "seed")],
            [Control(LABEL, "class")],
            [
                Control(SOLVER, "list", "A row of", options={"euler": "Euler", "heun": "Heun"}),
                Control(STEPS, "number", "Steps"),
            ],
            [Control(SCALE, "slider", "Guidance w", step=0.5, digits=1, when={"label": range(10)})],
        ],
        shows=Shows("One noise, different solvers", ()),
        says=says.SOLVERS,
        rows=says.SOLVER_ROWS,
    ),
}
