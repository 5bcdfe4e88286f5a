"""Panels of the Foundations' modes, which the browser computes."""

from explorer.tabs.foundations.fields import (
    BLUR,
    DRAWN,
    DRAWS,
    FAR,
    KNOWN,
    PART,
    PRIOR,
    SHARE,
    THEIRS,
)
from explorer.tabs.foundations.says import ROWS, SAYS
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.panel import Control, Panel

CONTROLS = {
    "likelihood": [
        [Control(PART, "segments", "What is fitted", options={"points": "three points", "table": "a table"})],
        [
            Control(
                PRIOR, "segments", "Prior of μ", options={False: "none", True: "N(0, τ²)"}, when={"part": ["points"]}
            )
        ],
    ],
    "importance": [
        [Control(DRAWN, "segments", "Draws", options={count: str(count) for count in DRAWS})],
        [Control(SEED, "seed")],
    ],
    "bayes": [
        [Control(KNOWN, "segments", "x is", options={each: each for each in KNOWN.kind.choices})],
        [Control(SEED, "seed")],
    ],
    "score": [
        [Control(THEIRS, "slider", "Model's right mode", step=0.05, digits=2, live=True)],
        [Control(SHARE, "slider", "Data's right mode", step=0.05, digits=2, live=True)],
        [Control(FAR, "slider", "Distance", step=0.1, digits=1, live=True)],
    ],
}
MORE = {"score": [[Control(BLUR, "slider", "Noise σ", step=0.05, digits=2, live=True)]]}
PANELS = {
    mode: Panel(None, CONTROLS.get(mode, []), more=MORE.get(mode, []), says=says, rows=ROWS.get(mode, ()))
    for mode, says in SAYS.items()
}
