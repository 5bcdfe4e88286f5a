r"""Drawings of a sign: those that a visitor sends, and those of four example signs, which code makes.

An example sign is a curve through a few points. Each drawing of it moves the points by normal noise, turns the curve by
up to 10° and stretches it by up to 12 % on each axis. So fresh drawings exist in any number. They are drawn with a pen
of 2.4 pixels, and then centred as MNIST is: the curve fills 20 × 20 pixels, and its mean lies in the middle of 28 × 28.
"""

import math

import numpy as np
import torch
from torch import Tensor

from explorer.data.images import DataError

SIGN_SIDE, SIGN_BOX = 28, 20
LEAST_DRAWINGS, MOST_DRAWINGS, EXAMPLE_COUNT = 5, 40, 20
LEAST_INK = 6.0  # white pixels of a drawing
PEN_WIDTH, FINER = 2.4, 3  # pixels; parts of a pixel along each axis
JITTER, TURNED, STRETCHED = 0.035, 10.0, 0.12  # of the curve's size; degrees; share
SPLINE_POINTS = 24  # between two given points
Strokes = list[list[tuple[float, float]]]

SIGNS: dict[str, Strokes] = {
    "spiral": [
        [(0.5 + r * math.cos(a), 0.5 + r * math.sin(a)) for r, a in ((0.5 * k / 9, 0.95 * k) for k in range(10))]
    ],
    "heart": [
        [
            (0.5, 0.3),
            (0.28, 0.05),
            (0.02, 0.25),
            (0.16, 0.62),
            (0.5, 1.0),
            (0.84, 0.62),
            (0.98, 0.25),
            (0.72, 0.05),
            (0.5, 0.3),
        ]
    ],
    "arrow": [
        [(0.0, 0.9), (0.33, 0.6), (0.66, 0.32), (1.0, 0.05)],
        [(0.55, 0.02), (0.8, 0.03), (1.0, 0.05), (0.98, 0.28), (0.96, 0.5)],
    ],
    "house": [
        [
            (0.1, 1.0),
            (0.1, 0.72),
            (0.1, 0.45),
            (0.3, 0.22),
            (0.5, 0.0),
            (0.7, 0.22),
            (0.9, 0.45),
            (0.9, 0.72),
            (0.9, 1.0),
            (0.5, 1.0),
            (0.1, 1.0),
        ]
    ],
}
"""Example signs: points of each stroke, right and down, from 0 to 1."""


def example_drawings(name: str, count: int, seed: int) -> Tensor:
    """Return drawings of an example sign, by a seed: (count, 1, 28, 28) unsigned bytes.

    Raises:
        DataError: if there is no such sign.
    """
    if name not in SIGNS:
        raise DataError(f"The signs are {', '.join(SIGNS)}")
    draw = np.random.default_rng(seed)
    return torch.from_numpy(np.stack([_drawn(SIGNS[name], draw) for _ in range(count)])).unsqueeze(1)


def _drawn(strokes: Strokes, draw: np.random.Generator) -> np.ndarray:
    """Return one drawing (28, 28) of strokes, unsigned bytes."""
    angle = math.radians(draw.uniform(-TURNED, TURNED))
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    stretch = draw.uniform(1 - STRETCHED, 1 + STRETCHED, 2)
    moved = [np.array(stroke) + draw.normal(0, JITTER, (len(stroke), 2)) for stroke in strokes]
    return rendered([curve((points * stretch) @ turn.T) for points in moved])


def curve(points: np.ndarray) -> np.ndarray:
    """Return a smooth curve through points (N, 2), by Catmull–Rom splines: (M, 2)."""
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0, 1, SPLINE_POINTS, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:]):
        parts.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.concatenate([*parts, points[-1:]])


def rendered(curves: list[np.ndarray], pen: float = PEN_WIDTH) -> np.ndarray:
    """Return curves, each (M, 2), as MNIST centres them: (28, 28) unsigned bytes."""
    points = np.concatenate(curves)
    low, high = points.min(0), points.max(0)
    scale = (SIGN_BOX - pen) / max(*(high - low), 1e-9)
    points = (points - low) * scale
    corner = np.clip(SIGN_SIDE / 2 - points.mean(0), pen / 2, SIGN_SIDE - pen / 2 - (high - low) * scale)
    axis = (np.arange(SIGN_SIDE * FINER) + 0.5) / FINER
    grid = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 1, 2)
    far = np.concatenate([np.square(part - (points + corner)).sum(-1).min(1) for part in np.array_split(grid, 8)])
    ink = (far <= (pen / 2) ** 2).reshape(SIGN_SIDE, FINER, SIGN_SIDE, FINER).mean((1, 3))
    return np.round(255 * ink).astype(np.uint8)


def accept_drawings(raw: bytes) -> Tensor:
    """Return a visitor's drawings, 784 bytes each: (N, 1, 28, 28).

    Raises:
        DataError: if there are too few or too many, or one of them shows nothing.
    """
    count, rest = divmod(len(raw), SIGN_SIDE**2)
    if rest:
        raise DataError("The drawings did not arrive as the page sends them. Reload the page and try again")
    if not LEAST_DRAWINGS <= count <= MOST_DRAWINGS:
        raise DataError(f"{LEAST_DRAWINGS} to {MOST_DRAWINGS} drawings are wanted, and these are {count}")
    images = torch.frombuffer(bytearray(raw), dtype=torch.uint8).view(count, 1, SIGN_SIDE, SIGN_SIDE)
    ink = images.float().flatten(1).sum(1) / 255
    for number, each in enumerate(ink.tolist(), 1):
        if each < LEAST_INK or each > SIGN_SIDE**2 / 2:
            raise DataError(
                f"Drawing {number} shows {'hardly any ink' if each < LEAST_INK else 'more ink than ground'}"
            )
    if len(images.unique(dim=0)) < LEAST_DRAWINGS:
        raise DataError(f"At least {LEAST_DRAWINGS} of the drawings must be different")
    return images
