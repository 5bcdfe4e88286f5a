"""Ink of a set of images: light strokes on dark as in MNIST, or dark strokes on light, which are inverted."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from explorer.data.images import DataError
from explorer.data.tones import MIDDLE, edge

FILE, INK_LIGHT, DARK = "ink.txt", "light", "dark"
GROUNDS = {INK_LIGHT: 0, DARK: 255}
QUESTION = (
    "its images seem to be dark strokes on a light ground: the edge is light in {share:.0%} of {count}. "
    f"Write “{DARK}” into its file {FILE} to invert them, or “{INK_LIGHT}” to keep them as they are"
)


def read(folder: Path) -> str | None:
    """Return the ink that the file `ink.txt` of a set names, or None without that file.

    Raises:
        DataError: if it names something else.
    """
    path = folder / FILE
    if not path.exists():
        return None
    said = path.read_bytes().decode("utf-8-sig", "replace").strip().lower()
    if said not in GROUNDS:
        raise DataError(f"its file {FILE} says “{said:.20}”, and “{INK_LIGHT}” or “{DARK}” is wanted")
    return said


def ask(images: Sequence[np.ndarray]) -> None:
    """Ask for the ink of a set if more than half of these images (28, 28) have a light edge.

    Raises:
        DataError: with the question.
    """
    share = sum(map(has_light_edge, images)) / max(1, len(images))
    if share > 0.5:
        raise DataError(QUESTION.format(share=share, count=len(images)))


def has_light_edge(image: np.ndarray) -> bool:
    """Return whether more than half of the outermost pixels of an image are lighter than the middle grey."""
    return bool(np.median(edge(image)) > MIDDLE)
