"""Panels of the flow's modes of images."""

from explorer.models.image_flow import on_lattice
from explorer.tabs.flow import image, told
from explorer.tabs.flow.fields import CUT, CUTS, TEMPERATURE, UNIT
from explorer.tabs.kit.fields import LABEL, SEED
from explorer.tabs.kit.panel import Control, Panel, Shows

SEEDED = [[Control(SEED, "seed")], [Control(LABEL, "class")]]
WARMTH = Control(TEMPERATURE, "slider", "Temperature", step=0.05, digits=2, live=True)
COUNTS = {cut: f"{int(on_lattice(stride).sum())} of {told.PIXELS}" for cut, stride in enumerate(CUTS)}
PANELS = {
    "film": Panel(image.layers, controls=SEEDED, more=[[WARMTH]]),
    "mix": Panel(
        image.mix,
        controls=[[Control(CUT, "slider", "Coarse z", options=COUNTS, live=True)]],
        shows=Shows(
            "Exchange the coarse z of two images",
            told.HEADS["mix"],
            strips=[(1, 344), (6, 72, "cut")] * 2,
            waits="The two images are on their way through the flow…",
            examples=(108, 0),
        ),
    ),
    "typical": Panel(
        image.typical,
        controls=[*SEEDED, [WARMTH]],
        shows=Shows(
            "How long is a z, and what lies at the mode of the noise?",
            told.HEADS["typical"],
            charts=[("Squared lengths of z", 290, "temperature")],
            strips=[(7, 96, "temperature")],
            details=True,
            waits="500 test images go through the flow…",
        ),
    ),
    "fifth": Panel(
        image.density,
        controls=[[Control(UNIT, "segments", "Pixels in", options=told.UNIT_NAMES)]],
        more=[[Control(SEED, "seed")]],
        shows=Shows(
            "Is +3,400 nats more than −62? Change a pixel's unit",
            told.HEADS["fifth"],
            charts=[("log p(x) by the unit of a pixel", 330, "unit"), ("log p(x) of each draw within the levels", 130)],
            waits="The flow computes the density of the picture…",
        ),
    ),
}
