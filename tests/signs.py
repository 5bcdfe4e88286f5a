"""Letters and a curved sign in drawings of their own: polylines of a pen, apart from the example signs of the page."""

import math

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from explorer.data import tones

PAD = 280  # pixels of the pad
LETTERS = {
    "A": [[(0, 10), (5, 0), (10, 10)], [(2, 6), (8, 6)]],
    "E": [[(9, 0), (0, 0), (0, 10), (9, 10)], [(0, 5), (7, 5)]],
    "H": [[(0, 0), (0, 10)], [(8, 0), (8, 10)], [(0, 5), (8, 5)]],
    "K": [[(0, 0), (0, 10)], [(8, 0), (0, 6), (8, 10)]],
    "W": [[(0, 0), (2.5, 10), (5, 3), (7.5, 10), (10, 0)]],
    "X": [[(0, 0), (9, 10)], [(9, 0), (0, 10)]],
    "alpha": [[(9, 1), (7, 5), (4, 9), (1, 8), (0, 5), (1, 2), (4, 1), (7, 5), (9, 9)]],
}


def letters(name: str, count: int, seed: int) -> Tensor:
    """Return drawings of a letter, each with its own slant, size, wobble and pen: (count, 1, 28, 28) in [0, 1]."""
    draw = np.random.default_rng(seed)
    return torch.from_numpy(np.stack([drawing(name, draw) for _ in range(count)])).float().unsqueeze(1) / 255


def drawing(name: str, draw: np.random.Generator) -> np.ndarray:
    """Draw a letter on a pad, and bring it into the form of MNIST as the app does for a file: (28, 28) bytes."""
    image = Image.new("L", (PAD, PAD))
    pen, slant, angle = int(draw.integers(18, 28)), draw.normal(0, 0.12), draw.normal(0, 0.08)
    width, height = draw.uniform(0.75, 1.1, 2) * 15
    for stroke in LETTERS[name]:
        points = np.array(stroke, float) - 5 + draw.normal(0, 0.45, (len(stroke), 2))
        bent = _dense(points) + _wobble(draw)
        x = bent[:, 0] * width + slant * bent[:, 1] * height
        y = bent[:, 1] * height
        path = np.stack([x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)], 1)
        path = [tuple(each) for each in path + PAD / 2]
        ImageDraw.Draw(image).line(path, 255, pen, joint="curve")
        for x, y in (path[0], path[-1]):
            ImageDraw.Draw(image).ellipse([x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2], 255)
    return tones.prepare(np.asarray(image), name, 20)[0]


def _dense(points: np.ndarray) -> np.ndarray:
    place = np.linspace(0, len(points) - 1, 40)
    return np.stack([np.interp(place, range(len(points)), axis) for axis in points.T], 1)


def _wobble(draw: np.random.Generator) -> np.ndarray:
    t = np.linspace(0, 1, 40)
    return sum(draw.normal(0, 0.2, 2) * np.sin(math.pi * k * t + draw.uniform(0, 6))[:, None] for k in (1, 2, 3))
