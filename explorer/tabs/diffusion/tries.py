"""Presets of the diffusion's modes: texts, and the states that they set."""

import base64
from collections.abc import Callable
from math import hypot

import numpy as np

from explorer.models.raster import SIDE
from explorer.tabs.diffusion.fields import TIMES

CLOTHES = "diffusion-fashion-mnist"
TEST = {"draw": None, "source": None}
DIGITS = {"net": "diffusion-mnist", "at": None}
USUAL = {"left": "ddim", "right": "ddpm", "at": None}


def mask(keeps: Callable[[int, int], bool]) -> str:
    """Return the pixels of which `keeps(row, column)` is true, as the address has them."""
    flags = np.packbits([keeps(*divmod(pixel, SIDE)) for pixel in range(SIDE * SIDE)])
    return base64.urlsafe_b64encode(flags.tobytes()).decode().rstrip("=")


TRIES = {
    "forward": [
        ("As much noise as image", {"schedule": "linear", "t": 259}),
        ("Already only noise?", {"schedule": "linear", "t": 800}),
        ("A shirt, cosine", TEST | {"net": CLOTHES, "img": 6, "schedule": "cosine", "t": 400}),
    ],
    "samplers": [
        ("DDPM's noise: η = 1", USUAL | {"eta": 1}),
        ("A pullover", USUAL | {"net": CLOTHES, "label": 2, "w": 1, "eta": 0}),
        ("One equation, two solvers", {"left": "ddim", "right": "dpm", "eta": 0, "at": None}),
        ("Two ways with noise", {"left": "pc", "right": "sde", "at": None}),
    ],
    "few": [
        ("A 4 at once", DIGITS | {"label": 4, "moment": None}),
        ("Hardly taught", DIGITS | {"moment": 0}),
    ],
    "guidance": [
        ("Threes", DIGITS | {"label": 3}),
        ("Sandals", {"net": CLOTHES, "label": 5, "at": None}),
        ("Shirts, often taken for other clothes", {"net": CLOTHES, "label": 6, "seed": 7, "at": None}),
    ],
    "middle": [
        ("A little noise", {"start": 250, "at": None}),
        ("Nearly all noise", {"start": 850, "at": None}),
        (
            "A boot, as a sneaker",
            TEST | {"net": CLOTHES, "img": 30, "label": 7, "w": 4, "start": 600, "seed": 7, "steps": 50, "at": None},
        ),
    ],
    "travel": [
        ("A hundred steps", {"steps": 100, "at": None}),
        ("Five steps", {"steps": 5, "at": None}),
        ("A boot and a bag", {"net": CLOTHES, "img": 30, "img2": 21, "at": None}),
    ],
    "complete": [
        ("No resampling: r = 1", {"resamples": 1, "at": None}),
        (
            "A hole in the middle",
            {"keep": "painted", "mask": mask(lambda row, column: hypot(row - 13.5, column - 13.5) > 6), "at": None},
        ),
        (
            "Half a shirt",
            TEST
            | {"net": CLOTHES, "img": 6, "keep": "painted", "mask": mask(lambda row, column: column < SIDE / 2)}
            | {"label": None, "seed": 7, "resamples": 5, "at": None},
        ),
    ],
    "field": [
        (
            "A small distance apart",
            {"toy": "eight-gaussians", "drops": [0.06, 0.03, -0.06, -0.03], "steps": 100}
            | {"paths": "both", "level": TIMES},
        ),
        (
            "Only five steps",
            {"steps": 5, "level": 1} | {"drops": [-1.2, 1.1, 0.4, 1.6, 1.5, 0.2, 0.9, -1.4, -0.7, -1.1, -1.7, -0.3]},
        ),
        ("Almost no noise: t = 10", {"level": 10}),
    ],
}
