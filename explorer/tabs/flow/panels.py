"""Panels of the flow's modes."""

from explorer.models.image_flow import on_lattice
from explorer.tabs.flow import answers, image, says
from explorer.tabs.flow.fields import (
    BASE,
    CURVE,
    CUT,
    CUTS,
    DEPTH,
    DEPTHS,
    DIRECTION,
    HEAT,
    MARK,
    MASK,
    NICE,
    PART,
    TEMPERATURE,
    UNIT,
)
from explorer.tabs.kit.layout.fields import LABEL, POINTS, SEED
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

SEEDED = [[Control(SEED, "seed")], [Control(LABEL, "class")]]
WARMTH = Control(TEMPERATURE, "slider", "Temperature", step=0.05, digits=2, live=True)
COUNTS = {cut: f"{int(on_lattice(stride).sum())} of {answers.PIXELS}" for cut, stride in enumerate(CUTS)}
DIGIT = {"net": "flow-mnist", "draw": None, "source": None}
NO_PLANE = "A flow of images has no plane to look at, so the two moons are shown."
CHOICE = [Control(POINTS, "points", NO_PLANE)]
DIRECTIONS = {"back": "z → x", "forward": "x → z"}
PARTS = {"film": "Layer by layer", "mix": "Mix two z", "typical": "The typical set"}
MASKS = {"one": "one", "same": "two, same mask", "turns": "two, in turns"}
PANELS = {
    "warp": Panel(
        None,
        controls=[
            CHOICE,
            [
                Control(
                    CURVE,
                    "segments",
                    "Couplings",
                    options={"additive": "Additive", "affine": "Affine", "spline": "Spline"},
                )
            ],
            [Control(DEPTH, "segments", "Layers", options={depth: str(depth) for depth in DEPTHS})],
        ],
        more=[
            [
                Control(
                    DIRECTION,
                    "segments",
                    "Direction",
                    options=DIRECTIONS,
                    also={"back": {"place": max(DEPTHS)}, "forward": {"place": 0}},
                )
            ],
            [
                Control(
                    HEAT,
                    "segments",
                    "Shade",
                    options={"density": "density", "volume": "log |det J|", "none": "nothing"},
                )
            ],
            [Control(SEED, "seed", when={"way": ["back"]})],
        ],
    ),
    "coupling": Panel(
        None,
        controls=[
            CHOICE,
            [Control(NICE, "segments", "Kind", options={True: "NICE: s = 0", False: "RealNVP"})],
            [
                Control(
                    MASK,
                    "segments",
                    "Couplings",
                    options=MASKS,
                    also=dict.fromkeys(MASKS, {"undone": False}),
                )
            ],
        ],
        shows=Shows("Drag s and t: x₁ sets the scale and shift of x₂"),
        says=says.COUPLING,
        rows=says.COUPLING_ROWS,
    ),
    "variables": Panel(
        None,
        controls=[
            [Control(BASE, "segments", "Density of x", options={"gaussian": "Gaussian", "uniform": "uniform"})],
            [Control(MARK, "slider", "The marked x", step=0.05, digits=2, live=True)],
        ],
        shows=Shows("Drag the points of the curve: how does the density change?"),
        says=says.VARIABLES,
        rows=says.VARIABLES_ROWS,
    ),
    "layers": Panel(
        None,
        controls=[[Control(PART, "segments", "What is looked at", options=PARTS)]],
        shows=Shows("Noise to image"),
        parts={part: part for part in PARTS},
    ),
    "film": Panel(
        image.layers,
        controls=SEEDED,
        more=[[WARMTH]],
        shows=Shows("", answers.HEADS["film"], curves=[answers.DENSITIES]),
    ),
    "mix": Panel(
        image.mix,
        controls=[[Control(CUT, "slider", "Coarse z", options=COUNTS, live=True)]],
        shows=Shows(
            "",
            answers.HEADS["mix"],
            strips=[(1, 344), (6, 72, "cut")] * 2,
            waits="The two images are on their way through the flow…",
            examples=(108, 0),
        ),
    ),
    "typical": Panel(
        image.typical,
        controls=[*SEEDED, [WARMTH]],
        shows=Shows(
            "",
            answers.HEADS["typical"],
            charts=[("Squared lengths of z", 290, "temperature")],
            strips=[(7, 96, "temperature")],
            details=True,
            waits="500 test images go through the flow…",
        ),
    ),
    "fifth": Panel(
        image.density,
        controls=[[Control(UNIT, "segments", "Pixels in", options=answers.UNIT_NAMES)]],
        more=[[Control(SEED, "seed")]],
        tries=[
            ("A plain 1", DIGIT | {"img": 330}),
            ("A strange 2", DIGIT | {"img": 29}),
            ("Pixels in 0 … 255", {"net": "flow-mnist", "unit": 255}),
        ],
        shows=Shows(
            "A log-density depends on the unit of a pixel: change it",
            answers.HEADS["fifth"],
            charts=[("log p(x) by the unit of a pixel", 330, "unit"), ("log p(x) of each draw within the levels", 130)],
            waits="The flow computes the density of the picture…",
        ),
    ),
}
