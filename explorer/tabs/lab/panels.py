"""Panels of the lab's modes."""

from explorer.measures.damages import DAMAGES
from explorer.measures.lab import METRICS
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.panel import Control, Grid, Panel, Shows
from explorer.tabs.lab import answers, by_number, features, marks, says, server
from explorer.tabs.lab.fields import (
    COUNT,
    DAMAGE,
    DAMAGED,
    GENERATORS,
    KNOB,
    LEVEL,
    METRIC,
    NARROW,
    NUMBER,
    OF,
    SHAPE,
    TURN,
    WIDE,
)
from explorer.tabs.lab.marks import KNOBS

BROKEN = {"of": [DAMAGED]}
REAL = {"of": DAMAGED}
SHAPES = {"gaussian": "Gaussian", "ring": "ring", "two": "two", "uneven": "uneven"}

PANELS = {
    "damage": Panel(
        server.judge,
        controls=[
            [Control(OF, "list", "Set", options={DAMAGED: "real images, damaged"} | GENERATORS)],
            [
                Control(
                    DAMAGE, "list", "Damage", options={key: each.title for key, each in DAMAGES.items()}, when=BROKEN
                )
            ],
            [Control(SEED, "seed")],
        ],
        tries=[
            ("Sensitive: a little noise", REAL | {"damage": "noise", "strength": 0.1}),
            ("Memorised", REAL | {"damage": "memorise", "strength": 1}),
            ("Classes are missing", REAL | {"damage": "drop", "strength": 0.5}),
            ("A GAN", {"of": "gan"}),
        ],
    ),
    "matrix": Panel(
        server.matrix,
        controls=[[Control(LEVEL, "segments", "Strength", options={25: "0.25", 50: "0.5", 100: "1"})]],
        tries=[("Weak damages", {"level": 25}), ("Full strength", {"level": 100})],
        shows=Shows(
            "Tap a cell to open its case",
            answers.HEADS["matrix"],
            matrix="Damages by metrics",
        ),
    ),
    "features": Panel(
        server.features,
        controls=[
            [Control(LEVEL, "segments", "Strength", options={25: "0.25", 50: "0.5", 100: "1"})],
            [Control(SEED, "seed")],
        ],
        tries=[
            ("Clothes", {"data": "fashion-mnist", "level": 25, "damage": "halves"}),
            ("Copies of few images", {"data": "mnist", "level": 100, "damage": "copies"}),
            ("Missing classes", {"data": "mnist", "level": 100, "damage": "drop"}),
        ],
        shows=Shows(
            "Choose a damage: does it keep its rank with other features?",
            features.HEADS,
            charts=[("Ranks of the damages", 430, "damage")],
            details=True,
            waits="Ten damages are measured with three kinds of features, which takes a few seconds.",
        ),
    ),
    "gaussians": Panel(
        None,
        controls=[
            [Control(SHAPE, "segments", "Shape of the orange set", options=SHAPES)],
            [Control(WIDE, "slider", "Width", step=0.1, digits=1, live=True)],
            [Control(NARROW, "slider", "Height", step=0.1, digits=1, live=True)],
            [Control(TURN, "slider", "Turn, degrees", step=5, live=True)],
        ],
        shows=Shows("Drag the orange set: the distance has a term of the means and one of the covariances"),
        says=says.GAUSSIANS,
        rows=says.GAUSSIAN_ROWS,
    ),
    "marks": Panel(
        server.marks,
        controls=[
            [Control(KNOB, "list", "Vary", options={key: each.title for key, each in KNOBS.items()})],
            [Control(NUMBER, "number", "Test image"), Control(SEED, "seed")],
        ],
        tries=[
            ("Too few solver steps flatter", {"knob": "steps", "work": 0, "data": "mnist"}),
            ("A bound becomes an estimate", {"knob": "importance", "work": 0, "data": "mnist"}),
            ("A grid becomes exact", {"knob": "width", "work": 5, "data": "mnist"}),
        ],
        shows=Shows(
            "Drag the line: with how much work does the value become a bound, or exact?",
            marks.HEADS,
            charts=[("−log p(x) by amount of work", 430, "work")],
            grids=[Grid("Test image", 1, rows=5, place="panel")],
            waits="−log p(x) is computed with more and more work, which takes a few seconds.",
        ),
    ),
    "sizes": Panel(
        server.sizes,
        controls=[
            [Control(METRIC, "list", "Metric", options={key: each.title for key, each in METRICS.items()})],
            [Control(COUNT, "list", "Images", options={each: f"{each:,}" for each in COUNT.kind.choices})],
        ],
        tries=[
            ("The kernel distance", {"metric": "kernel", "count": 100}),
            ("Fréchet, 1,000 images", {"metric": "frechet", "count": 1_000}),
        ],
        shows=Shows(
            "Drag the line: how many images does the metric need?",
            by_number.HEADS,
            charts=[("The metric by number of images", 420, "count")],
        ),
    ),
}
